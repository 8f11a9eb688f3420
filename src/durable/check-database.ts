/** What `doctor` is told of the database of durable tickets, where there is one. */
import { OperationError } from '../operation/errors.ts'
import type { DurableContext } from './context.ts'
import { tellTicketWorktrees } from './left-worktrees.ts'
import type { DatabaseFault } from './store/store-keeper.ts'

/** Undefined where there is none. Never throws for what the database is like. */
export async function checkDatabase(
  context: DurableContext,
): Promise<readonly (DatabaseFault & { readonly where: string })[] | undefined> {
  try {
    if (!context.hasStore()) return undefined
    const faults = await context.withKeeper(async (keeper, { db_target: where }) =>
      (await keeper.check()).map((fault) => ({ ...fault, where })),
    )
    return [...faults, ...(await leftOver(context))]
  } catch (error) {
    if (!(error instanceof OperationError)) throw error
    const { message, hint } = error
    return [{ check: 'database-opens', where: 'tickets.db', says: message, isFault: true, next: hint }] // survived: told
  }
}

/** Worktrees of tickets that are over. */
async function leftOver(context: DurableContext) {
  const left = (await tellTicketWorktrees(context)).filter(({ isLeft }) => isLeft)
  return left.map(({ ticket, ticket_status, path, kept }) => ({
    ...{ check: 'orphan-worktree', where: path, isFault: false },
    says: `${ticket} is ${ticket_status}; ${kept?.reason ?? 'nothing of it would be lost'}`,
    next: kept?.next_step ?? 'tkt worktree-prune',
  }))
}
