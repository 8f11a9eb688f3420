/** The claim itself, under the lock of its bundle: also what `next --claim` does. */
import { OperationError } from '../operation/errors.ts'
import { accept } from '../operation/accept.ts'
import type { BundleContext } from './context.ts'
import { findOpenBundle, findTicket, requireTicket } from './find.ts'
import { idleOfHolder, leaseUntil } from './lease.ts'
import { INTEGRATE, isTicketId, roleOf, type BundleId, type TicketId } from './model/ids.ts'
import type { Ticket } from './model/ticket.ts'
import { judgeClaim } from './model/ticket-moves.ts'
import { onlyOneAtATime } from './one-at-a-time.ts'
import { glanceAtTickets, loadTicket } from './store/reading.ts'
import { editYaml } from './store/yaml-file.ts'

/** What a claim is answered with. */
export interface Claim {
  readonly claimed: true
  readonly ticket: TicketId
  readonly role: ReturnType<typeof roleOf>
  readonly agent: string
  readonly claimed_at: string
  readonly claim_no: number
  readonly lease_until?: string
  readonly taken_over_from?: string
}

export interface Wanted {
  readonly bundle: BundleId
  readonly ticket: TicketId
  readonly agent: string
  readonly session_id?: string | undefined
  /** Whether a stale claim may be taken from its holder; so may it always under `stale.auto_revert`. */
  readonly take_over?: boolean
  /** Only a ticket that is open still, or stale: a blocked one is taken by those who name it. */
  readonly isOffered?: true
  /** What the command makes of the answer. */
  readonly tell?: (claim: Claim) => object
}

/** Throws CLAIM_CONFLICT, TRANSITION_REFUSED, ALREADY_HOLDS, or what findTicket and findOpenBundle throw. */
export async function takeTicket(context: BundleContext, wanted: Wanted): Promise<Claim> {
  const { bundle, ticket, agent } = wanted
  requireTicket(context, bundle, ticket)
  const claim = () => context.locked(bundle, () => claimTicket(context, wanted))
  return ticket === INTEGRATE ? claim() : onlyOneAtATime(context, { agent, id: `${bundle}/${ticket}` }, claim)
}

async function claimTicket(context: BundleContext, wanted: Wanted): Promise<Claim> {
  const { bundle, ticket, agent, tell } = wanted
  const now = context.now()
  const parent = findOpenBundle(context, bundle)
  const { thing, file } = findTicket(context, bundle, ticket)
  const idle = idleOfHolder(context, thing)
  const takeOver = wanted.take_over === true || context.config().stale.auto_revert
  if (wanted.isOffered && thing.status === 'blocked')
    throw new OperationError('CLAIM_CONFLICT', `${ticket} is blocked by now`, { ticket })
  const verdict = accept(judgeClaim(thing, { ...wanted, takeOver, idle }, now))
  const { role, claim_no, taken_over_from, transition } = verdict
  // A name beside an open TKT-000 is of somebody who gave it back, or whose claim was cut by a crash.
  const hasMain = parent.thing.main_agent !== undefined && thing.status !== 'open'
  const becomesMain = role === 'main' && !hasMain
  const { from, to, reason } = transition
  const lease_until = leaseUntil(context, now)
  const claim: Claim = {
    claimed: true,
    ticket,
    role,
    agent,
    claimed_at: now,
    claim_no,
    ...(lease_until === undefined ? {} : { lease_until }),
    ...(taken_over_from === undefined ? {} : { taken_over_from }),
  }
  await context.commit(
    {
      files: {
        ...(becomesMain ? { [parent.file.path]: editYaml(parent.file, { main_agent: agent }) } : {}),
        [file.path]: editYaml(file, verdict.changes, { transition_log: { ...transition, ...context.mark } }),
      },
      events: [
        {
          event: 'TICKET_CLAIMED',
          fields: { bundle, ticket, agent, role, claim_no, taken_over_from, reason, from, to },
        },
      ],
      told: tell?.(claim) ?? claim,
    },
    now,
  )
  warnOfDependencies(context, bundle, thing)
  if (role === 'audit') warnOfOwnWork(context, bundle, agent)
  return claim
}

/** The published rule lets everybody claim the audit, and refuses at close: by then the auditing was in vain. */
function warnOfOwnWork(context: BundleContext, bundle: BundleId, agent: string): void {
  const own = glanceAtTickets(context, bundle).things.filter(
    ({ id, workers }) => roleOf(id) === 'worker' && workers?.includes(agent),
  )
  if (own.length === 0) return
  const ids = own.slice(0, 10).map(({ id }) => id)
  context.warn(
    `${agent} worked on ${ids.join(', ')}, so close will refuse this audit: let another agent do it`,
  )
}

/** The published rule lets a ticket be claimed before what it depends on is done; the agent should know, though. */
function warnOfDependencies(context: BundleContext, bundle: BundleId, ticket: Ticket): void {
  const waiting = ticket.depends_on.filter(isTicketId).flatMap((id) => {
    const other = loadTicket(context, bundle, id)
    return other.state === 'found' && other.thing.status !== 'done' ? [`${id} (${other.thing.status})`] : []
  })
  if (waiting.length > 0)
    context.warn(`${ticket.id} depends on tickets that are not done: ${waiting.slice(0, 10).join(', ')}`)
}
