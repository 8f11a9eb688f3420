/** Who is at work: the sessions that were heard of, and what they hold. */
import { Array as ListOf, Object as Fields, Optional, String, Unknown } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { count } from '../../operation/schema.ts'
import type { DurableContext } from '../context.ts'
import { MOST_SHOWN, pageOfFetched } from '../fetched-page.ts'
import type { Agent, Terms } from '../store/ticket-store.ts'

export const agents = defineOperation({
  name: 'agents',
  summary: 'List the sessions of durable tickets: last heard of when, stale or not, and what each holds.',
  capability: 'tkt-agents',
  effects: ['db.read'],
  input: Fields({
    limit: Optional(count('at most this many sessions', 1)),
    offset: Optional(count('leave out this many sessions first')),
  }),
  output: Fields({ agents: ListOf(Unknown()), shown: String(), next: Optional(String()) }),
  errors: ['DATABASE_UNAVAILABLE'],
  examples: ['agents', 'agents --limit 20 --offset 20'],
  run: async ({ limit, offset = 0 }, context: DurableContext) => {
    if (!context.hasStore()) return { agents: [], shown: 'shown 0 of 0' }
    const [now_ms, terms] = [context.now_ms(), context.terms()]
    const wanted = { limit: limit ?? MOST_SHOWN, offset }
    const listed = await context.withStore((store) => store.agents(wanted))
    const told = listed.agents.map((agent) => rowOf(agent, now_ms, terms))
    const { rows, ...page } = pageOfFetched(told, listed.total, { limit, offset })
    return { agents: [...rows], ...page }
  },
})

/** Stale is who was not heard of for as long as a lease lasts. */
function rowOf({ session, started_ms, seen_ms, count, holds }: Agent, now_ms: number, { lease_ms }: Terms) {
  return {
    session_id: session,
    first_seen: timeOf(started_ms),
    last_seen: timeOf(seen_ms),
    stale: lease_ms !== undefined && seen_ms + lease_ms <= now_ms,
    holding: count,
    holds: holds.map(({ key, status, leased_until_ms }) => ({
      ticket_id: key,
      status,
      ...(leased_until_ms === undefined ? {} : { lease_until: timeOf(leased_until_ms) }),
    })),
  }
}

const timeOf = (ms: number): string => new Date(ms).toISOString()
