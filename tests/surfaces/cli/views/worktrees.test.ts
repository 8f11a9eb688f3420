import { expect, test } from 'vitest'
import { shown } from '../shown.ts'

const row = {
  bundle: 'B-001',
  bundle_status: 'in_progress',
  path: '.worktrees/B-001',
  state: 'dirty',
  ahead: 2,
  behind: 1,
  merged: false,
  changes: 3,
}

test('worktrees are a table: how each stands, and how many nobody needs any more', () => {
  const worktrees = [
    row,
    {
      ...row,
      bundle: 'B-002',
      bundle_status: 'closed',
      path: '.worktrees/B-002',
      state: 'clean',
      merged: true,
      changes: 0,
    },
    {
      bundle: null,
      bundle_status: null,
      path: '.worktrees/a-folder-that-is-none',
      state: 'not_a_worktree',
      ahead: null,
      merged: null,
      changes: 0,
    },
  ]
  expect(shown('worktree-status', { worktrees, orphans: 2, shown: 'shown 3 of 3' })).toMatchInlineSnapshot(`
    "┌────────┬─────────────┬────────────────┬─────────┬─────────┬──────────────────┐
    │ bundle │ is          │ worktree       │ commits │ changes │ path             │
    ├────────┼─────────────┼────────────────┼─────────┼─────────┼──────────────────┤
    │ B-001  │ in_progress │ dirty          │ +2 -1   │ 3       │ .worktrees/B-001 │
    │ B-002  │ closed      │ clean          │ merged  │         │ .worktrees/B-002 │
    │        │             │ not_a_worktree │ ?       │         │ .worktrees/a-fo… │
    └────────┴─────────────┴────────────────┴─────────┴─────────┴──────────────────┘
    → 2 of no open bundle: tkt worktree-prune --dry-run tells which can go
    shown 3 of 3
    "
  `)
  expect(shown('worktree-status', { worktrees: [], orphans: 0, shown: 'shown 0 of 0' })).toBe(
    'no worktrees\nshown 0 of 0\n',
  )
})
