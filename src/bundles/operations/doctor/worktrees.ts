/** Worktrees: of bundles that nobody works on any more, and those that an open bundle misses. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { OperationError } from '../../../operation/errors.ts'
import { listNames } from '../../../system/files.ts'
import type { BundleContext } from '../../context.ts'
import { isFinished, type Bundle } from '../../model/bundle.ts'
import { judgePrune } from '../../model/prune.ts'
import { isOrphan } from '../../model/worktree.ts'
import { seeWorktrees } from '../../see-worktrees.ts'
import { loadBundles } from '../../store/reading.ts'
import type { Finding } from './finding.ts'

/** Asks git only where something may be left over. */
export async function checkWorktrees(context: BundleContext): Promise<readonly Finding[]> {
  const recorded = loadBundles(context).things.filter(
    ({ worktree_path, merged_at }) => worktree_path !== undefined && merged_at === undefined,
  )
  const missed = recorded
    .filter((bundle) => !isFinished(bundle))
    .flatMap((bundle) => missing(context, bundle))
  const mayBeLeft =
    recorded.some(isFinished) ||
    listNames(join(context.root, '.worktrees')).some((name) => name !== '.gitignore')
  return mayBeLeft ? [...missed, ...(await leftOver(context))] : missed
}

function missing(
  { root }: BundleContext,
  { id, worktree_path: path = '', worktree_branch: branch = `bundle/${id}` }: Bundle,
): readonly Finding[] {
  if (existsSync(resolve(root, path))) return []
  return [
    {
      check: 'missing-worktree',
      where: path,
      says: `${id} works in this worktree, and it is gone: the bundle cannot be closed`,
      isFault: true,
      next: `git worktree add ${path} ${branch}`,
    },
  ]
}

async function leftOver(context: BundleContext): Promise<readonly Finding[]> {
  const check = 'orphan-worktree'
  try {
    const seen = await seeWorktrees(context, { only: undefined, ignored: true })
    return seen.filter(isOrphan).flatMap((worktree) => {
      const { bundle, bundle_status = '', path } = worktree
      if (bundle === undefined) return [] // somebody's own; worktree-status tells of it
      const verdict = judgePrune(worktree, { with_ignored: false })
      const state = verdict.ok ? 'nothing of it would be lost' : verdict.reason
      return {
        ...{ check, where: path, isFault: false },
        says: `${bundle} is ${bundle_status}; ${state}`,
        next: verdict.ok ? `tkt worktree-prune --bundle ${bundle}` : verdict.next_step,
      }
    })
  } catch (error) {
    if (!(error instanceof OperationError) || error.code !== 'GIT_FAILED') throw error
    // survived: the store can be looked over without git
    const says = `it cannot be told which worktrees are left over: ${error.message}`
    return [{ check, where: '.worktrees', says, isFault: false, next: 'mend that, then tkt worktree-status' }]
  }
}
