/** Where the evidence of this engine is checked; loaded with the first item that is. */
import { checkGiven } from '../evidence/check-given.ts'
import type { Item } from '../evidence/forms.ts'
import type { EvidencePlace } from '../evidence/looks.ts'
import type { EvidenceCheck } from '../evidence/record.ts'
import type { BundleContext } from './context.ts'
import { evidencePlace } from './effects/evidence-place.ts'
import type { Bundle } from './model/bundle.ts'

interface Move {
  readonly id: string
  readonly bundle?: Bundle
  readonly isDone: boolean
}

/** As checkGiven, in the place of the bundle, or of an express ticket. */
export async function checkItems(
  context: BundleContext,
  items: readonly Item[],
  { id, bundle, isDone }: Move,
): Promise<readonly EvidenceCheck[]> {
  const { warn } = context
  const now = context.now()
  return checkGiven(items, await placeOf(context, bundle), { id, now, isDone, warn })
}

/** Where the evidence of a bundle, or of an express ticket, is looked at. */
export function placeOf(context: BundleContext, bundle: Bundle | undefined): Promise<EvidencePlace> {
  const { root, environment } = context
  return evidencePlace({ root, environment, timeout_ms: context.config().evidence.timeout_ms }, bundle)
}
