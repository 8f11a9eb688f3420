/** The worktrees of bundles: where they are, how far from their targets, and which of them nobody needs any more. */
import { Array as ListOf, Boolean, Integer, Null, Object as Fields, Optional, String, Union } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { cut, pageOf } from '../../operation/page.ts'
import { count } from '../../operation/schema.ts'
import type { BundleContext, TicketWorktree } from '../context.ts'
import { requireBundle } from '../find.ts'
import { bundleField } from '../model/ids.ts'
import { isMerged, isOrphan, type OwnedWorktree } from '../model/worktree.ts'
import { seeWorktrees } from '../see-worktrees.ts'

const TextOrNull = () => Union([String(), Null()])
const WholeOrNull = () => Union([Integer(), Null()])

export const worktreeStatus = defineOperation({
  name: 'worktree-status',
  summary: 'Show the worktrees of bundles and tickets: clean, merged, left over or not.',
  capability: 'tkt-worktree-status',
  effects: ['fs.read', 'git.read', 'db.read'],
  input: Fields({
    bundle: Optional(bundleField('only worktrees of this bundle')),
    limit: Optional(count('at most this many worktrees', 1)),
    offset: Optional(count('leave out this many worktrees first')),
  }),
  output: Fields({
    worktrees: ListOf(
      Fields({
        bundle: TextOrNull(),
        bundle_status: TextOrNull(),
        ticket: Optional(String()),
        ticket_status: Optional(String()),
        path: String(),
        branch: TextOrNull(),
        target: TextOrNull(),
        state: String(),
        ahead: WholeOrNull(),
        behind: WholeOrNull(),
        merged: Union([Boolean(), Null()]),
        orphan: Boolean(),
        changes: Integer(),
        paths: Optional(ListOf(String())),
        problem: Optional(String()),
      }),
    ),
    shown: String(),
    next: Optional(String()),
    orphans: Integer(),
  }),
  errors: ['NOT_INITIALISED', 'BUNDLE_NOT_FOUND', 'GIT_FAILED'],
  positional: ['bundle'],
  examples: ['worktree-status', 'worktree-status --bundle B-001'],
  run: async ({ bundle, limit, offset }, context: BundleContext) => {
    context.requireStore()
    const seen = await seeWorktrees(context, { only: bundle })
    if (bundle !== undefined && seen.length === 0) requireBundle(context, bundle)
    const ofTickets = bundle === undefined ? await context.ticketWorktrees.tell() : []
    const left = ofTickets.filter(({ isLeft }) => isLeft)
    const orphans = { orphans: seen.filter(isOrphan).length + left.length }
    const all = [...seen.map(rowOf), ...ofTickets.map(ticketRowOf)]
    const { rows, ...page } = pageOf(all, { limit, offset }, orphans)
    return { worktrees: [...rows], ...page, ...orphans }
  },
})

function ticketRowOf({ ticket, ticket_status, isLeft, distance, changes, target, ...seen }: TicketWorktree) {
  const { path, branch, state } = seen
  return {
    ...{
      bundle: null,
      bundle_status: null,
      ticket,
      ticket_status,
      path,
      branch,
      target: target ?? null,
      state,
    },
    ahead: distance?.ahead ?? null,
    behind: distance?.behind ?? null,
    merged: distance === undefined ? null : distance.ahead === 0,
    orphan: isLeft,
    ...changesOf(changes),
  }
}

const changesOf = (changes: readonly string[]) => ({
  changes: changes.length,
  ...(changes.length === 0 ? {} : { paths: changes.slice(0, 3).map((path) => cut(path)) }),
})

/** `branch` is what is checked out there; `ahead` are commits that the target does not have. */
function rowOf(worktree: OwnedWorktree) {
  const { bundle, bundle_status, path, branch, target, state, distance, changes, problem } = worktree
  return {
    bundle: bundle ?? null,
    bundle_status: bundle_status ?? null,
    path,
    branch: branch ?? null,
    target: target ?? null,
    state,
    ahead: distance?.ahead ?? null,
    behind: distance?.behind ?? null,
    merged: isMerged(worktree) ?? null,
    orphan: isOrphan(worktree),
    ...changesOf(changes),
    ...(problem === undefined ? {} : { problem: cut(problem) }),
  }
}
