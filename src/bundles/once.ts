/** Commands that may be sent again: whoever gives theirs no key pays nothing for it. */
import type { Named } from '../operation/request-door.ts'
import type { BundleContext } from './context.ts'

/**
 * Does the work; under a key once, however often and by how many processes at once the command is sent: after that its
 * first answer is told, marked `replayed`. Work that is to be known again makes its change with the context that it gets.
 * Takes its lock before all others. Throws IDEMPOTENCY_KEY_REUSED.
 */
export async function once<Told extends object>(
  context: BundleContext,
  operation: string,
  input: Named,
  work: (context: BundleContext) => Promise<Told>,
): Promise<Told & { readonly replayed?: boolean }> {
  if (input.idempotency_key === undefined) return work(context)
  const { doUnderKey } = await import('./under-key.ts')
  return doUnderKey(context, operation, input, work)
}
