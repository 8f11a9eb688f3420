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
      │ open (1)         │ at work (2)      │ blocked (1)      │ done (1)         │
      ├──────────────────┼──────────────────┼──────────────────┼──────────────────┤
      │ TKT-004          │ TKT-000 @mia     │ TKT-003 @agent-… │ TKT-002 @ben     │
      │ Report the       │ Coordinate and   │ 日本語の見出しを │ Make heading     │
      │ outcome          │ integrate B-001  │ 扱う 🎉 and more │ anchors the way… │
      │ needs TKT-001    │                  │                  │                  │
      │                  │ TKT-001 @ada     │                  │                  │
      │                  │ Find the links   │                  │                  │
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
      open (1)
        TKT-004  Report the outcome       needs TKT-001
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
    expect(shown('status', { ...BOARD, tickets: TICKETS.slice(4) })).toMatchInlineSnapshot(`
      "B-001 Ship linkcheck, a command that finds broken links in Markdown
      in_progress · main agent mia · .worktrees/B-001 · 1 of 9 done
      open (1)
        TKT-004  Report the outcome
      shown 5 of 9; the rest: --offset=5
      "
    `)
  })

  test('names the tickets that cannot be read', () => {
    const unreadable = [{ id: 'TKT-007', reason: 'status is "doing", not one of open, done' }]
    expect(shown('status', { ...BOARD, tickets: [], counts: {}, unreadable })).toMatchInlineSnapshot(`
      "B-001 Ship linkcheck, a command that finds broken links in Markdown
      in_progress · main agent mia · .worktrees/B-001 · no tickets
      ✗ TKT-007 cannot be read: status is "doing", not one of open, done
      shown 5 of 9; the rest: --offset=5
      "
    `)
  })

  test.each([40, 60, 72, 80, 100, 140])('fits a terminal of %i columns', (columns) => {
    const lines = shown('status', BOARD, columns).split('\n')
    expect(lines.filter((line) => stringWidth(line) > columns)).toEqual([])
  })
})
