/** Which ticket is the next one. */
import type { Act } from '../../model/claiming.ts'
import type { DurableTicket } from '../../model/ticket.ts'
import { ticketOf } from '../rows.ts'
import type { NextWish } from '../ticket-store.ts'
import type { Value } from './database.ts'
import type { Place } from './place.ts'
import { SELECT_TICKETS } from './select-tickets.ts'
import { BY_TURN, IS_FOR, IS_FREE, IS_IN_BATCH, IS_STALE, IS_TURN } from './turn.ts'

/** Ready, or with a lease that is over; of a later wave only when the earlier ones of its batch are over. */
export function bestOf(
  { database, project }: Place,
  { batch, channel }: Pick<NextWish, 'batch' | 'channel'>,
  { session, now_ms }: Act,
): DurableTicket | undefined {
  const asked: readonly Value[] = [session, batch, channel].filter((value) => value !== undefined)
  const statement =
    BEST[batch === undefined ? 'anywhere' : 'inBatch'][channel === undefined ? 'any' : 'inChannel']
  const row = database.one(statement, ...[project, ...asked, project, now_ms, ...asked])
  return row === undefined ? undefined : ticketOf(row)
}

function bestIn(place: string): string {
  const first = `t.type = 'WORKER' AND ${IS_TURN} AND ${IS_FOR} ${place} ORDER BY ${BY_TURN} LIMIT 1`
  return `
WITH free AS (SELECT t.seq FROM tickets t WHERE t.project = ? AND ${IS_FREE} AND ${first}),
stale AS (SELECT t.seq FROM claims c JOIN tickets t ON t.seq = c.ticket WHERE c.project = ? AND ${IS_STALE} AND ${first})
${SELECT_TICKETS} WHERE t.seq IN (SELECT seq FROM free UNION ALL SELECT seq FROM stale) ORDER BY ${BY_TURN} LIMIT 1`
}

const IN_CHANNEL = 'AND t.channel = ?'
/** Each is one text, which is found again among the prepared ones without a look at its letters. */
export const BEST = {
  anywhere: { any: bestIn(''), inChannel: bestIn(IN_CHANNEL) },
  inBatch: { any: bestIn(`AND ${IS_IN_BATCH}`), inChannel: bestIn(`AND ${IS_IN_BATCH} ${IN_CHANNEL}`) },
}
