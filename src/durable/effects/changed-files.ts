/** Which files a ticket changed: what is uncommitted in its checkout, and what was committed since its claim. */
import { existsSync, realpathSync } from 'node:fs'
import { refuse } from '../../operation/refusal.ts'
import type { Git } from '../../system/git.ts'
import type { GitEnvironment } from '../../system/run-git.ts'
import {
  changedFiles,
  givenFiles,
  type ChangedFiles,
  type ChangesRefused,
} from '../model/scope/changed-files.ts'
import { BEFORE_ANY_COMMIT } from './claim-base.ts'

/** Where a ticket is worked on: in its own worktree, else in the project's root. */
export interface Checkout {
  readonly root: string
  readonly worktree?: string | undefined
  readonly environment: GitEnvironment
}

export interface Since {
  /** The commit that HEAD was at when the ticket was claimed; without it only uncommitted files are told. */
  readonly base?: string | undefined
  /** The branch that the work goes to: what merges brought from there is not the ticket's. Without it all counts. */
  readonly target?: string | undefined
}

/** Asks git. Changes nothing; whatever git cannot tell is a refusal with its reason, never an empty list. */
export async function findChangedFiles(
  checkout: Checkout,
  { base, target }: Since,
): Promise<ChangedFiles | ChangesRefused> {
  return inCheckout(checkout, async (git) => {
    // In this order: what is committed in between is then told twice, and not missed.
    const uncommitted = (await git.changes()).map(({ path }) => withoutEnd(path))
    if (base === undefined) return changedFiles(uncommitted, { from: ['uncommitted'] })
    const since = await baseOf(git, base)
    if ('refused' in since) return since
    const elsewhere = target === undefined ? undefined : await git.resolve(target)
    const committed = since.isHead ? [] : await git.pathsOfCommits(since.commit, elsewhere)
    return changedFiles([...uncommitted, ...committed], {
      from: ['uncommitted', 'commits'],
      base_sha: since.commit ?? BEFORE_ANY_COMMIT,
    })
  })
}

/** Takes the files that the caller names, in place of what git says; git is asked only where absolute ones must lie. */
export async function acceptGivenFiles(
  checkout: Checkout,
  given: readonly string[],
): Promise<ChangedFiles | ChangesRefused> {
  if (!given.some((path) => path.startsWith('/'))) return givenFiles(given, folderOf(checkout))
  return inCheckout(checkout, (_, top) => Promise.resolve(givenFiles(given, top)))
}

const folderOf = ({ root, worktree }: Checkout): string => worktree ?? root

async function inCheckout<Found>(
  checkout: Checkout,
  look: (git: Git, top: string) => Promise<Found>,
): Promise<Found | ChangesRefused> {
  const { worktree } = checkout
  const folder = folderOf(checkout)
  const refuseIn = <Name extends string>(name: Name, message: string) => refuse(name, message, { folder })
  try {
    if (!existsSync(folder))
      return refuseIn(worktree === undefined ? 'NOT_A_REPOSITORY' : 'WORKTREE_GONE', `${folder} is gone`)
    const { openGit } = await import('../../system/git.ts') // where no git is asked, none is loaded
    const git = await openGit(folder, checkout.environment)
    const top = (await git.folders())?.top
    if (top === undefined)
      return refuseIn('NOT_A_REPOSITORY', `${folder} is in no repository that git will use`)
    // Git started in what is left of a worktree would answer for the checkout around it.
    if (worktree !== undefined && realpathSync(top) !== realpathSync(folder))
      return refuseIn('WORKTREE_GONE', `${folder} is no worktree any more, but a folder of ${top}`)
    return await look(git, top)
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'GitFailure') throw error
    return refuseIn('GIT_FAILED', error.message) // survived: what git could not tell is the answer
  }
}

interface Base {
  /** Undefined: all commits count. */
  readonly commit: string | undefined
  /** Whether there is no commit since. */
  readonly isHead: boolean
}

/** The commit of a base, which HEAD must stem from. */
async function baseOf(git: Git, base: string): Promise<Base | ChangesRefused> {
  const head = await git.resolve('HEAD')
  if (base === BEFORE_ANY_COMMIT) return { commit: undefined, isHead: head === undefined }
  const commit = await git.resolve(base)
  if (commit === undefined) return refuse('BASE_UNKNOWN', `there is no commit ${base} here`, { base })
  if (head === commit) return { commit, isHead: true }
  if (head !== undefined && (await git.isAncestor(commit, head))) return { commit, isHead: false }
  const message = `HEAD (${head ?? 'no commit yet'}) does not stem from ${base}: name the commit that the work began at`
  return refuse('BASE_NOT_ANCESTOR', message, { base: commit, head: head ?? null })
}

/** An untracked repository in the checkout is told with a slash at its end. */
const withoutEnd = (path: string): string => path.replace(/\/$/, '')
