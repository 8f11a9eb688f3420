/** Makes the worktree of a bundle or a ticket. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { errorCode } from '../system/files.ts'
import { openGit, type Git, type Worktree } from '../system/git.ts'
import {
  attempt,
  canonical,
  problem,
  registeredAt,
  type Outcome,
  type WorktreePlace,
  type WorktreeProblem,
} from './place.ts'
import { enterWorktree } from './worktree-state.ts'

export interface NewWorktree extends Pick<WorktreePlace, 'root' | 'environment' | 'path' | 'branch'> {
  /** The commit that a new branch begins at; else root's HEAD. */
  readonly at?: string
  /** Whether what is on the branch, and in the folder, belongs to it: then that is taken over with all its changes. */
  readonly own?: boolean
}

export interface CreatedWorktree extends Pick<WorktreePlace, 'path' | 'branch' | 'target'> {
  readonly existed: boolean
  /** What in it is not committed. */
  readonly changed: readonly string[]
}

/**
 * Makes a worktree on a branch of its own. What a crash of this very step left behind is taken over; over anything else
 * that exists, and is not said to be its own, it refuses, and changes nothing.
 */
export function createWorktree(request: NewWorktree): Promise<Outcome<CreatedWorktree>> {
  const { path, branch, own = false } = request
  return attempt(async () => {
    const from = await whereToBegin(request)
    if (!from.ok) return from
    const { git, target, head } = from
    const found = await look(git, request)
    const objection = objectionTo(found, own ? undefined : head)
    if (objection !== undefined) return objection
    keepOutOfStatus(dirname(resolve(request.root, path)))
    if (!found.exists) {
      const newAt = found.tip === undefined ? (request.at ?? head) : undefined
      await git.addWorktree({ path: found.folder, branch, newAt, again: found.registered !== undefined })
    }
    return { ok: true, path, branch, target, existed: found.exists, changed: found.changed }
  })
}

/** What is checked out in root, and its commit: where a branch begins, and what it goes into. */
export function whereToBegin({
  root,
  environment,
}: Pick<WorktreePlace, 'root' | 'environment'>): Promise<
  Outcome<{ readonly git: Git; readonly head: string; readonly target: string | undefined }>
> {
  return attempt(async () => {
    const git = await openGit(root, environment)
    if ((await git.folders()) === undefined) {
      return problem(
        'not_a_repository',
        `${root} is in no git repository that git will use: see git status there`,
      )
    }
    const head = await git.resolve('HEAD')
    if (head === undefined)
      return problem('no_commit', `the repository of ${root} has no commit yet: make one first`)
    return { ok: true, git, head, target: await git.headBranch() }
  })
}

interface Found {
  readonly folder: string
  readonly branch: string
  readonly exists: boolean
  /** Whether the folder is a linked worktree of this very repository. */
  readonly ours: boolean
  readonly changed: readonly string[]
  readonly registered: Worktree | undefined
  /** Where else the branch is checked out. */
  readonly elsewhere: Worktree | undefined
  readonly tip: string | undefined
}

async function look(git: Git, request: NewWorktree): Promise<Found> {
  const { path, branch } = request
  const folder = canonical(request.root, path)
  const exists = existsSync(folder)
  const entered = exists ? await enterWorktree(request) : undefined
  const worktrees = await git.worktrees()
  const registered = registeredAt(worktrees, folder)
  return {
    folder,
    branch,
    exists,
    ours: entered?.ok === true,
    changed: entered?.ok === true ? (await entered.git.changes()).map((change) => change.path) : [],
    registered,
    elsewhere: worktrees.find((worktree) => worktree.branch === branch && worktree !== registered),
    tip: await git.resolve(`refs/heads/${branch}`),
  }
}

/** What stands in the way of a worktree on this branch, if anything does; with `head`, of one that begins there. */
function objectionTo(found: Found, head: string | undefined): WorktreeProblem | undefined {
  const { folder, branch, exists, ours, changed, registered, elsewhere, tip } = found
  const exist = (message: string): WorktreeProblem => problem('exists', message, changed)
  if (exists && !ours) return exist(`${folder} exists and is no worktree of this repository: move it away`)
  if (exists && registered?.branch !== branch) {
    const other = registered?.branch ?? 'a commit without a branch'
    return exist(`${folder} is a worktree on ${other}, not on ${branch}: git worktree move it away`)
  }
  if (head !== undefined && changed.length > 0)
    return exist(`${folder} is a worktree with changes: commit or move them, then remove it`)
  if (elsewhere !== undefined) {
    return exist(
      `${branch} is checked out in ${elsewhere.path}: git worktree remove that, or rename the branch`,
    )
  }
  if (head !== undefined && tip !== undefined && tip !== head) {
    return exist(
      `${branch} exists at ${tip} while HEAD is ${head}: git branch -m ${branch} to another name, or delete it`,
    )
  }
  if (!exists && registered?.locked === true) {
    return exist(`${folder} is missing but locked: if it is gone for good, git worktree unlock ${folder}`)
  }
  return undefined
}

/** Without this the main checkout would never be clean again. */
function keepOutOfStatus(folder: string): void {
  mkdirSync(folder, { recursive: true })
  try {
    writeFileSync(join(folder, '.gitignore'), '*\n', { flag: 'wx' })
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error // survived: it is there
  }
}
