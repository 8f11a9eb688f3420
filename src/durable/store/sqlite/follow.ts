/** Follows events: there is one writer at a time, so their numbers grow as they are committed. */
import { pause } from '../../../system/clock.ts'
import { PositionRefused } from '../follow-wanted.ts'
import { followedOf } from '../rows.ts'
import type { Followed, FollowWanted, TicketStore } from '../ticket-store.ts'
import { orNull, type Place } from './place.ts'

export function followEvents({ database, project }: Place, wanted: FollowWanted): Followed {
  const { after, key, batch, session, types, since_ms, limit } = wanted
  const newest = Number(database.one('SELECT max(seq) AS seq FROM events')?.seq ?? 0)
  const from = after === undefined ? newest : numberIn(after)
  const kinds = types === undefined ? null : JSON.stringify(types)
  const rows = database.all(
    `SELECT e.*, t.key, b.key AS batch_key
     FROM events e LEFT JOIN tickets t ON t.seq = e.ticket LEFT JOIN batches b ON b.id = t.batch
     WHERE e.seq > ? AND e.seq <= ? AND e.project = ? AND (? IS NULL OR t.key = ?) AND (? IS NULL OR b.key = ?)
       AND (? IS NULL OR e.actor = ?) AND (? IS NULL OR e.type IN (SELECT value FROM json_each(?)))
       AND (? IS NULL OR e.at_ms >= ?)
     ORDER BY e.seq LIMIT ?`,
    ...[from, newest, project, orNull(key), orNull(key), orNull(batch), orNull(batch)],
    ...[orNull(session), orNull(session), kinds, kinds, orNull(since_ms), orNull(since_ms), limit + 1],
  )
  const events = rows.slice(0, limit).map((row) => followedOf(row, String(row.seq)))
  const isCut = rows.length > limit
  const position = isCut ? events.at(-1)?.position : undefined
  return { events, position: position ?? String(Math.max(newest, from)), isCut }
}

function numberIn(position: string): number {
  if (/^\d{1,15}$/.test(position)) return Number(position)
  throw new PositionRefused(position)
}

const POLL_MS = 15

/** What changed is a number in memory that all connections share: to ask costs a thousandth of a millisecond. */
export function wakerOf({ database }: Place): TicketStore['woken'] {
  let seen: unknown
  return async (wait_ms, end) => {
    for (let left = wait_ms; left > 0 && end?.aborted !== true; left -= POLL_MS) {
      const before = seen
      seen = database.one('PRAGMA data_version')?.data_version
      if (seen !== before) return
      await pause(Math.min(POLL_MS, left), end)
    }
  }
}
