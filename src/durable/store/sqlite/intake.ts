/** Takes tickets in: those that are known stay as they are. */
import { DEFAULT_PRIORITY, provenanceOf, visibilityOf, type Draft } from '../../model/draft.ts'
import type { IntakeAct, TakenIn } from '../ticket-store.ts'
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

function takeInOne(place: Place, draft: Draft, { now_ms, session }: IntakeAct): TakenIn {
  const known = findTicket(place, draft.key)
  if (known !== undefined) return { ticket: known, isNew: false }
  const seq = insert(place, draft, now_ms)
  for (const needs of new Set(draft.depends_on))
    place.database.run('INSERT INTO ticket_deps (ticket, needs) VALUES (?, ?)', seq, needs)
  countUnmet(place, [draft.key], [seq])
  writeEvent(place, { ticket: seq, type: 'ticket.created', at_ms: now_ms, actor: session, to: 'OPEN' })
  const ticket = findTicket(place, draft.key)
  if (ticket === undefined) throw new Error(`${draft.key} was written and is not there`)
  return { ticket, isNew: true }
}

function insert(place: Place, draft: Draft, now_ms: number): number {
  const { key, title, summary, type, source, batch, queue_order, wave } = draft
  const provenance = provenanceOf(draft)
  const row = place.database.one(
    `INSERT INTO tickets (uuid, project, key, batch, title, summary, type, stage, priority, wave, queue_order,
       source, provenance, visibility, created_ms, updated_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, 'todo', ?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq`,
    ...[uuid(), place.project, key, batch === undefined ? null : batchId(place, batch, now_ms)],
    ...[title, summary, type, draft.priority ?? DEFAULT_PRIORITY, orNull(wave), orNull(queue_order)],
    ...[source, provenance, visibilityOf(provenance), now_ms, now_ms],
  )
  return Number(row?.seq)
}

function batchId({ database, project }: Place, key: string, now_ms: number): number {
  database.run(
    'INSERT INTO batches (project, key, created_ms) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    ...[project, key, now_ms],
  )
  return Number(database.one('SELECT id FROM batches WHERE project = ? AND key = ?', project, key)?.id)
}

/** A random one (version 4). The global `crypto` is there without a module to load. */
const uuid = (): string => crypto.randomUUID()
