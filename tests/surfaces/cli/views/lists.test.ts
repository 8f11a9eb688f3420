import { describe, expect, test } from 'vitest'
import { shown } from '../shown.ts'

describe('lists', () => {
  test('cut long titles, never borders', () => {
    const bundles = [
      { id: 'B-002', status: 'open', title: `${'漢字'.repeat(30)} 🎉` },
      { id: 'B-001', status: 'closed', title: 'Ship linkcheck' },
    ]
    expect(shown('list', { bundles, shown: 'shown 2 of 2' })).toMatchInlineSnapshot(`
      "┌───────┬────────┬─────────────────────────────────────────────────────────────┐
      │ id    │ status │ title                                                       │
      ├───────┼────────┼─────────────────────────────────────────────────────────────┤
      │ B-002 │ open   │ 漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢… │
      │ B-001 │ closed │ Ship linkcheck                                              │
      └───────┴────────┴─────────────────────────────────────────────────────────────┘
      shown 2 of 2
      "
    `)
    expect(shown('list', { bundles: [], shown: 'shown 0 of 0' })).toBe('no bundles\nshown 0 of 0\n')
  })

  test('of express tickets have a column of dates once one is done', () => {
    const open = { id: 'EXP-002', status: 'open', title: 'Fix the typo', completed_at: null }
    const done = { ...open, id: 'EXP-001', status: 'done', completed_at: '2026-03-01T12:00:00Z' }
    expect(shown('express', { tickets: [open], shown: 'shown 1 of 1' })).not.toContain('done')
    expect(shown('express', { tickets: [open, done], shown: 'shown 2 of 2' })).toContain('│ 2026-03-01 │')
  })

  test('show what a plan would become', () => {
    const planned = [
      { ticket: 'TKT-001', title: 'Find the links and headings of a Markdown text', wave: 1, criteria: 3 },
      { ticket: 'TKT-002', title: 'Check the links', wave: 2, depends_on: ['TKT-001'], criteria: 4 },
    ]
    const output = {
      dry_run: true,
      goal: 'Ship linkcheck',
      route: 'bundle',
      skipped: 1,
      ticket_count: 4,
      planned,
    }
    expect(shown('create-bundle', output)).toMatchInlineSnapshot(`
      "Ship linkcheck
      ┌─────────┬──────┬────────────────────────────────────────┬─────────┬──────────┐
      │ ticket  │ wave │ title                                  │ needs   │ criteria │
      ├─────────┼──────┼────────────────────────────────────────┼─────────┼──────────┤
      │ TKT-001 │ 1    │ Find the links and headings of a Mark… │         │ 3        │
      │ TKT-002 │ 2    │ Check the links                        │ TKT-001 │ 4        │
      └─────────┴──────┴────────────────────────────────────────┴─────────┴──────────┘
      would make 4 tickets, TKT-000 and TKT-A00 included, 1 skipped; nothing was
      created
      "
    `)
  })

  test('show the history by day', () => {
    const events = [
      {
        at: '2026-03-02T08:00:01Z',
        event: 'TICKET_REOPENED',
        fields: { bundle: 'B-001', ticket: 'TKT-A00', reason: 'ada worked on it' },
      },
      {
        at: '2026-03-01T12:00:02Z',
        event: 'TICKET_CLAIMED',
        fields: { bundle: 'B-001', ticket: 'TKT-003', agent: 'ben', role: 'worker', taken_over_from: 'ada' },
      },
      {
        at: '2026-03-01T12:00:01Z',
        event: 'TICKET_UPDATED',
        fields: { bundle: 'B-001', ticket: 'TKT-003', status: 'blocked', agent: 'ada' },
      },
      {
        at: '2026-03-01T12:00:00Z',
        event: 'BUNDLE_CREATED',
        fields: { id: 'B-001', goal: 'Ship linkcheck, a command that finds broken links' },
      },
    ]
    expect(shown('history', { events, shown: 'shown 4 of 9', next: '--offset=4' })).toMatchInlineSnapshot(`
      "2026-03-02 (UTC)
        08:00:01  TICKET_REOPENED  B-001 TKT-A00  because ada worked on it
      2026-03-01 (UTC)
        12:00:02  TICKET_CLAIMED   B-001 TKT-003  @ben as worker taken over from ada
        12:00:01  TICKET_UPDATED   B-001 TKT-003  blocked @ada
        12:00:00  BUNDLE_CREATED   B-001          Ship linkcheck, a command that find…
      shown 4 of 9; the rest: --offset=4
      "
    `)
  })

  test('verified: the counts, and each problem with its line', () => {
    const counts = { lines: 9, chained: 8, unchained: 1, joins: 1, open_ends: 1 }
    expect(shown('history', { verified: true, ...counts, problems: [], shown: 'shown 0 of 0' }))
      .toMatchInlineSnapshot(`
      "✓ the history is as it was written: 9 lines, 8 with a hash, 1 joins, 1 open ends
      "
    `)
    const problems = [
      { line: 4, kind: 'changed', says: 'was changed: it does not fit its hash' },
      { kind: 'missing', says: 'no line tells that B-001 was made' },
    ]
    expect(shown('history', { verified: false, ...counts, problems, shown: 'shown 2 of 2' }))
      .toMatchInlineSnapshot(`
      "✗ the history is not as it was written: 9 lines, 8 with a hash, 1 joins, 1 open
        ends
        changed    line 4 was changed: it does not fit its hash
        missing    no line tells that B-001 was made
      shown 2 of 2
      "
    `)
  })
})
