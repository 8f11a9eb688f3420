/** What an agent can work on now, and with --claim takes it in the same call. */
import { Array as ListOf, Boolean, Integer, Object as Fields, Optional, String, Unknown } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { OperationError } from '../../operation/errors.ts'
import { cut } from '../../operation/page.ts'
import { idempotencyField } from '../../operation/request-door.ts'
import { flag, word } from '../../operation/schema.ts'
import type { BundleContext } from '../context.ts'
import { findBundle, requireBundle } from '../find.ts'
import { actorOf, isHolderStale } from '../lease.ts'
import { isFinished } from '../model/bundle.ts'
import { AUDIT, bundleField, isBundleId, roleOf, type BundleId } from '../model/ids.ts'
import type { BundleGlance, Glance } from '../model/glance.ts'
import { deadlockWarning, readinessOf, waitedForAmong, workFor, type Readiness } from '../model/readiness.ts'
import { once } from '../once.ts'
import { glanceAtBundles, glanceAtTickets, loadBundle } from '../store/reading.ts'
import { takeTicket, type Claim, type Wanted } from '../take-ticket.ts'

export const next = defineOperation({
  name: 'next',
  summary: 'Show the best ticket that an agent can work on now; with --claim take it in the same call.',
  capability: 'tkt-next',
  effects: ['fs.read', 'fs.write'],
  input: Fields({
    bundle: Optional(bundleField('only work of this bundle; else of all open ones, the most urgent first')),
    agent: word('who asks'),
    session_id: Optional(word('tells two agents of one name apart')),
    claim: Optional(flag('claim it; when somebody else was faster, the next best one')),
    take_over: Optional(flag('offer tickets whose claim is stale as well')),
    idempotency_key: Optional(idempotencyField()),
  }),
  output: Fields({
    ticket: Unknown(),
    bundle: Unknown(),
    claimed: Boolean(),
    claim_no: Optional(Integer()),
    lease_until: Optional(String()),
    taken_over_from: Optional(String()),
    replayed: Optional(Boolean()),
    title: Optional(String()),
    role: Optional(String()),
    wave: Optional(Integer()),
    criteria: Optional(Integer()),
    ready: Integer(),
    waiting: Integer(),
    held: Integer(),
    published: Optional(Integer()),
    stale: Optional(ListOf(String())),
    waiting_on: Optional(ListOf(String())),
    yours: Optional(ListOf(String())),
    reason: Optional(String()),
  }),
  errors: ['NOT_INITIALISED', 'BUNDLE_NOT_FOUND', 'ALREADY_HOLDS', 'IDEMPOTENCY_KEY_REUSED', 'LOCK_TIMEOUT'],
  positional: ['bundle', 'agent'],
  examples: ['next --agent alice', 'next --bundle B-001 --agent alice --claim'],
  run: async (request, context: BundleContext) => {
    const { bundle, agent, claim = false } = request
    context.requireStore()
    if (bundle !== undefined) requireBundle(context, bundle)
    const { session_id } = actorOf(context, request)
    const take_over = request.take_over === true || context.configToLook().stale.auto_revert
    const asked = { bundle, claim, take_over, who: { agent, session_id } }
    return claim ? once(context, 'next', request, (keyed) => choose(keyed, asked)) : choose(context, asked)
  },
})

interface Asked {
  readonly bundle: BundleId | undefined
  readonly claim: boolean
  readonly take_over: boolean
  readonly who: Who
}

async function choose(context: BundleContext, { bundle, claim, take_over, who }: Asked) {
  const seen: Seen[] = []
  for (const { id } of bundlesFor(context, bundle)) {
    const isStale = (ticket: Glance): boolean => isHolderStale(context, ticket)
    const tickets = glanceAtTickets(context, id).things
    const deadlock = deadlockWarning(tickets)
    if (deadlock !== undefined) context.warn(`${id}: ${deadlock}`)
    const standing = readinessOf(tickets, isStale)
    seen.push({ bundle: id, standing })
    for (const ticket of workFor(who.agent, standing, take_over)) {
      if (!claim) return { ...found(id, ticket), claimed: false, ...countsOf(seen, who) }
      const tell = ({ agent: _, claimed_at: __, ...taken }: Claim) => ({
        ...found(id, ticket),
        ...taken,
        ...countsOf(seen, who, ticket),
      })
      const taken = await takeIfFree(context, {
        ...{ bundle: id, ticket: ticket.id, ...who, take_over },
        ...{ isOffered: true, tell },
      })
      if (taken !== undefined) return tell(taken)
    }
  }
  return { ticket: null, bundle: null, claimed: false, ...countsOf(seen, who), ...whyNothing(seen) }
}

interface Who {
  readonly agent: string
  readonly session_id: string | undefined
}

interface Seen {
  readonly bundle: BundleId
  readonly standing: readonly Readiness<Glance>[]
}

/** The bundles to look into: none that is finished or waits for another; the most urgent first, then the oldest. */
function bundlesFor(context: BundleContext, only: BundleId | undefined): readonly BundleGlance[] {
  const all: readonly BundleGlance[] =
    only === undefined ? glanceAtBundles(context).things : [findBundle(context, only).thing]
  let known: ReadonlyMap<string, BundleGlance> | undefined
  const isFree = ({ depends_on = [] }: BundleGlance): boolean =>
    depends_on.filter(isBundleId).every((id) => {
      known ??= new Map(all.map((bundle) => [bundle.id, bundle]))
      return isOver(context, id, known.get(id))
    })
  const open = all.filter((bundle) => !isFinished(bundle) && isFree(bundle))
  return open.toSorted((one, other) => rankOf(one) - rankOf(other))
}

const PRIORITIES = ['critical', 'high', 'normal', 'low']
const rankOf = ({ priority }: BundleGlance): number => {
  const rank = PRIORITIES.indexOf(priority)
  return rank === -1 ? PRIORITIES.indexOf('normal') : rank
}

/** A bundle that is not there is no reason to wait; one that cannot be read is. */
function isOver(context: BundleContext, id: BundleId, known: BundleGlance | undefined): boolean {
  if (known !== undefined) return isFinished(known)
  const other = loadBundle(context, id)
  return other.state === 'absent' || (other.state === 'found' && isFinished(other.thing))
}

/** What the claim answers; undefined when somebody was faster: then the next best is tried. */
async function takeIfFree(context: BundleContext, wanted: Wanted): Promise<Claim | undefined> {
  try {
    return await takeTicket(context, wanted)
  } catch (error) {
    if (error instanceof OperationError && LOST.includes(error.code)) return undefined // survived: there is other work
    throw error
  }
}

const LOST: readonly string[] = [
  'CLAIM_CONFLICT',
  'TRANSITION_REFUSED',
  'TICKET_PUBLISHED',
  'TICKET_NOT_FOUND',
  'BUNDLE_CLOSED',
]

const found = (bundle: BundleId, ticket: Glance) => ({
  ticket: ticket.id,
  bundle,
  title: cut(ticket.title),
  role: roleOf(ticket.id),
  ...(ticket.wave === undefined ? {} : { wave: ticket.wave }),
  criteria: ticket.criteria,
})

/** Of the bundles that were looked into; `taken` is what the agent has just claimed, `yours` what it held before. */
function countsOf(seen: readonly Seen[], { agent, session_id }: Who, taken?: Glance) {
  const count = { ready: 0, waiting: 0, held: taken === undefined ? 0 : 1, stale: 0, over: 0, published: 0 }
  const [stale, yours]: [string[], string[]] = [[], []]
  for (const { bundle, standing } of seen)
    for (const { ticket, state } of standing) {
      if (ticket === taken || roleOf(ticket.id) === 'main') continue
      count[state] += 1
      if (state === 'stale') stale.push(`${bundle}/${ticket.id}`)
      if (state !== 'held') continue
      const { claimed_by, claimed_session } = ticket
      const isYours =
        claimed_by === agent && (claimed_session === undefined || claimed_session === session_id)
      if (isYours) yours.push(`${bundle}/${ticket.id}`)
    }
  return {
    ready: count.ready,
    waiting: count.waiting,
    held: count.held,
    ...(count.published === 0 ? {} : { published: count.published }),
    ...(stale.length === 0 ? {} : { stale: stale.slice(0, 5) }),
    ...(yours.length === 0 ? {} : { yours: yours.slice(0, 5) }),
  }
}

function whyNothing(seen: readonly Seen[]) {
  const some = (is: (one: Readiness<Glance>) => boolean): boolean =>
    seen.some(({ standing }) => standing.some(is))
  if (some(({ state }) => state === 'stale'))
    return { reason: 'nothing is free, but claims are stale: --take-over offers them' }
  if (some(({ state }) => state === 'published'))
    return { reason: 'what is left is worked on in the database: `tkt next-ticket`' }
  if (some(({ ticket, state }) => ticket.id === AUDIT && state === 'ready'))
    return { reason: 'what is free is an audit, for somebody who did none of the work' }
  if (seen.length === 0) return { reason: 'no bundle is open, or all of them wait for other bundles' }
  const waiting_on = waitedForIn(seen)
  return waiting_on.length === 0
    ? { reason: "everything is over, or in somebody's hands" }
    : { reason: 'what is open waits for other tickets', waiting_on }
}

/** What is waited for in those bundles, as much of it as says enough. */
function waitedForIn(seen: readonly Seen[]): string[] {
  const found = new Set<string>()
  for (const { bundle, standing } of seen) {
    const waitedFor = waitedForAmong(
      standing.map(({ ticket }) => ticket),
      MOST_WAITED_FOR,
    )
    for (const { ticket, state } of standing) {
      if (found.size >= MOST_WAITED_FOR) return [...found].slice(0, MOST_WAITED_FOR)
      if (state === 'waiting') for (const id of waitedFor(ticket)) found.add(`${bundle}/${id}`)
    }
  }
  return [...found].slice(0, MOST_WAITED_FOR)
}

const MOST_WAITED_FOR = 10
