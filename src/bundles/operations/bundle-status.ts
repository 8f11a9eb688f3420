/** The state of one bundle and its tickets. */
import {
  Array as ListOf,
  Boolean,
  Integer,
  Object as Fields,
  Optional,
  String,
  Unknown,
  Union,
  Null,
} from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { cut, fitsPage, pageOfThings } from '../../operation/page.ts'
import { count, flag } from '../../operation/schema.ts'
import type { BundleContext } from '../context.ts'
import { findBundle, reportUnreadable, requireBundle } from '../find.ts'
import { idleOfHolder, isHolderStale } from '../lease.ts'
import type { Glance } from '../model/glance.ts'
import type { Sighted } from '../model/holding.ts'
import { bundleField, roleOf } from '../model/ids.ts'
import { deadlockWarning, readinessOf, waitedForAmong, type Readiness } from '../model/readiness.ts'
import { unknownDependencies } from '../model/ticket-graph.ts'
import { listTicketIds } from '../store/layout.ts'
import { glanceAtTickets, loadTickets, type Listing } from '../store/reading.ts'

const OrNull = () => Union([String(), Null()])

export const bundleStatus = defineOperation({
  name: 'bundle-status',
  summary: 'Show a bundle: its tickets, who holds them, what is ready and what waits for what.',
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
        ready: Optional(Boolean()),
        waiting_on: Optional(ListOf(String())),
        stale: Optional(Boolean()),
        idle_minutes: Optional(Integer()),
        transition_log: Optional(ListOf(Unknown())),
      }),
    ),
    shown: String(),
    next: Optional(String()),
    transition_logs: Optional(String()),
    counts: Unknown(),
    ready: Integer(),
    waiting: Integer(),
    stale: Integer(),
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
    const ids = listTicketIds(context, bundle)
    const load = verbose || ids.length <= MOST_LOGS ? loadTickets : glanceAtTickets
    const { things: tickets, unreadable }: Listing<Shown> = load(context, bundle, ids)
    const standing = readinessOf(tickets, (ticket) => isHolderStale(context, ticket))
    const waitedFor = waitedForAmong(tickets, MOST_WAITED_FOR)
    const plain = ({ ticket, state }: Readiness<Shown>) => ({
      ...rowOf(ticket, state),
      ...(state === 'waiting' ? { waiting_on: [...waitedFor(ticket)] } : {}),
      ...(state === 'stale'
        ? { stale: true, idle_minutes: idleOfHolder(context, ticket)?.minutes ?? 0 }
        : {}),
    })
    const withLog = (one: Readiness<Shown>) => ({
      ...plain(one),
      transition_log: [...(one.ticket.transition_log ?? [])],
    })
    const showLogs = verbose || (ids.length <= MOST_LOGS && fitsPage(standing, withLog))
    const head = {
      bundle,
      title: limit === undefined ? cut(thing.title) : thing.title,
      status: thing.status,
      main_agent: thing.main_agent ?? null,
    }
    const tail = {
      ...(showLogs ? {} : { transition_logs: 'left out to keep the answer short: --verbose shows them' }),
      counts: Object.fromEntries(countByStatus(tickets)),
      ...countByReadiness(standing),
      ...(thing.worktree_path === undefined || thing.merged_at !== undefined
        ? {}
        : { worktree: thing.worktree_path }),
      ...reportUnreadable(unreadable, verbose ? unreadable.length : limit),
    }
    const row = showLogs ? withLog : plain
    const { rows, ...page } = pageOfThings(standing, row, { limit, offset }, { head, tail })
    const unknown = unknownDependencies(tickets)
    if (unknown.length > 0)
      context.warn(`tickets depend on ids that do not exist: ${cut(unknown.join(', '))}`)
    const deadlock = deadlockWarning(tickets)
    if (deadlock !== undefined) context.warn(deadlock)
    return { ...head, tickets: [...rows], ...page, ...tail }
  },
})

/** More tickets than this have no room on a default page with their logs, however short. */
const MOST_LOGS = 16

/** So many of those that a ticket waits for say enough. */
const MOST_WAITED_FOR = 5

/** A ticket with its log, or at a glance. */
type Shown = Omit<Glance, 'workers' | 'criteria' | 'moved_at'> & Sighted

function rowOf(ticket: Shown, state: Readiness['state']) {
  const { depends_on = [] } = ticket
  return {
    id: ticket.id,
    type: ticket.type,
    status: ticket.status,
    title: ticket.title,
    claimed_by: ticket.claimed_by ?? null,
    ...(ticket.wave === undefined ? {} : { wave: ticket.wave }),
    ...(depends_on.length === 0 ? {} : { depends_on: [...depends_on] }),
    ...(state === 'ready' && roleOf(ticket.id) !== 'main' ? { ready: true } : {}),
    ...(ticket.published === undefined ? {} : { published: ticket.published }),
  }
}

/** TKT-000 is its coordinator's alone, and so not among what agents can take. */
function countByReadiness(standing: readonly Readiness<Shown>[]) {
  const counts = { ready: 0, waiting: 0, stale: 0, held: 0, over: 0, published: 0 }
  for (const { ticket, state } of standing) if (roleOf(ticket.id) !== 'main') counts[state] += 1
  const { ready, waiting, stale } = counts
  return { ready, waiting, stale }
}

function countByStatus(tickets: readonly Shown[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { status } of tickets) counts.set(status, (counts.get(status) ?? 0) + 1)
  return counts
}
