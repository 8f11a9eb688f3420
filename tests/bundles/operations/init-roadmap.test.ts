import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  expectNoChange,
  expectRefusal,
  openProject,
  startBundle,
  startProject,
} from '../../support/bundles.ts'
import { projectFolder } from '../../support/project.ts'

describe('init-roadmap', () => {
  test('starts a store: roadmap, folder of bundles, history', async () => {
    const project = openProject(projectFolder())
    expect(await project.run('init-roadmap', { project: 'URL shortener' })).toEqual({
      ok: true,
      roadmap_path: join(project.root, '.tkt/roadmap.yaml'),
      project: 'URL shortener',
    })
    expect(project.has('.tkt/bundles')).toBe(true)
    expect(project.history()).toEqual(['INIT project="URL shortener" to=planning'])
    expect(project.yaml('.tkt/roadmap.yaml')).toEqual({
      project: 'URL shortener',
      version: 2,
      updated_at: '2026-03-01T12:00:00Z',
      maintained_by: 'pm-agent',
      stage: 'planning',
      stage_history: [{ stage: 'planning', entered_at: '2026-03-01T12:00:00Z', reason: 'initial' }],
      goals: [],
      success_criteria: [],
      decision_gates: [],
      dependencies: [],
    })
    expect(Object.keys(project.yaml('.tkt/roadmap.yaml'))).toEqual([
      'project',
      'version',
      'updated_at',
      'maintained_by',
      'stage',
      'stage_history',
      'goals',
      'success_criteria',
      'decision_gates',
      'dependencies',
    ])
  })

  test('writes texts in double quotes, so that times stay texts for every reader', async () => {
    const project = await startProject()
    expect(project.text('.tkt/roadmap.yaml')).toContain('updated_at: "2026-03-01T12:00:00Z"\n')
  })

  test('keeps its own scratch files out of git', async () => {
    const project = await startProject()
    expect(project.text('.tkt/.gitignore')).toMatch(/^\/tmp\/$/m)
    expect(project.text('.tkt/.gitignore')).toMatch(/^\/locks\/$/m)
  })

  test('refuses a second time, and changes nothing', async () => {
    const project = await startProject()
    await expectNoChange(project, async () => {
      expectRefusal(
        await project.run('init-roadmap', { project: 'other' }),
        'ROADMAP_EXISTS',
        'SK-TKT-021',
        /roadmap\.yaml exists/,
      )
    })
  })

  test('with --force writes a new roadmap, and keeps bundles and history', async () => {
    const project = await startBundle()
    await project.ok('roadmap-transition', { stage: 'active', reason: 'go' })
    await project.ok('init-roadmap', { project: 'renamed', force: true })
    expect(project.yaml('.tkt/roadmap.yaml')).toMatchObject({ project: 'renamed', stage: 'planning' })
    expect(project.yaml('.tkt/roadmap.yaml').stage_history).toHaveLength(1)
    expect(project.has('.tkt/bundles/B-001/TKT-001.yaml')).toBe(true)
    expect(project.history().at(0)).toBe('INIT project=demo to=planning')
    expect(project.history().at(-1)).toBe('INIT project=renamed to=planning')
  })

  test('with --force replaces a roadmap that cannot be read, and without it does not', async () => {
    const project = await startProject()
    project.write({ '.tkt/roadmap.yaml': 'project: "half\n' })
    expectRefusal(await project.run('init-roadmap', { project: 'new' }), 'ROADMAP_EXISTS', 'SK-TKT-021')
    await project.ok('init-roadmap', { project: 'new', force: true })
    expect(project.yaml('.tkt/roadmap.yaml').project).toBe('new')
  })

  test('takes a store that express began, as published', async () => {
    const project = openProject(projectFolder())
    await project.ok('express', { title: 'Fix a typo', acceptance: 'it reads well' })
    await project.ok('init-roadmap', { project: 'demo' })
    expect(project.has('.tkt/express/EXP-001.yaml')).toBe(true)
  })

  test('needs a name', async () => {
    const project = openProject(projectFolder())
    expectRefusal(await project.run('init-roadmap'), 'INPUT_INVALID', 'SK-TKT-014', /missing: --project/)
    expect(project.has('.tkt')).toBe(false)
  })

  test('starts no store in the home folder', async () => {
    const project = openProject(projectFolder())
    project.world.environment.HOME = project.root
    expectRefusal(
      await project.run('init-roadmap', { project: 'demo' }),
      'ROOT_REFUSED',
      'SK-SYS-007',
      /home folder/,
    )
    expect(project.has('.tkt')).toBe(false)
  })

  test('waits no longer than the lock time limit', async () => {
    const project = openProject(projectFolder())
    const answer = await project.whileLocked('roadmap', () =>
      project.run('init-roadmap', { project: 'demo' }),
    )
    expectRefusal(answer, 'LOCK_TIMEOUT', 'SK-TKT-017', /held by process \d+/)
  })
})
