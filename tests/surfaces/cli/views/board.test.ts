import stringWidth from 'string-width'
import { describe, expect, test } from 'vitest'
import { shown } from '../shown.ts'

const TICKETS = [
  { id: 'TKT-000', status: 'claimed', title: 'Coordinate and integrate B-001', claimed_by: 'mia' },
  { id: 'TKT-001', status: 'in_progress', title: 'Find the links and headings', claimed_by: 'ada', wave: 1 },
  {
    id: 'TKT-002',
    status: 'done',
    title: 'Make heading anchors the way GitHub makes them',
    claimed_by: 'ben',
  },
  {
    id: 'TKT-003',
    status: 'blocked',
    title: '日本語の見出しを扱う 🎉 and more',
    claimed_by: 'agent-of-session-8f2a61',
  },
  {
    id: 'TKT-004',
    status: 'open',
    title: 'Report the outcome',
    claimed_by: null,
    depends_on: ['TKT-001', 'TKT-002'],
  },
]

const BOARD = {
  bundle: 'B-001',
  title: 'Ship linkcheck, a command that finds broken links in Markdown',
  status: 'in_progress',
  main_agent: 'mia',
  tickets: TICKETS,
  shown: 'shown 5 of 9',
  next: '--offset=5',
  counts: { open: 5, claimed: 1, in_progress: 1, done: 1, blocked: 1 },
  worktree: '.worktrees/B-001',
}

describe('the board of a bundle', () => {
  test('has a lane for each state there is', () => {
    expect(shown('status', BOARD)).toMatchInlineSnapshot(`
      "B-001 Ship linkcheck, a command that finds broken links in Markdown
      in_progress · main agent mia · .worktrees/B-001 · 1 of 9 done
      ┌──────────────────┬──────────────────┬──────────────────┬──────────────────┐
      │ open (5)         │ at work (2)      │ blocked (1)      │ done (1)         │
      ├──────────────────┼──────────────────┼──────────────────┼──────────────────┤
      │ TKT-004          │ TKT-000 @mia     │ TKT-003 @agent-… │ TKT-002 @ben     │
      │ Report the       │ Coordinate and   │ 日本語の見出しを │ Make heading     │
      │ outcome          │ integrate B-001  │ 扱う 🎉 and more │ anchors the way… │
      │ needs TKT-001    │                  │                  │                  │
      │                  │ TKT-001 @ada     │                  │                  │
      │ 4 not shown      │ Find the links   │                  │                  │
      │                  │ and headings     │                  │                  │
      └──────────────────┴──────────────────┴──────────────────┴──────────────────┘
      shown 5 of 9; the rest: --offset=5
      "
    `)
  })

  test('becomes a list where lanes would be too narrow, and where there is one lane only', () => {
    expect(shown('status', BOARD, 60)).toMatchInlineSnapshot(`
      "B-001 Ship linkcheck, a command that finds broken links in…
      in_progress · main agent mia · .worktrees/B-001 · 1 of 9 do…
      open (5)
        TKT-004  Report the outcome       needs TKT-001
        4 not shown
      at work (2)
        TKT-000  Coordinate and integra…  @mia
        TKT-001  Find the links and hea…  @ada
      blocked (1)
        TKT-003  日本語の見出しを扱う…    @agent-of-session-8f2a61
      done (1)
        TKT-002  Make heading anchors t…  @ben
      shown 5 of 9; the rest: --offset=5
      "
    `)
    expect(shown('status', { ...BOARD, tickets: TICKETS.slice(4), counts: { open: 1 } }))
      .toMatchInlineSnapshot(`
      "B-001 Ship linkcheck, a command that finds broken links in Markdown
      in_progress · main agent mia · .worktrees/B-001 · 0 of 1 done
      open (1)
        TKT-004  Report the outcome
      shown 5 of 9; the rest: --offset=5
      "
    `)
  })

  test('counts the tickets of the whole bundle, and tells how many a page leaves out', () => {
    const tickets = [{ id: 'TKT-001', status: 'done', title: 'One' }]
    const output = { ...BOARD, tickets, counts: { done: 12, blocked: 1 }, shown: 'shown 1 of 13' }
    expect(shown('status', output)).toMatchInlineSnapshot(`
      "B-001 Ship linkcheck, a command that finds broken links in Markdown
      in_progress · main agent mia · .worktrees/B-001 · 12 of 13 done
      ┌──────────────────────────────────────┬──────────────────────────────────────┐
      │ blocked (1)                          │ done (12)                            │
      ├──────────────────────────────────────┼──────────────────────────────────────┤
      │ 1 not shown                          │ TKT-001                              │
      │                                      │ One                                  │
      │                                      │                                      │
      │                                      │ 11 not shown                         │
      └──────────────────────────────────────┴──────────────────────────────────────┘
      shown 1 of 13; the rest: --offset=5
      "
    `)
    expect(shown('status', { ...output, counts: { done: 12 } })).toMatchInlineSnapshot(`
      "B-001 Ship linkcheck, a command that finds broken links in Markdown
      in_progress · main agent mia · .worktrees/B-001 · 12 of 12 done
      done (12)
        TKT-001  One
        11 not shown
      shown 1 of 13; the rest: --offset=5
      "
    `)
  })

  test('becomes a list when a lane would be many screens high', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ id: `TKT-${index}`, status: 'open', title: 'One' }))
    const blocked = { id: 'TKT-099', status: 'blocked', title: 'Other' }
    const boardOf = (count: number) =>
      shown('status', { ...BOARD, tickets: [...many(count), blocked], counts: { open: count, blocked: 1 } })
    expect(boardOf(12)).toContain('│ open (12)')
    expect(boardOf(13)).toContain('\nopen (13)\n  TKT-0    One\n  TKT-1    One\n')
  })

  test('names the tickets that cannot be read', () => {
    const unreadable = [{ id: 'TKT-007', reason: 'status is "doing", not one of open, done' }]
    const output = { ...BOARD, tickets: [], counts: {}, unreadable, unreadable_count: 3 }
    expect(shown('status', output)).toMatchInlineSnapshot(`
      "B-001 Ship linkcheck, a command that finds broken links in Markdown
      in_progress · main agent mia · .worktrees/B-001 · no tickets
      ✗ TKT-007 cannot be read: status is "doing", not one of open, done
      ✗ 2 more cannot be read
      shown 5 of 9; the rest: --offset=5
      "
    `)
  })

  test.each([40, 60, 72, 80, 100, 140])('fits a terminal of %i columns', (columns) => {
    const lines = shown('status', BOARD, columns).split('\n')
    expect(lines.filter((line) => stringWidth(line) > columns)).toEqual([])
  })
})
