import { describe, expect, test } from 'vitest'
import {
  expectNoChange,
  expectRefusal,
  finish,
  openProject,
  startBundle,
  type Fields,
  at,
} from '../../support/bundles.ts'
import { projectFolder } from '../../support/project.ts'

const status = { bundle: 'B-001' }

describe('bundle-status', () => {
  test('tells the bundle and its tickets: null is null, and the audit stands last', async () => {
    const project = await startBundle(2)
    await project.ok('claim', { bundle: 'B-001', ticket: 'TKT-000', agent: 'maria' })
    await expectNoChange(project, async () => {
      expect(await project.run('bundle-status', status)).toEqual({
        ok: true,
        bundle: 'B-001',
        title: 'Ship it',
        status: 'open',
        main_agent: 'maria',
        tickets: [
          {
            id: 'TKT-000',
            type: 'integrate',
            status: 'claimed',
            title: 'Coordinate and integrate B-001',
            claimed_by: 'maria',
            transition_log: [
              { from: 'open', to: 'claimed', timestamp: '2026-03-01T12:00:00Z', agent: 'maria' },
            ],
          },
          {
            id: 'TKT-001',
            type: 'worker',
            status: 'open',
            title: 'Part 1',
            claimed_by: null,
            ready: true,
            transition_log: [],
          },
          {
            id: 'TKT-002',
            type: 'worker',
            status: 'open',
            title: 'Part 2',
            claimed_by: null,
            ready: true,
            transition_log: [],
          },
          {
            id: 'TKT-A00',
            type: 'audit',
            status: 'open',
            title: 'Spot-check the quality of B-001',
            claimed_by: null,
            waiting_on: ['TKT-001', 'TKT-002'],
            transition_log: [],
          },
        ],
        shown: 'shown 4 of 4',
        counts: { claimed: 1, open: 3 },
        ready: 2,
        waiting: 1,
        stale: 0,
      })
    })
  })

  test('shows wave and dependencies of the tickets that have them', async () => {
    const project = await startBundle(1)
    await project.ok('add', { bundle: 'B-001', title: 'Load test', wave: 2, depends_on: 'TKT-001' })
    const answer = await project.ok('bundle-status', status)
    expect(at(answer, 'tickets.2')).toMatchObject({ id: 'TKT-002', wave: 2, depends_on: ['TKT-001'] })
    expect(at(answer, 'tickets.1')).not.toHaveProperty('wave')
  })

  test('warns of tickets that wait for each other', async () => {
    const project = await startBundle(1)
    await project.ok('add', { bundle: 'B-001', title: 'Two', depends_on: 'TKT-003' })
    await project.ok('add', { bundle: 'B-001', title: 'Three', depends_on: 'TKT-002' })
    const says = 'tickets wait for each other in a circle: TKT-002 -> TKT-003 -> TKT-002'
    expect((await project.ok('bundle-status', status)).warnings).toEqual([says])
    const next = await project.ok('next', { agent: 'alice', claim: true })
    expect(next).toMatchObject({ ticket: 'TKT-001', warnings: [`B-001: ${says}`] })
  })

  test('keeps its answer below 2 KB: first the logs go, then the page ends', async () => {
    const project = await startBundle(30)
    for (let number = 1; number <= 5; number += 1) await finish(project, `TKT-00${number}`, 'alice')
    const answer = await project.ok('bundle-status', status)
    expect(JSON.stringify(answer).length).toBeLessThan(2048)
    expect(answer.tickets).not.toHaveProperty('0.transition_log')
    expect(answer).toMatchObject({
      shown: expect.stringMatching(/^shown \d+ of 32$/) as string,
      next: expect.stringMatching(/^--offset=\d+$/) as string,
      transition_logs: expect.stringContaining('--verbose') as string,
      counts: { open: 27, done: 5 },
    })
  })

  test('--verbose shows the logs, --limit as many as asked', async () => {
    const project = await startBundle(30)
    const { tickets } = await project.ok('bundle-status', { ...status, verbose: true, limit: 32 })
    expect(tickets).toHaveLength(32)
    expect((tickets as readonly Fields[]).every(({ transition_log }) => Array.isArray(transition_log))).toBe(
      true,
    )
    const page = await project.ok('bundle-status', { ...status, limit: 2, offset: 31 })
    expect(page).toMatchObject({ tickets: [{ id: 'TKT-A00' }], shown: 'shown 1 of 32' })
    expect(page).not.toHaveProperty('next')
  })

  test('names the worktree of a bundle that has one', async () => {
    const project = await startBundle()
    const text = project.text('.tkt/bundles/B-001/bundle.yaml')
    project.write({
      '.tkt/bundles/B-001/bundle.yaml': text.replace(
        'worktree_path: null',
        'worktree_path: .worktrees/B-001',
      ),
    })
    expect((await project.ok('bundle-status', status)).worktree).toBe('.worktrees/B-001')
  })

  test('tickets that cannot be read hide no other; --verbose tells all of them', async () => {
    const project = await startBundle(8)
    for (const number of [1, 2, 3, 4, 5, 6, 7])
      project.write({
        [`.tkt/bundles/B-001/TKT-00${number}.yaml`]: 'title: fine\ndescription: |\n  one\ntwo: three: four\n',
      })
    const answer = await project.ok('bundle-status', status)
    expect((answer.tickets as readonly Fields[]).map(({ id }) => id as string)).toEqual([
      'TKT-000',
      'TKT-008',
      'TKT-A00',
    ])
    expect(answer).toMatchObject({ unreadable_count: 7, shown: 'shown 3 of 3' })
    expect(answer.unreadable).toHaveLength(5)
    expect(at(answer, 'unreadable.0')).toEqual({
      id: 'TKT-001',
      reason: expect.stringMatching(/^TKT-001\.yaml: line 4: /) as string,
    })
    expect((await project.ok('bundle-status', { ...status, verbose: true })).unreadable).toHaveLength(7)
  })

  test.each([
    ['without a store', 'B-001', 'NOT_INITIALISED', 'SK-TKT-018'],
    ['an id that is none', '../B-001', 'INPUT_INVALID', 'SK-TKT-014'],
    ['no id', '', 'INPUT_INVALID', 'SK-TKT-014'],
  ])('refuses %s', async (_, bundle, error, code) => {
    const project = openProject(projectFolder())
    expectRefusal(await project.run('bundle-status', { bundle }), error, code)
    expect(project.has('.tkt')).toBe(false)
  })

  test('refuses a bundle that is not there, and one whose own file cannot be read', async () => {
    const project = await startBundle()
    expectRefusal(
      await project.run('bundle-status', { bundle: 'B-002' }),
      'BUNDLE_NOT_FOUND',
      'SK-TKT-018',
      /B-002/,
    )
    project.write({ '.tkt/bundles/B-001/bundle.yaml': 'title: ok\nstatus: lost\n' })
    expectRefusal(
      await project.run('bundle-status', status),
      'FILE_UNREADABLE',
      'SK-SYS-004',
      /status is "lost"/,
    )
  })
})
