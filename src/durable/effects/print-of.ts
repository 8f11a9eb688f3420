/** The print of what a command was to do. */
import { createHash } from 'node:crypto'

/** The same for the same fields, in whatever order. */
export function printOf(input: Readonly<Record<string, unknown>>): string {
  const fields = Object.entries(input).filter(([, value]) => value !== undefined)
  const sorted = fields.toSorted(([one], [other]) => (one < other ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex')
}
