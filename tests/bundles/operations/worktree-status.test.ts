import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  expectNoChange,
  expectRefusal,
  finishAll,
  openProject,
  rowsAt,
  startGitProject,
  startProject,
  type Fields,
  type Project,
} from '../../support/bundles.ts'
import { git, projectFolder, writeFiles } from '../../support/project.ts'

const TREE = '.worktrees/B-001'

/** A repository whose bundles all have worktrees. */
async function withWorktrees(count = 1): Promise<Project> {
  const project = await startGitProject({ 'README.md': '# test\n' })
  for (let number = 1; number <= count; number += 1)
    await project.ok('create-bundle', { goal: 'Ship it', worktree: true })
  return project
}

const inTree = (project: Project, ...words: readonly string[]): string =>
  git(join(project.root, TREE), ...words)

const rows = async (project: Project, raw: Fields = {}): Promise<readonly Fields[]> =>
  rowsAt(await project.ok('worktree-status', { limit: 100, ...raw }), 'worktrees')

const CLEAN = {
  bundle: 'B-001',
  bundle_status: 'open',
  path: TREE,
  branch: 'bundle/B-001',
  target: 'main',
  state: 'clean',
  ahead: 0,
  behind: 0,
  merged: true,
  orphan: false,
  changes: 0,
}

describe('worktree-status', () => {
  test('tells where a worktree is, and how far from its target', async () => {
    const project = await withWorktrees()
    expect(await project.run('worktree-status')).toEqual({
      ok: true,
      worktrees: [CLEAN],
      shown: 'shown 1 of 1',
      orphans: 0,
    })
    for (const message of ['one', 'two']) inTree(project, 'commit', '-q', '--allow-empty', '-m', message)
    git(project.root, 'commit', '-q', '--allow-empty', '-m', 'meanwhile')
    expect(await rows(project)).toEqual([{ ...CLEAN, ahead: 2, behind: 1, merged: false }])
  })

  test.each<[string, (project: Project) => void, Fields]>([
    [
      'dirty: changed and untracked files, the first few by name',
      ({ write }) =>
        write({
          [`${TREE}/README.md`]: 'x',
          [`${TREE}/a`]: 'a',
          [`${TREE}/b`]: 'b',
          [`${TREE}/c`]: 'c',
        }),
      { state: 'dirty', changes: 4, paths: ['README.md', 'a', 'b'] },
    ],
    ['locked', ({ root }) => void git(root, 'worktree', 'lock', TREE), { state: 'locked', changes: 0 }],
    [
      'gone, which git still has on record',
      ({ root }) => rmSync(join(root, TREE), { recursive: true }),
      { state: 'gone', branch: 'bundle/B-001', merged: true },
    ],
    [
      'gone with its branch',
      ({ root }) => {
        git(root, 'worktree', 'remove', TREE)
        git(root, 'branch', '-d', 'bundle/B-001')
      },
      { state: 'gone', ahead: null, behind: null, merged: null },
    ],
    [
      'a folder in its place',
      ({ root, write }) => {
        git(root, 'worktree', 'remove', TREE)
        write({ [`${TREE}/precious.txt`]: 'mine' })
      },
      { state: 'not_a_worktree', branch: null, changes: 0 },
    ],
    [
      'on another branch',
      (project) => void inTree(project, 'switch', '-q', '-c', 'experiment'),
      { state: 'clean', branch: 'experiment' },
    ],
    [
      'on a commit without a branch',
      (project) => void inTree(project, 'switch', '-q', '--detach'),
      { state: 'clean', branch: null },
    ],
    [
      'being judged by close',
      (project) => {
        inTree(project, 'update-ref', 'refs/worktree/tkt-judging', 'main')
        inTree(project, 'checkout', '-q', '--detach', 'main')
      },
      { state: 'judging', branch: 'bundle/B-001' },
    ],
    [
      'not readable',
      ({ write }) => write({ '.git/worktrees/B-001/index': 'no index' }),
      { state: 'unreadable', problem: expect.stringMatching(/git status .*index file/s) as string },
    ],
  ])('tells a worktree that is %s', async (_, disturb, expected) => {
    const project = await withWorktrees()
    disturb(project)
    await expectNoChange(project, async () => {
      expect(await rows(project)).toMatchObject([{ ...expected, bundle: 'B-001', path: TREE, orphan: false }])
    })
  })

  test('finds one that was moved, by git or by hand', async () => {
    const project = await withWorktrees()
    git(project.root, 'worktree', 'move', TREE, '../moved')
    const path = join(project.root, '../moved')
    expect(await rows(project)).toMatchObject([
      { bundle: 'B-001', path: TREE, state: 'gone' },
      { bundle: 'B-001', path, state: 'clean', branch: 'bundle/B-001' },
    ])
    git(project.root, 'worktree', 'move', '../moved', TREE)
    renameSync(join(project.root, TREE), join(project.root, '.worktrees/old'))
    expect(await rows(project, { bundle: 'B-001' })).toMatchObject([
      { path: TREE, state: 'gone' },
      { path: '.worktrees/old', state: 'clean', branch: 'bundle/B-001' },
    ])
  })

  test('tells whom nobody needs any more: of a closed, an archived, a missing, or of no bundle', async () => {
    const project = await withWorktrees(5)
    await finishAll(project, 'B-001')
    await project.ok('close', { bundle: 'B-001' })
    const file = '.tkt/bundles/B-002/bundle.yaml'
    project.write({ [file]: project.text(file).replace('status: "open"', 'status: "archived"') })
    rmSync(join(project.root, '.tkt/bundles/B-003'), { recursive: true })
    project.write({ '.tkt/bundles/B-004/bundle.yaml': 'title: "half\n' })
    git(project.root, 'worktree', 'add', '-q', '-b', 'mine', '.worktrees/mine')
    const answer = await project.ok('worktree-status', { limit: 100 })
    expect(answer.orphans).toBe(4)
    expect(rowsAt(answer, 'worktrees').map((row) => [row.bundle, row.bundle_status, row.orphan])).toEqual([
      ['B-001', 'closed', true],
      ['B-002', 'archived', true],
      ['B-003', 'missing', true],
      ['B-004', 'unreadable', false],
      ['B-005', 'open', false],
      [null, null, true],
    ])
  })

  test('tells what lies beside them: folders, files, links, and what a removal left', async () => {
    const project = await withWorktrees()
    project.write({ '.worktrees/notes.txt': 'mine', '.worktrees/.removed-B-001/half.txt': 'x' })
    mkdirSync(join(project.root, '.worktrees/empty'))
    symlinkSync('nowhere', join(project.root, '.worktrees/link'))
    expect((await rows(project)).map(({ path, state, bundle }): unknown => [path, state, bundle])).toEqual([
      [TREE, 'clean', 'B-001'],
      ['.worktrees/.removed-B-001', 'leftover', 'B-001'],
      ['.worktrees/empty', 'not_a_worktree', null],
      ['.worktrees/link', 'gone', null],
      ['.worktrees/notes.txt', 'not_a_worktree', null],
    ])
  })

  test('says nothing of what was merged and removed, unless its branch was kept', async () => {
    const project = await withWorktrees()
    await finishAll(project)
    await project.ok('close', { bundle: 'B-001', merge: true })
    expect(existsSync(join(project.root, TREE))).toBe(false)
    expect(await rows(project)).toEqual([])
    git(project.root, 'branch', 'bundle/B-001')
    expect(await rows(project)).toMatchObject([{ state: 'gone', merged: true, orphan: true }])
  })

  test('tells branches that no worktree is on', async () => {
    const project = await withWorktrees()
    for (const branch of ['bundle/B-007', 'bundle/x', 'work']) git(project.root, 'branch', branch)
    git(project.root, 'worktree', 'move', TREE, '../moved')
    expect(await rows(project)).toMatchObject([
      { path: TREE, state: 'gone', orphan: false },
      { path: join(project.root, '../moved'), state: 'clean', branch: 'bundle/B-001' },
      {
        ...{ bundle: 'B-007', bundle_status: 'missing', path: '.worktrees/B-007' },
        ...{ state: 'gone', branch: 'bundle/B-007', target: 'main', merged: true, orphan: true },
      },
    ])
  })

  test('has pages, and those of one bundle', async () => {
    const project = await withWorktrees(12)
    const answer = await project.ok('worktree-status')
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(2048)
    expect(answer).toMatchObject({ shown: 'shown 8 of 12', next: '--offset=8' })
    expect(await rows(project, { offset: 10 })).toMatchObject([{ bundle: 'B-011' }, { bundle: 'B-012' }])
    expect(await rows(project, { bundle: 'B-003' })).toMatchObject([{ bundle: 'B-003' }])
  })

  test('outside of a repository finds no worktrees', async () => {
    const project = await startProject()
    expect(await rows(project)).toEqual([])
    project.write({ [`${TREE}/a`]: 'a' })
    expect(await rows(project)).toMatchObject([{ bundle: 'B-001', state: 'not_a_worktree', target: null }])
  })

  test('is refused without a store, for a bundle that is not there, and without git', async () => {
    expectRefusal(await openProject(projectFolder()).run('worktree-status'), 'NOT_INITIALISED', 'SK-TKT-018')
    const project = await withWorktrees()
    expectRefusal(await project.run('worktree-status', { bundle: 'B-009' }), 'BUNDLE_NOT_FOUND', 'SK-TKT-018')
    project.world.environment.PATH = '/nonexistent'
    expectRefusal(await project.run('worktree-status'), 'GIT_FAILED', 'SK-TKT-050', /git/)
  })
})

test('a worktree of a bundle may lie anywhere', async () => {
  const project = await withWorktrees()
  const path = join(project.root, '../far away')
  git(project.root, 'worktree', 'move', TREE, path)
  const file = '.tkt/bundles/B-001/bundle.yaml'
  project.write({ [file]: project.text(file).replace(TREE, path) })
  writeFiles(path, { 'new.txt': 'x' })
  expect(await rows(project)).toEqual([{ ...CLEAN, path, state: 'dirty', changes: 1, paths: ['new.txt'] }])
})
