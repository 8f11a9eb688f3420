/** The files and events of a bundle that is born: its two fixed tickets and its workers, all at once. */
import { bundleDocument, type NewBundle } from './bundle.ts'
import type { HistoryEvent } from './history-event.ts'
import { bundleLifecycle } from './lifecycles.ts'
import { AUDIT, INTEGRATE, workerId, type BundleId, type TicketId } from './ids.ts'
import type { RawMap } from './raw.ts'
import { auditDocument, integrateDocument, workerDocument, type NewTicket } from './ticket.ts'

export interface BornBundle {
  readonly id: BundleId
  /** The fixed tickets first, as published, then the workers. */
  readonly tickets: readonly TicketId[]
  readonly documents: Readonly<Record<string, RawMap>>
  readonly events: readonly HistoryEvent[]
}

/** Numbers the workers from TKT-001 in the order given. */
export function planBundle(
  id: BundleId,
  bundle: NewBundle,
  workers: readonly NewTicket[],
  birth: { readonly now: string; readonly audit: boolean; readonly agent?: string | undefined },
): BornBundle {
  const fixed = birth.audit ? [INTEGRATE, AUDIT] : [INTEGRATE]
  const numbered = workers.map((worker, index) => ({ id: workerId(index + 1), worker }))
  const ticket_count = fixed.length + workers.length
  const made = { agent: birth.agent, to: bundleLifecycle.initial }
  return {
    id,
    tickets: [...fixed, ...numbered.map((worker) => worker.id)],
    documents: {
      'bundle.yaml': bundleDocument(id, bundle, { ...birth, ticket_count }),
      [`${INTEGRATE}.yaml`]: integrateDocument(id),
      ...(birth.audit ? { [`${AUDIT}.yaml`]: auditDocument(id) } : {}),
      ...Object.fromEntries(
        numbered.map((ticket) => [`${ticket.id}.yaml`, workerDocument(id, ticket.id, ticket.worker)]),
      ),
    },
    events: [
      { event: 'BUNDLE_CREATED', fields: { id, goal: bundle.title, ...made } },
      ...numbered.map((ticket): HistoryEvent => ({
        event: 'TICKET_ADDED',
        fields: { bundle: id, ticket: ticket.id, title: ticket.worker.title, ...made },
      })),
    ],
  }
}
