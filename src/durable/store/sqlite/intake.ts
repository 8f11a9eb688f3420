/** Takes tickets in: new ones, and what a note says anew of those that nobody has claimed. */
import {
  DEFAULT_PRIORITY,
  provenanceOf,
  saysSomethingElse,
  visibilityOf,
  type Draft,
} from '../../model/draft.ts'
import type { DurableTicket } from '../../model/ticket.ts'
import type { IntakeAct, TakenIn } from '../ticket-store.ts'
import type { Value } from './database.ts'
import { noteAgent, orNull, writeEvent, type Place } from './place.ts'
import { findTicket } from './reading.ts'
import { countUnmet } from './unmet.ts'

export function takeIn(place: Place, drafts: readonly Draft[], act: IntakeAct): readonly TakenIn[] {
  const { session, now_ms } = act
  return place.database.transaction(() => {
    if (session !== undefined) noteAgent(place, session, now_ms)
    return drafts.map((draft) => takeInOne(place, draft, act))
  })
}

function takeInOne(place: Place, draft: Draft, act: IntakeAct): TakenIn {
  const known = findTicket(place, draft.key)
  if (known === undefined) {
    insert(place, draft, act)
    return { ticket: again(place, draft), isNew: true, isUpdated: false }
  }
  if (!saysSomethingElse(known, draft)) return { ticket: known, isNew: false, isUpdated: false }
  update(place, known, draft, act)
  return { ticket: again(place, draft), isNew: false, isUpdated: true }
}

function insert(place: Place, draft: Draft, { now_ms, session }: IntakeAct): void {
  const { key, type, source, wave } = draft
  const batch = draft.batch === undefined ? null : openBatch(place, draft.batch, now_ms)
  const provenance = provenanceOf(draft)
  const row = place.database.one(
    `INSERT INTO tickets (uuid, project, key, batch, type, priority, wave, queue_order, source, provenance,
       visibility, created_ms, updated_ms, ${TEXTS.join(', ')})
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ${TEXTS.map(() => '?').join(', ')}) RETURNING seq`,
    ...[uuid(), place.project, key, batch, type, draft.priority ?? DEFAULT_PRIORITY, orNull(wave)],
    ...[orderOf(place, draft, batch), source, provenance, visibilityOf(provenance), now_ms, now_ms],
    ...textsOf(draft),
  )
  const seq = Number(row?.seq)
  needs(place, seq, draft)
  writeEvent(place, { ticket: seq, type: 'ticket.created', at_ms: now_ms, actor: session, to: 'OPEN' })
}

function update(place: Place, { seq }: DurableTicket, draft: Draft, { now_ms, session }: IntakeAct): void {
  place.database.run(
    `UPDATE tickets SET ${TEXTS.map((column) => `${column} = ?`).join(', ')}, priority = ?, wave = ?,
       updated_ms = ?, version = version + 1 WHERE seq = ?`,
    ...[...textsOf(draft), draft.priority ?? DEFAULT_PRIORITY, orNull(draft.wave), now_ms, seq],
  )
  place.database.run('DELETE FROM ticket_deps WHERE ticket = ?', seq)
  needs(place, seq, draft)
  writeEvent(place, {
    ticket: seq,
    type: 'ticket.edited',
    at_ms: now_ms,
    actor: session,
    from: 'OPEN',
    to: 'OPEN',
  })
}

/** What a ticket says, which a note may say anew. */
const TEXTS = ['stage', 'title', 'summary', 'required_work', 'acceptance', 'scope', 'assignable_to', 'noted']

const textsOf = ({
  stage = 'todo',
  title,
  summary,
  required_work,
  acceptance,
  scope,
  assignable_to,
  noted,
}: Draft): readonly Value[] => [
  ...[stage, title, summary, json(required_work), json(acceptance), json(scope), json(assignable_to)],
  orNull(noted),
]

/** A list without entries is none. */
const json = (value: object | undefined): Value =>
  value === undefined || (Array.isArray(value) && value.length === 0) ? null : JSON.stringify(value)

function needs(place: Place, seq: number, { key, depends_on }: Draft): void {
  for (const other of new Set(depends_on))
    place.database.run('INSERT INTO ticket_deps (ticket, needs) VALUES (?, ?)', seq, other)
  countUnmet(place, [key], [seq])
}

function orderOf({ database, project }: Place, { queue_order }: Draft, batch: Value): Value {
  if (queue_order !== 'last') return orNull(queue_order)
  const row = database.one(
    'SELECT max(queue_order) AS last FROM tickets WHERE project = ? AND batch IS ?',
    ...[project, batch],
  )
  return Number(row?.last ?? 0) + 1
}

/** The batch that a ticket comes into: it is made when nobody used it before, and is not closed any more. */
export function openBatch({ database, project }: Place, key: string, now_ms: number): number {
  const row = database.one(
    `INSERT INTO batches (project, key, created_ms) VALUES (?, ?, ?)
     ON CONFLICT (project, key) DO UPDATE SET closed_ms = NULL, closed_by = NULL RETURNING id`,
    ...[project, key, now_ms],
  )
  return Number(row?.id)
}

function again(place: Place, { key }: Draft): DurableTicket {
  const ticket = findTicket(place, key)
  if (ticket === undefined) throw new Error(`${key} was written and is not there`)
  return ticket
}

/** A random one (version 4). The global `crypto` is there without a module to load. */
const uuid = (): string => crypto.randomUUID()
