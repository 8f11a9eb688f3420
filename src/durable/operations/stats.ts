/** What was done in a while, and how long it took. */
import { Array as ListOf, Number as Decimal, Object as Fields, Optional, String, Unknown } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { invalid } from '../../operation/input.ts'
import { choice, count, formed } from '../../operation/schema.ts'
import type { DurableContext } from '../context.ts'
import { MOST_SHOWN, pageOfFetched } from '../fetched-page.ts'
import { batchField, channelField, sessionField } from '../fields.ts'
import { MEASURED_BY, secondsOf, type Measure } from '../model/measure.ts'
import { momentOf, SINCE, SINCE_FORM } from '../model/since.ts'
import type { Measured, MeasureWanted } from '../store/measuring.ts'

export const stats = defineOperation({
  name: 'stats',
  summary:
    'Measure the work on durable tickets: how many a day, how long they take and wait, how many are taken over.',
  capability: 'tkt-stats',
  effects: ['db.read'],
  input: Fields({
    since: Optional(formed('how far back (7d)', SINCE, SINCE_FORM)),
    by: Optional(choice([...MEASURED_BY], 'tell it of each of these as well')),
    batch_id: Optional(batchField('only of this batch')),
    session_id: Optional(sessionField('only what this session did')),
    channel: Optional(channelField('only of this channel')),
    limit: Optional(count('at most this many groups', 1)),
    offset: Optional(count('leave out this many groups first')),
  }),
  output: Fields({
    since: String(),
    closed_per_day: Decimal(),
    counts: Unknown(),
    cycle_seconds: Unknown(),
    waiting_seconds: Unknown(),
    by: Optional(String()),
    groups: Optional(ListOf(Unknown())),
    shown: Optional(String()),
    next: Optional(String()),
  }),
  errors: ['DATABASE_UNAVAILABLE'],
  examples: ['stats', 'stats --by session --since 24h', 'stats --by batch --channel default'],
  run: async (input, context: DurableContext) => {
    const { since: said = '7d', by, batch_id: batch, session_id: session, channel, limit, offset = 0 } = input
    const now_ms = context.now_ms()
    const since_ms = momentOf(said, now_ms)
    if (since_ms === undefined || since_ms >= now_ms)
      throw invalid('since', `${said} is no moment before now`)
    const of = { since_ms, batch, session, channel }
    const { all, groups } = await measuredIn(context, of, { by, limit: limit ?? MOST_SHOWN, offset })
    const perDay = (closed: number): number =>
      Math.round((closed * 8_640_000_000) / (now_ms - since_ms)) / 100
    const told = {
      since: new Date(since_ms).toISOString(),
      closed_per_day: perDay(all?.counts.closed ?? 0),
      ...measuresOf(all),
    }
    if (by === undefined) return told
    const { rows, ...page } = pageOfFetched(groups.groups.map(rowOf(by)), groups.total, { limit, offset })
    return { ...told, by, groups: [...rows], ...page }
  },
})

type Grouping = Pick<MeasureWanted, 'by' | 'limit' | 'offset'>

async function measuredIn(
  context: DurableContext,
  of: Omit<MeasureWanted, keyof Grouping>,
  grouping: Grouping,
): Promise<{ readonly all: Measure | undefined; readonly groups: Measured }> {
  const none = { groups: [], total: 0 }
  if (!context.hasStore()) return { all: undefined, groups: none }
  return context.withStore(async (store) => {
    const [all] = (await store.measure({ ...of, limit: 1, offset: 0 })).groups
    return { all, groups: grouping.by === undefined ? none : await store.measure({ ...of, ...grouping }) }
  })
}

const NONE = { median: undefined, p90: undefined, longest: undefined }

/** Without what never happened. */
const measuresOf = (measure: Measure | undefined) => ({
  counts: Object.fromEntries(Object.entries(measure?.counts ?? {}).filter(([, many]) => many > 0)),
  cycle_seconds: secondsOf(measure?.cycle ?? NONE),
  waiting_seconds: secondsOf(measure?.waiting ?? NONE),
})

const rowOf =
  (by: (typeof MEASURED_BY)[number]) =>
  (measure: Measure): object => ({ [NAMES[by]]: measure.name ?? null, ...measuresOf(measure) })

const NAMES = { batch: 'batch_id', session: 'session_id', channel: 'channel' } as const
