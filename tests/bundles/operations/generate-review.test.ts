import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import {
  expectNoChange,
  expectRefusal,
  finishAll,
  openProject,
  startBundle,
  startProject,
  type Fields,
  type Project,
  at,
} from '../../support/bundles.ts'
import { projectFolder } from '../../support/project.ts'

const B = { bundle: 'B-001' }
const REVIEW = '.tkt/bundles/B-001/review.yaml'
const PAGE = '.tkt/bundles/B-001/review.md'
const generate = (project: Project) => project.run('generate-review', B)

async function closed(run: readonly string[] = ['true', 'false']): Promise<Project> {
  const project = await startBundle(0)
  await project.ok('add', { ...B, title: 'Count hits', run })
  await finishAll(project)
  await project.ok('close-bundle', B)
  return project
}

function edit(project: Project, change: (review: Fields) => Fields): void {
  project.write({ [REVIEW]: stringify(change(project.yaml(REVIEW))) })
}

describe('generate-review', () => {
  test('writes the review again from the files, and tells the history', async () => {
    const project = await closed()
    const before = project.yaml(REVIEW)
    project.write({
      '.tkt/bundles/B-001/TKT-001.yaml': project
        .text('.tkt/bundles/B-001/TKT-001.yaml')
        .replace('TKT-001 works', 'proof'),
    })
    project.wait(60)
    expect(await generate(project)).toEqual({
      ok: true,
      review_path: join(project.root, REVIEW),
      page_path: join(project.root, PAGE),
      bundle: 'B-001',
    })
    const after = project.yaml(REVIEW)
    expect(Object.keys(after)).toEqual(Object.keys(before))
    expect(after).toMatchObject({
      generated_at: '2026-03-01T12:01:00Z',
      acceptance_results: before.acceptance_results as object,
    })
    expect(at(after, 'evidence_summary.1.evidence')).toBe('proof')
    expect(project.text(PAGE)).toMatch(/\| TKT-001 \|.*\| proof \|/m)
    expect(project.history().at(-1)).toBe('REVIEW_GENERATED bundle=B-001')
  })

  test('runs no command: the results of the close stay', async () => {
    const project = await closed(['touch ran; false'])
    const { rmSync } = await import('node:fs')
    rmSync(join(project.root, 'ran'))
    await project.ok('generate-review', B)
    expect(project.has('ran')).toBe(false)
    expect(project.yaml(REVIEW).acceptance_results).toMatchObject({
      failed: 1,
      failures: [{ run: 'touch ran; false' }],
    })
  })

  test.each([
    ['lists', ['cache or no cache?', { question: 'who owns it?' }]],
    ['a text', 'We talked about the cache:\n- it stays\n'],
  ])('keeps what people wrote, as %s', async (_, words) => {
    const project = await closed()
    edit(project, (review) => ({
      ...review,
      summary: 'It works, "mostly".',
      discussion_points: words,
      next_actions: words,
      approved_by: 'maria',
    }))
    await project.ok('generate-review', B)
    expect(project.yaml(REVIEW)).toMatchObject({
      summary: 'It works, "mostly".',
      discussion_points: words,
      next_actions: words,
      approved_by: 'maria',
    })
  })

  test('leaves the lines of a review as people have made them, and writes their words on its page', async () => {
    const project = await closed()
    const edited = project
      .text(REVIEW)
      .replace('discussion_points: []', "discussion_points: # of Monday\n  - 'cache?'\nmine: [1,  2] # kept")
    project.write({ [REVIEW]: edited })
    project.wait(60)
    await project.ok('generate-review', B)
    const at = (time: string): string => `generated_at: "2026-03-01T12:${time}Z"`
    expect(project.text(REVIEW)).toBe(edited.replace(at('00:00'), at('01:00')))
    expect(project.text(PAGE)).toContain('## Discussion points\n\n- cache?\n')
  })

  test('keeps the score and the findings that a person gave the audit', async () => {
    const project = await closed()
    edit(project, (review) => ({
      ...review,
      audit_result: {
        ...(review.audit_result as Fields),
        quality_score: 4,
        findings: ['no test for zero'],
        scored_by: 'maria',
      },
    }))
    await project.ok('generate-review', B)
    expect(project.yaml(REVIEW).audit_result).toMatchObject({
      quality_score: 4,
      findings: ['looked at TKT-001', 'no test for zero'],
      scored_by: 'maria',
      audited_by: 'bob',
    })
    await project.ok('generate-review', B)
    expect(at(project.yaml(REVIEW), 'audit_result.findings')).toHaveLength(2)
  })

  test('keeps them through a reopen and a second close, too, but renews its own summary', async () => {
    const project = await closed()
    edit(project, (review) => ({ ...review, discussion_points: ['cache?'] }))
    await project.ok('reopen', { ...B, reason: 'one more' })
    await project.ok('add', { ...B, title: 'b' })
    await project.ok('update', { ...B, ticket: 'TKT-002', status: 'failed' })
    await project.ok('close-bundle', B)
    expect(project.yaml(REVIEW)).toMatchObject({
      summary: 'B-001 "Ship it" is closed: 3 tickets done, 1 failed.',
      discussion_points: ['cache?'],
      tickets_failed: 1,
    })
  })

  test('without a review from a close counts the commands as skipped, and says so', async () => {
    const project = await closed()
    const { rmSync } = await import('node:fs')
    rmSync(join(project.root, REVIEW))
    expect((await project.ok('generate-review', B)).warnings).toEqual([
      expect.stringMatching(/not run again and count as skipped/),
    ])
    expect(project.yaml(REVIEW).acceptance_results).toMatchObject({
      passed: 0,
      failed: 0,
      skipped: 6,
      failures: [],
    })
  })

  test('works for a bundle of an older tree that was closed by hand', async () => {
    const project = await startProject()
    project.write({
      '.tkt/bundles/B-001/bundle.yaml': 'bundle_id: B-001\ngoal: old work\nstage: closed\n',
      '.tkt/bundles/B-001/TKT-001.yaml': 'ticket_id: TKT-001\ntitle: a\nstatus: completed\nresult: null\n',
      '.tkt/bundles/B-001/TKT-002.yaml': 'title: "half\n',
    })
    expect((await project.ok('generate-review', B)).warnings).toContainEqual(
      expect.stringMatching(/cannot be read: TKT-002$/),
    )
    expect(project.yaml(REVIEW)).toMatchObject({
      summary: 'B-001 "old work" is closed: 1 ticket done, 0 failed.',
      tickets_completed: 1,
    })
  })
})

describe('generate-review refuses, and changes nothing:', () => {
  test('a bundle that is not closed', async () => {
    const project = await startBundle()
    await expectNoChange(project, async () => {
      expectRefusal(await generate(project), 'BUNDLE_NOT_CLOSED', 'SK-TKT-040', /B-001 is open/)
    })
  })

  test('a review that cannot be read: the words of a person are in it', async () => {
    const project = await closed()
    project.write({ [REVIEW]: `${project.text(REVIEW)}\nnote: "half\n` })
    await expectNoChange(project, async () => {
      expectRefusal(await generate(project), 'FILE_UNREADABLE', 'SK-SYS-004', /review\.yaml: line \d+/)
    })
  })

  test('no store, no bundle, and a lock that is held too long', async () => {
    expectRefusal(await generate(openProject(projectFolder())), 'NOT_INITIALISED', 'SK-TKT-018')
    const project = await closed()
    expectRefusal(
      await project.run('generate-review', { bundle: 'B-009' }),
      'BUNDLE_NOT_FOUND',
      'SK-TKT-018',
      /B-009/,
    )
    expectRefusal(await project.whileLocked('B-001', () => generate(project)), 'LOCK_TIMEOUT', 'SK-TKT-017')
  })
})
