/**
 * What became of a published worker in the database, as its file in the bundle is to tell it. Nothing here reads or writes.
 */
import { integerOf, mapOf, type RawMap } from '../../bundles/model/raw.ts'
import { readTicket, type Ticket, type Transition } from '../../bundles/model/ticket.ts'
import type { TicketStatus } from '../../bundles/model/lifecycles.ts'
import type { DurableStatus } from '../../durable/model/lifecycle.ts'
import type { TicketEvent } from '../../durable/model/event.ts'
import type { DurableTicket } from '../../durable/model/ticket.ts'
import { timestamp } from '../../system/clock.ts'
import type { Digest } from './publication.ts'

/** What both sides can say of a ticket, by the names of its file. */
const FIELDS = ['status', 'claimed_by', 'summary', 'notes', 'evidence'] as const
type Field = (typeof FIELDS)[number]
type Standing = Readonly<Record<Field, string | undefined>>

export interface Conflict {
  readonly field: Field
  readonly bundle: string | null
  readonly database: string | null
}

export type Collected =
  | { readonly kind: 'same' }
  /** Somebody has changed the file since it was collected last. */
  | { readonly kind: 'conflict'; readonly conflicts: readonly Conflict[] }
  | { readonly kind: 'changed'; readonly after: RawMap; readonly transitions: readonly Transition[] }

export interface Both {
  /** The file's content, and what it is read as. */
  readonly value: RawMap
  readonly ticket: Ticket
  readonly found: DurableTicket
  readonly events: readonly TicketEvent[]
}

/** Whose word counts where both have changed; undefined: nobody's, both are told. */
export type Preferred = 'bundle' | 'database' | undefined

export function collected(
  { value, ticket, found, events }: Both,
  prefer: Preferred,
  digest: Digest,
): Collected {
  const mark = mapOf(value.published) ?? {}
  const [said, told] = [standingIn(ticket), standingOf(found)]
  const isTouched = stateOf(said, digest) !== mark.state
  const conflicts = FIELDS.filter((field) => said[field] !== told[field]).map((field) => ({
    ...{ field, bundle: said[field] ?? null, database: told[field] ?? null },
  }))
  if (isTouched && conflicts.length > 0 && prefer === undefined) return { kind: 'conflict', conflicts }
  const seen = integerOf(mark.events) ?? 0
  if (events.length < seen) return { kind: 'same' } // somebody has collected more meanwhile
  const published = { ...mark, events: events.length }
  const transitions = events.slice(seen).flatMap(transitionOf)
  // A file that nobody has touched stays while nothing happens there: also one whose word was preferred.
  if (!isTouched && (events.length === seen || (conflicts.length === 0 && transitions.length === 0)))
    return { kind: 'same' }
  // Who worked on it goes on record whose word ever counts: the auditor must be somebody else.
  const logged = { ...value, transition_log: [...ticket.transition_log, ...transitions] }
  if (isTouched && prefer === 'bundle')
    return {
      kind: 'changed',
      after: { ...logged, published: { ...published, state: stateOf(said, digest) } },
      transitions: [],
    }
  const after = {
    ...logged,
    ...fieldsOf(found, events),
    result: { ...mapOf(value.result), ...resultOf(found) },
  }
  const written = readTicket(ticket.id, after)
  const state = stateOf(written.ok ? standingIn(written.value) : told, digest)
  return { kind: 'changed', after: { ...after, published: { ...published, state } }, transitions }
}

/** The mark of a worker that goes to the database as its file has it; the `events` that there were are of earlier times. */
export const markOf = (ticket_id: string, ticket: Ticket, events: number, digest: Digest): RawMap => ({
  ...{ ticket_id, events, state: stateOf(standingIn(ticket), digest) },
})

const stateOf = (standing: Standing, digest: Digest): string =>
  digest(JSON.stringify(FIELDS.map((field) => standing[field] ?? null)))

const standingIn = ({ status, claimed_by, summary, notes, evidence }: Ticket): Standing => ({
  ...{ status, claimed_by, summary, notes, evidence },
})

function standingOf(found: DurableTicket): Standing {
  const { summary, notes, evidence } = resultOf(found)
  const text = (value: unknown): string | undefined =>
    typeof value === 'string' && value !== '' ? value : undefined
  return {
    ...{ status: statusOf(found), claimed_by: holderOf(found) },
    ...{ summary: text(summary), notes: text(notes), evidence: text(evidence) },
  }
}

const STATUSES: Readonly<Record<DurableStatus, TicketStatus>> = {
  OPEN: 'open',
  CLAIMED: 'claimed',
  IN_PROGRESS: 'in_progress',
  BLOCKED: 'blocked',
  FAILED: 'failed',
  CLOSED: 'done',
}

/** What is not to be done any more is failed, with the reason on record: a bundle knows no other end. */
function statusOf({ status, resolution }: DurableTicket): TicketStatus {
  if (resolution !== undefined && resolution !== 'done') return 'failed'
  return STATUSES[status]
}

function holderOf(found: DurableTicket): string | undefined {
  const { claim, last_session } = found
  return claim?.session ?? (statusOf(found) === 'open' ? undefined : last_session)
}

function fieldsOf(found: DurableTicket, events: readonly TicketEvent[]): RawMap {
  const status = statusOf(found)
  const isOpen = status === 'open'
  const claimed = events.findLast(({ type }) => type === 'ticket.claimed' || type === 'ticket.taken_over')
  const started = events.findLast(
    ({ seq, to, from }) => to === 'IN_PROGRESS' && from !== to && seq > (claimed?.seq ?? 0),
  )
  const ended = events.findLast(({ to, from }) => (to === 'CLOSED' || to === 'FAILED') && from !== to)
  const at = (event: TicketEvent | undefined): string | null =>
    event === undefined || isOpen ? null : timestamp(new Date(event.at_ms))
  const isOver = status === 'done' || status === 'failed'
  return {
    status,
    claimed_by: holderOf(found) ?? null,
    claimed_at: at(claimed),
    started_at: at(started),
    completed_at: isOver ? at(ended) : null,
    claim_no: found.claim_no,
  }
}

function resultOf(found: DurableTicket): RawMap {
  const { outcome, blocked_reason, proof, resolution } = found
  const status = statusOf(found)
  const told = status === 'blocked' ? blocked_reason : outcome
  const reason =
    resolution === undefined || resolution === 'done' ? told : `${resolution}: ${told ?? 'without a reason'}`
  return {
    summary: status === 'done' ? (outcome ?? null) : null,
    notes: status === 'blocked' || status === 'failed' ? (reason ?? null) : null,
    evidence: proof?.evidence ?? null,
    ...(proof === undefined || proof.evidence_checks.length === 0
      ? {}
      : { evidence_checks: proof.evidence_checks }),
  }
}

function transitionOf(event: TicketEvent): readonly Transition[] {
  const { type, from, to, at_ms, actor } = event
  const [before, after] = [wordOf(from), wordOf(to)]
  if (before === undefined || after === undefined || (before === after && type !== 'ticket.taken_over'))
    return []
  const entry = { from: before, to: after, timestamp: timestamp(new Date(at_ms)), agent: actor ?? null }
  const reason = type === 'ticket.taken_over' ? takeOverReason(event) : event.reason
  return [reason === undefined ? entry : { ...entry, reason }]
}

/** A review tells a take-over by its reason, as bundles write one; the database keeps from whom it was. */
const takeOverReason = ({ data }: TicketEvent): string =>
  `taken over from ${typeof data.taken_over_from === 'string' ? data.taken_over_from : 'nobody'}: the lease was over`

const wordOf = (status: string | undefined): string | undefined => STATUSES[status as DurableStatus]
