/** What `doctor` is told of the database of durable tickets, where there is one. */
import { OperationError } from '../operation/errors.ts'
import type { DurableContext } from './context.ts'
import type { DatabaseFault } from './store/store-keeper.ts'

/** Never throws for what the database is like. */
export async function checkDatabase(
  context: DurableContext,
): Promise<readonly (DatabaseFault & { readonly where: string })[]> {
  try {
    if (!context.hasStore()) return []
    return await context.withKeeper(async (keeper, { db_target: where }) =>
      (await keeper.check()).map((fault) => ({ ...fault, where })),
    )
  } catch (error) {
    if (!(error instanceof OperationError)) throw error
    const { message, hint } = error
    return [{ check: 'database-opens', where: 'tickets.db', says: message, isFault: true, next: hint }] // survived: told
  }
}
