import { describe, expect, test } from 'vitest'
import {
  addBundle,
  expectNoChange,
  expectRefusal,
  finishAll,
  openProject,
  startBundle,
  startProject,
} from '../../support/bundles.ts'
import { projectFolder } from '../../support/project.ts'

describe('roadmap-status', () => {
  test('tells stage, bundles by state and the stages that can come next', async () => {
    const project = await startBundle()
    await addBundle(project)
    await addBundle(project)
    await project.ok('update', { bundle: 'B-002', ticket: 'TKT-001', status: 'failed' })
    await finishAll(project, 'B-003')
    await project.ok('close', { bundle: 'B-003' })
    await expectNoChange(project, async () => {
      expect(await project.run('roadmap-status')).toEqual({
        ok: true,
        project: 'demo',
        stage: 'planning',
        updated_at: '2026-03-01T12:00:00Z',
        bundles: { total: 3, open: 1, in_progress: 1, closed: 1 },
        allowed_transitions: ['active', 'archived'],
      })
    })
  })

  test.each([
    ['planning', ['active', 'archived']],
    ['active', ['review', 'blocked', 'archived']],
    ['review', ['active', 'done', 'archived']],
    ['blocked', ['active', 'archived']],
    ['done', ['archived']],
    ['archived', []],
  ])('from %s the way leads to %j, in the published order', async (stage, allowed) => {
    const project = await startProject()
    if (stage !== 'planning') await project.ok('roadmap-transition', { stage, reason: 'test', force: true })
    expect((await project.ok('roadmap-status')).allowed_transitions).toEqual(allowed)
  })

  test('counts an archived bundle in the total only', async () => {
    const project = await startBundle()
    project.write({ '.tkt/bundles/B-001/bundle.yaml': 'id: B-001\ntitle: old\nstatus: archived\n' })
    expect((await project.ok('roadmap-status')).bundles).toEqual({
      total: 1,
      open: 0,
      in_progress: 0,
      closed: 0,
    })
  })

  test('counts a bundle that cannot be read, and says which and why', async () => {
    const project = await startBundle()
    project.write({ '.tkt/bundles/B-007/bundle.yaml': 'title: "open\nid: x: y\n' })
    const answer = await project.ok('roadmap-status')
    expect(answer.bundles).toMatchObject({ total: 2, open: 1 })
    expect(answer).toMatchObject({
      unreadable_count: 1,
      unreadable: [{ id: 'B-007', reason: expect.stringMatching(/line \d/) as string }],
    })
  })

  test('reads a roadmap without a stage as planning, as published', async () => {
    const project = await startProject()
    project.write({ '.tkt/roadmap.yaml': 'project: "by hand"\n' })
    expect(await project.ok('roadmap-status')).toMatchObject({ stage: 'planning', updated_at: null })
  })

  test('refuses without a store, and with a store that has no roadmap', async () => {
    const project = openProject(projectFolder())
    expectRefusal(await project.run('roadmap-status'), 'NOT_INITIALISED', 'SK-TKT-018')
    await project.ok('express', { title: 'Fix a typo', acceptance: 'it reads well' })
    expectRefusal(await project.run('roadmap-status'), 'NOT_INITIALISED', 'SK-TKT-018', /no roadmap\.yaml/)
  })

  test.each([
    ['half a text', 'project: "half\n', /line \d/],
    ['a stage that is none', 'project: x\nstage: flying\n', /stage is "flying", not one of planning/],
    ['a list', '- a\n', /no map of fields/],
  ])('says where a roadmap cannot be read: %s', async (_, text, message) => {
    const project = await startProject()
    project.write({ '.tkt/roadmap.yaml': text })
    expectRefusal(await project.run('roadmap-status'), 'FILE_UNREADABLE', 'SK-SYS-004', message)
  })
})
