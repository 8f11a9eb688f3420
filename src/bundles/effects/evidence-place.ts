/** Where the evidence of a bundle, or of an express ticket, is looked at, and on which branch its commits must be. */
import type { EvidencePlace } from '../../evidence/looks.ts'
import { isFinished, type Bundle } from '../model/bundle.ts'
import { counterpartOf } from '../../worktrees/judged-tree.ts'
import { attempt } from '../../worktrees/place.ts'
import { enterWorktree } from '../../worktrees/worktree-state.ts'

type Surroundings = Pick<EvidencePlace, 'environment' | 'timeout_ms'> & { readonly root: string }

/**
 * The worktree and the branch of a bundle that has them; the project and the bundle's target once that is merged; else
 * the project and what is checked out there.
 */
export async function evidencePlace(
  { root, ...limits }: Surroundings,
  bundle: Bundle | undefined,
): Promise<EvidencePlace> {
  const project = { ...limits, folder: root, branch: undefined }
  if (bundle?.worktree_path === undefined) return project
  const merged = { ...project, branch: bundle.worktree_target }
  if (bundle.merged_at !== undefined) return merged
  const branch = bundle.worktree_branch ?? `bundle/${bundle.id}`
  const worktree = { root, environment: limits.environment, path: bundle.worktree_path, branch }
  const entered = await attempt(() => enterWorktree(worktree))
  if (entered.ok) return { ...project, branch, folder: await counterpartOf(worktree, entered.folder) }
  return isFinished(bundle) ? merged : { ...project, branch, problem: entered.message }
}
