/** Removes a worktree and its branch once they are merged, in steps that a crash may cut anywhere. */
import { existsSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { openGit, type Git, type Worktree } from '../system/git.ts'
import { noTarget } from './judged-tree.ts'
import { inspectWorktree } from './worktree-state.ts'
import {
  attempt,
  canonical,
  problem,
  registeredAt,
  type Outcome,
  type WorktreePlace,
  type WorktreeProblem,
} from './place.ts'

/**
 * Removes the worktree when its branch is merged and nothing in it would be lost: ignored files go, and so does
 * `litter`, the untracked paths that judging left. Otherwise 'not_merged', 'dirty' with paths, 'off_branch', 'locked'
 * or 'exists' (the folder is none of ours). Safe to repeat, also when all is gone. `branch_deleted` is false when the
 * branch is checked out elsewhere.
 */
export function removeWorktree(
  place: WorktreePlace,
  litter: readonly string[],
): Promise<Outcome<{ readonly branch_deleted: boolean }>> {
  return attempt(async () => {
    const git = await openGit(place.root, place.environment)
    const folder = canonical(place.root, place.path)
    const tip = await git.resolve(`refs/heads/${place.branch}`)
    const unmerged = tip === undefined ? undefined : await refuseUnmerged(git, place, tip)
    if (unmerged !== undefined) return unmerged
    const registered = registeredAt(await git.worktrees(), folder)
    const grave = join(dirname(folder), `.removed-${basename(folder)}`)
    if (existsSync(folder)) {
      const refusal = await refuseLoss(place, folder, registered, litter)
      if (refusal !== undefined) return refusal
      // The commit point: deleting takes a while, and a folder half deleted would look like work in progress.
      rmSync(grave, REMOVE)
      renameSync(folder, grave)
    }
    if (registered !== undefined) await git.removeWorktree(folder)
    const branch_deleted = tip === undefined || (await git.deleteBranch(place.branch))
    rmSync(grave, REMOVE)
    return { ok: true, branch_deleted }
  })
}

/** Ends the removal of a folder that removeWorktree had put aside as a `.removed-` one. */
export const removeLeftover = (folder: string): Promise<Outcome<unknown>> =>
  attempt(async () => {
    rmSync(folder, REMOVE)
    return { ok: true }
  })

const REMOVE = { recursive: true, force: true, maxRetries: 3 }

async function refuseUnmerged(
  git: Git,
  place: WorktreePlace,
  tip: string,
): Promise<WorktreeProblem | undefined> {
  const { branch, target } = place
  const targetTip = target === undefined ? undefined : await git.resolve(`refs/heads/${target}`)
  if (target === undefined || targetTip === undefined) return noTarget(place)
  if (await git.isAncestor(tip, targetTip)) return undefined
  return problem('not_merged', `${branch} is not merged into ${target}: merge it first`)
}

async function refuseLoss(
  place: WorktreePlace,
  folder: string,
  registered: Worktree | undefined,
  litter: readonly string[],
): Promise<WorktreeProblem | undefined> {
  if (registered === undefined) {
    return problem(
      'exists',
      `${folder} is no worktree of this repository and is left alone: look at it and move it away`,
    )
  }
  if (registered.locked) return problem('locked', `${folder} is locked: git worktree unlock it, then repeat`)
  const inspected = await inspectWorktree(place, litter)
  if (!inspected.ok) return inspected
  // Git refuses these as well: the repositories of the submodules go with the worktree, and all that was not pushed.
  if (existsSync(join(inspected.git_folder, 'modules'))) {
    return problem(
      'dirty',
      `${folder} has submodules: push what is in them, then git worktree remove --force ${folder}`,
    )
  }
  return undefined
}
