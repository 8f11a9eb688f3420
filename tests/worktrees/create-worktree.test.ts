import * as fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createWorktree } from '../../src/worktrees/create-worktree.ts'
import { makeRepository, type GitWorld } from './git-world.ts'

const create = ({ root, place }: GitWorld) => createWorktree({ ...place, root })

const created = { ok: true, path: '.worktrees/B-001', branch: 'bundle/B-001', target: 'main' }

describe('creating', () => {
  test('a worktree on a branch of its own leaves the main checkout clean', async () => {
    const world = makeRepository()
    expect(await create(world)).toMatchObject(created)
    expect(world.git(world.tree, 'symbolic-ref', 'HEAD')).toBe('refs/heads/bundle/B-001')
    expect(world.git(world.tree, 'rev-parse', 'HEAD')).toBe(world.git(world.root, 'rev-parse', 'main'))
    expect(world.git(world.root, 'status', '--porcelain')).toBe('')
    expect(fs.readFileSync(join(world.root, '.worktrees/.gitignore'), 'utf8')).toBe('*\n')
  })

  test('without a repository, and without a commit, is refused', async () => {
    const world = makeRepository()
    fs.rmSync(join(world.root, '.git'), { recursive: true })
    expect(await create(world)).toMatchObject({ ok: false, problem: 'not_a_repository' })
    world.git(world.root, 'init', '--quiet')
    expect(await create(world)).toMatchObject({ ok: false, problem: 'no_commit' })
    expect(fs.existsSync(join(world.root, '.worktrees'))).toBe(false)
  })

  test('where git is not installed, or the root is missing, is refused with what was tried', async () => {
    const { root, place } = makeRepository()
    const nowhere = { ...place, environment: { ...place.environment, PATH: '/nonexistent' } }
    expect(await createWorktree(nowhere)).toMatchObject({
      problem: 'failed',
      message: expect.stringContaining('ENOENT') as string,
    })
    const missing = { ...place, root: join(root, 'missing') }
    expect(await createWorktree(missing)).toMatchObject({ ok: false, problem: 'failed' })
  })

  test('with HEAD detached records no target', async () => {
    const world = makeRepository()
    world.git(world.root, 'checkout', '--quiet', '--detach')
    expect(await create(world)).toMatchObject({ ...created, target: undefined })
  })

  test('from within a hook of another repository touches the right one', async () => {
    const world = makeRepository()
    const environment = {
      ...world.place.environment,
      GIT_DIR: '/nonexistent/.git',
      GIT_INDEX_FILE: '/nonexistent/i',
    }
    expect(await createWorktree({ ...world.place, environment })).toMatchObject(created)
  })

  test('is safe to repeat: what a crash left is taken over', async () => {
    const world = makeRepository()
    await create(world)
    const before = world.snapshot()
    expect(await create(world)).toMatchObject(created)
    expect(world.snapshot()).toEqual(before)
  })

  test('uses a branch without a worktree that stands at HEAD', async () => {
    const world = makeRepository()
    world.git(world.root, 'branch', 'bundle/B-001')
    expect(await create(world)).toMatchObject(created)
    expect(world.git(world.tree, 'symbolic-ref', 'HEAD')).toBe('refs/heads/bundle/B-001')
  })

  test('brings back a worktree whose folder was deleted by hand', async () => {
    const world = makeRepository()
    await create(world)
    fs.rmSync(world.tree, { recursive: true })
    expect(await create(world)).toMatchObject(created)
    expect(world.git(world.tree, 'status', '--porcelain')).toBe('')
  })
})

describe('creating over what exists is refused and changes nothing', () => {
  test.each<[string, (world: GitWorld) => Promise<void> | void, string]>([
    [
      'a folder of the user',
      ({ root, write }) => write(root, '.worktrees/B-001/precious.txt', 'mine'),
      'move it away',
    ],
    ['an empty folder', ({ tree }) => void fs.mkdirSync(tree, { recursive: true }), 'move it away'],
    ['a file', ({ root, write }) => write(root, '.worktrees/B-001', 'mine'), 'move it away'],
    ['a file where the folder of worktrees goes', ({ root, write }) => write(root, '.worktrees', 'mine'), ''],
    [
      'another repository',
      ({ tree, git }) => {
        fs.mkdirSync(tree, { recursive: true })
        git(tree, 'init', '--quiet')
      },
      'move it away',
    ],
    [
      'a folder put in the place of our worktree',
      async (world) => {
        await create(world)
        fs.rmSync(world.tree, { recursive: true })
        world.write(world.tree, 'precious.txt', 'mine')
      },
      'move it away',
    ],
    [
      'a worktree on another branch',
      ({ root, git }) => void git(root, 'worktree', 'add', '.worktrees/B-001', '-b', 'other'),
      'other',
    ],
    [
      'a worktree without a branch',
      ({ root, git }) => void git(root, 'worktree', 'add', '--detach', '.worktrees/B-001'),
      'without a branch',
    ],
    [
      'our worktree with a change',
      async (world) => {
        await create(world)
        world.write(world.tree, 'new.txt', 'work')
      },
      'with changes',
    ],
    [
      'our worktree with a commit',
      async (world) => {
        await create(world)
        world.commit(world.tree, 'new.txt', 'work')
      },
      'git branch -m',
    ],
    [
      'a branch with work on it',
      ({ root, git, commit }) => {
        git(root, 'switch', '--quiet', '-c', 'bundle/B-001')
        commit(root, 'new.txt', 'work')
        git(root, 'switch', '--quiet', 'main')
      },
      'git branch -m',
    ],
    [
      'a branch that is checked out elsewhere',
      ({ root, git }) => void git(root, 'worktree', 'add', '../else where', '-b', 'bundle/B-001'),
      'else where',
    ],
    [
      'a missing worktree that is locked',
      async (world) => {
        await create(world)
        world.git(world.root, 'worktree', 'lock', world.tree)
        fs.rmSync(world.tree, { recursive: true })
      },
      'locked',
    ],
  ])('%s', async (_title, prepare, advice) => {
    const world = makeRepository()
    await prepare(world)
    const before = filesAndRefs(world)
    const outcome = await create(world)
    expect(outcome).toMatchObject({ ok: false, message: expect.stringContaining(advice) as string })
    if (advice !== '') expect(outcome).toMatchObject({ problem: 'exists' })
    expect(filesAndRefs(world)).toEqual(before)
  })

  test('a branch in the way of the name is told in the words of git', async () => {
    const world = makeRepository()
    world.git(world.root, 'branch', 'bundle')
    expect(await create(world)).toMatchObject({
      problem: 'failed',
      message: expect.stringContaining('bundle') as string,
    })
  })
})

function filesAndRefs(world: GitWorld): unknown {
  const { root, git } = world
  return {
    refs: git(root, 'for-each-ref'),
    worktrees: git(root, 'worktree', 'list', '--porcelain'),
    status: git(root, 'status', '--porcelain', '--untracked-files=all').replace(
      '?? .worktrees/.gitignore',
      '',
    ),
    folder:
      fs.existsSync(world.tree) && fs.statSync(world.tree).isDirectory()
        ? fs.readdirSync(world.tree)
        : undefined,
    precious: fs.existsSync(join(world.tree, 'precious.txt')),
  }
}
