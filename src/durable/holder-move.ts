/** What a holder does to its ticket: one shape for all of these operations, which differ in the move and its words. */
import { Object as Fields, Optional, Unknown } from 'typebox'
import { accept } from '../operation/accept.ts'
import { defineOperation } from '../operation/define.ts'
import { OperationError } from '../operation/errors.ts'
import { count, longText } from '../operation/schema.ts'
import type { DurableContext, Said } from './context.ts'
import { sessionField, ticketField } from './fields.ts'
import { judgeMove, type Act, type Move } from './model/claiming.ts'
import type { Proof } from './model/proof.ts'
import { fullRecordOf, type DurableTicket } from './model/ticket.ts'
import type { Terms, TicketStore } from './store/ticket-store.ts'

interface Words {
  readonly name: string
  readonly move: Move
  readonly summary: string
  readonly capability: string
  /** What the free text is that goes on record. */
  readonly says: string
  readonly examples: readonly string[]
}

export const holderMove = ({ move, says, ...words }: Words) =>
  defineOperation({
    ...words,
    effects: ['db.read', 'db.write'],
    input: Fields({
      ticket_id: Optional(ticketField('the ticket; else the one that the session holds')),
      session_id: Optional(sessionField()),
      claim_no: Optional(count('the number that the claim was answered with', 1)),
      reason: Optional(longText(says)),
    }),
    output: Fields({ ticket: Unknown() }),
    errors: HOLDER_ERRORS,
    positional: ['ticket_id'],
    run: async (input, context: DurableContext) => moveHeld(context, move, input),
  })

interface Wanted extends Said {
  readonly ticket_id?: string | undefined
  readonly accepted?: string | undefined
  readonly outputs?: readonly unknown[] | undefined
}

export interface Judgement {
  /** What is told beside the ticket. */
  readonly told?: object
  readonly proof?: Proof | undefined
  /** What there is to do when the move is made; gives what is told with the ticket. */
  readonly afterwards?: (ticket: DurableTicket, store: TicketStore) => Promise<object>
}

export type Judge = (ticket: DurableTicket, store: TicketStore, act: Act) => Promise<Judgement>

/**
 * Makes the move of the ticket that is named, or else of the one that the session holds; tells it as it then is. `judge`
 * is asked first about a ticket that the session holds: it throws what is against the move, or says what goes with it. As
 * that may take minutes, the move is that of the very claim it was asked about: one that is lost meanwhile moves nothing.
 */
export async function moveHeld(
  context: DurableContext,
  move: Move,
  { ticket_id, accepted, outputs, ...said }: Wanted,
  judge?: Judge,
): Promise<{ readonly ticket: object }> {
  const act = context.actOf(said)
  const terms = context.terms()
  return context.withStore(async (store) => {
    const key = ticket_id ?? (await onlyOneHeld(store, act, terms))
    const held = judge && (await heldTicket(store, key, { move, act }))
    const judged = held && (await judge(held, store, act))
    const now = held === undefined ? act : context.actOf({ ...said, claim_no: held.claim?.claim_no })
    const ticket = accept(
      await store.move({ key, move, act: now, terms, accepted, outputs, proof: judged?.proof }),
    )
    const done = await judged?.afterwards?.(ticket, store)
    return { ticket: { ...fullRecordOf(ticket, now.now_ms), ...done }, ...judged?.told }
  })
}

/** The ticket, if the session holds it and the move leads anywhere. */
export async function heldTicket(
  store: TicketStore,
  key: string,
  { move, act }: { readonly move: Move; readonly act: Act },
): Promise<DurableTicket> {
  const ticket = await store.find(key)
  accept(judgeMove(ticket, { key, move, act, holds: undefined }))
  if (ticket === undefined) throw new Error(`${key} was judged and is not there`)
  return ticket
}

export const HOLDER_ERRORS = [
  'DATABASE_UNAVAILABLE',
  'MISSING_SESSION_ID',
  'NO_ACTIVE_CLAIMED_TICKET',
  'UNKNOWN_TICKET',
  'TICKET_NOT_OWNED_BY_SESSION',
  'CLAIM_LOST',
  'TRANSITION_REFUSED',
  'SESSION_ALREADY_HAS_CLAIMED_TICKET',
] as const

/** Throws NO_ACTIVE_CLAIMED_TICKET when it holds none, or several. */
export async function onlyOneHeld(store: TicketStore, act: Act, terms: Terms): Promise<string> {
  const held = await store.renew(act.session, act.now_ms, terms)
  const [first, ...others] = held
  if (first !== undefined && others.length === 0) return first.key
  const keys = held.map(({ key }) => key).slice(0, 10)
  throw new OperationError(
    'NO_ACTIVE_CLAIMED_TICKET',
    `session ${act.session} holds ${first === undefined ? 'no ticket' : `several: ${keys.join(', ')}`}`,
    { session_id: act.session, held: keys },
  )
}
