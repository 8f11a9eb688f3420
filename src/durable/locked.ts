/** Work on a worktree that one process at a time does, on the machine that the worktree is on. */
import { OperationError } from '../operation/errors.ts'
import { LockTimeout, withLock } from '../system/lock.ts'
import { prepareFolder } from './access.ts'
import type { DurableContext } from './context.ts'

/** Throws LOCK_TIMEOUT, or ROOT_REFUSED where no store may be started. */
export async function locked<T>(
  context: DurableContext,
  name: string,
  work: () => Promise<T>,
  wait_ms = context.config().lock_timeout_ms,
): Promise<T> {
  prepareFolder(context)
  try {
    return await withLock({ directory: `${context.store}/locks`, name, wait_ms }, work)
  } catch (error) {
    if (!(error instanceof LockTimeout)) throw error
    const { holder, waited_ms } = error
    throw new OperationError('LOCK_TIMEOUT', error.message, { lock: name, holder, waited_ms })
  }
}

/** For who looks into the worktree of a ticket, or takes it away. */
export const lockOfWorktree = (key: string): string => `worktree-${key.replace('/', '.')}`
