import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  expectNoChange,
  expectRefusal,
  finishAll,
  openProject,
  rowsAt,
  startBundle,
  startGitProject,
  type Fields,
  type Project,
} from '../../support/bundles.ts'
import { currentOwner } from '../../../src/system/owner.ts'
import { projectFolder } from '../../support/project.ts'

const TREES = join(import.meta.dirname, '../../fixtures/older-trees/store')
const B1 = '.tkt/bundles/B-001'

/** A store as years of use left it. */
function oldTree(): Project {
  const root = projectFolder()
  cpSync(TREES, join(root, '.tkt'), { recursive: true })
  renameSync(join(root, '.tkt/history.txt'), join(root, '.tkt/history.log'))
  return openProject(root)
}

const findingsOf = async (project: Project, raw: Fields = {}): Promise<readonly string[]> =>
  rowsAt(await project.ok('doctor', { limit: 100, ...raw }), 'findings').map(
    ({ check, where }) => `${String(check)} ${String(where)}`,
  )

describe('doctor', () => {
  test('finds nothing in a store that is well, open or closed', async () => {
    const project = await startBundle(2)
    const well = { ok: true, healthy: true, faults: 0, notices: 0, repaired: 0, findings: [] }
    expect(await project.ok('doctor')).toMatchObject(well)
    await finishAll(project)
    await project.ok('close-bundle', { bundle: 'B-001' })
    expect(await project.ok('doctor')).toMatchObject(well)
  })

  test('names every fault of an old tree, and changes nothing', async () => {
    const project = oldTree()
    await expectNoChange(project, async () => {
      const found = await findingsOf(project)
      for (const where of [
        'B-006/TKT-001',
        'B-006/TKT-002',
        'B-006/TKT-003',
        'B-006/TKT-004',
        'B-010/bundle',
      ])
        expect(found).toContain(`broken-description bundles/${where}.yaml`)
      expect(found).toContain('no-bundle-file bundles/B-011')
      expect(found).toContain('missing-ticket bundles/B-007/TKT-000.yaml')
      expect(found).toContain('held-by-nobody EXP-001')
      expect(found).toContain('older-names bundles/B-002/bundle.yaml')
    })
    const page = await project.ok('doctor')
    expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThanOrEqual(2048)
    expect(page.next).toMatch(/^--offset=/)
  })

  test('--repair mends what it can, with a copy of each file; what is left says what to do', async () => {
    const project = oldTree()
    const before = readFileSync(join(TREES, 'bundles/B-006/TKT-001.yaml'), 'utf8')
    const { backup, repaired } = await project.ok('doctor', { repair: true, agent: 'maria' })
    expect(repaired).toBe(13)
    expect(readFileSync(join(String(backup), 'bundles/B-006/TKT-001.yaml'), 'utf8')).toBe(before)
    expect(existsSync(join(String(backup), 'bundles/B-011'))).toBe(true)
    expect(project.has('.tkt/bundles/B-011')).toBe(false)
    expect(project.yaml('.tkt/bundles/B-006/TKT-002.yaml').description).toBe(
      'Add types.\nNote: mypy must pass: strict\n',
    )
    expect(project.history().filter((line) => line.startsWith('REPAIRED '))).toHaveLength(13)
    expect((await project.ok('list-bundles')).unreadable).toBeUndefined()
    await expectNoChange(project, async () => {
      expect(await project.ok('doctor', { repair: true })).toMatchObject({ repaired: 0, faults: 4 })
    })
    for (const bundle of ['B-007', 'B-010', 'B-1002'])
      await project.ok('reopen', { bundle, ticket: 'TKT-000', reason: 'its file was lost' })
    await project.ok('reopen', { ticket: 'EXP-001', reason: 'held by nobody' })
    expect(await project.ok('doctor')).toMatchObject({ healthy: true, faults: 0 })
  })

  test('tells of a file that nobody but a person can mend, and leaves it alone', async () => {
    const project = await startBundle(1)
    project.write({ [`${B1}/TKT-001.yaml`]: 'title: [unclosed\n' })
    await expectNoChange(project, async () => {
      const { healthy, findings } = await project.ok('doctor', { repair: true })
      expect([healthy, findings]).toMatchObject([
        false,
        [
          {
            check: 'unreadable',
            where: 'bundles/B-001/TKT-001.yaml',
            next: expect.stringMatching(/restore/) as string,
          },
        ],
      ])
    })
  })

  test('finds a close that was cut, and the close that is run again mends it', async () => {
    const project = await startBundle(1)
    await finishAll(project)
    await project.ok('close-bundle', { bundle: 'B-001' })
    project.write({
      [`${B1}/bundle.yaml`]: project
        .text(`${B1}/bundle.yaml`)
        .replace('status: "closed"', 'status: "in_progress"'),
    })
    expect(rowsAt(await project.ok('doctor'), 'findings')).toMatchObject([
      { check: 'half-closed', next: 'tkt close --bundle B-001' },
    ])
    await project.ok('close-bundle', { bundle: 'B-001' })
    expect(await project.ok('doctor')).toMatchObject({ healthy: true })
  })

  test('corrects the count of a closed bundle', async () => {
    const project = await startBundle(1)
    await finishAll(project)
    await project.ok('close-bundle', { bundle: 'B-001' })
    project.write({
      [`${B1}/bundle.yaml`]: project.text(`${B1}/bundle.yaml`).replace('ticket_count: 3', 'ticket_count: 7'),
    })
    expect(await findingsOf(project)).toEqual(['wrong-count bundles/B-001/bundle.yaml'])
    await project.ok('doctor', { repair: true })
    expect(project.yaml(`${B1}/bundle.yaml`).ticket_count).toBe(3)
  })

  test('tells of circles as faults, of unknown dependencies and unproven work as notices', async () => {
    const project = await startBundle(1)
    await project.ok('add', { bundle: 'B-001', title: 'Two', depends_on: 'TKT-003,TKT-099' })
    await project.ok('add', { bundle: 'B-001', title: 'Three', depends_on: 'TKT-002' })
    await project.ok('add', { bundle: 'B-001', title: 'Four', depends_on: 'TKT-004' })
    project.write({
      [`${B1}/TKT-001.yaml`]: project.text(`${B1}/TKT-001.yaml`).replace('status: "open"', 'status: "done"'),
    })
    expect(await project.ok('doctor')).toMatchObject({ faults: 2, notices: 2 })
    expect(await findingsOf(project)).toEqual([
      'circle B-001',
      'circle B-001',
      'done-without-evidence B-001/TKT-001',
      'unknown-dependency B-001/TKT-002',
    ])
  })

  test('tells of a ticket that depends on one of a later wave, as add does', async () => {
    const project = await startBundle(0)
    await project.ok('add', { bundle: 'B-001', title: 'Late', wave: 2 })
    const early = { bundle: 'B-001', title: 'Early', wave: 1, depends_on: 'TKT-001' }
    const says = 'TKT-002 depends on TKT-001 of a later wave, which waits for it'
    expect((await project.ok('add', early)).warnings).toEqual([says])
    expect(await project.ok('doctor')).toMatchObject({ faults: 1, findings: [{ check: 'circle', says }] })
  })

  test('releases the locks of the dead, and no other', async () => {
    const project = await startBundle(1)
    const dead = spawnSync('true').pid
    mkdirSync(join(project.root, '.tkt/locks/closing-B-001'), { recursive: true })
    const record = (pid: number): string =>
      JSON.stringify({ ...currentOwner(), pid, started: '', purpose: '', since: '' })
    project.write({ '.tkt/locks/closing-B-001/1': record(dead) })
    expect(await findingsOf(project)).toEqual(['stale-lock locks/closing-B-001'])
    await project.ok('doctor', { repair: true })
    expect(project.text('.tkt/locks/closing-B-001/1')).toBe('')
    project.write({ '.tkt/locks/closing-B-001/2': record(process.pid) })
    expect(await findingsOf(project)).toEqual([])
  })

  test('needs a store', async () => {
    expectRefusal(await openProject(projectFolder()).run('doctor'), 'NOT_INITIALISED', 'SK-TKT-018')
  })
})

describe('doctor looks at worktrees', () => {
  const withWorktree = async (): Promise<Project> => {
    const project = await startGitProject()
    await project.ok('create-bundle', { goal: 'Apart', worktree: true })
    return project
  }
  const closed = async (): Promise<Project> => {
    const project = await withWorktree()
    await finishAll(project)
    await project.ok('close', { bundle: 'B-001' })
    return project
  }
  const told = async (project: Project) => rowsAt(await project.ok('doctor'), 'findings')

  test('finds one of a closed bundle, and names the command that removes it', async () => {
    const project = await withWorktree()
    expect(await told(project)).toEqual([])
    await finishAll(project)
    await project.ok('close', { bundle: 'B-001' })
    const found = { check: 'orphan-worktree', where: '.worktrees/B-001', fault: false }
    await expectNoChange(project, async () => {
      expect(await told(project)).toEqual([
        {
          ...found,
          says: 'B-001 is closed; nothing of it would be lost',
          next: 'tkt worktree-prune --bundle B-001',
        },
      ])
    })
    project.write({ '.worktrees/B-001/new.txt': 'mine', '.worktrees/mine/a': 'a' })
    expect(await told(project)).toEqual([
      {
        ...found,
        says: 'B-001 is closed; it has changes: new.txt',
        next: '`git -C .worktrees/B-001 status`, then commit, move or discard them',
      },
    ])
    rmSync(join(project.root, '.worktrees/B-001/new.txt'))
    await project.ok('worktree-prune', { bundle: 'B-001' })
    expect(await told(project)).toEqual([])
  })

  test('finds one that an open bundle misses, without git', async () => {
    const project = await withWorktree()
    rmSync(join(project.root, '.worktrees'), { recursive: true })
    project.world.environment.PATH = '/nonexistent'
    expect(await told(project)).toMatchObject([
      { check: 'missing-worktree', fault: true, next: 'git worktree add .worktrees/B-001 bundle/B-001' },
    ])
  })

  test('says that git is missing where it is needed, and looks at the rest', async () => {
    const project = await closed()
    project.world.environment.PATH = '/nonexistent'
    expect(await project.ok('doctor')).toMatchObject({
      healthy: true,
      findings: [{ check: 'orphan-worktree', says: expect.stringMatching(/git/) as string }],
    })
  })
})
