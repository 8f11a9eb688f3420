/** A ticket of a bundle: how it is born, and how its file is read, old trees included. */
import { readChecks, type EvidenceCheck } from '../../evidence/record.ts'
import type { Criterion } from '../../evidence/acceptance.ts'
import { readCriteriaOf } from '../../evidence/acceptance.ts'
import { AUDIT, INTEGRATE, roleOf, type BundleId, type TicketId } from './ids.ts'
import { ticketLifecycle, type TicketStatus } from './lifecycles.ts'
import { firstOf, integerOf, listOf, mapOf, proseOf, textOf, textsOf, type RawMap, type Read } from './raw.ts'

export interface Transition {
  readonly from: string
  readonly to: string
  readonly timestamp: string
  readonly agent: string | null
  readonly reason?: string
}

export interface Ticket {
  readonly id: TicketId
  readonly type: string
  readonly title: string
  readonly description: string
  readonly acceptance_criteria: readonly Criterion[]
  readonly status: TicketStatus
  readonly claimed_by: string | undefined
  readonly claimed_at: string | undefined
  readonly claim_no: number
  readonly claimed_session: string | undefined
  readonly started_at: string | undefined
  readonly completed_at: string | undefined
  readonly skills: readonly string[]
  readonly wave: number | undefined
  readonly depends_on: readonly string[]
  readonly summary: string | undefined
  readonly notes: string | undefined
  readonly evidence: string | undefined
  /** What was found when that evidence was checked; none for prose. */
  readonly evidence_checks: readonly EvidenceCheck[]
  readonly transition_log: readonly Transition[]
  /** The files it may change, with `!` in front of those it may not; as people write it into the file. */
  readonly scope: readonly string[]
  /** Its name in the database, while it is worked on there. */
  readonly published: string | undefined
}

/** What a caller may say about a new worker ticket. */
export interface NewTicket {
  readonly title: string
  readonly type?: string
  readonly description?: string
  readonly acceptance_criteria?: readonly Criterion[]
  readonly category?: string
  readonly effort_estimate?: string
  readonly agent_type?: string
  readonly skills?: readonly string[]
  readonly wave?: number
  readonly qa_scenarios?: readonly string[]
  readonly source_plan?: string
  readonly source_ticket_index?: number
  readonly depends_on?: readonly string[]
  /** The files it may change, with `!` in front of those it may not. */
  readonly scope?: readonly string[]
  readonly carryover_from?: string
}

/** The file of a new worker ticket, its keys in the published order (contracts: filesystem section 4.3). */
export function workerDocument(bundle: BundleId, id: TicketId, ticket: NewTicket): RawMap {
  const criteria = ticket.acceptance_criteria ?? []
  return {
    ...head(bundle, id, ticket.type ?? 'worker', ticket.title, ticket.description ?? ticket.title),
    acceptance_criteria:
      criteria.length > 0 ? criteria : ['The work is done as the description says, and evidence shows it.'],
    ...progress,
    category: ticket.category ?? null,
    effort_estimate: ticket.effort_estimate ?? null,
    agent_type: ticket.agent_type ?? null,
    skills: ticket.skills ?? [],
    wave: ticket.wave ?? null,
    qa_scenarios: ticket.qa_scenarios ?? [],
    source_plan: ticket.source_plan ?? null,
    source_ticket_index: ticket.source_ticket_index ?? null,
    ...(ticket.scope === undefined || ticket.scope.length === 0 ? {} : { scope: ticket.scope }),
    ...(ticket.carryover_from === undefined ? {} : { carryover_from: ticket.carryover_from }),
    ...tail(ticket.depends_on ?? []),
  }
}

/** TKT-000 of a new bundle: claimed by the main agent, finished by close. */
export const integrateDocument = (bundle: BundleId): RawMap =>
  fixedDocument(head(bundle, INTEGRATE, 'integrate', `Coordinate and integrate ${bundle}`, INTEGRATE_TEXT), [
    'Every worker ticket is done, or failed with its reason stated.',
    'The results work together: the project builds and its checks pass with all of them.',
  ])

/** TKT-A00 of a new bundle: claimed by an agent who did none of the work. */
export const auditDocument = (bundle: BundleId): RawMap =>
  fixedDocument(head(bundle, AUDIT, 'audit', `Spot-check the quality of ${bundle}`, AUDIT_TEXT), [
    'Two or three tickets picked at random are done as their acceptance criteria say.',
    'Standards, tests, documentation and security of the picked work are sound.',
  ])

const INTEGRATE_TEXT =
  'Coordinate the workers, bring their results together, and run `tkt close` when the audit is done.'
const AUDIT_TEXT =
  'Pick two or three tickets at random. Check them against project standards, tests, documentation and security. ' +
  'Score the work from 1 to 5 and state what was looked at. The auditor must not have worked on this bundle.'

const fixedDocument = (headFields: RawMap, criteria: readonly string[]): RawMap => ({
  ...headFields,
  acceptance_criteria: criteria,
  ...progress,
  category: null,
  effort_estimate: null,
  agent_type: null,
  source_plan: null,
  source_ticket_index: null,
  ...tail([]),
})

function head(
  bundle: BundleId,
  id: TicketId,
  ...texts: readonly [type: string, title: string, description: string]
): RawMap {
  const [type, title, description] = texts
  return { id, bundle, type, title, description }
}

const progress: RawMap = {
  status: ticketLifecycle.initial,
  claimed_by: null,
  claimed_at: null,
  started_at: null,
  completed_at: null,
}

const tail = (dependsOn: readonly string[]): RawMap => ({
  result: { summary: null, artifacts: [], notes: null, evidence: null },
  depends_on: dependsOn,
  transition_log: [],
})

/** Reads a ticket's file; the id is the file's name, whatever the file says. Older names and statuses are understood. */
export function readTicket(id: TicketId, value: unknown): Read<Ticket> {
  const map = mapOf(value)
  if (map === undefined) return { ok: false, reason: 'the file holds no map of fields' }
  const result = mapOf(map.result) ?? {}
  const status = statusOf(firstOf(map, 'status', 'stage') ?? result.status)
  if (status === undefined) {
    return {
      ok: false,
      reason: `status is ${JSON.stringify(map.status)}, not one of ${ticketLifecycle.states.join(', ')}`,
    }
  }
  return {
    ok: true,
    value: {
      id,
      type: textOf(map.type) ?? TYPES[roleOf(id)],
      title: proseOf(firstOf(map, 'title', 'goal')) ?? '',
      description: proseOf(map.description) ?? '',
      acceptance_criteria: readCriteriaOf(firstOf(map, 'acceptance_criteria', 'acceptance')),
      status,
      claimed_by: textOf(map.claimed_by),
      claimed_at: textOf(map.claimed_at),
      started_at: textOf(map.started_at),
      completed_at: textOf(map.completed_at),
      skills: textsOf(map.skills),
      wave: integerOf(map.wave),
      depends_on: textsOf(map.depends_on),
      summary: proseOf(result.summary),
      notes: proseOf(result.notes),
      evidence: proseOf(result.evidence),
      evidence_checks: readChecks(result.evidence_checks),
      claim_no: integerOf(map.claim_no) ?? 0,
      claimed_session: textOf(map.claimed_session),
      transition_log: readTransitions(map.transition_log),
      scope: textsOf(map.scope),
      published: textOf(mapOf(map.published)?.ticket_id),
    },
  }
}

const TYPES = { main: 'integrate', audit: 'audit', worker: 'worker' } as const

function statusOf(value: unknown): TicketStatus | undefined {
  const text = textOf(value)
  if (text === undefined) return undefined
  return ticketLifecycle.isState(text) ? text : OLDER_TICKET_STATUSES.get(text)
}

/** Words that people wrote by hand (contracts: filesystem section 12). */
export const OLDER_TICKET_STATUSES: ReadonlyMap<string, TicketStatus> = new Map([
  ['completed', 'done'],
  ['closed', 'done'],
  ['complete', 'done'],
])

export const readTransitions = (value: unknown): readonly Transition[] =>
  listOf(value).flatMap((entry) => readTransition(entry) ?? [])

function readTransition(value: unknown): Transition | undefined {
  const map = mapOf(value)
  const [from, to, timestamp] = [textOf(map?.from), textOf(map?.to), textOf(map?.timestamp)]
  if (from === undefined || to === undefined || timestamp === undefined) return undefined
  const reason = proseOf(map?.reason)
  return {
    from,
    to,
    timestamp,
    agent: textOf(map?.agent) ?? null,
    ...(reason === undefined ? {} : { reason }),
  }
}
