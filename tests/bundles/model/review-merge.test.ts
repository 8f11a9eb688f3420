import { describe, expect, test } from 'vitest'
import type { RawMap } from '../../../src/bundles/model/raw.ts'
import { mergeReview, nameOfEntry } from '../../../src/bundles/model/review-merge.ts'

/** The parts of a generated review that a merge looks into. */
const generated: RawMap = {
  bundle: 'B-001',
  summary: 'B-001 "Ship it" is closed: 1 ticket done, 0 failed.',
  tickets_completed: 1,
  evidence_summary: [
    { ticket_id: 'TKT-000', status: 'done', evidence: 'all gates' },
    { ticket_id: 'TKT-001', status: 'done', evidence: 'ran it' },
  ],
  acceptance_results: { passed: 0, failures: [{ ticket_id: 'TKT-001', criterion_index: 1, run: 'false' }] },
  audit_result: {
    checked_items: [{ item: 'spot checks', status: 'checked' }],
    findings: ['All sound.'],
    quality_score: 1,
    evidence: 'looked',
  },
  discussion_points: [],
  next_actions: [],
  transition_stats: { by_move: { 'open->claimed': 1 } },
}

const changed = (changes: RawMap): RawMap => ({ ...generated, ...changes })

describe('a review that is generated again', () => {
  test('keeps what people wrote', () => {
    const theirs = {
      summary: 'We shipped it, late.',
      discussion_points: ['why late?'],
      next_actions: 'start earlier',
      approved_by: 'Ann',
    }
    const merged = mergeReview(changed({ ...theirs, tickets_completed: 99 }), generated)
    expect(merged).toEqual(changed(theirs))
  })

  test('keeps the score and marks that a person gave, and adds up the findings', () => {
    const audit_result = {
      checked_items: [{ item: 'spot checks', status: 'doubtful', why: 'no log' }, 'looked at the docs'],
      quality_score: 4,
      findings: ['One typo.'],
      seen_by: 'Ann',
      evidence: 'old',
    }
    expect(mergeReview(changed({ audit_result }), generated).audit_result).toEqual({
      ...audit_result,
      findings: ['All sound.', 'One typo.'],
      evidence: 'looked',
    })
    expect(mergeReview(changed({ audit_result: null }), generated)).toEqual(generated)
  })

  test('keeps keys of people and the order of keys and rows, at every depth', () => {
    const row = { note: 'hm', evidence: 'old', status: 'open', ticket_id: 'TKT-001', constructor: { a: 1 } }
    const merged = mergeReview(
      { mine: 1, evidence_summary: [row, { ticket_id: 'TKT-000' }], bundle: 'B-001' },
      changed({ evidence_summary: [{ ticket_id: 'TKT-000' }, { ticket_id: 'TKT-001', evidence: 'ran it' }] }),
    )
    expect(Object.keys(merged).slice(0, 3)).toEqual(['mine', 'evidence_summary', 'bundle'])
    expect(merged.evidence_summary).toEqual([{ ...row, evidence: 'ran it' }, { ticket_id: 'TKT-000' }])
    expect(Object.keys((merged.evidence_summary as RawMap[])[0] ?? {})).toEqual(Object.keys(row))
  })

  test('puts a new ticket behind the one that it follows, and keeps one that cannot be read now', () => {
    const rows = [{ ticket_id: 'TKT-009' }, { ticket_id: 'TKT-000' }, 'a word']
    const merged = mergeReview(changed({ evidence_summary: rows }), generated)
    expect((merged.evidence_summary as RawMap[]).map(({ ticket_id }) => ticket_id)).toEqual([
      'TKT-009',
      'TKT-000',
      'TKT-001',
      undefined,
    ])
  })

  test('does not keep what an earlier review measured, only what people added to it', () => {
    const failures = [{ ticket_id: 'TKT-002', criterion_index: 0, run: 'npm test' }, 'flaky, says Ann']
    const merged = mergeReview(
      changed({
        acceptance_results: { passed: 7, failures },
        audit_result: { finished_after_audit: ['TKT-001'] },
        evidence_summary: [
          { ticket_id: 'TKT-000', status: 'failed', reason: 'no disk', earlier_evidence: 'x' },
        ],
        transition_stats: { by_move: { 'claimed->failed': 1 } },
      }),
      generated,
    )
    expect(merged.acceptance_results).toEqual({
      passed: 0,
      failures: [{ ticket_id: 'TKT-001', criterion_index: 1, run: 'false' }, 'flaky, says Ann'],
    })
    expect(merged).toMatchObject(changed({ acceptance_results: merged.acceptance_results }))
    expect(JSON.stringify(merged)).not.toMatch(
      /finished_after_audit|no disk|earlier_evidence|claimed->failed/,
    )
  })

  test.each([
    ['our own', 'B-001 "Another \\"title\\"" is closed: 0 tickets done, 3 failed.'],
    ['empty', ''],
    ['missing', undefined],
  ])('replaces a summary that is %s', (_title, summary) => {
    expect(mergeReview(changed({ summary }), generated).summary).toBe(generated.summary)
  })

  test.each([undefined, null, 'text', []])('is as generated when the file held %j', (existing) => {
    expect(mergeReview(existing, generated)).toEqual(generated)
  })
})

test.each([
  ['a ticket', { ticket_id: 'TKT-001', title: 'a' }, { ticket_id: 'TKT-001', title: 'b' }, true],
  ['a criterion', { ticket_id: 'TKT-001', criterion_index: 1 }, { ticket_id: 'TKT-001' }, false],
  ['a text', 'one', 'one', true],
  ['a map of a person', { who: 'Ann' }, { who: 'Bob' }, false],
])('rows that are about the same %s have the same name', (_thing, one, other, isSame) => {
  expect(nameOfEntry(one) === nameOfEntry(other)).toBe(isSame)
})
