import * as fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { leaveJudgedTree, prepareJudgedTree, type Judged } from '../../src/worktrees/judged-tree.ts'
import { mergeWorktree } from '../../src/worktrees/merge-worktree.ts'
import { removeWorktree } from '../../src/worktrees/remove-worktree.ts'
import { makeBundle, type GitWorld } from './git-world.ts'

describe('removing', () => {
  test('takes the worktree, its ignored files, the litter named and the branch', async () => {
    const world = await makeMerged()
    const { root, tree, git, write, place } = world
    write(root, '.git/info/exclude', 'node_modules/\n')
    write(tree, 'node_modules/x/index.js', 'ignored')
    write(tree, 'report/out.txt', 'litter')
    expect(await removeWorktree(place, ['report/out.txt'])).toEqual({ ok: true, branch_deleted: true })
    expectGone(world)
    expect(git(root, 'status', '--porcelain')).toBe('')
    expect(fs.readdirSync(join(root, '.worktrees'))).toEqual(['.gitignore'])
  })

  test('is safe to repeat when all is gone', async () => {
    const world = await makeMerged()
    await removeWorktree(world.place, [])
    const before = world.snapshot()
    expect(await removeWorktree(world.place, [])).toEqual({ ok: true, branch_deleted: true })
    expect(world.snapshot()).toEqual(before)
  })

  test('works when another branch is checked out, which does not have what was merged', async () => {
    const world = await makeMerged()
    world.git(world.root, 'switch', '--quiet', '-c', 'other', 'main~1')
    expect(await removeWorktree(world.place, [])).toEqual({ ok: true, branch_deleted: true })
    world.git(world.root, 'switch', '--quiet', 'main')
    expectGone(world)
  })

  test('leaves a branch that is checked out elsewhere', async () => {
    const world = await makeMerged()
    world.git(world.root, 'worktree', 'add', '--quiet', '--force', '../twin', world.place.branch)
    expect(await removeWorktree(world.place, [])).toEqual({ ok: true, branch_deleted: false })
    expect(fs.existsSync(world.tree)).toBe(false)
    world.git(world.root, 'worktree', 'remove', '../twin')
    expect(await removeWorktree(world.place, [])).toEqual({ ok: true, branch_deleted: true })
    expectGone(world)
  })
})

describe('removing is refused, with nothing changed,', () => {
  test.each<[string, string, (world: GitWorld) => void]>([
    ['for an untracked file', 'dirty', ({ tree, write }) => write(tree, 'notes.txt', 'mine')],
    [
      'for an untracked file beside litter',
      'dirty',
      ({ tree, write }) => ['a', 'b'].forEach((name) => write(tree, `litter/${name}`, name)),
    ],
    [
      'for a changed file, be it called litter',
      'dirty',
      ({ tree, write }) => write(tree, 'readme.md', 'mine'),
    ],
    [
      'for a commit that is not merged',
      'not_merged',
      ({ tree, commit }) => void commit(tree, 'later.txt', 'later'),
    ],
    [
      'for another branch in it',
      'off_branch',
      ({ tree, git }) => void git(tree, 'switch', '--quiet', '-c', 'other'),
    ],
    ['for a locked worktree', 'locked', ({ root, tree, git }) => void git(root, 'worktree', 'lock', tree)],
    ['for submodules in it', 'dirty', addSubmodule],
    [
      'for a folder that is not ours',
      'exists',
      ({ root, tree, git, write }) => {
        git(root, 'worktree', 'remove', tree)
        write(tree, 'precious.txt', 'mine')
      },
    ],
    [
      'for a folder put in the place of ours',
      'gone',
      ({ tree, write }) => {
        fs.rmSync(tree, { recursive: true })
        write(tree, 'precious.txt', 'mine')
      },
    ],
  ])('%s', async (_title, problem, disturb) => {
    const world = await makeMerged()
    disturb(world)
    const before = state(world)
    expect(await removeWorktree(world.place, ['litter/a', 'readme.md'])).toMatchObject({ ok: false, problem })
    expect(state(world)).toEqual(before)
  })

  test('for a branch whose target is unknown or gone', async () => {
    const world = await makeMerged()
    for (const target of [undefined, 'gone']) {
      expect(await removeWorktree({ ...world.place, target }, [])).toMatchObject({ problem: 'no_target' })
    }
    expect(fs.existsSync(world.tree)).toBe(true)
  })
})

describe('after a crash, merging and removing again completes', () => {
  const steps: readonly [string, (world: GitWorld, judged: Judged) => unknown][] = [
    ['before the merge', () => undefined],
    [
      'while the merge commit is made',
      ({ tree, git }) => {
        git(tree, 'update-ref', 'refs/worktree/tkt-judging', 'main')
        git(tree, 'checkout', '--quiet', '--detach', 'main')
      },
    ],
    [
      'after the merge commit was made',
      ({ tree, git }) => {
        git(tree, 'update-ref', 'refs/worktree/tkt-judging', 'main')
        git(tree, 'checkout', '--quiet', '--detach', 'main')
        git(tree, 'merge', '--quiet', '--no-ff', '--no-edit', 'bundle/B-001')
      },
    ],
    ['after the merge', ({ place }, judged) => mergeWorktree(place, judged)],
    [
      'after the folder was put aside',
      async ({ place, tree, root }, judged) => {
        await mergeWorktree(place, judged)
        fs.renameSync(tree, join(root, '.worktrees/.removed-B-001'))
      },
    ],
    [
      'after the folder was half deleted',
      async ({ place, tree, root }, judged) => {
        await mergeWorktree(place, judged)
        fs.rmSync(join(tree, '.git'))
        fs.renameSync(tree, join(root, '.worktrees/.removed-B-001'))
      },
    ],
    [
      'after git forgot the worktree',
      async ({ place, tree, root, git }, judged) => {
        await mergeWorktree(place, judged)
        fs.renameSync(tree, join(root, '.worktrees/.removed-B-001'))
        git(root, 'worktree', 'remove', tree)
      },
    ],
    [
      'after the branch was deleted',
      async ({ place, tree, root, git }, judged) => {
        await mergeWorktree(place, judged)
        fs.renameSync(tree, join(root, '.worktrees/.removed-B-001'))
        git(root, 'worktree', 'remove', tree)
        git(root, 'branch', '-d', 'bundle/B-001')
      },
    ],
  ]

  test.each(steps)('%s', async (_title, crash) => {
    const world = await makeBundle()
    const { place, root, git } = world
    const judged = await judge(world)
    await crash(world, judged)
    const merged = await mergeWorktree(place, judged)
    expect(merged).toMatchObject({ ok: true })
    expect(await removeWorktree(place, [])).toEqual({ ok: true, branch_deleted: true })
    expectGone(world)
    expect(git(root, 'log', '--merges', '--format=%s', 'main')).toBe(
      'Merge bundle/B-001 (B-001: Add a feature)',
    )
    const after = world.snapshot()
    expect(await mergeWorktree(place, judged)).toMatchObject({ ok: true, merged: 'before' })
    expect(await removeWorktree(place, [])).toMatchObject({ ok: true })
    expect(world.snapshot()).toEqual(after)
  })
})

async function makeMerged(): Promise<GitWorld> {
  const world = await makeBundle()
  expect(await mergeWorktree(world.place, await judge(world))).toMatchObject({ ok: true, merged: 'now' })
  return world
}

async function judge({ place }: GitWorld): Promise<Judged> {
  const prepared = await prepareJudgedTree(place)
  if (!prepared.ok) throw new Error(prepared.message)
  expect(await leaveJudgedTree(place)).toMatchObject({ ok: true })
  return prepared
}

function addSubmodule({ root, tree, git, write }: GitWorld): void {
  const library = join(root, '../library')
  fs.mkdirSync(library)
  git(library, 'init', '--quiet')
  write(library, 'a', 'a')
  git(library, 'add', 'a')
  git(library, 'commit', '--quiet', '-m', 'a')
  git(tree, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'library')
  git(tree, 'commit', '--quiet', '-m', 'add library')
  git(root, 'merge', '--quiet', 'bundle/B-001')
}

function expectGone({ root, tree, git }: GitWorld): void {
  expect(fs.existsSync(tree)).toBe(false)
  expect(git(root, 'worktree', 'list', '--porcelain')).not.toContain('B-001')
  expect(git(root, 'branch', '--list', 'bundle/*')).toBe('')
  expect(fs.readdirSync(join(root, '.worktrees'))).toEqual(['.gitignore'])
  expect(fs.readFileSync(join(root, 'feature.txt'), 'utf8')).toBe('feature\n')
}

function state({ root, git }: GitWorld): unknown {
  return {
    refs: git(root, 'for-each-ref'),
    worktrees: git(root, 'worktree', 'list', '--porcelain'),
    folders: fs.readdirSync(join(root, '.worktrees'), { recursive: true, encoding: 'utf8' }).sort(),
  }
}
