import stringWidth from 'string-width'
import { describe, expect, test } from 'vitest'
import { OperationError } from '../../../src/operation/errors.ts'
import { shown, shownRefusal } from './shown.ts'

const BAD =
  'a\u202eb\u2066c\u200ed\u200be\u200df\ufeffg\u00adh\u2060i\u001b[2Jj\u001b]0;k\u0007l\u009bm\u{e0041}'
const UNDRAWN =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]|\u{e0041}/u

const BAD_MAP = {
  [BAD]: BAD,
  list: [BAD, { [BAD]: BAD }],
  map: { [BAD]: { [BAD]: BAD } },
  lines: `${BAD}\n${BAD}`,
}
const BAD_PAGE = { shown: BAD, next: BAD, unreadable: [{ id: BAD, reason: BAD }] }
const BAD_TICKET = { id: BAD, title: BAD, claimed_by: BAD, depends_on: [BAD], completed_at: BAD }

/** Every view, with every text it shows a bad one. */
const VIEWS_OF_BAD: readonly (readonly [string, object])[] = [
  [
    'status',
    {
      bundle: BAD,
      title: BAD,
      status: BAD,
      main_agent: BAD,
      worktree: BAD,
      counts: { open: 2, blocked: 1 },
      tickets: [
        { ...BAD_TICKET, status: 'open' },
        { ...BAD_TICKET, status: 'blocked' },
      ],
      ...BAD_PAGE,
    },
  ],
  ['list', { bundles: [{ id: BAD, status: BAD, title: BAD }], ...BAD_PAGE }],
  ['express', { tickets: [{ ...BAD_TICKET, status: BAD }], ...BAD_PAGE }],
  ['express', { ticket_id: BAD, status: BAD, agent: BAD, bundle_id: BAD, worker_ticket: BAD }],
  ['create-bundle', { dry_run: true, goal: BAD, planned: [{ ticket: BAD, title: BAD, depends_on: [BAD] }] }],
  ['create-bundle', { bundle_id: BAD, tickets: [BAD], route: BAD }],
  [
    'history',
    { events: [{ at: BAD, event: BAD, fields: { bundle: BAD, agent: BAD, reason: BAD, [BAD]: BAD } }] },
  ],
  ['show', { ticket: BAD_MAP }],
  ['close', { bundle: BAD, review_path: BAD, memory: BAD, next_steps_hint: [BAD] }],
  [
    'close',
    {
      dry_run: true,
      bundle: BAD,
      gates: [{ gate: BAD, message: BAD, hint: BAD }],
      commands: [BAD],
      steps: [{ says: BAD }],
    },
  ],
  ...[
    'init-roadmap',
    'add',
    'claim',
    'update',
    'reopen',
    'generate-review',
    'roadmap-status',
    'roadmap-transition',
  ].map(
    (name) =>
      [
        name,
        {
          project: BAD,
          ticket_id: BAD,
          ticket: BAD,
          bundle: BAD,
          agent: BAD,
          taken_over_from: BAD,
          new_status: BAD,
          reopened: BAD,
          from: BAD,
          ...BAD_MAP,
        },
      ] as const,
  ),
]

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

  test('leaves out what has nothing in it', () => {
    const ticket = {
      id: 'TKT-001',
      result: {},
      done: { summary: null, notes: '', files: [] },
      criteria: [{ run: 'npm test', contains: null }],
    }
    expect(shown('show', { ticket })).toBe('  id  TKT-001\n  criteria\n    - run npm test\n')
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

  test.each(VIEWS_OF_BAD)('nothing undrawn reaches the terminal from %s', (name, output) => {
    expect(shown(name, output, 100, [BAD])).not.toMatch(UNDRAWN)
  })

  test('nothing undrawn reaches the terminal from a refusal', () => {
    const failures = [{ gate: BAD, message: BAD, hint: BAD, details: { output: BAD, paths: [BAD] } }]
    const plain = new OperationError('CLAIM_CONFLICT', BAD, { paths: [BAD] }, BAD)
    const gates = new OperationError('WORKTREE_DIRTY', BAD, { bundle: BAD, failures })
    for (const error of [plain, gates]) expect(shownRefusal(error)).not.toMatch(UNDRAWN)
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
