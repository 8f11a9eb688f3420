/** The commit that a claim goes on record with: what is committed from there on is the work of the ticket. */
import { headCommit } from '../../system/head-commit.ts'
import type { GitEnvironment } from '../../system/run-git.ts'

/** The base of a claim in a repository that has no commit yet. */
export const BEFORE_ANY_COMMIT = '0'.repeat(40)

/** Undefined outside a repository, and where nobody can tell. */
export async function claimBase(
  top: string | undefined,
  environment: GitEnvironment,
): Promise<string | undefined> {
  if (top === undefined) return undefined
  const head = headCommit(top)
  if (head === 'unborn') return BEFORE_ANY_COMMIT
  return head === 'unreadable' ? askGit(top, environment) : head.commit
}

async function askGit(top: string, environment: GitEnvironment): Promise<string | undefined> {
  const { openGit } = await import('../../system/git.ts')
  try {
    const git = await openGit(top, environment)
    return await git.resolve('HEAD')
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'GitFailure') throw error
    return undefined // survived: a claim needs no git
  }
}
