/** Finds the row of a word. Engine 1 is found without the table of all operations, which lies with engine 2. */
import { BUNDLES } from './bundles.ts'
import { rowsOf, type Row } from './families.ts'

export const bundleRows: readonly Row[] = rowsOf('bundles', BUNDLES)

export const isCalled =
  (word: string) =>
  (row: Row): boolean =>
    row.cli === word || row.name === word || row.aliases.includes(word)

/** The row that a word on the command line means. */
export const rowNamed = async (word: string): Promise<Row | undefined> =>
  bundleRows.find(isCalled(word)) ?? (await import('../registry.ts')).findRow(word)
