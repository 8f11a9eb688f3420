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
import { HEARD, inTurn, IS_AMONG_KEYS, JOIN_CLAIM, selectTickets, type Place } from './place.ts'

export function takeIn(place: Place, drafts: readonly Draft[], act: IntakeAct): Promise<readonly TakenIn[]> {
  const { database, project } = place
  const { session, now_ms } = act
  return inTurn(place, async () => {
    if (session !== undefined)
      await database.all(`WITH ${HEARD} SELECT FROM heard`, { project, session, now_ms })
    const rounds: ReadonlyMap<string, TakenIn>[] = []
    for (const round of roundsOf(drafts)) rounds.push(await takeInDistinct(place, round, act))
    return inOrder(drafts, rounds)
  })
}

async function takeInDistinct(
  place: Place,
  drafts: readonly Draft[],
  act: IntakeAct,
): Promise<ReadonlyMap<string, TakenIn>> {
  const known = await ticketsOf(place, drafts)
  const { fresh, changed } = sorted(known, drafts)
  if (fresh.length > 0) await insert(place, fresh, act)
  const updated = changed.length > 0 ? await update(place, changed, act) : new Set<string>()
  const now = fresh.length + changed.length > 0 ? await ticketsOf(place, drafts) : known
  return takenIn(now, known, updated)
}

async function ticketsOf({ database, project }: Place, drafts: readonly Draft[]) {
  const rows = await database.all(
    `${selectTickets('tkt.tickets', JOIN_CLAIM)} WHERE t.project = :project AND ${IS_AMONG_KEYS}`,
    { project, keys: JSON.stringify(drafts.map(({ key }) => key)) },
  )
  return new Map<string, DurableTicket>(rows.map(ticketOf).map((ticket) => [ticket.key, ticket]))
}

async function insert(place: Place, drafts: readonly Draft[], { now_ms, session }: IntakeAct): Promise<void> {
  const { database, project } = place
  await database.all(
    `INSERT INTO tkt.batches (project, key, created_ms)
     SELECT :project, key, :now_ms FROM jsonb_array_elements_text(:batches::jsonb) key
     ON CONFLICT (project, key) DO UPDATE SET closed_ms = NULL, closed_by = NULL`,
    { project, now_ms, batches: JSON.stringify(batchesOf(drafts)) },
  )
  const rows = newRows(drafts, await lastPlaces(place, batchesWithLast(drafts)))
  await database.all(INSERT, { project, now_ms, session, drafts: JSON.stringify(rows) })
}

/** The last place in the queue of each batch, where one of these is among them. */
async function lastPlaces({ database, project }: Place, batches: readonly (string | undefined)[]) {
  if (batches.length === 0) return new Map<undefined, number>()
  const rows = await database.all(
    `SELECT b.key, max(t.queue_order) AS last FROM tkt.tickets t LEFT JOIN tkt.batches b ON b.id = t.batch
     WHERE t.project = :project GROUP BY b.key`,
    { project },
  )
  return new Map(rows.map(({ key, last }) => [(key as string | null) ?? undefined, Number(last)]))
}

/** Those that were claimed meanwhile are left as they are. */
async function update(
  { database, project }: Place,
  drafts: readonly Draft[],
  { now_ms, session }: IntakeAct,
): Promise<ReadonlySet<string>> {
  const told = JSON.stringify(drafts.map(wordsOf))
  const updated = await database.all(UPDATE, { project, now_ms, session, drafts: told })
  return new Set(updated.map(({ key }) => key as string))
}

const DRAFTS = `drafts AS (
  SELECT * FROM jsonb_to_recordset(:drafts::jsonb) AS d (
    uuid uuid, key text, batch text, type text, source text, provenance text, visibility text, queue_order bigint,
    place bigint, stage text, title text, summary text, noted text, wave bigint, priority integer, required_work text,
    acceptance text, scope text, assignable_to text, if_version bigint, depends_on text, kind text, channel text,
    tier text, assignee text, parent text, payload text))`

/** In the order of the drafts, which is that of their numbers. */
const INSERT = `WITH ${DRAFTS},
taken AS (
  INSERT INTO tkt.tickets (uuid, project, key, batch, type, stage, priority, wave, queue_order, source, provenance,
    visibility, created_ms, updated_ms, title, summary, required_work, acceptance, scope, assignable_to, noted,
    kind, channel, tier, assignee, payload, needs, parent)
  SELECT d.uuid, :project::bigint, d.key, b.id, d.type, d.stage, d.priority, d.wave, d.queue_order, d.source, d.provenance,
    d.visibility, :now_ms::bigint, :now_ms, d.title, d.summary, d.required_work, d.acceptance, d.scope, d.assignable_to, d.noted,
    d.kind, d.channel, d.tier, d.assignee, d.payload, d.depends_on,
    (SELECT p.seq FROM tkt.tickets p WHERE p.project = :project AND p.key = d.parent)
  FROM drafts d LEFT JOIN tkt.batches b ON b.project = :project AND b.key = d.batch ORDER BY d.place
  RETURNING seq)
INSERT INTO tkt.events (at_ms, project, ticket, type, actor, to_status)
SELECT :now_ms, :project, t.seq, 'ticket.created', :session, 'OPEN' FROM taken t ORDER BY t.seq`

const UPDATE = `WITH ${DRAFTS},
updated AS (
  UPDATE tkt.tickets t SET stage = d.stage, title = d.title, summary = d.summary, required_work = d.required_work,
    acceptance = d.acceptance, scope = d.scope, assignable_to = d.assignable_to, noted = d.noted, priority = d.priority, wave = d.wave,
    needs = d.depends_on, updated_ms = :now_ms::bigint, version = t.version + 1
  FROM drafts d WHERE t.project = :project::bigint AND t.key = d.key AND t.status = 'OPEN'
    AND coalesce(d.if_version, t.version) = t.version RETURNING t.seq, t.key),
told AS (
  INSERT INTO tkt.events (at_ms, project, ticket, type, actor, from_status, to_status)
  SELECT :now_ms, :project, u.seq, 'ticket.edited', :session, 'OPEN', 'OPEN' FROM updated u)
SELECT key FROM updated`
