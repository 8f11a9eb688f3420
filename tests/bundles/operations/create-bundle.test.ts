import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  addBundle,
  expectNoChange,
  expectRefusal,
  openProject,
  startBundle,
  startProject,
} from '../../support/bundles.ts'
import { projectFolder } from '../../support/project.ts'

const FOLDER = '.tkt/bundles/B-001'

describe('create-bundle', () => {
  test('writes the bundle and its two fixed tickets, and tells the history', async () => {
    const project = await startProject()
    expect(await project.run('create-bundle', { goal: 'Ship the URL shortener' })).toEqual({
      ok: true,
      bundle_id: 'B-001',
      path: join(project.root, FOLDER),
      tickets: ['TKT-000', 'TKT-A00'],
      ticket_count: 2,
    })
    expect(project.history().slice(1)).toEqual([
      'BUNDLE_CREATED id=B-001 goal="Ship the URL shortener" to=open',
    ])
    const entries = Object.entries(project.yaml(`${FOLDER}/bundle.yaml`))
    expect(entries.slice(0, 14)).toEqual([
      ['id', 'B-001'],
      ['goal_ref', null],
      ['title', 'Ship the URL shortener'],
      ['status', 'open'],
      ['created_at', '2026-03-01T12:00:00Z'],
      ['created_by', 'pm-agent'],
      ['main_agent', null],
      ['ticket_count', 2],
      ['priority', 'normal'],
      ['track', null],
      ['source_plan', null],
      ['worktree_path', null],
      ['worktree_branch', null],
      ['depends_on', []],
    ])
    expect(Object.fromEntries(entries.slice(14))).toEqual({
      context: null,
      worktree_target: null,
      audit_required: true,
      closed_at: null,
    })
  })

  test('gives the fixed tickets two criteria, and no skills, wave or scenarios', async () => {
    const project = await startBundle(0)
    for (const [id, type] of [
      ['TKT-000', 'integrate'],
      ['TKT-A00', 'audit'],
    ] as const) {
      const ticket = project.yaml(`${FOLDER}/${id}.yaml`)
      expect(ticket).toMatchObject({
        id,
        bundle: 'B-001',
        type,
        status: 'open',
        claimed_by: null,
        depends_on: [],
      })
      expect(ticket.acceptance_criteria).toHaveLength(2)
      expect(Object.keys(ticket).filter((key) => ['skills', 'wave', 'qa_scenarios'].includes(key))).toEqual(
        [],
      )
    }
  })

  test('keeps all that is said of the bundle', async () => {
    const project = await startBundle(0)
    const context = 'why: "because"\n  second line'
    await project.ok('create-bundle', {
      goal: 'say "hi" \\ there',
      context,
      depends_on: 'B-001',
      priority: 'high',
      track: 'core',
    })
    expect(project.yaml('.tkt/bundles/B-002/bundle.yaml')).toMatchObject({
      title: 'say "hi" \\ there',
      context,
      depends_on: ['B-001'],
      priority: 'high',
      track: 'core',
    })
  })

  test('takes empty values and unreplaced placeholders of a loader for absent', async () => {
    const project = await startProject()
    await project.ok('create-bundle', {
      goal: 'g',
      track: '',
      source_plan: '{source_plan}',
      priority: '{priority}',
      worktree: '{worktree}',
    })
    expect(project.yaml(`${FOLDER}/bundle.yaml`)).toMatchObject({
      track: null,
      source_plan: null,
      priority: 'normal',
      worktree_path: null,
    })
  })

  test('numbers after the greatest number there is, whatever else lies there', async () => {
    const project = await startProject()
    project.write({
      '.tkt/bundles/B-test/x': '',
      '.tkt/bundles/B-011/bundle.yaml': 'status: open\n',
      '.tkt/bundles/notes.txt': '',
    })
    expect(await addBundle(project, 0)).toBe('B-012')
    project.write({ '.tkt/bundles/B-999/bundle.yaml': 'status: open\n' })
    expect(await addBundle(project, 0)).toBe('B-1000')
    expect(await addBundle(project, 0)).toBe('B-1001')
  })

  test('needs no roadmap, as published', async () => {
    const project = openProject(projectFolder())
    await project.ok('express', { title: 'x', acceptance: 'y' })
    expect(await addBundle(project, 0)).toBe('B-001')
  })

  test('makes no audit when the project wants none, and the dry run counts so too', async () => {
    const project = await startProject({ 'config/tkt.yaml': 'bundle: {auto_audit: false}\n' })
    expect(await project.run('create-bundle', { goal: 'g', dry_run: true })).toMatchObject({
      ticket_count: 1,
    })
    expect(await project.run('create-bundle', { goal: 'g' })).toMatchObject({
      tickets: ['TKT-000'],
      ticket_count: 1,
    })
    expect(project.yaml(`${FOLDER}/bundle.yaml`).audit_required).toBe(false)
  })

  test('tells of keys in config/tkt.yaml that mean nothing', async () => {
    const project = await startProject({
      'config/tkt.yaml': 'close_gate: {comand: npm test}\nbundle: {min_tickets: 2}\n',
    })
    expect((await project.ok('create-bundle', { goal: 'g' })).warnings).toEqual([
      expect.stringMatching(/meaning: close_gate\.comand$/),
    ])
  })
})

describe('create-bundle refuses, and leaves no half bundle:', () => {
  test.each([
    ['no goal', {}, 'INPUT_INVALID', 'SK-TKT-014', /missing: --goal/],
    [
      'a dependency that does not exist',
      { goal: 'g', depends_on: 'B-001,B-007' },
      'DEPENDENCY_MISSING',
      'SK-TKT-026',
      /no bundle B-007$/,
    ],
    [
      'a dependency that is no id',
      { goal: 'g', depends_on: '../B-001' },
      'DEPENDENCY_MISSING',
      'SK-TKT-026',
      /\.\.\/B-001/,
    ],
    [
      'the dependency before the carryover',
      { goal: 'g', depends_on: 'B-007', carryover: 'B-007' },
      'DEPENDENCY_MISSING',
      'SK-TKT-026',
      /./,
    ],
    [
      'a worktree without a repository',
      { goal: 'g', worktree: true },
      'NOT_A_REPOSITORY',
      'SK-GIT-007',
      /git/,
    ],
  ])('%s', async (_, raw, error, code, message) => {
    const project = await startBundle()
    await expectNoChange(project, async () => {
      expectRefusal(await project.run('create-bundle', raw), error, code, message)
    })
  })

  test('the goal is asked for before the store, the store before the dependency', async () => {
    const project = openProject(projectFolder())
    expectRefusal(await project.run('create-bundle'), 'INPUT_INVALID', 'SK-TKT-014')
    expectRefusal(
      await project.run('create-bundle', { goal: 'g', depends_on: 'B-007' }),
      'NOT_INITIALISED',
      'SK-TKT-018',
    )
    expect(project.has('.tkt')).toBe(false)
  })

  test('while others create bundles for too long', async () => {
    const project = await startProject()
    const answer = await project.whileLocked('bundles', () => project.run('create-bundle', { goal: 'g' }))
    expectRefusal(answer, 'LOCK_TIMEOUT', 'SK-TKT-017')
    expect(project.has(FOLDER)).toBe(false)
  })

  test('a config that cannot be used, before anything is written', async () => {
    const project = await startProject()
    project.write({ 'config/tkt.yaml': 'bundle: {max_tickets: many}\nticket: {lock_timeout: -1}\n' })
    const answer = await project.run('create-bundle', { goal: 'g' })
    expectRefusal(
      answer,
      'CONFIG_INVALID',
      'SK-CFG-001',
      /lock_timeout.*max_tickets|max_tickets.*lock_timeout/,
    )
    expect(project.has(FOLDER)).toBe(false)
  })
})
