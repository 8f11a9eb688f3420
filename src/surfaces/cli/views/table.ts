/** Tables as wide as the terminal at most: cells are cut to fit, so that no border ever breaks. */
import Table from 'cli-table3'
import colors from 'picocolors'
import stringWidth from 'string-width'
import { cut } from './text.ts'

export interface Column {
  readonly head: string
  /** What the column shows, in colour; the uncoloured text is what gets cut. */
  readonly cells: readonly string[]
  readonly color?: (text: string) => string
  /** Takes what the other columns leave; one column of a table. */
  readonly isElastic?: true
}

/** A table of these columns, at most `width` columns of the terminal wide. */
export function drawTable(columns: readonly Column[], width: number): string {
  const wanted = columns.map(({ head, cells }) =>
    Math.max(...[head, ...cells].map((text) => stringWidth(text))),
  )
  const fixed = columns.map(({ isElastic }, index) => (isElastic ? 0 : Math.min(WIDEST, wanted[index] ?? 0)))
  const left = width - 1 - fixed.reduce((sum, cells) => sum + cells, 0) - 3 * columns.length
  const widths = columns.map(({ isElastic }, index) =>
    isElastic ? Math.max(NARROWEST, Math.min(left, wanted[index] ?? 0)) : (fixed[index] ?? 0),
  )
  const rows = (columns[0]?.cells ?? []).map((_, row) =>
    columns.map(({ cells, color = plain }, index) => color(cut(cells[row] ?? '', widths[index] ?? 0))),
  )
  return drawGrid(
    columns.map(({ head }) => colors.bold(head)),
    rows,
    widths,
  )
}

/** A grid whose cells fit their widths already; a cell may have several lines. */
export function drawGrid(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  widths: readonly number[],
): string {
  const table = new Table({
    head: [...heads],
    colWidths: widths.map((width) => width + 2),
    style: { head: [], border: [], compact: true },
  })
  table.push(...rows.map((row) => [...row]))
  return table.toString().replaceAll(/^[┌├└].*$|│/gm, (border) => colors.dim(border))
}

const plain = (text: string): string => text

const WIDEST = 24
const NARROWEST = 12
