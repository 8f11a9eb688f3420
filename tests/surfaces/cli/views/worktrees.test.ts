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
    "┌───────┬─────────────┬────────────────┬─────────┬─────────┬───────────────────┐
    │ of    │ is          │ worktree       │ commits │ changes │ path              │
    ├───────┼─────────────┼────────────────┼─────────┼─────────┼───────────────────┤
    │ B-001 │ in_progress │ dirty          │ +2 -1   │ 3       │ .worktrees/B-001  │
    │ B-002 │ closed      │ clean          │ merged  │         │ .worktrees/B-002  │
    │       │             │ not_a_worktree │ ?       │         │ .worktrees/a-fol… │
    └───────┴─────────────┴────────────────┴─────────┴─────────┴───────────────────┘
    → 2 of nothing that is open: tkt worktree-prune --dry-run tells which can go
    shown 3 of 3
    "
  `)
  expect(shown('worktree-status', { worktrees: [], orphans: 0, shown: 'shown 0 of 0' })).toBe(
    'no worktrees\nshown 0 of 0\n',
  )
})

test('pruned worktrees are lines: what went, and what stays, with why and what helps', () => {
  const pruned = [
    { bundle: 'B-001', path: '.worktrees/B-001', branch: 'bundle/B-001', branch_deleted: true },
    { bundle: 'B-002', path: '.worktrees/.removed-B-002' },
  ]
  const kept = [
    {
      bundle: 'B-003',
      path: '.worktrees/B-003',
      reason: 'it is locked',
      next_step: '`git worktree unlock …`',
    },
  ]
  const fields = { pruned, pruned_count: 3, kept, shown: 'shown 1 of 1' }
  expect(shown('worktree-prune', fields)).toMatchInlineSnapshot(`
    "✓ removed .worktrees/B-001 and its branch bundle/B-001
    ✓ removed .worktrees/.removed-B-002
    and 1 more
    ! .worktrees/B-003 stays: it is locked
      → \`git worktree unlock …\`
    shown 1 of 1
    "
  `)
  expect(shown('worktree-prune', { ...fields, kept: [], dry_run: true })).toMatchInlineSnapshot(`
    "would remove .worktrees/B-001 and its branch bundle/B-001
    would remove .worktrees/.removed-B-002
    and 1 more
    "
  `)
  expect(shown('worktree-prune', { pruned: [], pruned_count: 0, kept: [], shown: 'shown 0 of 0' })).toBe(
    'nothing to remove\n',
  )
})
