import { describe, expect, test } from 'vitest'
import { at, finish, finishAll, startBundle, type Fields, type Project } from '../../../support/bundles.ts'

const B = { bundle: 'B-001' }
const REVIEW = '.tkt/bundles/B-001/review.yaml'
const close = (project: Project, raw: Fields = {}) => project.run('close-bundle', { ...B, ...raw })

test('review.md is written beside it, for people', async () => {
  const project = await startBundle(1)
  await project.ok('update', { ...B, ticket: 'TKT-001', status: 'failed', reason: 'no | machine' })
  await finish(project, 'TKT-A00', 'bob')
  await project.ok('close-bundle', B)
  const page = project.text('.tkt/bundles/B-001/review.md')
  expect(page).toMatch(/^<!-- Generated from review\.yaml by `tkt generate-review --bundle B-001`/)
  expect(page).toContain('| TKT-001 | Part 1 | failed |')
  expect(page).toContain('- TKT-001 Part 1: ticket failed, no \\| machine')
})

describe('review.yaml', () => {
  test('has the published fields in their order', async () => {
    const project = await startBundle(0)
    await project.ok('add', {
      ...B,
      title: 'Count hits',
      acceptance: ['it counts'],
      run: ['true', 'echo seen; exit 3'],
    })
    await finishAll(project)
    project.wait(60)
    await project.ok('close-bundle', B)
    const review = project.yaml(REVIEW)
    expect(Object.keys(review)).toEqual([
      'bundle',
      'generated_at',
      'generated_by',
      'summary',
      'tickets_completed',
      'tickets_failed',
      'evidence_summary',
      'acceptance_results',
      'audit_result',
      'discussion_points',
      'next_actions',
      'transition_stats',
    ])
    expect(review).toMatchObject({
      bundle: 'B-001',
      generated_at: '2026-03-01T12:01:00Z',
      generated_by: 'main-agent',
      summary: 'B-001 "Ship it" is closed: 3 tickets done, 0 failed.',
      tickets_completed: 3,
      tickets_failed: 0,
      discussion_points: [],
      next_actions: [],
    })
    expect(review.evidence_summary).toEqual([
      {
        ticket_id: 'TKT-000',
        title: 'Coordinate and integrate B-001',
        evidence: expect.stringMatching(/^tkt close/) as string,
        status: 'done',
        worked_by: null,
        completed_at: '2026-03-01T12:01:00Z',
      },
      {
        ticket_id: 'TKT-001',
        title: 'Count hits',
        evidence: 'TKT-001 works',
        status: 'done',
        worked_by: 'alice',
        completed_at: '2026-03-01T12:00:00Z',
      },
      {
        ticket_id: 'TKT-A00',
        title: 'Spot-check the quality of B-001',
        evidence: 'TKT-A00 works',
        status: 'done',
        worked_by: 'bob',
        completed_at: '2026-03-01T12:00:00Z',
      },
    ])
    expect(review.audit_result).toMatchObject({
      checked_items: [{ item: expect.any(String) as string, status: 'checked' }, { status: 'checked' }],
      findings: ['looked at TKT-001'],
      quality_score: 1,
      evidence: 'TKT-A00 works',
      audited_by: 'bob',
    })
    expect(review.acceptance_results).toEqual({
      passed: 1,
      failed: 1,
      skipped: 5,
      by_ticket: [
        { ticket_id: 'TKT-000', title: 'Coordinate and integrate B-001', passed: 0, failed: 0, skipped: 2 },
        { ticket_id: 'TKT-001', title: 'Count hits', passed: 1, failed: 1, skipped: 1 },
        { ticket_id: 'TKT-A00', title: 'Spot-check the quality of B-001', passed: 0, failed: 0, skipped: 2 },
      ],
      failures: [
        {
          ticket_id: 'TKT-001',
          title: 'Count hits',
          criterion_index: 3,
          run: 'echo seen; exit 3',
          exit_code: 3,
          reason: 'exit code 3, expected 0',
          stdout: 'seen\n',
          stderr: '',
          expect_exit_code: 0,
          expect_contains: null,
        },
      ],
    })
  })

  test('counts moves, and the time from claim to done', async () => {
    const project = await startBundle(2)
    await project.ok('claim', { ...B, ticket: 'TKT-001', agent: 'alice' })
    await project.ok('update', { ...B, ticket: 'TKT-001', status: 'blocked', reason: 'stuck' })
    project.wait(90)
    await finish(project, 'TKT-002', 'alice')
    await project.ok('claim', { ...B, ticket: 'TKT-001', agent: 'carol' })
    project.wait(30)
    await project.ok('update', { ...B, ticket: 'TKT-001', status: 'done', evidence: 'seen' })
    await project.ok('reopen', { ...B, ticket: 'TKT-002', reason: 'look again' })
    await finish(project, 'TKT-002', 'alice')
    await finish(project, 'TKT-A00', 'bob')
    await project.ok('close-bundle', B)
    expect(project.yaml(REVIEW).transition_stats).toMatchObject({
      total: 12,
      by_move: {
        'open->claimed': 4,
        'claimed->done': 4,
        'claimed->blocked': 1,
        'blocked->claimed': 1,
        'done->open': 1,
        'open->done': 1,
      },
      blocked_count: 1,
      reopened_count: 1,
      claim_to_done_seconds: [
        { ticket_id: 'TKT-001', seconds: 30 },
        { ticket_id: 'TKT-002', seconds: 0 },
        { ticket_id: 'TKT-A00', seconds: 0 },
      ],
      median_claim_to_done_seconds: 0,
    })
  })

  test('counts failed tickets, and says so', async () => {
    const project = await startBundle(2)
    await finish(project, 'TKT-001', 'alice')
    await project.ok('update', { ...B, ticket: 'TKT-002', status: 'failed', reason: 'no machine' })
    await finish(project, 'TKT-A00', 'bob')
    expect(await close(project)).toMatchObject({ done: 3, failed: 1, carryover_count: 1 })
    expect(project.yaml(REVIEW)).toMatchObject({
      tickets_failed: 1,
      summary: expect.stringMatching(/3 tickets done, 1 failed/) as string,
    })
  })

  test('of a ticket that was done, reopened and then failed says so, why and by whom', async () => {
    const project = await startBundle(2)
    await finish(project, 'TKT-001', 'alice')
    await project.ok('reopen', { ...B, ticket: 'TKT-001', reason: 'wrong grammar' })
    await project.ok('claim', { ...B, ticket: 'TKT-001', agent: 'carol' })
    project.wait(60)
    await project.ok('update', { ...B, ticket: 'TKT-001', status: 'failed', reason: 'no machine' })
    await finish(project, 'TKT-002', 'alice')
    await finish(project, 'TKT-A00', 'bob')
    await project.ok('close-bundle', B)
    expect(at(project.yaml(REVIEW), 'evidence_summary.1')).toEqual({
      ticket_id: 'TKT-001',
      title: 'Part 1',
      evidence: null,
      status: 'failed',
      worked_by: 'carol',
      completed_at: '2026-03-01T12:01:00Z',
      reason: 'no machine',
      earlier_evidence: 'TKT-001 works',
    })
  })

  test('names the work that was finished after the audit, until the audit is done again', async () => {
    const project = await startBundle(2)
    await finish(project, 'TKT-001', 'alice')
    await finish(project, 'TKT-A00', 'bob')
    project.wait(60)
    await finish(project, 'TKT-002', 'alice')
    await project.ok('close-bundle', B)
    expect(at(project.yaml(REVIEW), 'audit_result.finished_after_audit')).toEqual(['TKT-002'])
    await project.ok('generate-review', B)
    expect(at(project.yaml(REVIEW), 'audit_result.finished_after_audit')).toEqual(['TKT-002'])
    await project.ok('reopen', { ...B, reason: 'audit again' })
    await project.ok('reopen', { ...B, ticket: 'TKT-A00', reason: 'audit again' })
    await finish(project, 'TKT-A00', 'bob')
    await project.ok('close-bundle', B)
    expect(project.yaml(REVIEW).audit_result).not.toHaveProperty('finished_after_audit')
  })
})
