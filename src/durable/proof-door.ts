/** Leads to what proves a done where anything is given or asked for: whoever has none of it pays nothing for it. */
import { evidenceGiven } from '../evidence/given.ts'
import type { DurableContext } from './context.ts'
import type { Act } from './model/claiming.ts'
import type { Proof } from './model/proof.ts'
import { isOfBundle, type DurableTicket } from './model/ticket.ts'
import type { TicketStore } from './store/ticket-store.ts'

interface Wanted {
  readonly act: Act
  /** As given by --evidence. */
  readonly values: readonly string[] | undefined
  /** Where its work is to be seen; else in the checkout. */
  readonly folder: string | undefined
}

/** Undefined where nothing is given and nothing asked for. Throws one of PROOF_ERRORS; the store is not locked meanwhile. */
export async function proofOf(
  context: DurableContext,
  store: TicketStore,
  ticket: DurableTicket,
  { act, values, folder = context.checkout()?.top ?? context.root }: Wanted,
): Promise<Proof | undefined> {
  if (values === undefined && !asksForProof(context, ticket)) return undefined
  const evidence = evidenceGiven(values, context.warn)
  const { prove } = await import('./prove.ts')
  return prove(context, ticket, {
    evidence,
    folder,
    stayAlive: async () => {
      await store.renew(act.session, context.now_ms(), context.terms())
    },
  })
}

/** Of an integrator ticket, which ends a batch and is no work of its own, nothing is asked but what its batch asks. */
function asksForProof(context: DurableContext, ticket: DurableTicket): boolean {
  const { type, acceptance } = ticket
  const { evidence, verification } = context.config()
  const isAsked =
    evidence.required.length + verification.commands.length > 0 ||
    acceptance.some(mayBeCommand) ||
    isOfBundle(ticket)
  return type === 'WORKER' && isAsked
}

/** Tells the first criterion that looks like a command and cannot be read as one: its ticket could not be closed. */
export async function unreadableIn(acceptance: readonly string[]): Promise<Unreadable | undefined> {
  if (!acceptance.some(mayBeCommand)) return undefined
  const { parseCriterion } = await import('../evidence/acceptance.ts')
  for (const [index, value] of acceptance.entries()) {
    const read = parseCriterion(value)
    if (!read.ok) return { number: index + 1, value, reason: read.reason }
  }
  return undefined
}

interface Unreadable {
  readonly number: number
  readonly value: string
  readonly reason: string
}

/** Only such a text is read as a command. */
const mayBeCommand = (text: string): boolean => text.trimStart().startsWith('{')

/** Why a ticket is not proved to be done. */
export const PROOF_ERRORS = [
  'EVIDENCE_REQUIRED',
  'EVIDENCE_INSUFFICIENT',
  'EVIDENCE_FAILED',
  'PRE_CLOSE_VERIFICATION_FAILED',
] as const
