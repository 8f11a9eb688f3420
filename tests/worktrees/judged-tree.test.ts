import * as fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { leaveJudgedTree, prepareJudgedTree } from '../../src/worktrees/judged-tree.ts'
import { inspectWorktree } from '../../src/worktrees/worktree-state.ts'
import { judgingOf, makeBundle, makeConflict, type GitWorld } from './git-world.ts'

describe('preparing', () => {
  test('a branch that holds its target is judged as it is', async () => {
    const { place, tree, git, root } = await makeBundle()
    const prepared = await prepareJudgedTree(place)
    expect(prepared).toEqual({
      ok: true,
      directory: tree,
      merged_commit: git(tree, 'rev-parse', 'bundle/B-001'),
      target_commit: git(root, 'rev-parse', 'main'),
    })
    expect(git(tree, 'symbolic-ref', 'HEAD')).toBe('refs/heads/bundle/B-001')
  })

  test('a target that moved ahead is merged, and no branch moves', async () => {
    const world = await makeBundle()
    const { place, tree, root, git } = world
    const target = world.commit(root, 'main.txt', 'main\n')
    const refs = git(root, 'for-each-ref')
    const prepared = await prepareJudgedTree(place)
    expect(prepared).toMatchObject({ ok: true, directory: tree, target_commit: target })
    expect(fs.readdirSync(tree).sort()).toEqual(['.git', 'feature.txt', 'main.txt', 'readme.md'])
    expect(git(root, 'for-each-ref')).toBe(refs)
    expect(git(tree, 'log', '-1', '--format=%H|%P|%s|%an')).toBe(
      [
        prepared.ok && prepared.merged_commit,
        `${target} ${git(root, 'rev-parse', 'bundle/B-001')}`,
        'Merge bundle/B-001 (B-001: Add a feature)',
        'Ada',
      ].join('|'),
    )
    expect(git(root, 'status', '--porcelain')).toBe('')
  })

  test('a branch that is merged already is judged as its target', async () => {
    const { place, tree, root, git, commit } = await makeBundle()
    git(root, 'merge', '--quiet', '--no-ff', '--no-edit', 'bundle/B-001')
    const target = commit(root, 'main.txt', 'main\n')
    expect(await prepareJudgedTree(place)).toMatchObject({ merged_commit: target, target_commit: target })
    expect(fs.existsSync(join(tree, 'main.txt'))).toBe(true)
  })

  test('without a target the branch alone is judged; a target that is gone is a problem', async () => {
    const { place, root, git } = await makeBundle()
    expect(await prepareJudgedTree({ ...place, target: undefined })).toMatchObject({
      ok: true,
      merged_commit: git(root, 'rev-parse', 'bundle/B-001'),
      target_commit: undefined,
    })
    expect(await prepareJudgedTree({ ...place, target: 'gone' })).toMatchObject({ problem: 'no_target' })
  })

  test('commands run where root lies when root is not the top of the repository', async () => {
    const { place, tree, root, commit } = await makeBundle()
    commit(tree, 'packages/app/index.txt', 'app\n')
    fs.mkdirSync(join(root, 'packages/app'), { recursive: true })
    const nested = { ...place, root: join(root, 'packages/app'), path: tree }
    expect(await prepareJudgedTree(nested)).toMatchObject({ ok: true, directory: join(tree, 'packages/app') })
  })

  test('a conflict is told with its paths, and everything is as before', async () => {
    const world = await makeConflict()
    const before = world.snapshot()
    expect(await prepareJudgedTree(world.place)).toMatchObject({
      problem: 'conflict',
      paths: ['feature.txt'],
    })
    expect(world.snapshot()).toEqual(before)
    expect(judgingOf(world)).toBe(false)
  })

  test('a hook that refuses the merge is told, and everything is as before', async () => {
    const world = await makeBundle()
    world.commit(world.root, 'main.txt', 'main\n')
    writeHook(world, 'pre-merge-commit', 'echo no merging on Fridays >&2; exit 1')
    const before = world.snapshot()
    expect(await prepareJudgedTree(world.place)).toMatchObject({
      problem: 'merge_refused',
      message: expect.stringContaining('no merging on Fridays') as string,
    })
    expect(world.snapshot()).toEqual(before)
  })

  test('a worktree with changes is refused untouched', async () => {
    const world = await makeBundle()
    world.write(world.tree, 'new.txt', 'work')
    const before = world.snapshot()
    expect(await prepareJudgedTree(world.place)).toMatchObject({ problem: 'dirty', paths: ['new.txt'] })
    expect(world.snapshot()).toEqual(before)
  })

  test('configuration of the user that would break the merge does not', async () => {
    const world = await makeBundle()
    world.commit(world.root, 'main.txt', 'main\n')
    const settings = [
      'commit.gpgSign=true',
      'gpg.program=/nonexistent',
      'merge.ff=only',
      'user.useConfigOnly=true',
    ]
    for (const setting of settings)
      world.git(world.root, 'config', ...(setting.split('=', 2) as [string, string]))
    expect(await prepareJudgedTree(world.place)).toMatchObject({ ok: true })
  })

  test('who has no name in git gets a neutral one for the merge alone', async () => {
    const world = await makeBundle()
    world.commit(world.root, 'main.txt', 'main\n')
    const { PATH, HOME } = world.place.environment
    const place = {
      ...world.place,
      title: ' two\nlines\u0007 ',
      environment: { PATH, HOME, GIT_CONFIG_NOSYSTEM: '1' },
    }
    expect(await prepareJudgedTree(place)).toMatchObject({ ok: true })
    expect(world.git(world.tree, 'log', '-1', '--format=%an <%ae> %B')).toBe(
      'tkt <tkt@localhost> Merge bundle/B-001 (B-001: two lines)',
    )
    expect(world.git(world.root, 'config', '--list')).not.toContain('user.')
  })
})

describe('leaving', () => {
  test.each([true, false])('restores tracked files and tells of litter (target moved: %s)', async (moved) => {
    const world = await makeBundle()
    const { place, tree, root, git, write } = world
    if (moved) world.commit(root, 'main.txt', 'main\n')
    const before = world.snapshot()
    await prepareJudgedTree(place)
    write(tree, 'readme.md', 'overwritten by a command')
    fs.rmSync(join(tree, 'feature.txt'))
    write(tree, 'report/out.txt', 'litter')
    write(tree, 'staged.txt', 'litter')
    expect(await leaveJudgedTree(place)).toEqual({ ok: true, litter: ['report/out.txt', 'staged.txt'] })
    expect(git(tree, 'symbolic-ref', 'HEAD')).toBe('refs/heads/bundle/B-001')
    fs.rmSync(join(tree, 'report'), { recursive: true })
    fs.rmSync(join(tree, 'staged.txt'))
    expect(world.snapshot()).toEqual(before)
    expect(judgingOf(world)).toBe(false)
  })

  test('copes with litter where the branch has a file that its target deleted', async () => {
    const world = await makeBundle()
    const { place, tree, root, git, write } = world
    git(root, 'rm', '--quiet', 'readme.md')
    git(root, 'commit', '--quiet', '-m', 'delete')
    await prepareJudgedTree(place)
    write(tree, 'readme.md', 'made by a command')
    expect(await leaveJudgedTree(place)).toEqual({ ok: true, litter: [] })
    expect(fs.readFileSync(join(tree, 'readme.md'), 'utf8')).toBe('one\n')
  })

  test('copes with commands that commit and switch', async () => {
    const world = await makeBundle()
    world.commit(world.root, 'main.txt', 'main\n')
    await prepareJudgedTree(world.place)
    world.commit(world.tree, 'committed.txt', 'by a command')
    world.git(world.tree, 'switch', '--quiet', '-c', 'by-a-command')
    expect(await leaveJudgedTree(world.place)).toEqual({ ok: true, litter: [] })
    expect(await inspectWorktree(world.place)).toMatchObject({ ok: true })
  })

  test('is safe to repeat, and then discards nothing', async () => {
    const { place, tree, write } = await makeBundle()
    await prepareJudgedTree(place)
    await leaveJudgedTree(place)
    write(tree, 'readme.md', 'work that began since')
    expect(await leaveJudgedTree(place)).toEqual({ ok: true, litter: [] })
    expect(fs.readFileSync(join(tree, 'readme.md'), 'utf8')).toBe('work that began since')
  })

  test('tells when a command removed the worktree itself', async () => {
    const { place, tree } = await makeBundle()
    await prepareJudgedTree(place)
    fs.rmSync(tree, { recursive: true })
    expect(await leaveJudgedTree(place)).toMatchObject({ problem: 'gone' })
  })
})

function writeHook({ root }: GitWorld, name: string, script: string): void {
  fs.writeFileSync(join(root, '.git/hooks', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
}
