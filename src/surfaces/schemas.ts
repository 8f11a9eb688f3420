/** The JSON Schemas for programs: the files of .tkt/, and what each operation takes and answers. */
import type { TSchema } from 'typebox'
import type { ListedOperation } from './manifest.ts'

/** spec/schemas/ by file name. */
export function schemaFiles(
  documents: Readonly<Record<string, TSchema>>,
  operations: readonly ListedOperation[],
): Readonly<Record<string, string>> {
  const files = Object.entries(documents).map(([name, schema]) => [
    `${name}.json`,
    written({ $schema: DIALECT, ...(plain(schema) as object) }),
  ])
  const both = operations.map(({ operation: { name, input, output } }) => [
    name,
    { input: plain(input), output: plain(output) },
  ])
  return { ...Object.fromEntries(files), 'operations.json': written(Object.fromEntries(both)) } as Record<
    string,
    string
  >
}

const DIALECT = 'https://json-schema.org/draft/2020-12/schema'

const written = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** Without what only this program reads. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([key]) => !key.startsWith('x-') && !key.startsWith('~'))
  return Object.fromEntries(entries.map(([key, entry]) => [key, plain(entry)]))
}
