import * as fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { leaveJudgedTree, prepareJudgedTree, type Judged } from '../../src/worktrees/judged-tree.ts'
import { mergeWorktree } from '../../src/worktrees/merge-worktree.ts'
import { makeBundle, type GitWorld } from './git-world.ts'

describe('merging', () => {
  test.each([true, false])(
    'brings the branch into its target with one merge commit (target moved: %s)',
    async (moved) => {
      const world = await makeBundle()
      const { root, git, place } = world
      if (moved) world.commit(root, 'main.txt', 'main\n')
      const parents = git(root, 'rev-parse', 'main', 'bundle/B-001').replace('\n', ' ')
      const judged = await judge(world)
      const outcome = await mergeWorktree(place, judged)
      expect(outcome).toEqual({ ok: true, merged: 'now', commit: git(root, 'rev-parse', 'main') })
      expect(git(root, 'log', '-1', '--format=%P|%s')).toBe(
        `${parents}|Merge bundle/B-001 (B-001: Add a feature)`,
      )
      expect(git(root, 'symbolic-ref', 'HEAD')).toBe('refs/heads/main')
      expect(git(root, 'status', '--porcelain')).toBe('')
      expect(fs.readFileSync(join(root, 'feature.txt'), 'utf8')).toBe('feature\n')
      expect(fs.existsSync(join(root, 'main.txt'))).toBe(moved)
      expect(git(world.tree, 'symbolic-ref', 'HEAD')).toBe('refs/heads/bundle/B-001')
      if (moved) expect(git(root, 'rev-parse', 'main')).toBe(judged.merged_commit)
    },
  )

  test('is safe to repeat, also with another branch checked out or the bundle branch deleted', async () => {
    const world = await makeBundle()
    const { root, git, place } = world
    const judged = await judge(world)
    await mergeWorktree(place, judged)
    const commit = git(root, 'rev-parse', 'main')
    expect(await mergeWorktree(place, judged)).toEqual({ ok: true, merged: 'before', commit })
    git(root, 'switch', '--quiet', '-c', 'other')
    expect(await mergeWorktree(place, judged)).toEqual({ ok: true, merged: 'before', commit })
    git(root, 'worktree', 'remove', world.tree)
    git(root, 'branch', '-D', 'bundle/B-001')
    expect(await mergeWorktree(place, judged)).toEqual({ ok: true, merged: 'before', commit })
  })

  test('a branch without commits is nothing to merge', async () => {
    const world = await makeBundle()
    world.git(world.tree, 'reset', '--quiet', '--hard', 'main')
    const before = world.snapshot()
    expect(await mergeWorktree(world.place, await judge(world))).toMatchObject({ ok: true, merged: 'before' })
    expect(world.snapshot()).toEqual(before)
  })

  test.each([true, false])(
    'files of root that it does not touch do not block, in whatever state (target moved: %s)',
    async (moved) => {
      const world = await makeBundle()
      const { root, git, write, place } = world
      for (const path of ['.tkt/a.yaml', 'config/tkt.yaml']) world.commit(root, path, 'old\n')
      if (!moved) git(world.tree, 'rebase', '--quiet', 'main')
      write(root, '.tkt/a.yaml', 'changed\n')
      write(root, 'config/tkt.yaml', 'staged\n')
      write(root, 'staged.txt', 'staged\n')
      git(root, 'add', 'config', 'staged.txt')
      write(root, 'spec/untracked.txt', 'untracked\n')
      const status = git(root, 'status', '--porcelain', '--untracked-files=all')
      expect(await mergeWorktree(place, await judge(world))).toMatchObject({ ok: true, merged: 'now' })
      expect(git(root, 'status', '--porcelain', '--untracked-files=all')).toBe(status)
      expect(fs.readFileSync(join(root, '.tkt/a.yaml'), 'utf8')).toBe('changed\n')
    },
  )

  test('configuration of the user that would break it does not', async () => {
    const world = await makeBundle()
    const judged = await judge(world)
    const settings = [
      'merge.ff=false',
      'branch.main.mergeOptions=--squash --no-ff',
      'commit.gpgSign=true',
      'gpg.program=/none',
    ]
    for (const setting of settings)
      world.git(world.root, 'config', ...(setting.split(/=(.*)/s, 2) as [string, string]))
    expect(await mergeWorktree(world.place, judged)).toMatchObject({ ok: true, merged: 'now' })
    expect(world.git(world.root, 'rev-parse', 'main^2')).toBe(
      world.git(world.root, 'rev-parse', 'bundle/B-001'),
    )
  })

  test('with litter in the worktree keeps it there', async () => {
    const world = await makeBundle()
    const judged = await judge(world, () => world.write(world.tree, 'report.txt', 'litter'))
    expect(await mergeWorktree(world.place, judged)).toMatchObject({ ok: true, merged: 'now' })
    expect(world.git(world.tree, 'status', '--porcelain')).toBe('?? report.txt')
    expect(fs.existsSync(join(world.root, 'report.txt'))).toBe(false)
  })
})

describe('a merge that is refused leaves root as it was', () => {
  test.each<[string, string, readonly string[], (world: GitWorld) => void]>([
    [
      'another branch is checked out',
      'wrong_branch',
      [],
      ({ root, git }) => void git(root, 'switch', '--quiet', '-c', 'other'),
    ],
    [
      'no branch is checked out',
      'wrong_branch',
      [],
      ({ root, git }) => void git(root, 'switch', '--quiet', '--detach'),
    ],
    ['the target moved', 'target_moved', [], ({ root, commit }) => void commit(root, 'later.txt', 'later')],
    ['the branch moved', 'branch_moved', [], ({ tree, commit }) => void commit(tree, 'later.txt', 'later')],
    [
      'a changed file is in the way',
      'main_blocked',
      ['readme.md'],
      ({ root, write }) => write(root, 'readme.md', 'mine'),
    ],
    [
      'a staged file is in the way',
      'main_blocked',
      ['readme.md'],
      ({ root, write, git }) => {
        write(root, 'readme.md', 'mine')
        git(root, 'add', 'readme.md')
      },
    ],
    [
      'an untracked file is in the way',
      'main_blocked',
      ['feature.txt'],
      ({ root, write }) => write(root, 'feature.txt', 'mine'),
    ],
    [
      'an untracked file is where a folder goes',
      'main_blocked',
      ['deep/er.txt'],
      ({ root, write }) => write(root, 'deep', 'mine'),
    ],
    [
      'an untracked folder is where a file goes',
      'main_blocked',
      ['feature.txt'],
      ({ root, write }) => write(root, 'feature.txt/mine.txt', 'mine'),
    ],
    [
      'an ignored file is in the way',
      'main_blocked',
      ['feature.txt'],
      ({ root, write }) => {
        write(root, '.git/info/exclude', 'feature.txt\n')
        write(root, 'feature.txt', 'mine')
      },
    ],
    [
      'somebody is in the middle of a merge there',
      'main_blocked',
      [],
      ({ root, git }) => {
        fs.writeFileSync(join(root, '.git/MERGE_HEAD'), `${git(root, 'rev-parse', 'bundle/B-001')}\n`)
      },
    ],
  ])('%s', async (_title, problem, paths, disturb) => {
    for (const moved of [true, false]) {
      const world = await makeBundle()
      world.commit(world.tree, 'deep/er.txt', 'deep\n')
      world.commit(world.tree, 'readme.md', 'two\n')
      if (moved) world.commit(world.root, 'main.txt', 'main\n')
      const judged = await judge(world)
      disturb(world)
      const before = world.snapshot()
      const outcome = await mergeWorktree(world.place, judged)
      expect(outcome).toMatchObject({ ok: false, problem, ...(paths.length === 0 ? {} : { paths }) })
      expect(world.snapshot()).toEqual(before)
    }
  })

  test('the message for a wrong branch names both and the way out', async () => {
    const world = await makeBundle()
    const judged = await judge(world)
    world.git(world.root, 'switch', '--quiet', '-c', 'other')
    expect(await mergeWorktree(world.place, judged)).toMatchObject({
      message: expect.stringMatching(/on other.*goes to main.*git switch main/) as string,
    })
  })

  test('a bundle without a target, or with one that is gone, is not merged', async () => {
    const world = await makeBundle()
    const judged = await judge(world)
    for (const target of [undefined, 'gone']) {
      expect(await mergeWorktree({ ...world.place, target }, judged)).toMatchObject({ problem: 'no_target' })
    }
  })

  test('a branch deleted before it was merged is told', async () => {
    const world = await makeBundle()
    const judged = await judge(world)
    world.git(world.root, 'worktree', 'remove', world.tree)
    world.git(world.root, 'branch', '-D', 'bundle/B-001')
    expect(await mergeWorktree(world.place, judged)).toMatchObject({ problem: 'gone' })
  })

  test('a hook of the user may refuse', async () => {
    const world = await makeBundle()
    const judged = await judge(world)
    const hook = join(world.root, '.git/hooks/commit-msg')
    fs.writeFileSync(hook, '#!/bin/sh\necho not like this >&2\nexit 1\n', { mode: 0o755 })
    const before = world.snapshot()
    expect(await mergeWorktree(world.place, judged)).toMatchObject({ problem: 'merge_refused' })
    expect(world.snapshot()).toEqual(before)
  })

  test('work that began in the worktree since is not swept away', async () => {
    const world = await makeBundle()
    const judged = await judge(world)
    world.write(world.tree, 'readme.md', 'work')
    const before = world.snapshot()
    expect(await mergeWorktree(world.place, judged)).toMatchObject({ problem: 'dirty', paths: ['readme.md'] })
    expect(world.snapshot()).toEqual(before)
  })
})

async function judge({ place }: GitWorld, commands = (): void => undefined): Promise<Judged> {
  const prepared = await prepareJudgedTree(place)
  if (!prepared.ok) throw new Error(prepared.message)
  commands()
  expect(await leaveJudgedTree(place)).toMatchObject({ ok: true })
  return { merged_commit: prepared.merged_commit, target_commit: prepared.target_commit }
}
