/** Whether a batch may be closed, told from its worker tickets (contracts: durable section 6.4). */
import { refuse, type Refusal } from '../../operation/refusal.ts'

/** How many worker tickets stand in the way, by how they do. */
export interface WorkerCounts {
  /** Open, or in hand. */
  readonly unresolved: number
  /** Blocked or failed: nobody will go on by himself. */
  readonly stuck: number
}

export interface Legality {
  readonly final_batch_closure_status:
    'NOT_READY_UNRESOLVED_WORKERS' | 'READY_WITH_BLOCKED_WORKERS' | 'READY_TO_CLOSE'
  readonly closure_legality: 'LEGAL' | 'ILLEGAL'
  readonly can_close_batch: boolean
}

/** `accepted`: why blocked and failed tickets may stay as they are. */
export function legalityOf({ unresolved, stuck }: WorkerCounts, accepted?: string): Legality {
  if (unresolved > 0) return legality('NOT_READY_UNRESOLVED_WORKERS', false)
  if (stuck > 0) return legality('READY_WITH_BLOCKED_WORKERS', accepted !== undefined)
  return legality('READY_TO_CLOSE', true)
}

const legality = (
  final_batch_closure_status: Legality['final_batch_closure_status'],
  can_close_batch: boolean,
): Legality => ({
  final_batch_closure_status,
  closure_legality: can_close_batch ? 'LEGAL' : 'ILLEGAL',
  can_close_batch,
})

/** Why the integrator's ticket `key` stays open; undefined when nothing stands in the way. */
export function refusedClosure(
  key: string,
  counts: WorkerCounts,
  accepted: string | undefined,
): Refusal<'INTEGRATOR_CLOSE_NOT_READY'> | undefined {
  const verdict = legalityOf(counts, accepted)
  if (verdict.can_close_batch) return undefined
  const { unresolved, stuck } = counts
  const details = {
    ticket_id: key,
    ...verdict,
    unresolved_workers: unresolved,
    blocked_or_failed_workers: stuck,
  }
  if (unresolved > 0)
    return refuse(
      'INTEGRATOR_CLOSE_NOT_READY',
      `${unresolved} worker tickets of the batch are open or in hand`,
      details,
    )
  return refuse(
    'INTEGRATOR_CLOSE_NOT_READY',
    `${stuck} worker tickets of the batch are blocked or failed`,
    details,
    'end them, or close with --accept-blocked "why they may stay so"',
  )
}
