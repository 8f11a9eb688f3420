/** From a refusal of a model to the error of its name. */
import { OperationError, type ErrorName } from './errors.ts'
import type { Refusal } from './refusal.ts'

/** Gives anything but a refusal back. */
export function accept<Accepted extends object>(verdict: Accepted | Refusal<ErrorName>): Accepted {
  if (!isRefusal(verdict)) return verdict
  throw new OperationError(verdict.refused, verdict.message, verdict.details, verdict.hint)
}

const isRefusal = (verdict: object): verdict is Refusal<ErrorName> => 'refused' in verdict
