/** The worktrees of bundles as they stand, each with the state of its bundle: what is shown, and what is pruned. */
import { OperationError } from '../operation/errors.ts'
import type { BundleContext } from './context.ts'
import { surveyWorktrees } from './effects/survey-worktrees.ts'
import { numberOf, type BundleId } from './model/ids.ts'
import type { OwnedWorktree, OwnerStatus } from './model/worktree.ts'
import { loadBundles } from './store/reading.ts'

/**
 * By the number of the bundle, what belongs to none last: `only` those of one bundle, with their `ignored` files.
 * Throws GIT_FAILED.
 */
export async function seeWorktrees(
  context: BundleContext,
  wanted: { readonly only: BundleId | undefined; readonly ignored?: boolean },
): Promise<readonly OwnedWorktree[]> {
  const { root, environment } = context
  const { things: bundles, unreadable } = loadBundles(context)
  const survey = await surveyWorktrees({ root, environment, bundles, ...wanted })
  if (!survey.ok) throw new OperationError('GIT_FAILED', survey.message, { problem: survey.problem })
  const statuses = new Map<string, OwnerStatus>([
    ...unreadable.map(({ id }) => [id, 'unreadable'] as const),
    ...bundles.map(({ id, status }) => [id, status] as const),
  ])
  const statusOf = (id: BundleId | undefined): OwnerStatus =>
    id === undefined ? undefined : (statuses.get(id) ?? 'missing')
  const placeOf = ({ bundle }: OwnedWorktree): number => (bundle === undefined ? Infinity : numberOf(bundle))
  return survey.worktrees
    .map((seen) => ({ ...seen, bundle_status: statusOf(seen.bundle) }))
    .toSorted((one, other) => placeOf(one) - placeOf(other) || 0)
}
