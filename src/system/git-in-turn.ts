/**
 * Keeps commands of git apart that do harm to each other. Git writes what it knows of a new worktree in several files, and
 * whoever reads them half written ends with 128: at most one process adds, and who fails is told only once nobody does.
 * And of two that move one checkout forward, git lets the second write its files before it sees that the first has moved
 * it: they would stay behind.
 */
import { join, resolve } from 'node:path'
import { LockTimeout, withLock } from './lock.ts'
import { GitFailure, type RunGit } from './run-git.ts'

export interface GitInTurn {
  /** For what adds a worktree, or moves a checkout: waits for the others, as long as a checkout of a large project may take. */
  readonly alone: RunGit
  /** For what reads them all and may be repeated: does so, in turn, after what git could not go on from. */
  readonly inTurn: RunGit
}

export function gitInTurn(run: RunGit, directory: string): GitInTurn {
  const alone: RunGit = async (args, answers) => {
    const shared = (await run(['rev-parse', '--git-common-dir'])).stdout.replace(/\r?\n$/, '')
    const locks = join(resolve(directory, shared), 'tkt-locks')
    try {
      return await withLock(
        { directory: locks, name: 'worktrees', wait_ms: WAIT_MS, purpose: `git ${args.join(' ')}` },
        () => run(args, answers),
      )
    } catch (error) {
      throw error instanceof LockTimeout ? new GitFailure(args, undefined, error.message) : error
    }
  }
  return {
    alone,
    async inTurn(args, answers) {
      try {
        return await run(args, answers)
      } catch (error) {
        if (!(error instanceof GitFailure) || error.exit_code !== FATAL) throw error
        return alone(args, answers) // survived: if it was not for another's worktree, it fails again
      }
    },
  }
}

const FATAL = 128
/** As long as a checkout of the largest projects may take, a few times over. */
const WAIT_MS = 10 * 60_000
