/** What an agent can work on now, and with --claim takes it in the same call. */
import { Array as ListOf, Boolean, Integer, Object as Fields, Optional, String, Unknown } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { OperationError } from '../../operation/errors.ts'
import { cut } from '../../operation/page.ts'
import { flag, word } from '../../operation/schema.ts'
import type { BundleContext } from '../context.ts'
import { findBundle, requireBundle } from '../find.ts'
import { isFinished, type Bundle } from '../model/bundle.ts'
import { bundleField, isBundleId, roleOf, type BundleId } from '../model/ids.ts'
import { readinessOf, workFor, type Readiness } from '../model/readiness.ts'
import type { Ticket } from '../model/ticket.ts'
import { loadBundle, loadBundles, loadTickets } from '../store/reading.ts'
import { takeTicket } from '../take-ticket.ts'

export const next = defineOperation({
  name: 'next',
  summary: 'Show the best ticket that an agent can work on now; with --claim take it in the same call.',
  capability: 'tkt-next',
  effects: ['fs.read', 'fs.write'],
  input: Fields({
    bundle: Optional(bundleField('only work of this bundle; else of all open ones, the most urgent first')),
    agent: word('who asks'),
    claim: Optional(flag('claim it; when somebody else was faster, the next best one')),
  }),
  output: Fields({
    ticket: Unknown(),
    bundle: Unknown(),
    claimed: Boolean(),
    title: Optional(String()),
    role: Optional(String()),
    wave: Optional(Integer()),
    criteria: Optional(Integer()),
    ready: Integer(),
    waiting: Integer(),
    held: Integer(),
    waiting_on: Optional(ListOf(String())),
    yours: Optional(ListOf(String())),
    reason: Optional(String()),
  }),
  errors: ['NOT_INITIALISED', 'BUNDLE_NOT_FOUND', 'LOCK_TIMEOUT'],
  positional: ['bundle', 'agent'],
  examples: ['next --agent alice', 'next --bundle B-001 --agent alice --claim'],
  run: async ({ bundle, agent, claim = false }, context: BundleContext) => {
    context.requireStore()
    if (bundle !== undefined) requireBundle(context, bundle)
    const seen: Seen[] = []
    for (const one of bundlesFor(context, bundle)) {
      const standing = readinessOf(loadTickets(context, one.id).things)
      seen.push({ bundle: one.id, standing })
      for (const ticket of workFor(agent, standing)) {
        const isTaken =
          claim && (await takeIfFree(context, { bundle: one.id, ticket: ticket.id, agent, from: 'open' }))
        if (!claim || isTaken) return { ...found(one.id, ticket, isTaken), ...countsOf(seen, agent, isTaken) }
      }
    }
    return {
      ticket: null,
      bundle: null,
      claimed: false,
      ...countsOf(seen, agent, false),
      ...whyNothing(seen),
    }
  },
})

interface Seen {
  readonly bundle: BundleId
  readonly standing: readonly Readiness[]
}

/** The bundles to look into: none that is finished or waits for another; the most urgent first, then the oldest. */
function bundlesFor(context: BundleContext, only: BundleId | undefined): readonly Bundle[] {
  const all = only === undefined ? loadBundles(context).things : [findBundle(context, only).thing]
  const known = new Map<string, Bundle>(all.map((bundle) => [bundle.id, bundle]))
  const isFree = ({ depends_on }: Bundle): boolean =>
    depends_on.filter(isBundleId).every((id) => isOver(context, id, known.get(id)))
  const open = all.filter((bundle) => !isFinished(bundle) && isFree(bundle))
  return open.toSorted((one, other) => rankOf(one) - rankOf(other))
}

const PRIORITIES = ['critical', 'high', 'normal', 'low']
const rankOf = ({ priority }: Bundle): number => {
  const rank = PRIORITIES.indexOf(priority)
  return rank === -1 ? PRIORITIES.indexOf('normal') : rank
}

/** A bundle that is not there is no reason to wait; one that cannot be read is. */
function isOver(context: BundleContext, id: BundleId, known: Bundle | undefined): boolean {
  if (known !== undefined) return isFinished(known)
  const other = loadBundle(context, id)
  return other.state === 'absent' || (other.state === 'found' && isFinished(other.thing))
}

/** False when somebody was faster: then the next best is tried. */
async function takeIfFree(
  context: BundleContext,
  wanted: Parameters<typeof takeTicket>[1],
): Promise<boolean> {
  try {
    await takeTicket(context, wanted)
    return true
  } catch (error) {
    if (error instanceof OperationError && LOST.includes(error.code)) return false // survived: there is other work
    throw error
  }
}

const LOST: readonly string[] = ['CLAIM_CONFLICT', 'TRANSITION_REFUSED', 'TICKET_NOT_FOUND', 'BUNDLE_CLOSED']

const found = (bundle: BundleId, ticket: Ticket, claimed: boolean) => ({
  ticket: ticket.id,
  bundle,
  claimed,
  title: cut(ticket.title),
  role: roleOf(ticket.id),
  ...(ticket.wave === undefined ? {} : { wave: ticket.wave }),
  criteria: ticket.acceptance_criteria.length,
})

/** Of the bundles that were looked into, as they stood before a claim; `yours` is what the agent holds there. */
function countsOf(seen: readonly Seen[], agent: string, claimed: boolean) {
  const count = (state: Readiness['state']): number =>
    seen
      .flatMap(({ standing }) => standing)
      .filter((one) => one.state === state && roleOf(one.ticket.id) !== 'main').length
  const yours = seen.flatMap(({ bundle, standing }) =>
    standing
      .filter(({ state, ticket }) => state === 'held' && ticket.claimed_by === agent)
      .map(({ ticket }) => `${bundle}/${ticket.id}`),
  )
  return {
    ready: count('ready') - (claimed ? 1 : 0),
    waiting: count('waiting'),
    held: count('held') + (claimed ? 1 : 0),
    ...(yours.length === 0 ? {} : { yours: yours.slice(0, 5) }),
  }
}

function whyNothing(seen: readonly Seen[]) {
  const waiting_on = seen.flatMap(({ bundle, standing }) =>
    standing.flatMap((one) => one.waiting_on.map((id) => `${bundle}/${id}`)),
  )
  if (seen.length === 0) return { reason: 'no bundle is open, or all of them wait for other bundles' }
  return waiting_on.length === 0
    ? { reason: "everything is over, or in somebody's hands" }
    : { reason: 'what is open waits for other tickets', waiting_on: [...new Set(waiting_on)].slice(0, 10) }
}
