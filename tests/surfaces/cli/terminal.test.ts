import stringWidth from 'string-width'
import { describe, expect, test } from 'vitest'
import { OperationError } from '../../../src/operation/errors.ts'
import { shown, shownRefusal } from './shown.ts'

describe('any other answer', () => {
  test('says what came of it in a sentence, then its fields, then the warnings', () => {
    const output = {
      claimed: true,
      ticket: 'TKT-003',
      role: 'worker',
      agent: 'ben',
      claimed_at: '2026-03-01T12:00:00Z',
      taken_over_from: 'ada',
    }
    const warning = 'TKT-003 depends on tickets that are not done: TKT-001 (in_progress), TKT-002 (open)'
    expect(shown('claim', output, 80, [warning])).toMatchInlineSnapshot(`
      "✓ ben holds TKT-003, taken over from ada
        role        worker
        claimed_at  2026-03-01T12:00:00Z
      ! TKT-003 depends on tickets that are not done: TKT-001 (in_progress), TKT-002
        (open)
      "
    `)
  })

  test('is an outline, however deep', () => {
    const ticket = {
      id: 'TKT-001',
      claimed_by: null,
      acceptance_criteria: ['it works', { type: 'command', run: 'npm test', expect_exit_code: 0 }],
      result: { summary: 'Slugs work', evidence: 'npm test: 3 pass\nno warnings' },
      transition_log: [],
    }
    expect(shown('show', { ticket })).toMatchInlineSnapshot(`
      "  id  TKT-001
        acceptance_criteria
          - it works
          - type command, run npm test, expect_exit_code 0
        result
          summary  Slugs work
          evidence
            npm test: 3 pass
            no warnings
      "
    `)
  })

  test('a refusal tells why, its code, and what to do', () => {
    const error = new OperationError('CLAIM_CONFLICT', 'TKT-001 is held by ada since 2026-03-01T12:00:00Z', {
      ticket: 'TKT-001',
    })
    expect(shownRefusal(error)).toMatchInlineSnapshot(`
      "✗ TKT-001 is held by ada since 2026-03-01T12:00:00Z (CLAIM_CONFLICT, SK-TKT-006)
        → claim another ticket
      "
    `)
  })

  test('control characters of a text never reach the terminal', () => {
    const bundles = [{ id: 'B-001', status: 'open', title: 'a\u001b[2Jb\u202ec\nd\u0007' }]
    expect(shown('list', { bundles, shown: 'shown 1 of 1' })).toContain('│ ab c d ')
  })

  test.each([60, 72, 80, 100, 140])('no line is wider than a terminal of %i columns', (columns) => {
    const ticket = {
      title: '漢字 '.repeat(80),
      plain: 'x'.repeat(300),
      nested: { list: ['word '.repeat(90)] },
    }
    const lines = shown('show', { ticket }, columns).split('\n')
    expect(lines.filter((line) => stringWidth(line) > columns)).toEqual([])
  })
})
