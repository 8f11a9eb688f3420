/** Takes tickets in: new ones, and what a note says anew of those that nobody has claimed. As few statements for many as for one. */
import type { Draft } from '../../model/draft.ts'
import type { DurableTicket } from '../../model/ticket.ts'
import { ticketOf } from '../rows.ts'
import {
  batchesOf,
  batchesWithLast,
  inOrder,
  newRows,
  roundsOf,
  sorted,
  takenIn,
  wordsOf,
} from '../taking-in.ts'
import type { IntakeAct, TakenIn } from '../ticket-store.ts'
import { noteAgent, orNull, type Place } from './place.ts'
import { SELECT_TICKETS } from './select-tickets.ts'
import { countUnmet } from './unmet.ts'

export function takeIn(place: Place, drafts: readonly Draft[], act: IntakeAct): readonly TakenIn[] {
  const { session, now_ms } = act
  return place.database.transaction(() => {
    if (session !== undefined) noteAgent(place, session, now_ms)
    const rounds = roundsOf(drafts).map((round) => takeInDistinct(place, round, act))
    return inOrder(drafts, rounds)
  })
}

function takeInDistinct(
  place: Place,
  drafts: readonly Draft[],
  act: IntakeAct,
): ReadonlyMap<string, TakenIn> {
  const keys = drafts.map(({ key }) => key)
  const known = ticketsOf(place, keys)
  const { fresh, changed } = sorted(known, drafts)
  if (fresh.length > 0) insert(place, fresh, act)
  if (changed.length > 0) update(place, changed, act, known)
  const written = [...fresh, ...changed].map(({ key }) => key)
  if (written.length === 0) return takenIn(known, known, new Set())
  const now = ticketsOf(place, keys)
  countUnmet(
    place,
    written,
    written.flatMap((key) => now.get(key)?.seq ?? []),
  )
  return takenIn(now, known, new Set(changed.map(({ key }) => key)))
}

function ticketsOf({ database, project }: Place, keys: readonly string[]) {
  const rows = database.all(
    `${SELECT_TICKETS} WHERE t.project = ? AND t.key IN (SELECT value FROM json_each(?))`,
    ...[project, JSON.stringify(keys)],
  )
  return new Map<string, DurableTicket>(rows.map(ticketOf).map((ticket) => [ticket.key, ticket]))
}

function insert(place: Place, drafts: readonly Draft[], { now_ms, session }: IntakeAct): void {
  const { database, project } = place
  openBatches(place, batchesOf(drafts), now_ms)
  const rows = JSON.stringify(newRows(drafts, lastPlaces(place, batchesWithLast(drafts))))
  // In the order of the drafts, which is that of their numbers.
  database.run(
    `INSERT INTO tickets (project, created_ms, updated_ms, batch, parent, ${[...ONCE, ...WORDS].join(', ')})
     SELECT ?, ?, ?, b.id, (SELECT p.seq FROM tickets p WHERE p.project = ? AND p.key = ${valueOf('parent')}), ${[...ONCE, ...WORDS].map(valueOf).join(', ')}
     FROM json_each(?) d LEFT JOIN batches b ON b.project = ? AND b.key = ${valueOf('batch')} ORDER BY d.key`,
    ...[project, now_ms, now_ms, project, rows, project],
  )
  writeNeeds(place, rows)
  writeEvents(place, rows, { type: 'ticket.created', now_ms, session })
}

function update(
  place: Place,
  drafts: readonly Draft[],
  { now_ms, session }: IntakeAct,
  known: ReadonlyMap<string, DurableTicket>,
): void {
  const { database } = place
  const rows = JSON.stringify(drafts.map((draft) => ({ ...wordsOf(draft), seq: known.get(draft.key)?.seq })))
  database.run(
    `UPDATE tickets AS t SET ${WORDS.map((word) => `${word} = ${valueOf(word)}`).join(', ')},
       updated_ms = ?, version = version + 1
     FROM json_each(?) d WHERE t.seq = ${valueOf('seq')}`,
    ...[now_ms, rows],
  )
  database.run(`DELETE FROM ticket_deps WHERE ticket IN (SELECT ${valueOf('seq')} FROM json_each(?) d)`, rows)
  writeNeeds(place, rows)
  writeEvents(place, rows, { type: 'ticket.edited', from: 'OPEN', now_ms, session })
}

const ONCE = [
  ...['uuid', 'key', 'type', 'source', 'provenance', 'visibility', 'queue_order'],
  ...['kind', 'channel', 'tier', 'assignee', 'payload'],
]
/** What a note may say anew. */
const WORDS = [
  ...['title', 'summary', 'noted', 'wave', 'stage', 'priority'],
  ...['required_work', 'acceptance', 'scope', 'assignable_to'],
]
const valueOf = (column: string): string => `d.value ->> '${column}'`
/** From the rows to the tickets: the planner would go the other way, through all rows for each ticket of the project. */
const TICKET_OF = `CROSS JOIN tickets t ON t.project = ? AND t.key = ${valueOf('key')}`

function writeNeeds({ database, project }: Place, rows: string): void {
  database.run(
    `INSERT INTO ticket_deps (ticket, needs)
     SELECT t.seq, n.value FROM json_each(?) d ${TICKET_OF}
       CROSS JOIN json_each(${valueOf('depends_on')}) n`,
    ...[rows, project],
  )
}

interface Written extends IntakeAct {
  readonly type: string
  readonly from?: string
}

function writeEvents(
  { database, project }: Place,
  rows: string,
  { type, from, now_ms, session }: Written,
): void {
  database.run(
    `INSERT INTO events (at_ms, project, ticket, type, actor, from_status, to_status)
     SELECT ?, ?, t.seq, ?, ?, ?, 'OPEN'
     FROM json_each(?) d ${TICKET_OF} ORDER BY t.seq`,
    ...[now_ms, project, type, orNull(session), orNull(from), rows, project],
  )
}

/** The last place in the queue of each of these batches. */
function lastPlaces({ database, project }: Place, batches: readonly (string | undefined)[]) {
  const rows = database.all(
    `SELECT w.value AS batch, (SELECT max(queue_order) FROM tickets WHERE project = ? AND batch IS
       (SELECT id FROM batches WHERE project = ? AND key = w.value)) AS last FROM json_each(?) w`,
    ...[project, project, JSON.stringify(batches.map((batch) => batch ?? null))],
  )
  return new Map(rows.map(({ batch, last }) => [(batch as string | null) ?? undefined, Number(last)]))
}

/** The batches that tickets come into: one is made when nobody used it before, and is not closed any more. */
export function openBatches({ database, project }: Place, keys: readonly string[], now_ms: number): void {
  database.run(
    `INSERT INTO batches (project, key, created_ms) SELECT ?, value, ? FROM json_each(?) WHERE true
     ON CONFLICT (project, key) DO UPDATE SET closed_ms = NULL, closed_by = NULL`,
    ...[project, now_ms, JSON.stringify(keys)],
  )
}
