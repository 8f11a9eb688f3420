/** What happened in a while, for who was away. */
import { Array as ListOf, Integer, Object as Fields, Optional, String, Unknown } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { invalid } from '../../operation/input.ts'
import { cut, pageOf } from '../../operation/page.ts'
import { count, formed } from '../../operation/schema.ts'
import type { DurableContext } from '../context.ts'
import { batchField } from '../fields.ts'
import { countsBy } from '../model/awaited.ts'
import { digesting, type Digest } from '../model/digest.ts'
import { momentOf, SINCE, SINCE_FORM } from '../model/since.ts'
import type { TicketStore } from '../store/ticket-store.ts'

export const digest = defineOperation({
  name: 'digest',
  summary:
    'Tell what happened to durable tickets in a while: in numbers, by session, and what wants attention.',
  capability: 'tkt-digest',
  effects: ['db.read'],
  input: Fields({
    since: Optional(formed('how far back (24h)', SINCE, SINCE_FORM)),
    batch_id: Optional(batchField('only of this batch')),
    limit: Optional(count('at most so many things that want attention', 1)),
    offset: Optional(count('leave out so many of them first')),
  }),
  output: Fields({
    since: String(),
    events: Integer(),
    tickets: Integer(),
    counts: Unknown(),
    now: Unknown(),
    sessions: ListOf(Unknown()),
    attention: ListOf(Unknown()),
    shown: String(),
    next: Optional(String()),
  }),
  errors: ['DATABASE_UNAVAILABLE'],
  examples: ['digest', 'digest --since 7d --batch-id BATCH-5'],
  run: async ({ since: said = '24h', batch_id: batch, limit, offset }, context: DurableContext) => {
    const now_ms = context.now_ms()
    const since_ms = momentOf(said, now_ms)
    if (since_ms === undefined) throw invalid('since', `${said} is no moment`)
    const of = { batch, since_ms }
    const { digest, now } = context.hasStore()
      ? await context.withStore(async (store) => ({
          digest: await gathered(store, of),
          now: countsBy(await store.overview({ batch, now_ms, most: 1 })),
        }))
      : { digest: digesting().told(), now: {} }
    const sessions = digest.sessions.slice(0, MOST_SESSIONS)
    const { events, tickets, counts } = digest
    const since = new Date(since_ms).toISOString()
    const told = { since, events, tickets, counts, now, sessions, session_count: digest.sessions.length }
    const attention = digest.attention.map((one) => ({ ...one, reason: one.reason && cut(one.reason, 200) }))
    const { rows, ...page } = pageOf(attention, { limit, offset }, told)
    return { ...told, attention: [...rows], ...page }
  },
})

const MOST_SESSIONS = 5
const AT_ONCE = 2000

async function gathered(
  store: TicketStore,
  of: { readonly batch: string | undefined; readonly since_ms: number },
): Promise<Digest> {
  const digest = digesting()
  for (let after = '0'; ;) {
    const { events, position, isCut } = await store.follow({ ...of, after, limit: AT_ONCE })
    for (const event of events) digest.add(event)
    if (!isCut) return digest.told()
    after = position
  }
}
