import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { projectFolder } from '../../support/project.ts'
import {
  expectNoChange,
  expectRefusal,
  finish,
  finishAll,
  openProject,
  startBundle,
  type Project,
} from '../../support/bundles.ts'

const B = { bundle: 'B-001' }
const REVIEW = '.tkt/bundles/B-001/review.yaml'
const show = (project: Project) => project.run('show-review', B)

describe('show-review', () => {
  test('tells how a bundle went, in people’s words where they wrote some', async () => {
    const project = await startBundle(2)
    await finish(project, 'TKT-001', 'alice')
    await project.ok('update', { ...B, ticket: 'TKT-002', status: 'failed', reason: 'no machine' })
    await finish(project, 'TKT-A00', 'bob')
    await project.ok('close-bundle', B)
    const review = project.yaml(REVIEW)
    const theirs = { summary: 'It works,\nmostly.', discussion_points: ['cache?'], next_actions: 'a machine' }
    const audit_result = { ...(review.audit_result as object), quality_score: 4 }
    const [first, second, ...others] = review.evidence_summary as readonly object[]
    const evidence_checks = ['verified', 'recorded'].map((status) => ({ kind: 'pr', value: '7', status }))
    const evidence_summary = [first, { ...second, evidence_checks }, ...others]
    project.write({ [REVIEW]: stringify({ ...review, ...theirs, audit_result, evidence_summary }) })
    await expectNoChange(project, async () => {
      expect(await show(project)).toEqual({
        ok: true,
        bundle: 'B-001',
        title: 'Ship it',
        summary: 'It works, mostly.',
        done: 3,
        failed: 1,
        commands: { passed: 0, failed: 0, skipped: 6 },
        evidence_checks: { verified: 1, recorded: 1, failed: 0 },
        carryover_count: 1,
        unaudited: [],
        quality_score: 4,
        audited_by: 'bob',
        discussion_points: ['cache?'],
        discussion_points_count: 1,
        next_actions: ['a machine'],
        next_actions_count: 1,
        tickets: [
          expect.objectContaining({ id: 'TKT-000', status: 'done' }),
          { id: 'TKT-001', status: 'done', title: 'Part 1', worked_by: 'alice', evidence: 'TKT-001 works' },
          expect.objectContaining({ id: 'TKT-002', status: 'failed', evidence: 'no machine' }),
          expect.objectContaining({ id: 'TKT-A00', worked_by: 'bob' }),
        ],
        shown: 'shown 4 of 4',
        review_path: join(project.root, REVIEW),
        page_path: join(project.root, '.tkt/bundles/B-001/review.md'),
      })
    })
  })

  test('stays within a page, however much there is to tell', async () => {
    const project = await startBundle(0)
    await finishAll(project)
    await project.ok('close-bundle', B)
    const long = 'wörter '.repeat(200)
    const evidence_summary = Array.from({ length: 300 }, (_, index) => ({
      ...{ ticket_id: `TKT-${100 + index}`, status: 'done', title: long, evidence: long, worked_by: 'alice' },
    }))
    const [discussion_points, next_actions] = [
      Array(50).fill(long),
      Array.from({ length: 50 }, () => ({ what: long })),
    ]
    const review = { ...project.yaml(REVIEW), summary: long, discussion_points, next_actions }
    project.write({ [REVIEW]: stringify({ ...review, evidence_summary }) })
    const answer = await show(project)
    expect(answer).toMatchObject({ ok: true, discussion_points_count: 50, next: '--offset=2' })
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(2048)
    expect(await project.ok('show-review', { ...B, offset: 290, limit: 20 })).toMatchObject({
      shown: 'shown 10 of 300',
    })
  })
})

describe('show-review refuses', () => {
  test('a bundle that is open, and one that is not there', async () => {
    const project = await startBundle()
    expectRefusal(await show(project), 'BUNDLE_NOT_CLOSED', 'SK-TKT-040', /B-001 is open/)
    expectRefusal(await project.run('show-review', { bundle: 'B-009' }), 'BUNDLE_NOT_FOUND', 'SK-TKT-018')
    expectRefusal(await show(openProject(projectFolder())), 'NOT_INITIALISED', 'SK-TKT-018')
  })

  test.each([
    ['is missing', undefined, /review\.yaml is missing/],
    ['holds a text', 'nothing', /holds no fields/],
    ['cannot be read', 'summary: "half\n', /review\.yaml: line \d+/],
  ])('a review that %s', async (_how, text, message) => {
    const project = await startBundle(0)
    await finishAll(project)
    await project.ok('close-bundle', B)
    if (text === undefined) rmSync(join(project.root, REVIEW))
    else project.write({ [REVIEW]: text })
    expectRefusal(await show(project), 'FILE_UNREADABLE', 'SK-SYS-004', message)
  })
})
