import * as fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { prepareJudgedTree } from '../../src/worktrees/judged-tree.ts'
import { inspectWorktree, JUDGING } from '../../src/worktrees/worktree-state.ts'
import { judgingOf, makeBundle, makeConflict } from './git-world.ts'

describe('inspecting', () => {
  test('finds a clean worktree by a relative and by an absolute path', async () => {
    const { place, tree } = await makeBundle()
    expect(await inspectWorktree(place)).toMatchObject({ ok: true, folder: tree })
    expect(await inspectWorktree({ ...place, path: tree })).toMatchObject({ ok: true, folder: tree })
  })

  test('names every changed and untracked path, however it is spelled', async () => {
    const { place, tree, write } = await makeBundle()
    write(tree, 'readme.md', 'changed')
    write(tree, 'deep/er/ü "quoted".txt', 'new')
    expect(await inspectWorktree(place)).toMatchObject({
      problem: 'dirty',
      paths: ['readme.md', 'deep/er/ü "quoted".txt'],
    })
    expect(await inspectWorktree(place, ['readme.md', 'deep/er/ü "quoted".txt'])).toMatchObject({
      problem: 'dirty',
      paths: ['readme.md'],
    })
  })

  test('finds it gone', async () => {
    const { place, tree, root } = await makeBundle()
    expect(await inspectWorktree({ ...place, path: '.worktrees/B-999' })).toMatchObject({ problem: 'gone' })
    expect(await inspectWorktree({ ...place, path: '.' })).toMatchObject({ problem: 'gone' })
    expect(await inspectWorktree({ ...place, path: root })).toMatchObject({ problem: 'gone' })
    fs.rmSync(tree, { recursive: true })
    expect(await inspectWorktree(place)).toMatchObject({ problem: 'gone' })
    fs.mkdirSync(tree)
    expect(await inspectWorktree(place)).toMatchObject({ problem: 'gone' })
  })

  test('finds it on another branch', async () => {
    const { place, tree, git } = await makeBundle()
    git(tree, 'switch', '--quiet', '-c', 'elsewhere')
    expect(await inspectWorktree(place)).toMatchObject({ problem: 'off_branch' })
    git(tree, 'switch', '--quiet', '--detach')
    expect(await inspectWorktree(place)).toMatchObject({ problem: 'off_branch' })
  })
})

describe('after a crash in judging the inspection', () => {
  test('checks the branch out again', async () => {
    const world = await makeBundle()
    world.commit(world.root, 'main.txt', 'main\n')
    const before = world.snapshot()
    await prepareJudgedTree(world.place)
    expect(await inspectWorktree(world.place)).toMatchObject({ ok: true })
    expect(world.snapshot()).toEqual(before)
    expect(judgingOf(world)).toBe(false)
  })

  test('checks the branch out again when only the target was checked out', async () => {
    const world = await makeBundle()
    const target = world.commit(world.root, 'main.txt', 'main\n')
    const before = world.snapshot()
    world.git(world.tree, 'update-ref', JUDGING, target)
    world.git(world.tree, 'checkout', '--quiet', '--detach', target)
    expect(await inspectWorktree(world.place)).toMatchObject({ ok: true })
    expect(world.snapshot()).toEqual(before)
  })

  test('aborts an unfinished merge', async () => {
    const world = await makeConflict()
    const before = world.snapshot()
    world.git(world.tree, 'update-ref', JUDGING, 'main')
    world.git(world.tree, 'checkout', '--quiet', '--detach', 'main')
    expect(() => world.git(world.tree, 'merge', 'bundle/B-001')).toThrow()
    expect(await inspectWorktree(world.place)).toMatchObject({ ok: true })
    expect(world.snapshot()).toEqual(before)
  })

  test('keeps changed files and reports them, until they are gone', async () => {
    const world = await makeBundle()
    world.commit(world.root, 'readme.md', 'two\n')
    await prepareJudgedTree(world.place)
    world.write(world.tree, 'readme.md', 'perhaps work')
    expect(await inspectWorktree(world.place)).toMatchObject({ problem: 'dirty', paths: ['readme.md'] })
    expect(fs.readFileSync(join(world.tree, 'readme.md'), 'utf8')).toBe('perhaps work')
    world.git(world.tree, 'checkout', '--quiet', '--', '.')
    expect(await inspectWorktree(world.place)).toMatchObject({ ok: true })
  })

  test('leaves commits that were made on top since alone', async () => {
    const world = await makeBundle()
    world.commit(world.root, 'main.txt', 'main\n')
    await prepareJudgedTree(world.place)
    const work = world.commit(world.tree, 'work.txt', 'work')
    expect(await inspectWorktree(world.place)).toMatchObject({ problem: 'off_branch' })
    expect(world.git(world.tree, 'rev-parse', 'HEAD')).toBe(work)
  })

  test('leaves a HEAD that somebody else detached alone', async () => {
    const world = await makeBundle()
    world.git(world.tree, 'checkout', '--quiet', '--detach', 'main')
    expect(await inspectWorktree(world.place)).toMatchObject({ problem: 'off_branch' })
  })
})
