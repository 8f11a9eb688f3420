/** Carries out the checks of evidence for a move of a ticket; loaded with the first item that is checked. */
import { OperationError } from '../operation/errors.ts'
import { cut } from '../operation/page.ts'
import { checkEvidence } from './check.ts'
import type { Item } from './forms.ts'
import type { EvidencePlace } from './looks.ts'
import type { EvidenceCheck } from './record.ts'

interface Move {
  readonly id: string
  readonly now: string
  /** For a done a failing check is a refusal; else it is only recorded, as it may be the proof of a failure. */
  readonly isDone: boolean
  readonly warn: (text: string) => void
}

/**
 * Checks typed evidence for a move that was judged, so that one that is refused runs nothing. No lock is to be held, as a
 * command may take minutes. Throws EVIDENCE_FAILED for a done; else warns of what fails.
 */
export async function checkGiven(
  items: readonly Item[],
  place: EvidencePlace,
  { id, now, isDone, warn }: Move,
): Promise<readonly EvidenceCheck[]> {
  const checks = await checkEvidence(items, place, { now, untilFailure: isDone })
  const failed = checks.filter(({ status }) => status === 'failed')
  if (isDone && failed.length > 0) throw refusal(id, place.folder, failed)
  if (failed.length > 0) warn(`recorded as failed: ${wordsOf(failed)}`)
  return checks
}

function refusal(ticket: string, folder: string, failed: readonly EvidenceCheck[]): OperationError {
  const message = `${ticket} cannot be done, as evidence fails: ${wordsOf(failed)}`
  const checks = failed.slice(0, TOLD).map((check) => ({ ...check, value: cut(check.value) }))
  return new OperationError('EVIDENCE_FAILED', message, { ticket, folder, checks })
}

/** The first of them, with what was found. */
function wordsOf(failed: readonly EvidenceCheck[]): string {
  const told = failed
    .slice(0, TOLD)
    .map(({ kind, value, detail = '' }) => `${kind}:${cut(value)} (${detail})`)
  const more = failed.length - told.length
  return [...told, ...(more > 0 ? [`and ${more} more`] : [])].join('; ')
}

const TOLD = 3
