/** Whether a worktree is there, on its branch and clean; puts right what a crash in judging left behind. */
import { statSync } from 'node:fs'
import { openGit, type CheckoutFolders, type Git } from '../system/git.ts'
import { GitFailure } from '../system/run-git.ts'
import { attempt, canonical, problem, type Outcome, type WorktreePlace } from './place.ts'

export interface EnteredWorktree {
  readonly folder: string
  /** Where git keeps what belongs to this worktree alone. */
  readonly git_folder: string
  /** Git inside the worktree. */
  readonly git: Git
}

/**
 * A reference of the worktree alone, at the target's commit, from before judging moves HEAD until after HEAD is back:
 * while it exists, a detached HEAD at or one merge above that commit is our doing.
 */
export const JUDGING = 'refs/worktree/tkt-judging'

/**
 * Finds the worktree on its branch and clean, save for the untracked paths in `litter`. Problems: 'gone', 'dirty' with
 * paths, 'off_branch'. Deletes nothing.
 */
export async function inspectWorktree(
  place: WorktreePlace,
  litter: readonly string[] = [],
): Promise<Outcome<EnteredWorktree>> {
  return attempt(async () => {
    const entered = await enterWorktree(place)
    if (!entered.ok) return entered
    await returnToBranch(entered.git, place.branch)
    return expectClean(entered, place.branch, litter)
  })
}

/**
 * As inspectWorktree, for those who look without the right to change anything. While a close judges the worktree, and
 * after one was cut, it passes for what the next close will make of it.
 */
export async function peekAtWorktree(place: WorktreePlace): Promise<Outcome<EnteredWorktree>> {
  return attempt(async () => {
    const entered = await enterWorktree(place)
    if (!entered.ok || (await entered.git.resolve(JUDGING)) !== undefined) return entered
    return expectClean(entered, place.branch, [])
  })
}

async function expectClean(
  entered: { readonly ok: true } & EnteredWorktree,
  expected: string,
  litter: readonly string[],
): Promise<Outcome<EnteredWorktree>> {
  const { folder, git } = entered
  const changes = await git.changes()
  const paths = changes
    .filter(({ path, untracked }) => !(untracked && litter.includes(path)))
    .map(({ path }) => path)
  if (paths.length > 0) {
    const more = paths.length > 5 ? `, and ${paths.length - 5} more` : ''
    const names = paths.slice(0, 5).join(', ') + more
    return problem(
      'dirty',
      `${folder} has changes: ${names}; commit, move or discard them, then repeat`,
      paths,
    )
  }
  const branch = await git.headBranch()
  if (branch === expected) return entered
  const found = branch ?? 'a commit without a branch'
  return problem('off_branch', `${folder} is on ${found}, not on ${expected}: git switch ${expected} in it`)
}

/**
 * Opens the worktree, in whatever state. Problem 'gone' when there is no folder, and when the folder is not a linked
 * worktree of root's repository: git started in it would then work on another checkout. `main` is what is known of root.
 */
export async function enterWorktree(
  place: Pick<WorktreePlace, 'root' | 'environment' | 'path' | 'branch'>,
  main?: CheckoutFolders,
): Promise<Outcome<EnteredWorktree>> {
  const folder = canonical(place.root, place.path)
  const back = `git worktree add ${folder} ${place.branch} brings it back`
  const found = statSync(folder, { throwIfNoEntry: false })
  if (found === undefined) return problem('gone', `the worktree ${folder} is gone: ${back}`)
  if (found.isDirectory()) {
    const git = await openGit(folder, place.environment)
    const known = main ?? (await (await openGit(place.root, place.environment)).folders())
    const inside = await git.folders()
    if (isLinked(inside, known, folder)) return { ok: true, folder, git_folder: inside.own, git }
  }
  return problem('gone', `${folder} is no worktree of this repository: move it away, then ${back}`)
}

function isLinked(
  inside: CheckoutFolders | undefined,
  main: CheckoutFolders | undefined,
  folder: string,
): inside is CheckoutFolders {
  if (inside === undefined || main === undefined) return false
  const real = (path: string): string => canonical(folder, path)
  return (
    real(inside.top) === folder &&
    real(inside.shared) === real(main.shared) &&
    real(inside.own) !== real(inside.shared)
  )
}

/** Undoes what a crash in judging left: an unfinished merge, a detached HEAD. What people did since then is kept. */
async function returnToBranch(git: Git, branch: string): Promise<void> {
  const judging = await git.resolve(JUDGING)
  if (judging === undefined) return
  if (await isDetachedByUs(git, judging, branch)) {
    if ((await git.resolve('MERGE_HEAD')) !== undefined) await git.abortMerge()
    try {
      await git.checkout(branch)
    } catch (error) {
      if (!(error instanceof GitFailure)) throw error
      return // survived: changed files are in the way, which the inspection reports
    }
  }
  await git.deleteRef(JUDGING)
}

async function isDetachedByUs(git: Git, judging: string, branch: string): Promise<boolean> {
  if ((await git.headBranch()) !== undefined) return false
  if ((await git.resolve('HEAD')) === judging) return true
  const merged = await git.resolve('HEAD^2')
  return (
    merged !== undefined &&
    merged === (await git.resolve(`refs/heads/${branch}`)) &&
    (await git.resolve('HEAD^1')) === judging
  )
}
