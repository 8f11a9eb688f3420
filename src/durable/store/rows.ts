/** Rows of a database, whichever, as the things of the model. */
import type { Company } from '../model/company.ts'
import type { DurableStatus, Resolution, Stage } from '../model/lifecycle.ts'
import type { Claimable, Holder, TicketClass } from '../model/overview.ts'
import { proofIn } from '../model/proof.ts'
import type { ScopeEntries } from '../model/scope/scope.ts'
import type { Claim, DurableTicket, Provenance, TicketType, Visibility } from '../model/ticket.ts'
import type { TicketWorktree } from '../model/worktree.ts'
import type { Agent, FollowedEvent, Held, TicketEvent } from './ticket-store.ts'

export type Row = Readonly<Record<string, unknown>>

/** The database itself holds these columns to their words and kinds. */
export function ticketOf(row: Row): DurableTicket {
  return {
    seq: row.seq as number,
    uuid: row.uuid as string,
    key: row.key as string,
    title: row.title as string,
    summary: row.summary as string,
    type: row.type as TicketType,
    status: row.status as DurableStatus,
    stage: present(row.stage as Stage | null),
    resolution: present(row.resolution as Resolution | null),
    batch: present(row.batch_key as string | null),
    queue_order: present(row.queue_order as number | null),
    priority: row.priority as number,
    wave: present(row.wave as number | null),
    depends_on: listOf(row.needs).toSorted(),
    required_work: listOf(row.required_work),
    acceptance: listOf(row.acceptance),
    assignable_to: listOf(row.assignable_to),
    scope: scopeIn(row),
    source: row.source as string,
    provenance: row.provenance as Provenance,
    visibility: row.visibility as Visibility,
    noted: present(row.noted as string | null),
    blocked_reason: present(row.blocked_reason as string | null),
    outcome: present(row.outcome as string | null),
    proof: row.proof === null ? undefined : proofIn(row.proof as string),
    worktree: row.worktree === null ? undefined : (JSON.parse(row.worktree as string) as TicketWorktree),
    ...companyOf(row),
    created_ms: row.created_ms as number,
    updated_ms: row.updated_ms as number,
    closed_ms: present(row.closed_ms as number | null),
    deleted_ms: present(row.deleted_ms as number | null),
    archived_ms: present(row.archived_ms as number | null),
    claim_no: row.claim_no as number,
    version: row.version as number,
    last_session: present(row.last_session as string | null),
    claim: claimOf(row),
  }
}

const companyOf = (row: Row): Company => ({
  kind: present(row.kind as string | null),
  channel: row.channel as string,
  tier: present(row.tier as string | null),
  assignee: present(row.assignee as string | null),
  parent: present(row.parent_key as string | null),
  payload: row.payload === null ? undefined : JSON.parse(row.payload as string),
  outputs: row.outputs === null ? [] : (JSON.parse(row.outputs as string) as unknown[]),
})

function claimOf(row: Row): Claim | undefined {
  if (row.session === null) return undefined
  return {
    session: row.session as string,
    claim_no: row.held_no as number,
    claimed_ms: row.claimed_ms as number,
    leased_until_ms: present(row.leased_until_ms as number | null),
    base: present(row.base as string | null),
  }
}

export const heldOf = (row: Row): Held => ({
  key: row.key as string,
  session: row.session as string,
  scope: scopeIn(row),
})

const scopeIn = ({ scope }: Row): ScopeEntries =>
  scope === null ? NO_SCOPE : (JSON.parse(scope as string) as ScopeEntries)

export const eventOf = (row: Row): TicketEvent => ({
  seq: row.seq as number,
  at_ms: row.at_ms as number,
  type: row.type as string,
  actor: present(row.actor as string | null),
  from: present(row.from_status as string | null),
  to: present(row.to_status as string | null),
  reason: present(row.reason as string | null),
  claim_no: present(row.claim_no as number | null),
  data: row.data === null ? {} : (JSON.parse(row.data as string) as Record<string, unknown>),
})

/** `position` is the one behind it. */
export const followedOf = (row: Row, position: string): FollowedEvent => ({
  ...eventOf(row),
  ...{ key: row.key as string, batch: present(row.batch_key as string | null), position },
})

export const agentOf = (row: Row): Agent => {
  const held = JSON.parse(row.held as string) as readonly (readonly [string, DurableStatus, number | null])[]
  return {
    session: row.id as string,
    started_ms: row.started_ms as number,
    seen_ms: row.seen_ms as number,
    count: row.holding as number,
    holds: held.map(([key, status, until]) => ({ key, status, leased_until_ms: present(until) })),
  }
}

/** Of rows in the order of their classes, each with its `place` in its class. */
export function classesOf(rows: readonly Row[]): readonly TicketClass[] {
  const classes: { -readonly [Key in keyof TicketClass]: TicketClass[Key] }[] = []
  for (const row of rows) {
    const ticket = ticketOf(row)
    const { type, status } = ticket
    const [holder, claimable] = [row.holder as Holder, row.claimable as Claimable]
    const open = row.place === 1 ? undefined : classes.at(-1)
    if (open !== undefined) open.tickets = [...open.tickets, ticket]
    else classes.push({ type, status, holder, claimable, count: Number(row.members), tickets: [ticket] })
  }
  return classes
}

const listOf = (json: unknown): readonly string[] =>
  json === null ? [] : (JSON.parse(json as string) as string[])

const NO_SCOPE: ScopeEntries = { allow: [], deny: [] }

const present = <Value>(value: Value | null): Value | undefined => value ?? undefined
