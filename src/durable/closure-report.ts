/** Whether the batch of an integrator ticket may be closed, after all that the note asks for was taken in. */
import { OperationError } from '../operation/errors.ts'
import { reportBatch, reportNote } from './batch-report.ts'
import type { DurableContext } from './context.ts'
import { heldTicket, onlyOneHeld } from './holder-move.ts'
import { keysOf } from './model/claim-summary.ts'
import type { Act, Terms } from './model/claiming.ts'
import { legalityOf } from './model/closure.ts'
import { RULES_OF_CLOSURE, usageBlock } from './model/policy.ts'
import { SUBAGENT_USED, subagentsIn } from './model/subagent.ts'
import type { DurableTicket } from './model/ticket.ts'
import type { TicketStore } from './store/ticket-store.ts'

export const CLOSURE_ERRORS = ['CONTINUE_DUE_TO_NEW_TASKS', 'CONTINUE_DUE_TO_REVIEW_INBOX_ITEMS'] as const

interface Asked {
  readonly key: string | undefined
  readonly act: Act
  readonly terms: Terms
}

/** The ticket that is named, or else held, and that the session holds indeed. */
export async function heldIntegrator(store: TicketStore, { key, act, terms }: Asked): Promise<DurableTicket> {
  const asked = key ?? (await onlyOneHeld(store, act, terms))
  // Ownership first: whoever does not hold it has nothing taken in on his behalf.
  const ticket = await heldTicket(store, asked, { move: 'close', act })
  if (ticket.type === 'INTEGRATOR') return ticket
  throw new OperationError('TICKET_NOT_INTEGRATOR', `${asked} is a worker ticket`, { ticket_id: asked })
}

/** Throws one of CLOSURE_ERRORS where the note brought work; what it brought stays taken in. */
export async function reportClosure(
  context: DurableContext,
  store: TicketStore,
  ticket: DurableTicket,
  {
    act,
    trigger,
    accepted,
  }: { readonly act: Act; readonly trigger: string; readonly accepted?: string | undefined },
) {
  const { session } = act
  const { batch } = ticket
  const { told } = await reportNote(context, store, { batch, session, trigger })
  const refresh_status = told.latest_refresh
  refuseNewWork(ticket, told)
  const { sorted } = await reportBatch(context, store, { batch, session })
  const counts = { unresolved: sorted.openWork.count, stuck: sorted.stuckWork.count }
  const { review_inbox_claimable_worker_tickets: _, ...note } = told
  return {
    closure_report: {
      ...{
        ticket_id: ticket.key,
        batch_id: batch ?? null,
        ticket_role_model: 'one INTEGRATOR ends what WORKERs do',
      },
      ...RULES_OF_CLOSURE,
      closed_worker_tickets: keysOf(sorted.closedWork),
      unresolved_blocked_tickets: keysOf(sorted.stuckWork),
      unresolved_claimed_worker_tickets: keysOf(sorted.openWork),
      counts: { ...counts, closed: sorted.closedWork.count },
      ...legalityOf(counts, accepted),
      ...usageBlock(context.policy(), ticket.key, subagentsIn(await store.events(ticket.key, SUBAGENT_USED))),
      ...note,
    },
    refresh_status,
  }
}

type Told = Awaited<ReturnType<typeof reportNote>>['told']

function refuseNewWork({ key }: DurableTicket, { latest_refresh, ...told }: Told): void {
  const details = { ticket_id: key, refresh_status: latest_refresh }
  const fresh = latest_refresh.ingested_claimable_worker_tickets
  if (latest_refresh.continue_due_to_new_policy)
    throw new OperationError('CONTINUE_DUE_TO_NEW_TASKS', `the note brought ${fresh.join(', ')}`, details)
  if (!told.continue_due_to_inbox_items) return
  const keys = told.review_inbox_claimable_worker_tickets.map(({ ticket_id }) => ticket_id)
  throw new OperationError(
    'CONTINUE_DUE_TO_REVIEW_INBOX_ITEMS',
    `of the review inbox there is ${keys.join(', ')}`,
    {
      ...details,
      review_inbox_refresh: told.latest_review_inbox_refresh,
      review_inbox_claimable_worker_tickets: keys,
    },
  )
}
