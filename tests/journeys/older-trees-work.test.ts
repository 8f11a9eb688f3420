/** A store as years of use left it (tests/fixtures/older-trees): one works in it as in a new one, and nothing of it is lost. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseDocument } from 'yaml'
import { rowsAt, treeOf } from '../support/bundles.ts'
import { oldTree, type Published } from '../support/published.ts'

describe('working', () => {
  const B5 = ['--bundle', 'B-005'] as const

  test('an empty .lock file of the published tool holds nothing up', () => {
    const project = oldTree()
    project.ok('claim', ...B5, '--ticket', 'TKT-001', '--agent', 'alice')
    expect(readFileSync(project.file('bundles/B-005/.lock'), 'utf8')).toBe('')
  })

  test('claim and update keep every word, comment and unknown key of a file', () => {
    const project = oldTree()
    project.ok('claim', ...B5, '--ticket', 'TKT-001', '--agent', 'alice')
    project.ok('update', ...B5, '--ticket', 'TKT-001', '--status', 'in_progress')
    project.ok('update', ...B5, '--ticket', 'TKT-001', '--status', 'done', '--evidence', '8 pages')
    const text = project.text('bundles/B-005/TKT-001.yaml')
    expect(text).toMatch(/^# written in a hurry\n/)
    expect(text).toMatch(/^reviewer: carol +# on leave in May$/m)
    expect(project.read('bundles/B-005/TKT-001.yaml')).toMatchObject({
      title: 'Draft',
      status: 'done',
      claimed_by: 'alice',
      started_at: expect.any(String) as string,
      result: { evidence: '8 pages' },
    })
    expect(Object.keys(project.read('bundles/B-005/TKT-001.yaml') as object).slice(0, 4)).toEqual([
      'id',
      'type',
      'title',
      'description',
    ])
  })

  test('a file that PyYAML dumped keeps every value that nobody changed', () => {
    const project = oldTree()
    const before = project.read('bundles/B-005/TKT-A00.yaml')
    project.ok('claim', ...B5, '--ticket', 'TKT-A00', '--agent', 'bob')
    const { status, claimed_by, claimed_at, claim_no, transition_log, ...kept } = project.read(
      'bundles/B-005/TKT-A00.yaml',
    )
    expect([status, claimed_by, claim_no, transition_log]).toMatchObject([
      'claimed',
      'bob',
      1,
      [{ agent: 'bob', timestamp: claimed_at as string }],
    ])
    expect({ status: 'open', claimed_by: null, claimed_at: null, ...kept }).toEqual(before)
  })

  test('new ids follow the greatest numbers, beyond 999, and fill no gap', () => {
    const project = oldTree()
    expect(project.ok('add', '--bundle', 'B-1002', '--title', 'next')).toMatchObject({
      ticket_id: 'TKT-1002',
    })
    expect(project.ok('create-bundle', '--goal', 'next')).toMatchObject({ bundle_id: 'B-1003' })
    expect(project.ok('express', '--title', 'next', '--acceptance', 'x')).toMatchObject({
      ticket_id: 'EXP-1002',
    })
  })

  test('a bundle with corrupted tickets takes new ones, and its good ones can be worked on', () => {
    const project = oldTree()
    expect(project.ok('add', '--bundle', 'B-006', '--title', 'Docs again')).toMatchObject({
      ticket_id: 'TKT-005',
    })
    project.ok('claim', '--bundle', 'B-006', '--ticket', 'TKT-004', '--agent', 'alice')
    const { json } = project.refused(
      'SK-SYS-004',
      'claim',
      '--bundle',
      'B-006',
      '--ticket',
      'TKT-002',
      '--agent',
      'alice',
    )
    expect(json.message).toMatch(/TKT-002\.yaml: line 7: /)
    project.refused('SK-SYS-004', 'update', '--bundle', 'B-006', '--ticket', 'TKT-002', '--status', 'failed')
    expect(parseDocument(project.text('bundles/B-006/TKT-002.yaml')).errors).not.toEqual([])
  })

  test('bundles closed by hand take no more work, until they are reopened', () => {
    const project = oldTree()
    for (const bundle of ['B-002', 'B-003'])
      project.refused('SK-TKT-039', 'add', '--bundle', bundle, '--title', 'late')
    project.ok('create-bundle', '--goal', 'Paper', '--depends-on', 'B-002,B-003')
  })

  test('an express ticket that is claimed by nobody is set free', () => {
    const project = oldTree()
    project.refused('SK-TKT-019', 'express', 'claim', 'EXP-001', '--agent', 'alice')
    project.ok('reopen', '--ticket', 'EXP-001', '--reason', 'nobody holds it')
    project.ok('express', 'claim', 'EXP-001', '--agent', 'alice')
  })

  test('the roadmap moves on with all that people wrote in it', () => {
    const project = oldTree()
    project.refused('SK-TKT-023', 'roadmap-transition', '--stage', 'done', '--reason', 'x')
    project.ok('roadmap-transition', '--stage', 'review', '--reason', 'written up')
    const { json } = project.refused('SK-TKT-024', 'roadmap-transition', '--stage', 'done', '--reason', 'x')
    expect(json.message).toMatch(/B-005, B-006, B-007/)
    const text = project.text('roadmap.yaml')
    for (const line of [
      '# Ours: keep the order.',
      'version: 7',
      '    Two lines:',
      '  progress: 40%',
      'future_bundles: [ B-020, B-021 ]',
    ])
      expect(text.replace('[B-020, B-021]', '[ B-020, B-021 ]')).toContain(line)
    expect(text).toMatch(/- id: G-001 +# the one that counts/)
    expect(project.read('roadmap.yaml').stage_history).toMatchObject([
      { stage: 'review' },
      { stage: 'active' },
      { stage: 'planning' },
    ])
  })
})

describe('closing', () => {
  const finish = (project: Published, bundle: string, ticket: string, agent: string): void => {
    project.ok('claim', '--bundle', bundle, '--ticket', ticket, '--agent', agent)
    project.ok('update', '--bundle', bundle, '--ticket', ticket, '--status', 'done', '--evidence', 'seen')
  }

  test('works for a bundle that is fine itself, and tells of the others that are not', () => {
    const project = oldTree()
    finish(project, 'B-005', 'TKT-001', 'alice')
    finish(project, 'B-005', 'TKT-A00', 'bob')
    const answer = project.ok('close', '--bundle', 'B-005')
    expect(answer).toMatchObject({ closed: true, done: 4, failed: 0 })
    expect(answer.warnings).toEqual([
      expect.stringMatching(/B-010: bundle\.yaml: line 2.*B-011: its file is missing/),
    ])
    const review = project.read('bundles/B-005/review.yaml')
    expect(rowsAt(review, 'evidence_summary').map(({ evidence }) => evidence)).toEqual([
      expect.any(String),
      'seen',
      'seven figures',
      'seen',
    ])
  })

  test('still keeps the worker of a finished ticket from auditing', () => {
    const project = oldTree()
    finish(project, 'B-005', 'TKT-001', 'alice')
    finish(project, 'B-005', 'TKT-A00', 'dave')
    project.refused('SK-TKT-031', 'close', '--bundle', 'B-005')
  })

  test('refuses a bundle with corrupted tickets, and names them', () => {
    const project = oldTree()
    const { json } = project.refused('SK-TKT-019', 'close', '--bundle', 'B-006')
    expect(json.message).toMatch(/TKT-001 cannot be read.*TKT-002 cannot be read.*TKT-003 cannot be read/)
  })

  test('refuses a bundle without TKT-000 before anything is written', () => {
    const project = oldTree()
    const before = treeOf(project.root)
    project.refused('SK-TKT-019', 'close', '--bundle', 'B-007')
    expect(treeOf(project.root)).toEqual(before)
  })

  test('a review of an older close is written again with what people wrote in it', () => {
    const project = oldTree()
    project.ok('generate-review', '--bundle', 'B-001')
    expect(project.read('bundles/B-001/review.yaml')).toMatchObject({
      summary: 'We are happy with it.',
      discussion_points: ['Is it fast enough?'],
      acceptance_results: { skipped: 6 },
      audit_result: { quality_score: 4, evidence: 'looked' },
      evidence_summary: [{}, { ticket_id: 'TKT-001', evidence: 'pytest: 12 passed' }, {}],
    })
    project.ok('generate-review', '--bundle', 'B-002')
  })
})
