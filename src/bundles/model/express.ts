/** An express ticket, which is small work without a bundle: how it is born, and how its file is read. */
import { readChecks, type EvidenceCheck } from '../../evidence/record.ts'
import type { Criterion } from '../../evidence/acceptance.ts'
import { readCriteriaOf } from '../../evidence/acceptance.ts'
import type { ExpressId } from './ids.ts'
import { expressLifecycle, type ExpressStatus } from './lifecycles.ts'
import { firstOf, integerOf, mapOf, proseOf, textOf, type RawMap, type Read } from './raw.ts'
import { readTransitions, type Transition } from './ticket.ts'

export interface Express {
  readonly id: ExpressId
  readonly title: string
  readonly description: string
  readonly acceptance_criteria: readonly Criterion[]
  readonly status: ExpressStatus
  readonly claimed_by: string | undefined
  readonly claimed_at: string | undefined
  readonly claim_no: number
  readonly claimed_session: string | undefined
  readonly transition_log: readonly Transition[]
  readonly created_at: string | undefined
  readonly completed_at: string | undefined
  readonly category: string | undefined
  readonly effort_estimate: string | undefined
  readonly agent_type: string | undefined
  readonly wave: number | undefined
  readonly source_plan: string | undefined
  readonly source_ticket_index: number | undefined
  readonly evidence: string | undefined
  readonly evidence_checks: readonly EvidenceCheck[]
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
      claim_no: integerOf(map.claim_no) ?? 0,
      claimed_session: textOf(map.claimed_session),
      transition_log: readTransitions(map.transition_log),
      created_at: textOf(map.created_at),
      completed_at: textOf(map.completed_at),
      category: proseOf(map.category),
      effort_estimate: proseOf(map.effort_estimate),
      agent_type: proseOf(map.agent_type),
      wave: integerOf(map.wave),
      source_plan: textOf(map.source_plan),
      source_ticket_index: integerOf(map.source_ticket_index),
      evidence: proseOf(mapOf(map.result)?.evidence),
      evidence_checks: readChecks(mapOf(map.result)?.evidence_checks),
      upgraded_to_bundle: textOf(map.upgraded_to_bundle),
    },
  }
}
