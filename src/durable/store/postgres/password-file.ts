/** The password file of PostgreSQL's own programs: HOST:PORT:DATABASE:USER:PASSWORD a line, `*` for any. */
import { readFileSync } from 'node:fs'
import type { PostgresConnection } from '../../model/database-choice.ts'

/** What the first line that fits says; undefined when none does, or there is no such file. */
export function passwordInFile(path: string, connection: PostgresConnection): string | undefined {
  const { host, port, database, user } = connection
  const place = [host.startsWith('/') ? 'localhost' : host, String(port), database, user]
  for (const line of textOf(path).split(/\r?\n/)) {
    // A colon or a backslash in a field has a backslash before it.
    const fields = (line.match(/(?:\\.|[^:\\])*(?::|$)/g) ?? []).map((field) =>
      field.replace(/:$/, '').replaceAll(/\\(.)/g, '$1'),
    )
    const fits = place.every((one, index) => fields[index] === '*' || fields[index] === one)
    if (!line.startsWith('#') && fits && fields[4] !== undefined) return fields[4]
  }
  return undefined
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // survived: most people have none
  }
}
