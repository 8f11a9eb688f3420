/** What happened, the newest first: to bundles, out of history.log, and to durable tickets. */
import { existsSync } from 'node:fs'
import { Array as ListOf, Boolean, Integer, Object as Fields, Optional, String, Unknown } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { pageOf, pageOfThings, type PageRequest } from '../../operation/page.ts'
import { choice, count, flag, formed } from '../../operation/schema.ts'
import type { BundleContext } from '../context.ts'
import { bundleField, type BundleId } from '../model/ids.ts'
import { linesOf } from '../model/history-chain.ts'
import { EVENTS, isEventLine, parseEvent, type HistoryRow } from '../model/history-event.ts'
import { bundleFolder } from '../store/layout.ts'
import { readHistory } from '../store/reading.ts'

/** Of either engine: those of the durable one may be any. */
const TICKET_KEY = '^[A-Za-z][A-Za-z0-9_-]{0,50}$|^B-[0-9]{3,9}/TKT-[0-9]{3,9}$'

export const history = defineOperation({
  name: 'history',
  summary: 'Show what happened, the newest first: who claimed, moved, closed what and when.',
  capability: 'tkt-history',
  effects: ['fs.read', 'db.read'],
  input: Fields({
    bundle: Optional(bundleField('only this bundle')),
    ticket: Optional(formed('only this ticket', TICKET_KEY, 'a ticket id such as TKT-001')),
    engine: Optional(choice(['bundles', 'durable'], 'only what happened there')),
    event: Optional(
      formed(
        'only this event, such as TICKET_CLAIMED',
        '^[A-Z_]+$',
        'an event in capitals such as TICKET_CLAIMED',
      ),
    ),
    verify: Optional(flag('tell instead which lines were changed or are missing')),
    limit: Optional(count('at most this many events, or problems', 1)),
    offset: Optional(count('leave out this many first')),
  }),
  output: Fields({
    events: Optional(ListOf(Fields({ at: String(), event: String(), fields: Unknown() }))),
    shown: String(),
    next: Optional(String()),
    verified: Optional(Boolean()),
    lines: Optional(Integer()),
    chained: Optional(Integer()),
    unchained: Optional(Integer()),
    joins: Optional(Integer()),
    open_ends: Optional(Integer()),
    problems: Optional(ListOf(Fields({ line: Optional(Integer()), kind: String(), says: String() }))),
  }),
  verdict: 'verified',
  errors: ['NOT_INITIALISED'],
  positional: ['bundle', 'ticket'],
  examples: [
    'history',
    'history --bundle B-001 --ticket TKT-001',
    'history --event BUNDLE_CLOSED',
    'history --engine durable',
    'history --verify',
  ],
  run: async ({ bundle, ticket, event, engine, verify = false, ...page }, context: BundleContext) => {
    context.requireStore()
    if (verify) {
      if ((bundle ?? ticket ?? event) !== undefined) context.warn('--verify looks at the whole history')
      return verifyHistory(context, page)
    }
    const lines = engine === 'durable' ? [] : linesOf(readHistory(context))
    const ofBundles = lines.filter(tellsOf({ event, bundle, ticket }))
    const isElsewhere = engine === 'durable' || (engine === undefined && bundle === undefined)
    const { offset = 0, limit = MOST_SHOWN } = page
    const elsewhere = isElsewhere
      ? await context.durableEvents({ ticket, event, most: offset + limit })
      : { events: [], total: 0 }
    const events = [...ofBundles.reverse(), ...elsewhere.events].sort(byTime) // also those of merged branches
    if (events.length === 0) explainNothing(context, bundle, event)
    const { rows } = pageOfThings(events, (one) => (typeof one === 'string' ? parseEvent(one) : one), page)
    const [end, total] = [offset + rows.length, ofBundles.length + elsewhere.total]
    return {
      events: rows.filter((row) => row !== undefined),
      shown: `shown ${rows.length} of ${total}`,
      ...(end < total ? { next: `--offset=${end}` } : {}),
    }
  },
})

/** More never have room on a default page. */
const MOST_SHOWN = 50

interface Wanted {
  readonly event: string | undefined
  readonly bundle: BundleId | undefined
  readonly ticket: string | undefined
}

/** Judges lines of a log, most of which it reads no further than it must: a long history has tens of thousands. */
function tellsOf({ event, bundle, ticket }: Wanted): (line: string) => boolean {
  const words = [event, bundle, ticket].filter((word) => word !== undefined)
  if (words.length === 0) return isEventLine
  return (line) => {
    const row = words.every((word) => line.includes(word)) ? parseEvent(line) : undefined
    return (
      row !== undefined &&
      (event === undefined || row.event === event) &&
      (bundle === undefined || row.fields.bundle === bundle || row.fields.id === bundle) &&
      (ticket === undefined || row.fields.ticket === ticket)
    )
  }
}

/** A line that is an event is read when it is shown. */
type Told = string | HistoryRow

function byTime(one: Told, other: Told): number {
  const [moment, before] = [timeOf(one), timeOf(other)]
  if (moment.length !== before.length) return inOrder(momentOf(moment), momentOf(before))
  return inOrder(moment, before)
}

const timeOf = (one: Told): string => (typeof one === 'string' ? one.slice(1, one.indexOf(']')) : one.at)

/** The newest first. */
const inOrder = (one: string, other: string): number => Number(one < other) - Number(one > other)

/** Bundles tell seconds, durable tickets thousandths. */
const momentOf = (time: string): string => time.replace(/(:\d\d)Z$/, '$1.000Z')

async function verifyHistory(context: BundleContext, request: PageRequest) {
  const { verdictOn } = await import('../verify-history.ts')
  const { problems, ...counts } = verdictOn(context)
  const verdict = { verified: problems.length === 0, ...counts }
  const { rows, ...page } = pageOf(problems, request, verdict)
  return { ...verdict, problems: [...rows], ...page }
}

/** An empty answer to a slip of the pen would read as if nothing had happened. */
function explainNothing(
  context: BundleContext,
  bundle: BundleId | undefined,
  event: string | undefined,
): void {
  if (bundle !== undefined && !existsSync(bundleFolder(context, bundle)))
    context.warn(`there is no bundle ${bundle}`)
  if (event !== undefined && !EVENTS.some((known) => known === event))
    context.warn(`--event ${event}: the events are ${EVENTS.join(', ')}`)
}
