/** Several claims in one call: what a session that has helpers of its own works on. */
import { OperationError } from '../operation/errors.ts'
import { cut, fitsPage } from '../operation/page.ts'
import type { DurableContext } from './context.ts'
import { placed, type Asked } from './placed.ts'
import { replayedIn } from './request-door.ts'
import { warningOfOverlap } from './scope-door.ts'
import type { Claimed, TicketStore } from './store/ticket-store.ts'
import type { WithPlace } from './worktree-door.ts'

interface Several extends Asked {
  readonly batch: string | undefined
  readonly channel: string | undefined
  readonly most: number
}

/** Throws INPUT_INVALID where a session may hold one ticket, and WORKTREE_FAILED when no worktree could be made. */
export async function claimSeveral(
  context: DurableContext,
  store: TicketStore,
  { batch, channel, most, act, cut: place }: Several,
) {
  const terms = context.terms()
  if (terms.oneAtATime && most > 1) throw onlyOne(most)
  const got = await store.claimSome({ batch, channel, act, terms, most })
  const claimed = await placedAll(context, store, got, { act, cut: place })
  for (const { ticket } of claimed) {
    const overlap = await warningOfOverlap(context, store, ticket)
    if (overlap !== undefined) context.warn(overlap)
  }
  const rows = claimed.map(rowOf)
  const until = claimed[0]?.ticket.claim?.leased_until_ms
  return {
    ticket: claimed[0]?.ticket.key ?? null,
    claimed: claimed.length > 0,
    claims: fitsPage(rows, (row) => row) ? rows : rows.map(({ title: _, ...row }) => row),
    ...(until === undefined ? {} : { lease_until: new Date(until).toISOString() }),
    ...replayedIn({ replayed: got.some(({ replayed }) => replayed) }),
    ...(claimed.length === most ? {} : { reason: 'nothing else is free' }),
  }
}

/** One that gets no worktree is given back, and told; the others are there, and the command is known while one is. */
async function placedAll(
  context: DurableContext,
  store: TicketStore,
  got: readonly Claimed[],
  { act: { request, ...act }, cut: place }: Asked,
): Promise<readonly WithPlace[]> {
  const all: WithPlace[] = []
  let failed: unknown
  for (const one of got)
    try {
      const claimed = await placed(store, one, { act, cut: place })
      for (const warning of claimed.warnings ?? []) context.warn(warning)
      all.push(claimed)
    } catch (error) {
      if (!(error instanceof OperationError)) throw error // survived: told below, or thrown when there is no other
      failed = error
      context.warn(`${one.ticket.key} was given back: ${error.message}`)
    }
  if (all.length > 0 || failed === undefined) return all
  if (request !== undefined) await store.forget(request)
  throw failed as OperationError
}

const rowOf = ({ ticket, taken_over_from }: WithPlace) => ({
  ticket_id: ticket.key,
  claim_no: ticket.claim_no,
  title: cut(ticket.title, LONGEST_TITLE),
  ...(taken_over_from === undefined ? {} : { taken_over_from }),
  ...(ticket.worktree === undefined ? {} : { worktree: ticket.worktree.path }),
})

const LONGEST_TITLE = 40

function onlyOne(most: number): OperationError {
  const reason = 'a session may hold one ticket at a time'
  return new OperationError(
    'INPUT_INVALID',
    `--count ${most}: ${reason}`,
    { field: 'count', value: most, reason },
    'set durable.one_ticket_at_a_time: false in config/tkt.yaml, or ask with a session of its own for each',
  )
}
