import { describe, expect, test } from 'vitest'
import { acceptanceResults, reviewDocument } from '../../../src/bundles/model/review.ts'
import type { Ticket } from '../../../src/bundles/model/ticket.ts'
import { bundleId, failure, NOW, ticket } from './make.ts'

const command = (run: string) => ({ type: 'command', run })

/** One worker, everything done: the smallest bundle that can be closed. */
const closed: readonly Ticket[] = [
  ticket('TKT-000', { status: 'done', result: { evidence: 'all gates' } }),
  ticket('TKT-001', {
    status: 'done',
    acceptance_criteria: ['works', command('npm test')],
    result: { evidence: 'ran\nit' },
  }),
  ticket('TKT-A00', {
    status: 'done',
    claimed_by: 'bob',
    acceptance_criteria: ['spot checks', command('npm run lint')],
    result: { summary: 'All sound.', evidence: 'looked' },
  }),
]

const review = (tickets: readonly Ticket[], title = 'Ship it') =>
  reviewDocument({
    bundle: bundleId('B-001'),
    title,
    tickets,
    acceptance: acceptanceResults(tickets, []),
    now: NOW,
  })

describe('a review', () => {
  test('has the published keys in their order, ours behind them', () => {
    expect(Object.keys(review(closed))).toEqual(
      (
        'bundle generated_at generated_by summary tickets_completed tickets_failed evidence_summary acceptance_results ' +
        'audit_result discussion_points next_actions transition_stats'
      ).split(' '),
    )
  })

  test('counts all tickets, the two fixed ones too', () => {
    expect(review(closed)).toMatchObject({
      bundle: 'B-001',
      generated_at: NOW,
      generated_by: 'main-agent',
      summary: 'B-001 "Ship it" is closed: 3 tickets done, 0 failed.',
      tickets_completed: 3,
      tickets_failed: 0,
      discussion_points: [],
      next_actions: [],
    })
    expect(
      review([ticket('TKT-001', { status: 'done' }), ticket('TKT-002', { status: 'failed' })]),
    ).toMatchObject({
      summary: 'B-001 "Ship it" is closed: 1 ticket done, 1 failed.',
      tickets_completed: 1,
      tickets_failed: 1,
    })
  })

  test('has the evidence of every ticket, in order', () => {
    expect(review([...closed, ticket('TKT-002')]).evidence_summary).toEqual([
      expect.objectContaining({ ticket_id: 'TKT-000', title: 'Do TKT-000', evidence: 'all gates' }),
      expect.objectContaining({ ticket_id: 'TKT-001', title: 'Do TKT-001', evidence: 'ran\nit' }),
      expect.objectContaining({ ticket_id: 'TKT-A00', evidence: 'looked', worked_by: 'bob' }),
      expect.objectContaining({ ticket_id: 'TKT-002', evidence: null, status: 'open' }),
    ])
  })

  test('has what the audit looked at', () => {
    expect(review(closed).audit_result).toEqual({
      checked_items: [
        { item: 'spot checks', status: 'checked' },
        { item: 'command: npm run lint (exit code 0)', status: 'checked' },
      ],
      findings: ['All sound.'],
      quality_score: 1,
      evidence: 'looked',
      audited_by: 'bob',
    })
  })

  test('names the tickets that were finished after the audit', () => {
    const finished = (id: string, second: number) =>
      ticket(id, { status: 'done', completed_at: `2026-03-01T12:00:0${second}Z` })
    const tickets = [finished('TKT-001', 1), finished('TKT-002', 3), finished('TKT-A00', 2)]
    expect(review(tickets).audit_result).toMatchObject({ finished_after_audit: ['TKT-002'] })
  })

  test('shows no evidence of an audit that is not done any more', () => {
    const transition_log = [{ from: 'claimed', to: 'done', timestamp: NOW }]
    const audit = ticket('TKT-A00', { transition_log, result: { evidence: 'looked' } })
    expect(review([audit]).audit_result).toMatchObject({ evidence: null })
  })

  test.each([
    ['is not there', []],
    ['is not done', [ticket('TKT-A00', { status: 'claimed' })]],
  ])('gives no score when the audit %s', (_title, tickets) => {
    expect(review(tickets).audit_result).toMatchObject({ quality_score: null, findings: [], evidence: null })
  })
})

describe('the results of acceptance', () => {
  test('count commands that passed and failed, and sentences as skipped', () => {
    const failures = [failure('TKT-001')]
    expect(acceptanceResults(closed, failures)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 2,
      by_ticket: [
        { ticket_id: 'TKT-000', title: 'Do TKT-000', passed: 0, failed: 0, skipped: 0 },
        { ticket_id: 'TKT-001', title: 'Do TKT-001', passed: 0, failed: 1, skipped: 1 },
        { ticket_id: 'TKT-A00', title: 'Do TKT-A00', passed: 1, failed: 0, skipped: 1 },
      ],
      failures,
    })
  })

  test('of no tickets are zero', () => {
    expect(acceptanceResults([], [])).toEqual({
      passed: 0,
      failed: 0,
      skipped: 0,
      by_ticket: [],
      failures: [],
    })
  })
})
