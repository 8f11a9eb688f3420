/** db migrate and db vacuum. */
import { OperationError } from '../../../operation/errors.ts'
import type { DurableContext } from '../../context.ts'
import { warnOfMemories } from './status.ts'

export const migrate = (_request: unknown, context: DurableContext) =>
  context.withKeeper(async (keeper) => {
    const migrated = await keeper.migrate(context.now_ms())
    warnOfMemories(migrated.memories, context)
    return migrated
  })

export function vacuum(_request: unknown, context: DurableContext) {
  requireStore(context)
  return context.withKeeper((keeper) => keeper.vacuum(context.now_ms()))
}

/** Throws DATABASE_UNAVAILABLE: what is only looked after is not made. */
export function requireStore(context: DurableContext): void {
  if (context.hasStore()) return
  throw new OperationError(
    'DATABASE_UNAVAILABLE',
    'there is no database yet: the first ticket makes it, or `tkt db migrate`',
  )
}
