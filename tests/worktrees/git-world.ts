/** A real repository with one bundle, for the tests of worktrees; every path has a space in it. */
import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import type { WorktreePlace } from '../../src/worktrees/place.ts'
import { createWorktree } from '../../src/worktrees/create-worktree.ts'

export interface GitWorld {
  readonly root: string
  /** The worktree of B-001. */
  readonly tree: string
  readonly place: WorktreePlace
  readonly git: (directory: string, ...args: readonly string[]) => string
  readonly write: (directory: string, path: string, text: string) => void
  readonly commit: (directory: string, path: string, text: string) => string
  /** All that a refusal must leave as it was: HEADs, branches, status and the bytes of every file. */
  readonly snapshot: () => unknown
}

/** A repository on main with one commit; its folder is `root`. */
export function makeRepository(): GitWorld {
  const base = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'tkt git ')))
  onTestFinished(() => fs.rmSync(base, { recursive: true, force: true }))
  const root = join(base, 'my project')
  const environment = {
    PATH: process.env.PATH,
    HOME: base,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Ada',
    GIT_AUTHOR_EMAIL: 'ada@example.org',
    GIT_COMMITTER_NAME: 'Ada',
    GIT_COMMITTER_EMAIL: 'ada@example.org',
  }
  fs.mkdirSync(root)
  const world = worldIn(root, environment)
  world.git(root, 'init', '--quiet', '--initial-branch=main')
  world.commit(root, 'readme.md', 'one\n')
  return world
}

/** The repository with the worktree of B-001, on whose branch `feature.txt` is committed. */
export async function makeBundle(): Promise<GitWorld> {
  const world = makeRepository()
  const { root, place } = world
  expect(await createWorktree({ ...place, root })).toMatchObject({
    ok: true,
  })
  world.commit(world.tree, 'feature.txt', 'feature\n')
  return world
}

/** The bundle, with a file that its target has made another way. */
export async function makeConflict(): Promise<GitWorld> {
  const world = await makeBundle()
  world.commit(world.root, 'feature.txt', 'another feature\n')
  return world
}

/** Whether the worktree is marked as being judged. */
export function judgingOf({ tree, git }: GitWorld): boolean {
  return git(tree, 'for-each-ref', 'refs/worktree/') !== ''
}

function worldIn(root: string, environment: WorktreePlace['environment']): GitWorld {
  const tree = join(root, '.worktrees', 'B-001')
  const git: GitWorld['git'] = (directory, ...args) =>
    execFileSync('git', args, { cwd: directory, env: environment, encoding: 'utf8', stdio: 'pipe' }).trimEnd()
  const write: GitWorld['write'] = (directory, path, text) => {
    fs.mkdirSync(dirname(join(directory, path)), { recursive: true })
    fs.writeFileSync(join(directory, path), text)
  }
  const commit: GitWorld['commit'] = (directory, path, text) => {
    write(directory, path, text)
    git(directory, 'add', path)
    git(directory, 'commit', '--quiet', '-m', `change ${path}`)
    return git(directory, 'rev-parse', 'HEAD')
  }
  const snapshot = () => ({
    refs: git(root, 'for-each-ref'),
    checkouts: [root, tree]
      .filter((folder) => fs.existsSync(folder))
      .map((folder) => ({
        head: git(folder, 'rev-parse', '--symbolic-full-name', 'HEAD'),
        commit: git(folder, 'rev-parse', 'HEAD'),
        status: git(folder, 'status', '--porcelain', '--ignored', '--untracked-files=all'),
      })),
    files: filesIn(root),
  })
  const place = { root, environment, name: 'B-001', title: 'Add a feature', path: '.worktrees/B-001' }
  return {
    root,
    tree,
    place: { ...place, branch: 'bundle/B-001', target: 'main' },
    git,
    write,
    commit,
    snapshot,
  }
}

function filesIn(root: string): Readonly<Record<string, string>> {
  const paths = fs
    .readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => !path.startsWith('.git/'))
  const files = paths.filter((path) => fs.statSync(join(root, path)).isFile()).sort()
  return Object.fromEntries(files.map((path) => [path, fs.readFileSync(join(root, path), 'utf8')]))
}
