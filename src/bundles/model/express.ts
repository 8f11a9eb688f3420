/** An express ticket: small work without a bundle. */
import type { Criterion } from './acceptance.ts'
import { readCriteriaOf } from './acceptance.ts'
import type { BundleId, ExpressId, TicketId } from './ids.ts'
import { expressLifecycle, type ExpressStatus } from './lifecycles.ts'
import { firstOf, integerOf, mapOf, proseOf, textOf, type RawMap, type Read } from './raw.ts'
import { refuse, type Refusal } from './refusal.ts'
import type { Changes } from './ticket-moves.ts'

export interface Express {
  readonly id: ExpressId
  readonly title: string
  readonly description: string
  readonly acceptance_criteria: readonly Criterion[]
  readonly status: ExpressStatus
  readonly claimed_by: string | undefined
  readonly claimed_at: string | undefined
  readonly created_at: string | undefined
  readonly completed_at: string | undefined
  readonly category: string | undefined
  readonly effort_estimate: string | undefined
  readonly agent_type: string | undefined
  readonly wave: number | undefined
  readonly source_plan: string | undefined
  readonly source_ticket_index: number | undefined
  /** The bundle that took its work over, the last time it was closed. */
  readonly upgraded_to_bundle: string | undefined
}

export interface NewExpress {
  readonly title: string
  readonly acceptance: readonly Criterion[]
  readonly category?: string
  readonly effort_estimate?: string
  readonly agent_type?: string
  readonly wave?: number
  readonly source_plan?: string
  readonly source_ticket_index?: number
}

/** More changed files than this are no small work any more: the ticket becomes a bundle. */
export const UPGRADE_ABOVE_FILES = 3

/** The file of a new express ticket, its keys in the published order (contracts: filesystem section 4.4). */
export function expressDocument(id: ExpressId, express: NewExpress, now: string): RawMap {
  return {
    id,
    type: 'express',
    title: express.title,
    description: express.title,
    acceptance_criteria: express.acceptance,
    status: expressLifecycle.initial,
    claimed_by: null,
    claimed_at: null,
    completed_at: null,
    created_at: now,
    updated_at: now,
    category: express.category ?? null,
    effort_estimate: express.effort_estimate ?? null,
    agent_type: express.agent_type ?? null,
    wave: express.wave ?? null,
    source_plan: express.source_plan ?? null,
    source_ticket_index: express.source_ticket_index ?? null,
    result: { summary: null, artifacts: [], notes: null, evidence: null },
    transition_log: [],
  }
}

/** Reads an express ticket's file; the id is the file's name. */
export function readExpress(id: ExpressId, value: unknown): Read<Express> {
  const map = mapOf(value)
  if (map === undefined) return { ok: false, reason: 'the file holds no map of fields' }
  const status = textOf(map.status)
  const known = status === 'completed' || status === 'closed' ? 'done' : status
  if (!expressLifecycle.isState(known)) {
    return {
      ok: false,
      reason: `status is ${JSON.stringify(map.status)}, not one of ${expressLifecycle.states.join(', ')}`,
    }
  }
  return {
    ok: true,
    value: {
      id,
      title: proseOf(map.title) ?? '',
      description: proseOf(map.description) ?? '',
      acceptance_criteria: readCriteriaOf(firstOf(map, 'acceptance_criteria', 'acceptance')),
      status: known,
      claimed_by: textOf(map.claimed_by),
      claimed_at: textOf(map.claimed_at),
      created_at: textOf(map.created_at),
      completed_at: textOf(map.completed_at),
      category: proseOf(map.category),
      effort_estimate: proseOf(map.effort_estimate),
      agent_type: proseOf(map.agent_type),
      wave: integerOf(map.wave),
      source_plan: textOf(map.source_plan),
      source_ticket_index: integerOf(map.source_ticket_index),
      upgraded_to_bundle: textOf(map.upgraded_to_bundle),
    },
  }
}

export interface ExpressMove {
  readonly ok: true
  readonly changes: Changes
  readonly from: ExpressStatus
  readonly to: ExpressStatus
}

/** Claims an open express ticket; anything else answers who holds it, or that it is done. */
export function judgeExpressClaim(
  express: Express,
  agent: string,
  now: string,
): ExpressMove | Refusal<'EXPRESS_NOT_OPEN'> {
  const to = expressLifecycle.next(express.status, 'claim')
  if (to === undefined) return refuseTaken(express)
  const changes = { status: to, claimed_by: agent, claimed_at: now, updated_at: now }
  return { ok: true, from: express.status, to, changes }
}

/** Finishes an express ticket with its evidence; `upgrade` names the bundle that takes the work over instead. */
export function judgeExpressClose(
  express: Express,
  request: { readonly evidence: string | undefined; readonly agent: string | undefined },
  now: string,
): ExpressMove | Refusal<'EXPRESS_NOT_OPEN' | 'EVIDENCE_REQUIRED' | 'NOT_OWNER'> {
  const to = expressLifecycle.next(express.status, 'close')
  if (to === undefined) return refuseTaken(express)
  const { evidence, agent } = request
  if (agent !== undefined && express.claimed_by !== undefined && agent !== express.claimed_by) {
    const details = { ticket_id: express.id, claimed_by: express.claimed_by }
    return refuse('NOT_OWNER', `${express.id} is held by ${express.claimed_by}, not by ${agent}`, details)
  }
  if (evidence === undefined || evidence.trim() === '') {
    return refuse('EVIDENCE_REQUIRED', `${express.id} cannot be done without evidence`, {
      ticket_id: express.id,
    })
  }
  const changes = { status: to, completed_at: now, updated_at: now, 'result.evidence': evidence }
  return { ok: true, from: express.status, to, changes }
}

/** What an upgraded express ticket keeps of where its work went (contracts: filesystem section 5.4). */
export function upgradeChanges(bundle: BundleId, ticket: TicketId, filesChanged: number): Changes {
  return {
    'result.summary': `Upgraded to ${bundle}/${ticket}`,
    upgraded_to_bundle: bundle,
    upgraded_to_ticket: ticket,
    upgraded_reason: `${filesChanged} files changed, more than the ${UPGRADE_ABOVE_FILES} (>${UPGRADE_ABOVE_FILES}) an express ticket may change`,
  }
}

function refuseTaken(express: Express): Refusal<'EXPRESS_NOT_OPEN'> {
  const { id, status, claimed_by, claimed_at, completed_at } = express
  const holder = claimed_by === undefined ? '' : ` by ${claimed_by}`
  const since = status === 'done' ? completed_at : claimed_at
  const message = `${id} is ${status}${holder}${since === undefined ? '' : ` since ${since}`}`
  return refuse('EXPRESS_NOT_OPEN', message, {
    ticket_id: id,
    status,
    claimed_by: claimed_by ?? null,
    claimed_at: claimed_at ?? null,
  })
}
