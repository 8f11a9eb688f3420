/** Shows a branch merged with its target in the branch's worktree, where its dependencies are installed. */
import { join, relative } from 'node:path'
import { openGit, type Git } from '../system/git.ts'
import { enterWorktree, inspectWorktree, JUDGING } from './worktree-state.ts'
import {
  attempt,
  canonical,
  problem,
  type Outcome,
  type WorktreePlace,
  type WorktreeProblem,
} from './place.ts'

export interface Judged {
  /** The tree that was judged: the branch's tip where that holds the target already, else a merge of both. */
  readonly merged_commit: string
  /** The target's tip at that time; undefined when there is no target to merge with. */
  readonly target_commit: string | undefined
}

export interface JudgedTree extends Judged {
  /** Where commands run: root's counterpart in the worktree. */
  readonly directory: string
}

/**
 * Makes the worktree show the branch merged with its target; no branch moves. To be undone by `leaveJudgedTree`.
 * Problems besides those of the inspection: 'no_target', 'conflict' with paths, 'merge_refused' (a hook).
 */
export function prepareJudgedTree(place: WorktreePlace): Promise<Outcome<JudgedTree>> {
  return attempt(async () => {
    const inspected = await inspectWorktree(place)
    if (!inspected.ok) return inspected
    const { git, folder } = inspected
    const merged = await showMerged(git, place)
    if (!merged.ok) return merged
    return { ...merged, directory: await counterpartOf(place, folder) }
  })
}

/** What the project's folder is called in a worktree of its repository. */
export async function counterpartOf(
  { root, environment }: Pick<WorktreePlace, 'root' | 'environment'>,
  worktree: string,
): Promise<string> {
  const top = (await (await openGit(root, environment)).folders())?.top
  const project = canonical(root, '.')
  return join(worktree, relative(canonical(top ?? project, '.'), project))
}

async function showMerged(git: Git, place: WorktreePlace): Promise<Outcome<Judged>> {
  const tip = await git.resolve(`refs/heads/${place.branch}`)
  if (tip === undefined) return problem('gone', `the branch ${place.branch} is gone`)
  if (place.target === undefined) {
    await git.setRef(JUDGING, tip)
    return { ok: true, merged_commit: tip, target_commit: undefined }
  }
  const target_commit = await git.resolve(`refs/heads/${place.target}`)
  if (target_commit === undefined) return noTarget(place)
  if (await git.isAncestor(target_commit, tip)) {
    await git.setRef(JUDGING, target_commit)
    return { ok: true, merged_commit: tip, target_commit }
  }
  if (await git.isAncestor(tip, target_commit)) {
    await detachAt(git, target_commit)
    return { ok: true, merged_commit: target_commit, target_commit }
  }
  return mergeOnto(git, place, { tip, target_commit })
}

/** What prepareJudgedTree would come to, as far as git can tell without touching a file. */
export function predictJudgedTree(
  place: WorktreePlace,
): Promise<Outcome<Judged & { readonly tree: string }>> {
  return attempt(async () => {
    const git = await openGit(place.root, place.environment)
    const tip = await git.resolve(`refs/heads/${place.branch}`)
    if (tip === undefined) return problem('gone', `the branch ${place.branch} is gone`)
    if (place.target === undefined)
      return { ok: true, merged_commit: tip, target_commit: undefined, tree: tip }
    const target_commit = await git.resolve(`refs/heads/${place.target}`)
    if (target_commit === undefined) return noTarget(place)
    const { tree, paths } = (await git.foreseeMerge(target_commit, tip)) ?? { tree: target_commit, paths: [] }
    if (paths.length > 0) return conflict(place, place.target, paths)
    const isMerged = await git.isAncestor(tip, target_commit)
    return { ok: true, merged_commit: isMerged ? target_commit : tip, target_commit, tree }
  })
}

function conflict(
  { branch, path }: WorktreePlace,
  target: string,
  paths: readonly string[],
): WorktreeProblem {
  const advice = `git merge ${target} in ${path}, resolve and commit, then repeat`
  return problem('conflict', `${branch} and ${target} conflict in ${paths.join(', ')}: ${advice}`, paths)
}

/** The refusal of a branch whose target is unknown or gone. */
export function noTarget({ name, branch, target }: WorktreePlace): WorktreeProblem {
  const found =
    target === undefined ? 'was made without a branch checked out' : `has the target ${target}, which is gone`
  return problem('no_target', `${name} ${found}: merge ${branch} by hand, or record another target`)
}

/** Merges the branch on top of the target with HEAD detached, or puts HEAD back and tells why not. */
export async function mergeOnto(
  git: Git,
  place: WorktreePlace,
  { tip, target_commit }: { readonly tip: string; readonly target_commit: string },
): Promise<Outcome<Judged>> {
  await detachAt(git, target_commit)
  const merge = await git.merge(tip, mergeMessage(place))
  if (merge.ok) {
    const merged_commit = await git.resolve('HEAD')
    if (merged_commit !== undefined) return { ok: true, merged_commit, target_commit }
  }
  const paths = await git.conflictedPaths()
  if ((await git.resolve('MERGE_HEAD')) !== undefined) await git.abortMerge()
  await git.checkout(place.branch)
  await git.deleteRef(JUDGING)
  const target = place.target ?? target_commit
  if (paths.length > 0) return conflict(place, target, paths)
  const why = merge.ok ? 'no commit was made' : merge.message
  return problem('merge_refused', `git refuses to merge ${place.branch} and ${target}: ${why}`)
}

async function detachAt(git: Git, commit: string): Promise<void> {
  await git.setRef(JUDGING, commit) // first: a crash after the checkout must find it
  await git.detach(commit)
}

function mergeMessage({ branch, name, title }: WorktreePlace): string {
  // One line: control characters and line breaks of a title have no place in a subject.
  return `Merge ${branch} (${`${name}: ${title}`.replace(/[\p{Cc}\s]+/gu, ' ').trim()})`
}

/**
 * Checks the branch out again after judging. Tracked files that the commands changed are restored; untracked files
 * stay and are told as `litter`, as there were none before. Safe to repeat.
 */
export function leaveJudgedTree(
  place: WorktreePlace,
): Promise<Outcome<{ readonly litter: readonly string[] }>> {
  return attempt(async () => {
    const entered = await enterWorktree(place)
    if (!entered.ok) return entered
    const { git } = entered
    if ((await git.resolve(JUDGING)) !== undefined) await backToBranch(git, place.branch)
    const litter = (await git.changes()).filter((change) => change.untracked).map((change) => change.path)
    return { ok: true, litter }
  })
}

/** Ends judging: HEAD is on the branch, tracked files are as committed. */
export async function backToBranch(git: Git, branch: string): Promise<void> {
  await git.checkout(branch, 'force')
  await git.deleteRef(JUDGING)
}
