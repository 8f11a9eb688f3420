/** Makes the worktree of a bundle. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorCode } from '../../system/files.ts'
import { openGit, type Git, type Worktree } from '../../system/git.ts'
import {
  attempt,
  canonical,
  problem,
  registeredAt,
  type Outcome,
  type WorktreePlace,
  type WorktreeProblem,
} from './worktree-place.ts'
import { enterWorktree } from './worktree-state.ts'

/**
 * Makes the worktree `.worktrees/<bundle>` on the branch `bundle/<bundle>` at root's HEAD. What a crash of this very
 * step left behind is taken over; over anything else that exists it refuses, and changes nothing.
 */
export function createWorktree(
  request: Pick<WorktreePlace, 'root' | 'environment' | 'bundle'>,
): Promise<Outcome<Pick<WorktreePlace, 'path' | 'branch' | 'target'>>> {
  const { root, environment, bundle } = request
  const path = `.worktrees/${bundle}`
  const branch = `bundle/${bundle}`
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
    const target = await git.headBranch()
    const found = await look(git, request, path, branch)
    const objection = objectionTo(found, head)
    if (objection !== undefined) return objection
    keepOutOfStatus(join(root, '.worktrees'))
    if (!found.exists) {
      const newAt = found.tip === undefined ? head : undefined
      await git.addWorktree({ path: found.folder, branch, newAt, again: found.registered !== undefined })
    }
    return { ok: true, path, branch, target }
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

type Request = Pick<WorktreePlace, 'root' | 'environment'>

async function look(git: Git, request: Request, path: string, branch: string): Promise<Found> {
  const folder = canonical(request.root, path)
  const exists = existsSync(folder)
  const entered = exists ? await enterWorktree({ ...request, path, branch }) : undefined
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

/** What stands in the way of a worktree on this branch at HEAD, if anything does. */
function objectionTo(found: Found, head: string): WorktreeProblem | undefined {
  const { folder, branch, exists, ours, changed, registered, elsewhere, tip } = found
  const exist = (message: string): WorktreeProblem => problem('exists', message, changed)
  if (exists && !ours) return exist(`${folder} exists and is no worktree of this repository: move it away`)
  if (exists && registered?.branch !== branch) {
    const other = registered?.branch ?? 'a commit without a branch'
    return exist(`${folder} is a worktree on ${other}, not on ${branch}: git worktree move it away`)
  }
  if (changed.length > 0)
    return exist(`${folder} is a worktree with changes: commit or move them, then remove it`)
  if (elsewhere !== undefined) {
    return exist(
      `${branch} is checked out in ${elsewhere.path}: git worktree remove that, or rename the branch`,
    )
  }
  if (tip !== undefined && tip !== head) {
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
