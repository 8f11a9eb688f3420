/** What is recorded of a worktree that was made for a bundle or a ticket, and how the steps that work on it tell what came of them. */
import { existsSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { errorCode } from '../system/files.ts'
import type { Worktree } from '../system/git.ts'
import { GitFailure, type GitEnvironment } from '../system/run-git.ts'

/** A worktree as it was recorded. */
export interface WorktreePlace {
  readonly root: string
  readonly environment: GitEnvironment
  /** Whose it is, as its merge commit names it: a bundle or a ticket. */
  readonly name: string
  readonly title: string
  /** Absolute, or relative to root. */
  readonly path: string
  readonly branch: string
  /** The branch that was checked out in root when the worktree was made; undefined when HEAD was detached. */
  readonly target: string | undefined
}

export type WorktreeProblemName =
  | 'not_a_repository'
  | 'no_commit'
  | 'exists'
  | 'gone'
  | 'dirty'
  | 'off_branch'
  | 'locked'
  | 'no_target'
  | 'conflict'
  | 'merge_refused'
  | 'wrong_branch'
  | 'branch_moved'
  | 'target_moved'
  | 'main_blocked'
  | 'not_merged'
  | 'failed'

export interface WorktreeProblem {
  readonly ok: false
  readonly problem: WorktreeProblemName
  /** What was found, what was expected, what to do. */
  readonly message: string
  readonly paths?: readonly string[]
  /** The next step, where the error that it becomes has another one. */
  readonly hint?: string
}

const HINTS: Partial<Record<WorktreeProblemName, string>> = {
  wrong_branch: 'check the target out in the main checkout, as the message says, then close again',
  main_blocked: 'commit, stash or move what is in the way in the main checkout, then close again',
  branch_moved: 'close again: it is judged anew',
  target_moved: 'close again: it is judged anew',
  no_target: 'merge the branch by hand, or make a branch of that name again',
  merge_refused: 'mend what git says, then close again',
}

export type Outcome<T> = ({ readonly ok: true } & T) | WorktreeProblem

/** Makes a refusal. */
export function problem(
  name: WorktreeProblemName,
  message: string,
  paths: readonly string[] = [],
): WorktreeProblem {
  const hint = HINTS[name]
  return {
    ok: false,
    problem: name,
    message,
    ...(paths.length === 0 ? {} : { paths }),
    ...(hint === undefined ? {} : { hint }),
  }
}

/** Runs `work`; what git or the file system refuses unforeseen becomes the problem 'failed'. */
export async function attempt<T>(work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await work()
  } catch (error) {
    // survived: every step is safe to repeat, so a refusal is an answer like the others
    if (error instanceof GitFailure) return problem('failed', error.message)
    if (error instanceof Error && errorCode(error) !== undefined) return problem('failed', error.message)
    throw error
  }
}

/** A path as git names it: absolute and without links, whether it exists or not. */
export function canonical(root: string, path: string): string {
  return withoutLinks(resolve(root, path))
}

/** What is registered for this folder; undefined when it is no worktree of the repository. */
export function registeredAt(worktrees: readonly Worktree[], folder: string): Worktree | undefined {
  return worktrees.find((worktree) => withoutLinks(worktree.path) === folder)
}

function withoutLinks(path: string): string {
  if (existsSync(path)) return realpathSync(path)
  return dirname(path) === path ? path : join(withoutLinks(dirname(path)), basename(path))
}
