/** Commands that may be sent again: in one transaction with what they did stands what they were told. */
import { KNOWN_FOR_MS, type Known, type Request } from '../../../operation/request.ts'
import { toldBefore } from '../../model/request.ts'
import type { Row } from '../rows.ts'
import { RaceLost } from './database.ts'
import type { Place } from './place.ts'

/**
 * Undefined, and what was refused, is not kept: nothing came of it, so it is asked anew. What is told again is marked as
 * `replayed`. Throws KeyReused.
 */
export function once<Told extends object | undefined>(
  place: Place,
  { request, now_ms }: { readonly request: Request; readonly now_ms: number },
  work: () => Promise<Told>,
): Promise<Told> {
  const { database, project } = place
  const { key, operation, print } = request
  return database.transaction(async () => {
    // First of all, so that who sends the same command meanwhile waits here for the end of this one.
    if ((await database.one(BEGIN, { project, key, operation, print, now_ms })) === undefined) {
      const before = await recall(place, request)
      if (before !== undefined) return before as Told
      throw new RaceLost(`${key} was forgotten by others all the time`)
    }
    const told = await work()
    if (told === undefined || 'refused' in told) await database.all(FORGET, { project, key })
    else {
      await database.all(KEEP, { project, key, told: JSON.stringify(told) })
      await database.all(FORGET_OLD, { project, before: now_ms - KNOWN_FOR_MS })
    }
    return told
  })
}

export async function recall({ database, project }: Place, request: Request): Promise<object | undefined> {
  const row = await database.one(KNOWN, { project, key: request.key })
  return row === undefined ? undefined : toldBefore(row as Row & Known, request)
}

export async function forget({ database, project }: Place, { key }: Request): Promise<void> {
  await database.all(FORGET, { project, key })
}

const BEGIN = `INSERT INTO tkt.requests (project, key, operation, print, at_ms, told)
VALUES (:project, :key, :operation, :print, :now_ms, '') ON CONFLICT DO NOTHING RETURNING key`
const KNOWN = 'SELECT * FROM tkt.requests WHERE project = :project AND key = :key'
const KEEP = 'UPDATE tkt.requests SET told = :told WHERE project = :project AND key = :key'
const FORGET = 'DELETE FROM tkt.requests WHERE project = :project AND key = :key'
const FORGET_OLD = 'DELETE FROM tkt.requests WHERE project = :project AND at_ms < :before'
