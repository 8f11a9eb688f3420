/** Leases of claims: any command that names its agent is a sign of life, and too long without one makes a claim stale. */
import { timestamp } from '../system/clock.ts'
import type { BundleContext } from './context.ts'
import { idleOf, isHeld, isStale, type Actor, type Idle, type Sighted } from './model/holding.ts'
import { heardOf, noteLife } from './store/leases.ts'

/** Who acts: as they say, with the session that their surroundings name. What they hold is theirs for another while. */
export function actorOf<Said extends Actor>(
  context: BundleContext,
  said: Said,
): Said & { readonly session_id: string | undefined } {
  const session_id = said.session_id ?? context.session_id
  const { agent } = said
  if (agent !== undefined) noteLife(context, { agent, session_id }, Date.parse(context.now()))
  return { ...said, session_id }
}

/** How long nothing was heard of the holder; undefined for what nobody is at work on. */
export function idleOfHolder(context: BundleContext, sighted: Sighted): Idle | undefined {
  return isHeld(sighted) ? idleOf(sighted, holderHeard_ms(context, sighted), timesOf(context)) : undefined
}

/** Whether it says so of its holder. */
export const isHolderStale = (context: BundleContext, sighted: Sighted): boolean =>
  isStale(sighted, () => holderHeard_ms(context, sighted), timesOf(context))

const holderHeard_ms = (context: BundleContext, { claimed_by, claimed_session }: Sighted) =>
  claimed_by === undefined ? undefined : heardOf(context, { agent: claimed_by, session_id: claimed_session })

const timesOf = (context: BundleContext) => ({
  now: context.now(),
  timeout_ms: context.configToLook().stale.timeout_ms,
})

/** Until when a claim that was made or renewed now holds without another sign of life; undefined for ever. */
export function leaseUntil(context: BundleContext, now: string): string | undefined {
  const { timeout_ms } = context.config().stale
  return timeout_ms === 0 ? undefined : timestamp(new Date(Date.parse(now) + timeout_ms))
}
