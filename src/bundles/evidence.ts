/** Evidence as the file of a ticket holds it. */
import type { Evidence } from '../evidence/forms.ts'
import type { EvidenceCheck } from '../evidence/record.ts'
import type { Changes } from './model/ticket-moves.ts'

/** The fields of a ticket that change beside its evidence. A ticket that never had typed evidence gets none of them. */
export function checksChanged(
  { text }: Evidence,
  checks: readonly EvidenceCheck[],
  before: { readonly evidence_checks: readonly EvidenceCheck[] },
): Changes {
  const isTold = text !== undefined && (checks.length > 0 || before.evidence_checks.length > 0)
  return isTold ? { 'result.evidence_checks': checks } : {}
}
