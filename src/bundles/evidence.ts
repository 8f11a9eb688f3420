/** Evidence on its way into a ticket: read, held against the configuration, told. */
import { readEvidence, type Evidence } from '../evidence/forms.ts'
import type { EvidenceCheck } from '../evidence/record.ts'
import { shortfallOf } from '../evidence/requirement.ts'
import { OperationError } from '../operation/errors.ts'
import { invalid } from '../operation/input.ts'
import type { BundleContext } from './context.ts'
import type { Changes } from './model/ticket-moves.ts'

/** Reads the values of --evidence, and tells of those that are prose by a slip. Throws INPUT_INVALID for too many. */
export function evidenceGiven(context: BundleContext, values: readonly string[] | undefined): Evidence {
  const evidence = readEvidence(values)
  if (evidence.items.length > MOST_ITEMS)
    throw invalid('evidence', `has ${evidence.items.length} items, ${MOST_ITEMS} are taken`)
  for (const value of evidence.doubtful.slice(0, 3))
    context.warn(
      `--evidence ${JSON.stringify(value.slice(0, 40))} is kept as prose, unchecked: what is to be checked stands alone, as in commit:SHA, without a space behind the colon`,
    )
  return evidence
}

const MOST_ITEMS = 100

/** Throws EVIDENCE_INSUFFICIENT when evidence.required asks for kinds that are not there. */
export function requireKinds(context: BundleContext, id: string, { kinds }: Evidence): void {
  const shortfall = shortfallOf(context.config().evidence.required, kinds)
  if (shortfall === undefined) return
  const { message, details, hint } = shortfall
  throw new OperationError('EVIDENCE_INSUFFICIENT', `${id}: ${message}`, { ticket: id, ...details }, hint)
}

/** The fields of a ticket that change beside its evidence. A ticket that never had typed evidence gets none of them. */
export function checksChanged(
  { text }: Evidence,
  checks: readonly EvidenceCheck[],
  before: { readonly evidence_checks: readonly EvidenceCheck[] },
): Changes {
  const isTold = text !== undefined && (checks.length > 0 || before.evidence_checks.length > 0)
  return isTold ? { 'result.evidence_checks': checks } : {}
}

/** How the items fared, for the answer; nothing for prose. */
export function countsOf(checks: readonly EvidenceCheck[]) {
  if (checks.length === 0) return {}
  const count = (wanted: EvidenceCheck['status']): number =>
    checks.filter(({ status }) => status === wanted).length
  return {
    evidence_checks: { verified: count('verified'), recorded: count('recorded'), failed: count('failed') },
  }
}
