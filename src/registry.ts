/**
 * THE TABLE: one row an operation. `name` is its name in skill.json and of its file; `cli` is how one types it, where
 * that is another; `aliases` are other names that are understood. Running one operation loads its chunk and no other,
 * and of this table what is needed to find it: see registry/named.ts.
 */
import { BRIDGE } from './registry/bridge.ts'
import { DURABLE } from './registry/durable.ts'
import { rowsOf, type Row } from './registry/families.ts'
import { bundleRows, isCalled } from './registry/named.ts'

export const registry: readonly Row[] = [
  ...bundleRows,
  ...rowsOf('durable', DURABLE),
  ...rowsOf('bridge', BRIDGE),
]

/** The row that a word on the command line means. */
export const findRow = (word: string): Row | undefined => registry.find(isCalled(word))
