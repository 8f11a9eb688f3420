import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  expectNoChange,
  expectRefusal,
  finishAll,
  openProject,
  startGitProject,
  type Fields,
  type Project,
} from '../../support/bundles.ts'
import { git, projectFolder, writeFiles } from '../../support/project.ts'

const TREE = '.worktrees/B-001'
const FILE = '.tkt/bundles/B-001/bundle.yaml'

/** B-001 is closed, and what was committed in its worktree was merged by hand. */
async function merged(): Promise<Project> {
  const project = await startGitProject({ 'README.md': '# test\n' })
  await project.ok('create-bundle', { goal: 'Ship it', worktree: true })
  commit(join(project.root, TREE), 'feature.txt')
  await finishAll(project)
  await project.ok('close', { bundle: 'B-001' })
  git(project.root, 'merge', '-q', 'bundle/B-001')
  return project
}

function commit(folder: string, path: string): void {
  writeFiles(folder, { [path]: `${path}\n` })
  git(folder, 'add', '-A')
  git(folder, 'commit', '-q', '-m', path)
}

const prune = (project: Project, raw: Fields = {}): Promise<Fields> => project.ok('worktree-prune', raw)
const branches = (project: Project): string => git(project.root, 'branch', '--list', 'bundle/*')
const stateOf = ({ root }: Project): unknown => [
  git(root, 'for-each-ref'),
  git(root, 'worktree', 'list', '--porcelain'),
]

describe('worktree-prune', () => {
  test('removes a merged and clean worktree of a closed bundle, with its branch, and notes that', async () => {
    const project = await merged()
    project.wait(60)
    expect(await project.run('worktree-prune', { agent: 'maria' })).toEqual({
      ok: true,
      pruned: [{ bundle: 'B-001', path: TREE, branch: 'bundle/B-001', branch_deleted: true }],
      pruned_count: 1,
      kept: [],
      shown: 'shown 0 of 0',
    })
    expect([project.has(TREE), branches(project)]).toEqual([false, ''])
    expect(git(project.root, 'worktree', 'list').split('\n')).toHaveLength(1)
    expect(project.yaml(FILE)).toMatchObject({
      status: 'closed',
      worktree_path: TREE,
      merged_at: '2026-03-01T12:01:00Z',
    })
    expect(project.history().at(-1)).toBe(
      'WORKTREE_PRUNED bundle=B-001 path=.worktrees/B-001 branch=bundle/B-001 agent=maria',
    )
    await expectNoChange(project, async () => {
      expect(await prune(project)).toMatchObject({ pruned: [], kept: [] })
    })
    expect(await project.ok('close', { bundle: 'B-001', merge: true })).toMatchObject({ merged: true })
    expect(await project.run('reopen', { bundle: 'B-001', reason: 'one more' })).toMatchObject({
      warnings: [expect.stringMatching(/was merged at .* and removed/)],
    })
  })

  test('--dry-run says the same and changes nothing', async () => {
    const project = await merged()
    await project.ok('create-bundle', { goal: 'Next', worktree: true })
    const before = stateOf(project)
    await expectNoChange(project, async () => {
      expect(await prune(project, { dry_run: true })).toMatchObject({
        pruned: [{ bundle: 'B-001', path: TREE, branch: 'bundle/B-001' }],
        pruned_count: 1,
        kept: [
          {
            bundle: 'B-002',
            reason: 'B-002 is open',
            next_step: expect.stringMatching(/tkt close/) as string,
          },
        ],
        dry_run: true,
      })
    })
    expect(stateOf(project)).toEqual(before)
    await prune(project)
    expect(readdirSync(join(project.root, '.worktrees'))).toEqual(['.gitignore', 'B-002'])
  })

  test('--bundle looks at that bundle only', async () => {
    const project = await merged()
    await project.ok('create-bundle', { goal: 'Next', worktree: true })
    expect(await prune(project, { bundle: 'B-002' })).toMatchObject({
      pruned: [],
      kept: [{ bundle: 'B-002' }],
    })
    expect(project.has(TREE)).toBe(true)
    expect(await prune(project, { bundle: 'B-001' })).toMatchObject({
      pruned: [{ bundle: 'B-001' }],
      kept: [],
    })
  })

  test.each<[string, (project: Project) => void]>([
    [
      'an archived bundle',
      ({ write, text }) => write({ [FILE]: text(FILE).replace('status: "closed"', 'status: "archived"') }),
    ],
    ['a bundle that is missing', ({ root }) => rmSync(join(root, '.tkt/bundles/B-001'), { recursive: true })],
    [
      'an older bundle, which did not note its target',
      ({ write, text }) => write({ [FILE]: text(FILE).replace(/^worktree_(target|branch):.*\n/gm, '') }),
    ],
  ])('removes the worktree of %s', async (_, change) => {
    const project = await merged()
    change(project)
    expect(await prune(project)).toMatchObject({
      pruned: [{ bundle: 'B-001', branch_deleted: true }],
      kept: [],
    })
    expect([project.has(TREE), branches(project)]).toEqual([false, ''])
    expect(project.history().at(-1)).toMatch(/^WORKTREE_PRUNED bundle=B-001 /)
  })

  test('clears away what git has on record of a folder that is gone, and what a removal left', async () => {
    const project = await merged()
    renameSync(join(project.root, TREE), join(project.root, '.worktrees/.removed-B-001'))
    expect(await prune(project)).toMatchObject({
      pruned: [{ path: TREE, branch_deleted: true }],
      kept: [],
    })
    expect(readdirSync(join(project.root, '.worktrees'))).toEqual(['.gitignore'])
    expect(git(project.root, 'worktree', 'list').split('\n')).toHaveLength(1)
    expect(project.yaml(FILE).merged_at).toBe('2026-03-01T12:00:00Z')
    project.write({ '.worktrees/.removed-B-001/half.txt': 'x' })
    expect(await prune(project)).toMatchObject({ pruned: [{ path: '.worktrees/.removed-B-001' }] })
    expect(project.has('.worktrees/.removed-B-001')).toBe(false)
  })

  test('forgets what has neither folder nor branch any more', async () => {
    const project = await merged()
    git(project.root, 'worktree', 'remove', TREE)
    git(project.root, 'branch', '-q', '-D', 'bundle/B-001')
    expect(await prune(project)).toMatchObject({ pruned: [{ path: TREE }] })
    expect(project.yaml(FILE)).toMatchObject({
      worktree_path: null,
      worktree_branch: null,
      worktree_target: null,
    })
    expect(project.yaml(FILE)).not.toHaveProperty('merged_at')
    expect(await prune(project)).toMatchObject({ pruned: [], kept: [] })
  })

  test('lets ignored files go with --ignored only', async () => {
    const project = await merged()
    writeFiles(join(project.root, TREE), { '.tkt/secret': 'mine', '.env': 'mine' })
    project.write({ '.git/info/exclude': '.env\n' })
    await expectNoChange(project, async () => {
      expect(await prune(project)).toMatchObject({
        kept: [{ reason: 'files that git ignores would go with it: .env, .tkt/' }],
      })
    })
    expect(await prune(project, { ignored: true })).toMatchObject({ pruned: [{ path: TREE }] })
    expect(project.has(TREE)).toBe(false)
  })

  test('removes a branch that is left of a bundle, also when another is checked out that lacks it', async () => {
    const project = await merged()
    rmSync(join(project.root, '.tkt/bundles/B-001'), { recursive: true })
    git(project.root, 'worktree', 'remove', TREE)
    git(project.root, 'branch', 'bundle/B-007', 'main~1')
    const pruned = ['B-001', 'B-007'].map((bundle) => ({
      ...{ bundle, path: `.worktrees/${bundle}`, branch: `bundle/${bundle}`, branch_deleted: true },
    }))
    expect(await prune(project)).toMatchObject({ pruned, kept: [] })
    expect(branches(project)).toBe('')
    expect(project.history().filter((line) => line.startsWith('WORKTREE_PRUNED '))).toHaveLength(2)
    const other = await merged()
    git(other.root, 'switch', '-q', '-c', 'other', 'main~1')
    expect(await prune(other)).toMatchObject({ pruned: [{ branch_deleted: true }], kept: [] })
    expect(await prune(other)).toMatchObject({ pruned: [], kept: [] })
    expect(branches(other)).toBe('')
  })

  test('tells where git keeps the branch: it is checked out elsewhere', async () => {
    const project = await merged()
    git(project.root, 'worktree', 'add', '-q', '-f', '../twin', 'bundle/B-001')
    expect(await prune(project)).toMatchObject({
      pruned: [{ path: TREE, branch_deleted: false }],
      kept: [{ bundle: 'B-001', path: join(project.root, '../twin') }],
    })
    expect(existsSync(join(project.root, '../twin/feature.txt'))).toBe(true)
  })

  test('answers within 2 KB, however many there are', async () => {
    const project = await merged()
    for (let number = 10; number < 40; number += 1) {
      mkdirSync(join(project.root, `.worktrees/.removed-B-0${number}`))
      mkdirSync(join(project.root, `.worktrees/somebody-${number}`))
    }
    const answer = await prune(project, { dry_run: true })
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(2048)
    expect(answer).toMatchObject({ pruned_count: 31, next: expect.stringMatching(/--offset=/) as string })
    expect((await prune(project, { dry_run: true, limit: 100 })).pruned).toHaveLength(31)
  })
})

describe("somebody's work stays as it is:", () => {
  test.each<[string, (project: Project) => void, RegExp, string?]>([
    ['a changed file', ({ write }) => write({ [`${TREE}/feature.txt`]: 'mine' }), /changes: feature\.txt/],
    ['an untracked file', ({ write }) => write({ [`${TREE}/new.txt`]: 'mine' }), /changes: new\.txt/],
    [
      'a staged file',
      ({ root, write }) => {
        write({ [`${TREE}/new.txt`]: 'mine' })
        git(join(root, TREE), 'add', '-A')
      },
      /changes: new\.txt/,
    ],
    ['a commit', ({ root }) => commit(join(root, TREE), 'late.txt'), /1 commit that main does not have/],
    [
      'a commit without a branch',
      ({ root }) => {
        git(join(root, TREE), 'switch', '-q', '--detach')
        commit(join(root, TREE), 'late.txt')
      },
      /a commit without a branch/,
    ],
    [
      'a commit without a branch, of a folder that is gone',
      ({ root }) => {
        git(join(root, TREE), 'switch', '-q', '--detach')
        commit(join(root, TREE), 'late.txt')
        rmSync(join(root, TREE), { recursive: true })
      },
      /a commit without a branch/,
    ],
    [
      'a branch of their own',
      ({ root }) => void git(join(root, TREE), 'switch', '-q', '-c', 'mine'),
      /on mine/,
    ],
    ['a lock', ({ root }) => void git(root, 'worktree', 'lock', TREE), /is locked/],
    [
      'a lock, of a folder that is gone: it may be on a drive',
      ({ root }) => {
        git(root, 'worktree', 'lock', TREE)
        renameSync(join(root, TREE), join(root, '../drive'))
      },
      /is locked/,
    ],
    [
      'a folder that is no worktree any more',
      ({ root, write }) => {
        git(root, 'worktree', 'remove', TREE)
        write({ [`${TREE}/precious.txt`]: 'mine' })
      },
      /no worktree of this repository/,
    ],
    [
      'a worktree that git moved',
      ({ root }) => void git(root, 'worktree', 'move', TREE, '../moved'),
      /was moved to .*moved/,
    ],
    [
      'a worktree that was moved by hand',
      ({ root }) => renameSync(join(root, TREE), join(root, '.worktrees/mine')),
      /was moved to \.worktrees\/mine/,
    ],
    ['a repository inside', addSubmodule, /submodules/],
    [
      'a target that is gone',
      ({ root }) => {
        git(root, 'switch', '-q', '-c', 'other')
        git(root, 'branch', '-q', '-D', 'main')
      },
      /cannot be compared with main/,
    ],
    [
      'a branch that is checked out in the project',
      ({ root }) => {
        git(root, 'worktree', 'remove', TREE)
        git(root, 'switch', '-q', 'bundle/B-001')
      },
      /checked out in the project/,
    ],
    [
      'a branch that somebody named as the one of the bundle',
      ({ root, text, write }) => {
        git(root, 'worktree', 'remove', TREE)
        git(root, 'switch', '-q', '-c', 'other')
        write({ [FILE]: text(FILE).replace(/^worktree_branch:.*$/m, 'worktree_branch: "main"') })
      },
      /main is what it would be merged into/,
    ],
    [
      'a merge that a close has begun',
      ({ root }) => void git(join(root, TREE), 'update-ref', 'refs/worktree/tkt-judging', 'main'),
      /a close is judging it/,
    ],
    [
      'a bundle that cannot be read',
      ({ write }) => write({ [FILE]: 'title: "half\n' }),
      /B-001 cannot be read/,
    ],
  ])('%s', async (_, change, reason) => {
    const project = await merged()
    change(project)
    const before = stateOf(project)
    await expectNoChange(project, async () => {
      const answer = await prune(project, { ignored: true })
      expect(answer).toMatchObject({ pruned: [], pruned_count: 0 })
      expect((answer.kept as readonly Fields[])[0]).toEqual({
        bundle: 'B-001',
        path: TREE,
        reason: expect.stringMatching(reason) as string,
        next_step: expect.stringMatching(/./) as string,
      })
    })
    expect(stateOf(project)).toEqual(before)
  })

  test('a bundle at work, also what a removal left of it', async () => {
    const project = await merged()
    await project.ok('reopen', { bundle: 'B-001', reason: 'one more' })
    project.write({ '.worktrees/.removed-B-001/half.txt': 'x' })
    await expectNoChange(project, async () => {
      expect((await prune(project)).kept).toMatchObject([
        { path: TREE, reason: 'B-001 is in_progress' },
        { path: '.worktrees/.removed-B-001', reason: 'B-001 is in_progress' },
      ])
    })
  })

  test('a worktree, a folder and a file that belong to no bundle', async () => {
    const project = await merged()
    await prune(project)
    git(project.root, 'worktree', 'add', '-q', '-b', 'mine', '.worktrees/mine')
    project.write({ '.worktrees/notes.txt': 'mine', '.worktrees/.removed-mine/a': 'mine' })
    await expectNoChange(project, async () => {
      expect((await prune(project, { ignored: true })).kept).toHaveLength(3)
    })
  })

  test.each(['closing-B-001', 'B-001'])('while another command holds %s; that is told', async (lock) => {
    const project = await merged()
    expect(await project.whileLocked(lock, () => project.run('worktree-prune'))).toMatchObject({
      ok: true,
      pruned: [],
      kept: [{ bundle: 'B-001', reason: expect.stringMatching(/is held by process/) as string }],
    })
    expect(project.has(TREE)).toBe(true)
  })

  test('a worktree whose bundle is only about to be there', async () => {
    const project = await merged()
    rmSync(join(project.root, '.tkt/bundles/B-001'), { recursive: true })
    expect(await project.whileLocked('bundles', () => project.run('worktree-prune'))).toMatchObject({
      kept: [{ bundle: 'B-001', reason: expect.stringMatching(/lock bundles is held/) as string }],
    })
    expect(project.has(TREE)).toBe(true)
  })
})

test('worktree-prune is refused without a store, for a bundle that is not there, and without git', async () => {
  expectRefusal(await openProject(projectFolder()).run('worktree-prune'), 'NOT_INITIALISED', 'SK-TKT-018')
  const project = await merged()
  expectRefusal(await project.run('worktree-prune', { bundle: 'B-009' }), 'BUNDLE_NOT_FOUND', 'SK-TKT-018')
  project.world.environment.PATH = '/nonexistent'
  await expectNoChange(project, async () => {
    expectRefusal(await project.run('worktree-prune'), 'GIT_FAILED', 'SK-TKT-050', /git/)
  })
})

function addSubmodule({ root }: Project): void {
  const library = join(root, '../library')
  mkdirSync(library)
  git(library, 'init', '-q', '-b', 'main')
  git(library, 'config', 'user.name', 'Test')
  git(library, 'config', 'user.email', 'test@localhost')
  commit(library, 'a')
  const tree = join(root, TREE)
  git(tree, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'library')
  git(tree, 'commit', '-q', '-m', 'add library')
  git(root, 'merge', '-q', 'bundle/B-001')
}
