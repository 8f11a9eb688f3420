/** What happened, the newest first, out of history.log. */
import { existsSync } from 'node:fs'
import { Array as ListOf, Object as Fields, Optional, String, Unknown } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { pageOf } from '../../operation/page.ts'
import { count, formed } from '../../operation/schema.ts'
import type { BundleContext } from '../context.ts'
import { anyTicketField, bundleField, type BundleId } from '../model/ids.ts'
import { EVENTS, parseEvent, type HistoryRow } from '../model/history-event.ts'
import { bundleFolder, historyFile } from '../store/layout.ts'
import { readTextIfPresent } from '../../system/files.ts'

const LARGEST_LOG = 256 * 1024 * 1024

export const history = defineOperation({
  name: 'history',
  summary: 'Show what happened, the newest first: who claimed, moved, closed what and when.',
  capability: 'tkt-history',
  effects: ['fs.read'],
  input: Fields({
    bundle: Optional(bundleField('only this bundle')),
    ticket: Optional(anyTicketField('only this ticket')),
    event: Optional(
      formed(
        'only this event, such as TICKET_CLAIMED',
        '^[A-Z_]+$',
        'an event in capitals such as TICKET_CLAIMED',
      ),
    ),
    limit: Optional(count('at most this many events', 1)),
    offset: Optional(count('leave out this many events first')),
  }),
  output: Fields({
    events: ListOf(Fields({ at: String(), event: String(), fields: Unknown() })),
    shown: String(),
    next: Optional(String()),
  }),
  errors: ['NOT_INITIALISED'],
  positional: ['bundle', 'ticket'],
  examples: ['history', 'history --bundle B-001 --ticket TKT-001', 'history --event BUNDLE_CLOSED'],
  run: async ({ bundle, ticket, event, limit, offset }, context: BundleContext) => {
    context.requireStore()
    const wanted = (row: HistoryRow): boolean =>
      (event === undefined || row.event === event) &&
      (bundle === undefined || row.fields.bundle === bundle || row.fields.id === bundle) &&
      (ticket === undefined || row.fields.ticket === ticket)
    const lines = (readTextIfPresent(historyFile(context), LARGEST_LOG) ?? '').split('\n')
    const events = lines
      .flatMap((line) => parseEvent(line) ?? [])
      .filter(wanted)
      .reverse()
    if (events.length === 0) explainNothing(context, bundle, event)
    const { rows, ...page } = pageOf(events, { limit, offset })
    return { events: [...rows], ...page }
  },
})

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
