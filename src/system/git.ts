/** The few verbs of git that bundles need, for one directory: judged by exit codes, read from machine formats only. */
import { foreseeing, merging, reading, relations, worktreeVerbs } from './git-verbs.ts'
import { gitInTurn } from './git-in-turn.ts'
import { gitIn, type GitEnvironment } from './run-git.ts'

export interface Git {
  /** The folders of the checkout that holds the directory; undefined where there is none that git will use. */
  readonly folders: () => Promise<CheckoutFolders | undefined>
  /** The branch checked out; undefined when HEAD is detached. */
  readonly headBranch: () => Promise<string | undefined>
  /** The commit a name stands for; undefined when it stands for none. */
  readonly resolve: (name: string) => Promise<string | undefined>
  /** Whether there is a reference of that full name. */
  readonly hasRef: (ref: string) => Promise<boolean>
  /** The branches whose names begin with this folder, such as `bundle`. */
  readonly branchesIn: (folder: string) => Promise<readonly string[]>
  readonly isAncestor: (ancestor: string, descendant: string) => Promise<boolean>
  /** The first line of a commit's message. */
  readonly subjectOf: (commit: string) => Promise<string>
  /** How many commits only the one has, and only the other; undefined when one of them is not there. */
  readonly distance: (
    one: string,
    other: string,
  ) => Promise<{ readonly ahead: number; readonly behind: number } | undefined>
  /** What differs from HEAD, untracked files one by one, ignored ones left out; paths from the top folder. */
  readonly changes: () => Promise<readonly Change[]>
  /** What git leaves out of that: ignored files, and folders with nothing else in them. */
  readonly ignored: () => Promise<readonly string[]>
  /** The tree that a merge of two commits would have, and where they conflict; undefined before git 2.38, which must merge. */
  readonly foreseeMerge: (
    one: string,
    other: string,
  ) => Promise<{ readonly tree: string; readonly paths: readonly string[] } | undefined>
  /** The paths that a merge left in conflict. */
  readonly conflictedPaths: () => Promise<readonly string[]>
  /** The paths that differ between two commits, or those that only the second has. */
  readonly pathsBetween: (from: string, to: string, which?: 'added') => Promise<readonly string[]>
  /**
   * The paths that the commits of HEAD touch, all or those since `base`, a merge by what it settled itself. What HEAD got
   * by merges is left out when `elsewhere` has it too. Paths may come more than once.
   */
  readonly pathsOfCommits: (base?: string, elsewhere?: string) => Promise<readonly string[]>
  readonly worktrees: () => Promise<readonly Worktree[]>
  /** Adds a worktree on a branch, which `newAt` makes at that commit; `again` allows a registered path that is missing. */
  readonly addWorktree: (request: AddWorktree) => Promise<void>
  /** Removes a worktree, or what is registered of a missing one. Git refuses changed and untracked files. */
  readonly removeWorktree: (path: string) => Promise<void>
  /** Checks a branch out; 'force' throws away changes and files in the way. */
  readonly checkout: (branch: string, how?: 'force') => Promise<void>
  /** Checks a commit out without a branch. */
  readonly detach: (commit: string) => Promise<void>
  /** Makes a merge commit on HEAD, with the user's hooks. A refusal leaves whatever git leaves. */
  readonly merge: (commit: string, message: string) => Promise<MergeAnswer>
  readonly abortMerge: () => Promise<void>
  /** Moves the branch checked out forward to a descendant. A refusal changes nothing, and ignored files are kept. */
  readonly fastForward: (commit: string) => Promise<MergeAnswer>
  /** Whether git deleted the branch, merged or not: it keeps one that is checked out. */
  readonly deleteBranch: (branch: string) => Promise<boolean>
  readonly setRef: (ref: string, commit: string) => Promise<void>
  readonly deleteRef: (ref: string) => Promise<void>
}

/** Absolute paths. */
export interface CheckoutFolders {
  readonly top: string
  /** What git keeps for this checkout alone, and for all checkouts of the repository: the same for the main one. */
  readonly own: string
  readonly shared: string
}

export interface Change {
  readonly path: string
  readonly untracked: boolean
}

export interface Worktree {
  readonly path: string
  /** Absent on a branch without a commit, and in a bare repository. */
  readonly head?: string
  /** Absent when HEAD is detached. */
  readonly branch?: string
  readonly locked: boolean
}

export interface AddWorktree {
  readonly path: string
  readonly branch: string
  readonly newAt?: string | undefined
  readonly again?: boolean
}

export type MergeAnswer = { readonly ok: true } | { readonly ok: false; readonly message: string }

/** Git for one directory. Starts nothing yet; each verb throws GitFailure for what it does not foresee. */
export async function openGit(directory: string, environment: GitEnvironment): Promise<Git> {
  const run = await gitIn(directory, environment)
  const turns = gitInTurn(run, directory)
  return {
    ...reading(run, directory),
    ...relations(run),
    ...worktreeVerbs(turns),
    ...foreseeing(run),
    ...merging(run, turns),
  }
}
