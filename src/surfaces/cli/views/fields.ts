/** An answer without a view of its own: one line that says what came of it, then its fields as an outline. */
import colors from 'picocolors'
import stringWidth from 'string-width'
import { flat, padded, wrap } from './text.ts'

export type Fields = Readonly<Record<string, unknown>>

export const rowsOf = (value: unknown): readonly Fields[] =>
  Array.isArray(value) ? (value as readonly Fields[]) : []

/** What a page shows of how many, and how to get the rest. */
export function pageLine({ shown, next }: Fields): string {
  return colors.dim(next === undefined ? flat(shown) : `${flat(shown)}; the rest: ${flat(next)}`)
}

/** Files that could not be read: a list that leaves them out silently would be wrong. */
export function unreadableLines(
  { unreadable, unreadable_count: count }: Fields,
  columns: number,
): readonly string[] {
  const told = rowsOf(unreadable)
  const others = typeof count === 'number' ? count - told.length : 0
  const texts = told.map(({ id, reason }) => `${flat(id)} cannot be read: ${flat(reason)}`)
  const more = others > 0 ? [`${others} more cannot be read`] : []
  return [...texts, ...more].flatMap((text) => hanging(`${colors.red('✗')} `, text, columns))
}

/** A text behind a mark, its further lines indented as far as the mark is wide. */
export function hanging(mark: string, text: string, columns: number): readonly string[] {
  const indent = ' '.repeat(stringWidth(mark))
  return wrap(text, columns - indent.length).map((line, index) => (index === 0 ? mark : indent) + line)
}

/** The outline; `says` stands above it. */
export function showFields(fields: Fields, columns: number, says?: string): string {
  const head = says === undefined ? [] : hanging(`${colors.green('✓')} `, says, columns)
  const shown = Object.entries(fields)
    .filter(([, value]) => !isEmpty(value))
    .map(([name, value]) => [flat(name), value] as const)
  const width = Math.max(0, ...shown.filter(([, value]) => isLine(value)).map(([name]) => stringWidth(name)))
  const lines = shown.flatMap(([name, value]) =>
    isLine(value)
      ? hanging(`  ${colors.dim(padded(name, width))}  `, scalar(value), columns)
      : [`  ${colors.dim(name)}`, ...outline(value, columns - 4).map((line) => `    ${line}`)],
  )
  return [...head, ...lines].join('\n')
}

/** Nothing, or a list or map with nothing in it. */
function isEmpty(value: unknown): boolean {
  if (typeof value !== 'object' || value === null)
    return value === null || value === undefined || value === ''
  return Array.isArray(value) ? value.length === 0 : Object.values(value).every(isEmpty)
}

const isLine = (value: unknown): boolean =>
  typeof value === 'string' ? !value.includes('\n') : typeof value !== 'object' || value === null

const scalar = (value: unknown): string => flat(typeof value === 'string' ? value : JSON.stringify(value))

/** The lines of a text, a list or a map, as deep as it goes. */
function outline(value: unknown, columns: number): readonly string[] {
  if (typeof value === 'string') return value.split('\n').flatMap((line) => wrap(flat(line), columns))
  if (Array.isArray(value))
    return value.flatMap((entry: unknown) => {
      const lines = typeof entry === 'object' && entry !== null ? [inline(entry as Fields)] : [scalar(entry)]
      return lines.flatMap((line) => hanging(`${colors.dim('-')} `, line, columns))
    })
  return showFields(value as Fields, columns + 2)
    .split('\n')
    .map((line) => line.slice(2))
}

/** A map in one line: `from open, to claimed, agent ada`. */
const inline = (map: Fields): string =>
  Object.entries(map)
    .filter(([, value]) => !isEmpty(value))
    .map(([name, value]) => `${flat(name)} ${scalar(value)}`)
    .join(', ')
