/** Commands that may be sent again: in one transaction with what they did stands what they were told. */
import { KNOWN_FOR_MS, type Known, type Request } from '../../../operation/request.ts'
import { toldBefore } from '../../model/request.ts'
import type { Row } from '../rows.ts'
import type { Place } from './place.ts'

/**
 * Undefined, and what was refused, is not kept: nothing came of it, so it is asked anew. What is told again is marked as
 * `replayed`. Throws KeyReused.
 */
export function once<Told extends object | undefined>(
  { database, project }: Place,
  { request, now_ms }: { readonly request: Request; readonly now_ms: number },
  work: () => Told,
): Told {
  return database.transaction(() => {
    const before = recall({ database, project }, request)
    if (before !== undefined) return before as Told
    const told = work()
    if (told === undefined || 'refused' in told) return told
    database.run('DELETE FROM requests WHERE project = ? AND at_ms < ?', project, now_ms - KNOWN_FOR_MS)
    database.run(
      'INSERT INTO requests (project, key, operation, print, at_ms, told) VALUES (?, ?, ?, ?, ?, ?)',
      ...[project, request.key, request.operation, request.print, now_ms, JSON.stringify(told)],
    )
    return told
  })
}

export function recall({ database, project }: Place, request: Request): object | undefined {
  const row = database.one('SELECT * FROM requests WHERE project = ? AND key = ?', project, request.key)
  return row === undefined ? undefined : toldBefore(row as Row & Known, request)
}

export function forget({ database, project }: Place, { key }: Request): void {
  database.run('DELETE FROM requests WHERE project = ? AND key = ?', project, key)
}
