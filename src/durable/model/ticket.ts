/** A durable ticket as the engine knows it, and as the published program tells it (contracts: durable section 2.3). */
import { companyTold, type Company } from './company.ts'
import type { State } from './lifecycle.ts'
import { proofCounts, type Proof } from './proof.ts'
import type { ScopeEntries } from './scope/scope.ts'
import { toldWorktree, type TicketWorktree } from './worktree.ts'

export interface DurableTicket extends State, Company {
  /** Counts all tickets of the database. */
  readonly seq: number
  readonly uuid: string
  /** Its name in its project: `ticket_id` on every surface. */
  readonly key: string
  readonly title: string
  readonly summary: string
  readonly type: TicketType
  readonly batch: string | undefined
  readonly queue_order: number | undefined
  /** 0 is the most urgent, 100 the least (contracts: service section 7.3). */
  readonly priority: number
  readonly wave: number | undefined
  readonly depends_on: readonly string[]
  /** Sentences: what is to be done, and how one sees that it is. */
  readonly required_work: readonly string[]
  readonly acceptance: readonly string[]
  /** Without entries: nobody declared which files it may change. */
  readonly scope: ScopeEntries
  /** The sessions that may claim it, see model/assignable.ts; empty: any. */
  readonly assignable_to: readonly string[]
  readonly source: string
  readonly provenance: Provenance
  readonly visibility: Visibility
  /** Tells whether a note says now what it said when it was last read; undefined when no note speaks of the ticket. */
  readonly noted: string | undefined
  readonly blocked_reason: string | undefined
  /** What was said when it was last given back, sent back, ended or opened again. */
  readonly outcome: string | undefined
  /** What it was closed with, the last time. */
  readonly proof: Proof | undefined
  /** Where it is, or was last, worked on apart from others; undefined: where its session is. */
  readonly worktree: TicketWorktree | undefined
  readonly created_ms: number
  readonly updated_ms: number
  readonly closed_ms: number | undefined
  /** Since when it is in no list and nobody's work; its key stays taken. */
  readonly deleted_ms: number | undefined
  /** When its history and results were put into an archive. */
  readonly archived_ms: number | undefined
  /** Counts the claims there ever were. */
  readonly claim_no: number
  /** Counts the changes of what people write. */
  readonly version: number
  /** The session that holds it, or held it last. */
  readonly last_session: string | undefined
  readonly claim: Claim | undefined
}

/** Who has a ticket in hand. */
export interface Claim {
  readonly session: string
  readonly claim_no: number
  readonly claimed_ms: number
  /** Undefined: for ever. */
  readonly leased_until_ms: number | undefined
  /** The commit that HEAD was at; undefined where no git was asked. */
  readonly base: string | undefined
}

export const TICKET_TYPES = ['WORKER', 'INTEGRATOR'] as const
export type TicketType = (typeof TICKET_TYPES)[number]
export const PROVENANCES = ['workflow', 'verification', 'legacy'] as const
export type Provenance = (typeof PROVENANCES)[number]
export type Visibility = 'default' | 'hidden_by_default'

/** Whether it is a worker of a bundle that was published here. */
export const isOfBundle = ({ key }: DurableTicket): boolean => key.includes('/')

/** Whether its holder was not heard of for as long as the lease was. Only work that is going on can be stale. */
export const isStale = ({ status, claim }: DurableTicket, now_ms: number): boolean =>
  (status === 'CLAIMED' || status === 'IN_PROGRESS') &&
  claim?.leased_until_ms !== undefined &&
  claim.leased_until_ms <= now_ms

/** The record that the published program answers with; what was added stands at its end. */
export function recordOf(ticket: DurableTicket, now_ms: number) {
  const { claim, status, stage, resolution } = ticket
  const stale = isStale(ticket, now_ms)
  return {
    task_id: ticket.seq,
    ticket_id: ticket.key,
    title: ticket.title,
    summary: ticket.summary,
    status,
    created_at: timeOf(ticket.created_ms),
    claimed_at: claim === undefined ? null : timeOf(claim.claimed_ms),
    closed_at: ticket.closed_ms === undefined ? null : timeOf(ticket.closed_ms),
    claimed_by_session: claim?.session ?? ticket.last_session ?? null,
    source: ticket.source,
    ticket_type: ticket.type,
    workflow_state: stale ? 'STALE' : status,
    batch_id: ticket.batch ?? null,
    queue_order: ticket.queue_order ?? null,
    task_provenance: ticket.provenance,
    task_surface_visibility: ticket.visibility,
    assignee: claim?.session ?? ticket.assignee ?? null,
    ...told({ stage, resolution, wave: ticket.wave }),
    priority: ticket.priority,
    claim_no: ticket.claim_no,
    ...(claim?.leased_until_ms === undefined ? {} : { lease_until: timeOf(claim.leased_until_ms) }),
    updated_at: timeOf(ticket.updated_ms),
  }
}

/** All that is known of a ticket; its proof as counts. */
export function fullRecordOf(ticket: DurableTicket, now_ms: number) {
  const { depends_on, required_work, acceptance, assignable_to, scope, blocked_reason, outcome } = ticket
  const { claim, deleted_ms, archived_ms, proof, worktree } = ticket
  return {
    ...recordOf(ticket, now_ms),
    ...listed({ depends_on, required_work, acceptance, assignable_to }),
    ...(isDeclared(scope) ? { scope: listed({ ...scope }) } : {}),
    ...told({ blocked_reason, outcome, proof: proof && proofCounts(proof), base_sha: claim?.base }),
    ...told({ worktree: worktree && toldWorktree(worktree) }),
    ...companyTold(ticket),
    ...(deleted_ms === undefined ? {} : { deleted_at: timeOf(deleted_ms) }),
    ...(archived_ms === undefined ? {} : { archived_at: timeOf(archived_ms) }),
    uuid: ticket.uuid,
    version: ticket.version,
  }
}

/** What a list tells of a ticket; all of it is told by show-ticket. */
export function lineOf(ticket: DurableTicket, now_ms: number) {
  const { ticket_id, title, status, ticket_type, batch_id, queue_order, claimed_by_session } = recordOf(
    ticket,
    now_ms,
  )
  const stale = isStale(ticket, now_ms)
  return {
    ...{ ticket_id, title, status, ticket_type, batch_id, queue_order, claimed_by_session },
    ...(stale ? { workflow_state: 'STALE' } : {}),
  }
}

const timeOf = (ms: number): string => new Date(ms).toISOString()

/** Without the fields that are undefined. */
const told = <Field extends object>(fields: Field): Partial<Field> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Field>

/** Without the lists that are empty. */
const listed = (lists: { readonly [Name in string]: readonly string[] }): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(lists).flatMap(([name, list]) => (list.length === 0 ? [] : [[name, [...list]]])),
  )

/** Whether somebody declared which files may be changed. */
export const isDeclared = ({ allow, deny }: ScopeEntries): boolean => allow.length + deny.length > 0
