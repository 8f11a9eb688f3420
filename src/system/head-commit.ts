/** The commit that a checkout is at, read from git's files: to start git takes longer than a claim may. */
import { readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** `unborn`: its branch has no commit yet; `unreadable`: only git itself can tell, as where references are in tables. */
export type Head = { readonly commit: string } | 'unborn' | 'unreadable'

/** HEAD of the checkout with this top. */
export function headCommit(top: string): Head {
  const own = gitFolder(join(top, '.git'))
  const head = textOf(join(own, 'HEAD'))
  if (head === undefined) return 'unreadable'
  if (COMMIT.test(head)) return { commit: head }
  // Branches are shared by all worktrees; what else HEAD may stand for is for git to say.
  const branch = /^ref: (refs\/heads\/[^.].*)$/.exec(head)?.[1]
  if (branch === undefined) return 'unreadable'
  const common = textOf(join(own, 'commondir'))
  const shared = common === undefined ? own : resolve(own, common)
  const commit = textOf(join(shared, branch)) ?? packed(shared, branch)
  if (commit === undefined) return 'unborn'
  return COMMIT.test(commit) ? { commit } : 'unreadable'
}

const COMMIT = /^([0-9a-f]{40}|[0-9a-f]{64})$/

/** `.git` is a folder, or in a linked worktree a file that names one. */
function gitFolder(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return path
  const named = /^gitdir: (.+)$/.exec(textOf(path) ?? '')?.[1]
  return named === undefined ? path : resolve(path, '..', named)
}

/** Looked for second: git writes this file before it removes a branch's own. */
function packed(shared: string, branch: string): string | undefined {
  const line = textOf(join(shared, 'packed-refs'))
    ?.split('\n')
    .find((entry) => entry.endsWith(` ${branch}`))
  return line?.slice(0, line.indexOf(' '))
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trimEnd()
  } catch {
    return undefined // survived: a branch that is in no file of its own is in packed-refs, or has no commit
  }
}
