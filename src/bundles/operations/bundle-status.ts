/** The state of one bundle and its tickets. */
import { Array as ListOf, Integer, Object as Fields, Optional, String, Unknown, Union, Null } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { cut, PAGE_BYTES, pageOf } from '../../operation/page.ts'
import { count, flag } from '../../operation/schema.ts'
import type { BundleContext } from '../context.ts'
import { findBundle, reportUnreadable, requireBundle } from '../find.ts'
import { bundleField } from '../model/ids.ts'
import type { Ticket } from '../model/ticket.ts'
import { loadTickets } from '../store/reading.ts'

const OrNull = () => Union([String(), Null()])

export const bundleStatus = defineOperation({
  name: 'bundle-status',
  summary: 'Show a bundle: its state, its tickets and who holds them.',
  capability: 'tkt-status',
  effects: ['fs.read'],
  input: Fields({
    bundle: bundleField('the bundle'),
    verbose: Optional(flag('show the transition log of every ticket, and every file that cannot be read')),
    limit: Optional(count('at most this many tickets', 1)),
    offset: Optional(count('leave out this many tickets first')),
  }),
  output: Fields({
    bundle: String(),
    title: String(),
    status: String(),
    main_agent: OrNull(),
    tickets: ListOf(
      Fields({
        id: String(),
        type: String(),
        status: String(),
        title: String(),
        claimed_by: OrNull(),
        wave: Optional(Integer()),
        depends_on: Optional(ListOf(String())),
        transition_log: Optional(ListOf(Unknown())),
      }),
    ),
    shown: String(),
    next: Optional(String()),
    transition_logs: Optional(String()),
    counts: Unknown(),
    worktree: Optional(String()),
    unreadable: Optional(ListOf(Fields({ id: String(), reason: String() }))),
    unreadable_count: Optional(Integer()),
  }),
  errors: ['NOT_INITIALISED', 'BUNDLE_NOT_FOUND'],
  positional: ['bundle'],
  examples: ['status --bundle B-001', 'status B-001 --verbose'],
  run: async ({ bundle, verbose = false, limit, offset }, context: BundleContext) => {
    requireBundle(context, bundle)
    const { thing } = findBundle(context, bundle)
    const { things: tickets, unreadable } = loadTickets(context, bundle)
    const withLogs = tickets.map((ticket) => ({ ...rowOf(ticket), transition_log: ticket.transition_log }))
    const showLogs = verbose || JSON.stringify(withLogs).length <= PAGE_BYTES
    const head = {
      bundle,
      title: limit === undefined ? cut(thing.title) : thing.title,
      status: thing.status,
      main_agent: thing.main_agent ?? null,
    }
    const tail = {
      ...(showLogs ? {} : { transition_logs: 'left out to keep the answer short: --verbose shows them' }),
      counts: Object.fromEntries(countByStatus(tickets)),
      ...(thing.worktree_path === undefined || thing.merged_at !== undefined
        ? {}
        : { worktree: thing.worktree_path }),
      ...reportUnreadable(unreadable, verbose ? unreadable.length : limit),
    }
    const { rows, ...page } = pageOf(
      showLogs ? withLogs : tickets.map(rowOf),
      { limit, offset },
      { head, tail },
    )
    return { ...head, tickets: [...rows], ...page, ...tail }
  },
})

function rowOf(ticket: Ticket) {
  return {
    id: ticket.id,
    type: ticket.type,
    status: ticket.status,
    title: ticket.title,
    claimed_by: ticket.claimed_by ?? null,
    ...(ticket.wave === undefined ? {} : { wave: ticket.wave }),
    ...(ticket.depends_on.length === 0 ? {} : { depends_on: [...ticket.depends_on] }),
  }
}

function countByStatus(tickets: readonly Ticket[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { status } of tickets) counts.set(status, (counts.get(status) ?? 0) + 1)
  return counts
}
