/** Evidence on its way into a ticket: read, held against the configuration, told. */
import { OperationError } from '../operation/errors.ts'
import { invalid } from '../operation/input.ts'
import { readEvidence, type Evidence } from './forms.ts'
import type { EvidenceCheck } from './record.ts'
import { shortfallOf, type Requirement } from './requirement.ts'

/** Reads the values of --evidence, and warns of those that are prose by a slip. Throws INPUT_INVALID for too many. */
export function evidenceGiven(values: readonly string[] | undefined, warn: (text: string) => void): Evidence {
  const evidence = readEvidence(values)
  if (evidence.items.length > MOST_ITEMS)
    throw invalid('evidence', `has ${evidence.items.length} items, ${MOST_ITEMS} are taken`)
  for (const value of evidence.doubtful.slice(0, 3))
    warn(
      `--evidence ${JSON.stringify(value.slice(0, 40))} is kept as prose, unchecked: what is to be checked stands alone, as in commit:SHA, without a space behind the colon`,
    )
  return evidence
}

const MOST_ITEMS = 100

/** Throws EVIDENCE_INSUFFICIENT, or EVIDENCE_REQUIRED where there is none at all, when kinds are asked for and not there. */
export function requireKinds(required: Requirement, id: string, { kinds }: Evidence): void {
  const shortfall = shortfallOf(required, kinds)
  if (shortfall === undefined) return
  const { message, details, hint } = shortfall
  const name = kinds.length === 0 ? 'EVIDENCE_REQUIRED' : 'EVIDENCE_INSUFFICIENT'
  throw new OperationError(name, `${id}: ${message}`, { ticket: id, ...details }, hint)
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
