/** Brings a judged branch into its target, which is checked out in root, by moving it forward - never halfway. */
import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { openGit, type Git } from '../system/git.ts'
import { backToBranch, mergeOnto, noTarget, type Judged } from './judged-tree.ts'
import { enterWorktree } from './worktree-state.ts'
import { attempt, problem, type Outcome, type WorktreePlace, type WorktreeProblem } from './place.ts'

export interface Merged {
  /** What the target holds now. */
  readonly commit: string
  readonly merged: 'now' | 'before'
}

/**
 * Merges what was judged. Safe to repeat; a refusal leaves root as it was: 'no_target', 'wrong_branch', 'target_moved'
 * and 'branch_moved' (since judging), 'main_blocked' with the paths of root that are in the way, 'merge_refused'.
 */
export function mergeWorktree(place: WorktreePlace, judged: Judged): Promise<Outcome<Merged>> {
  return attempt(async () => {
    const git = await openGit(place.root, place.environment)
    const ready = await isReady(git, place, judged)
    if (!ready.ok || ready.merged === 'before') return ready
    const { tip, target_commit } = ready
    // The merge commit is made in the worktree, so that root, where people work, is only ever moved forward.
    const made =
      judged.merged_commit === tip
        ? await makeMerge(place, { tip, target_commit })
        : { ok: true as const, ...judged }
    if (!made.ok) return made
    const commit = made.merged_commit
    const moved = await git.fastForward(commit)
    if (moved.ok) return { ok: true, commit, merged: 'now' }
    if ((await git.resolve(branchRef(place.target))) !== target_commit) return targetMoved(place)
    const paths = await pathsInTheWay(git, target_commit, commit)
    return mainBlocked(place, moved.message, paths)
  })
}

/**
 * Whether mergeWorktree would begin and find nothing in its way: asked before the commands run, which may take long.
 * `tree` is what would come out, where that is known already.
 */
export const canMerge = (place: WorktreePlace, judged: Judged, tree: string): Promise<Outcome<Readiness>> =>
  attempt(async () => {
    const git = await openGit(place.root, place.environment)
    const ready = await isReady(git, place, judged)
    if (!ready.ok || ready.merged === 'before') return ready
    const paths = await pathsInTheWay(git, ready.target_commit, tree)
    return paths.length === 0 ? ready : mainBlocked(place, 'what is there would be overwritten', paths)
  })

function mainBlocked({ root }: WorktreePlace, why: string, paths: readonly string[]): WorktreeProblem {
  return problem(
    'main_blocked',
    `git cannot update ${root}, which is unchanged: ${why}: ${paths.slice(0, 5).join(', ')}`,
    paths,
  )
}

type Readiness =
  | { readonly merged: 'before'; readonly commit: string }
  | { readonly merged: 'not_yet'; readonly tip: string; readonly target_commit: string }

async function isReady(git: Git, place: WorktreePlace, judged: Judged): Promise<Outcome<Readiness>> {
  const { root, branch, target } = place
  const targetTip = target === undefined ? undefined : await git.resolve(branchRef(target))
  if (target === undefined || targetTip === undefined) return noTarget(place)
  const tip = await git.resolve(branchRef(branch))
  if (await git.isAncestor(tip ?? judged.merged_commit, targetTip)) {
    // In the very target it was judged with, and not in it then: the branch can only have gone back.
    const wentBack = targetTip === judged.target_commit && targetTip !== judged.merged_commit
    return wentBack ? branchMoved(place) : { ok: true, commit: targetTip, merged: 'before' }
  }
  if (tip === undefined)
    return problem('gone', `the branch ${branch} is gone and was not merged into ${target}`)
  const head = await git.headBranch()
  if (head !== target) {
    const found = head ?? 'a commit without a branch'
    return problem(
      'wrong_branch',
      `${root} is on ${found}, ${branch} goes to ${target}: git switch ${target}, then repeat`,
    )
  }
  if (targetTip !== judged.target_commit) return targetMoved(place)
  if (!(await git.isAncestor(tip, judged.merged_commit))) return branchMoved(place)
  return { ok: true, merged: 'not_yet', tip, target_commit: targetTip }
}

const branchRef = (branch: string | undefined): string => `refs/heads/${branch ?? ''}`

function branchMoved({ branch }: WorktreePlace): WorktreeProblem {
  return problem('branch_moved', `${branch} has moved since it was judged: repeat, to judge it anew`)
}

function targetMoved({ branch, target }: WorktreePlace): WorktreeProblem {
  return problem(
    'target_moved',
    `${target ?? ''} has moved since ${branch} was judged with it: repeat, to judge it anew`,
  )
}

/** The merge of a branch that holds its target already: its tree is the branch's own, so there is nothing to judge anew. */
async function makeMerge(
  place: WorktreePlace,
  commits: { readonly tip: string; readonly target_commit: string },
): Promise<Outcome<Judged>> {
  const entered = await enterWorktree(place)
  if (!entered.ok) return entered
  const { folder, git } = entered
  const changed = (await git.changes()).filter((change) => !change.untracked).map((change) => change.path)
  if (changed.length > 0)
    return problem('dirty', `${folder} has changes: commit or discard them, then repeat`, changed)
  const made = await mergeOnto(git, place, commits)
  if (made.ok) await backToBranch(git, place.branch)
  return made
}

/** What of root is not as committed and would be touched: changed, untracked and even ignored files. */
async function pathsInTheWay(git: Git, from: string, to: string): Promise<readonly string[]> {
  const touched = await git.pathsBetween(from, to)
  const changed = (await git.changes()).map((change) => change.path)
  const top = (await git.folders())?.top ?? ''
  const added = new Set(await git.pathsBetween(from, to, 'added'))
  return touched.filter(
    (path) =>
      changed.some(
        (other) => other === path || path.startsWith(`${other}/`) || other.startsWith(`${path}/`),
      ) ||
      (added.has(path) && lstatSync(join(top, path), { throwIfNoEntry: false }) !== undefined),
  )
}
