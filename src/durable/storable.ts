/** Texts that a database can hold: half a surrogate pair is no character, and would come back as another. */
import { OperationError } from '../operation/errors.ts'

/** Pairs are one character each to this expression. */
const HALF_A_PAIR = /\p{Surrogate}/u

/** Throws INPUT_INVALID about the first text, at any depth, that cannot be held; `field` names it. */
export function refuseUnstorable(value: unknown, field = ''): void {
  if (typeof value === 'string') {
    if (!HALF_A_PAIR.test(value)) return
    const reason = 'it has half a surrogate pair, which is no character'
    throw new OperationError('INPUT_INVALID', `--${field.replaceAll('_', '-')}: ${reason}`, { field, reason })
  }
  if (typeof value !== 'object' || value === null) return
  for (const [key, part] of Object.entries(value)) refuseUnstorable(part, Array.isArray(value) ? field : key)
}
