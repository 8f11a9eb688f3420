/** Leads to the scopes of tickets where there are any: whoever declared none pays nothing for them. */
import { accept } from '../operation/accept.ts'
import { OperationError } from '../operation/errors.ts'
import type { DurableContext } from './context.ts'
import { isDeclared, type DurableTicket } from './model/ticket.ts'
import type { TicketStore } from './store/ticket-store.ts'

/** Whether the ticket says which files it may change, or the configuration may. */
const mayHaveScope = (context: DurableContext, { scope }: DurableTicket): boolean =>
  isDeclared(scope) || context.config().scope.written !== undefined

/** A warning of tickets in other hands that may change the same files; undefined when there is nothing to say. */
export async function warningOfOverlap(
  context: DurableContext,
  store: TicketStore,
  ticket: DurableTicket,
): Promise<string | undefined> {
  if (!mayHaveScope(context, ticket)) return undefined
  const { overlapOf } = await import('./ticket-scope.ts')
  return overlapOf(context, store, ticket)
}

/**
 * Under enforcement.scope: warns of changes outside the ticket's scope, or with `block` throws SCOPE_BREACH; where git
 * cannot tell what was changed, `warn` says so and `block` throws one of SCOPE_ERRORS.
 */
export async function enforceScope(context: DurableContext, ticket: DurableTicket): Promise<void> {
  if (!mayHaveScope(context, ticket)) return
  const [{ reportScope }, { breachOf }] = [
    await import('./ticket-scope.ts'),
    await import('./model/scope/scope-report.ts'),
  ]
  try {
    const breach = breachOf(await reportScope(context, ticket))
    if (breach !== undefined) accept(breach)
  } catch (error) {
    if (context.config().scope.at_close === 'block' || !(error instanceof OperationError)) throw error
    context.warn(`enforcement.scope: ${error.message}`) // survived: it is to warn, and not to stop anybody
  }
}

/** Why it is not known what was changed. */
export const SCOPE_ERRORS = [
  'NOT_A_REPOSITORY',
  'WORKTREE_GONE',
  'BASE_UNKNOWN',
  'BASE_NOT_ANCESTOR',
  'GIT_FAILED',
] as const
