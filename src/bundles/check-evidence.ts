/** Carries out the checks of evidence for a move of a ticket; loaded with the first item that is checked. */
import { checkEvidence } from '../evidence/check.ts'
import type { Item } from '../evidence/forms.ts'
import type { EvidencePlace } from '../evidence/looks.ts'
import type { EvidenceCheck } from '../evidence/record.ts'
import { OperationError } from '../operation/errors.ts'
import { cut } from '../operation/page.ts'
import type { BundleContext } from './context.ts'
import { evidencePlace } from './effects/evidence-place.ts'
import type { Bundle } from './model/bundle.ts'

interface Move {
  readonly id: string
  readonly bundle?: Bundle
  /** For a done a failing check is a refusal; else it is only recorded, as it may be the proof of a failure. */
  readonly isDone: boolean
}

/**
 * Checks typed evidence for a move that was judged, so that one that is refused runs nothing. No lock is to be held, as a
 * command may take minutes. Throws EVIDENCE_FAILED for a done; else warns of what fails.
 */
export async function checkItems(
  context: BundleContext,
  items: readonly Item[],
  { id, bundle, isDone }: Move,
): Promise<readonly EvidenceCheck[]> {
  const now = context.now()
  const place = await placeOf(context, bundle)
  const checks = await checkEvidence(items, place, { now, untilFailure: isDone })
  const failed = checks.filter(({ status }) => status === 'failed')
  if (isDone && failed.length > 0) throw refusal(id, place.folder, failed)
  if (failed.length > 0) context.warn(`recorded as failed: ${wordsOf(failed)}`)
  return checks
}

/** Where the evidence of a bundle, or of an express ticket, is looked at. */
export function placeOf(context: BundleContext, bundle: Bundle | undefined): Promise<EvidencePlace> {
  const { root, environment } = context
  return evidencePlace({ root, environment, timeout_ms: context.config().evidence.timeout_ms }, bundle)
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
