/** The files that a ticket changed: what is known of them, and how a caller may name them. */
import { normalize } from 'node:path/posix'
import { refuse, type Refusal } from '../../../operation/refusal.ts'

export interface ChangedFiles {
  /** Paths from the top of the checkout, sorted, each once. Bytes that are no UTF-8: see `textOfBytes` in system/run-git.ts. */
  readonly files: readonly string[]
  readonly from: readonly ('given' | 'uncommitted' | 'commits')[]
  /** The commit since which commits were looked at. */
  readonly base_sha?: string
}

/** Why it is not known what changed. */
export type ChangesRefused = Refusal<
  'INPUT_INVALID' | 'NOT_A_REPOSITORY' | 'WORKTREE_GONE' | 'BASE_UNKNOWN' | 'BASE_NOT_ANCESTOR' | 'GIT_FAILED'
>

/** Files as a caller names them: from the top of the checkout, or absolute below it. */
export function givenFiles(given: readonly string[], top: string): ChangedFiles | ChangesRefused {
  const files = given.map((path) => insideOf(top, path))
  const wrong = given.find((_, index) => files[index] === undefined)
  if (wrong === undefined)
    return changedFiles(
      files.filter((file) => file !== undefined),
      { from: ['given'] },
    )
  const message = `${JSON.stringify(wrong)} names no file in ${top}: give paths from there, without ..`
  return refuse('INPUT_INVALID', message, { path: wrong, top })
}

/** These paths as one set. */
export function changedFiles(
  paths: readonly string[],
  known: Pick<ChangedFiles, 'from' | 'base_sha'>,
): ChangedFiles {
  return { files: [...new Set(paths)].sort(), ...known }
}

function insideOf(top: string, path: string): string | undefined {
  if (path.includes('\0') || path.split('/').includes('..')) return undefined
  const plain = withoutEnd(normalize(path))
  const folder = `${withoutEnd(top)}/`
  const inside = plain.startsWith(folder) ? plain.slice(folder.length) : plain
  return inside === '' || inside === '.' || inside.startsWith('/') ? undefined : inside
}

const withoutEnd = (path: string): string => path.replace(/\/$/, '')
