/** What proves that a durable ticket is done: kept with the ticket when it is closed. */
import { readChecks, type EvidenceCheck } from '../../evidence/record.ts'

export interface Proof {
  /** What was given as evidence, word for word. */
  readonly evidence?: string
  /** What of it was typed, with what was found. */
  readonly evidence_checks: readonly EvidenceCheck[]
  /** The commands of the project and of the ticket that ended as they are to. */
  readonly verification: readonly Verified[]
  /** What became of the branch that it was worked on. */
  readonly merge?: Merge
}

/** Of nothing that was given, and nothing asked for. */
export const NO_PROOF: Proof = { evidence_checks: [], verification: [] }

interface Merge {
  readonly branch: string
  readonly target: string
  /** What the target held then. */
  readonly commit: string
}

/** One command that was run and held. */
export interface Verified {
  /** Who asks for it: `verification.commands`, or `acceptance 2`. */
  readonly asked_by: string
  readonly run: string
  readonly checked_at: string
  readonly exit_code: number
  readonly duration_ms: number
  /** The last 1,000 characters that it printed, standard error last. */
  readonly output_tail: string
}

/** Reads what a database holds; what this very program wrote is trusted, save for evidence of kinds that it knows not. */
export function proofIn(json: string): Proof {
  const written = JSON.parse(json) as Proof // written by a close
  return { ...written, evidence_checks: readChecks(written.evidence_checks) }
}

/** As counts: for the answer of a close, and for the history. */
export function proofCounts({ evidence, evidence_checks, verification, merge }: Proof) {
  const count = (wanted: EvidenceCheck['status']): number =>
    evidence_checks.filter(({ status }) => status === wanted).length
  const [verified, recorded] = [count('verified'), count('recorded')]
  return {
    ...(evidence === undefined ? {} : { evidence: { verified, recorded } }),
    ...(verification.length === 0 ? {} : { verification: { passed: verification.length } }),
    ...(merge === undefined ? {} : { merge }),
  }
}
