/** Lists the durable tickets of a project. */
import { Array as ListOf, Integer, Object as Fields, Optional, String, Unknown } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { OperationError } from '../../operation/errors.ts'
import { cut } from '../../operation/page.ts'
import { choice, count, flag, list, word } from '../../operation/schema.ts'
import type { DurableContext } from '../context.ts'
import { MOST_SHOWN, pageOfFetched } from '../fetched-page.ts'
import { batchField, channelField, keyField, sessionField } from '../fields.ts'
import { durableLifecycle } from '../model/lifecycle.ts'
import { fullRecordOf, lineOf, PROVENANCES, TICKET_TYPES, type TicketType } from '../model/ticket.ts'

const STATUSES = durableLifecycle.states

export const listTickets = defineOperation({
  name: 'list-tickets',
  summary: 'List the durable tickets in the order of their queue.',
  capability: 'tkt-list-db',
  effects: ['db.read'],
  input: Fields({
    unresolved_only: Optional(flag('leave out what is over')),
    batch_id: Optional(batchField('only those of this batch')),
    status: Optional(list(`only these: ${STATUSES.join(', ')}`)),
    session_id: Optional(sessionField('only what this session holds')),
    ticket_type: Optional(choice([...TICKET_TYPES], 'only these')),
    provenance: Optional(list(`only these: ${PROVENANCES.join(', ')}`)),
    kind: Optional(word('only those of this kind')),
    channel: Optional(channelField('only those of this channel')),
    tier: Optional(word('only those of this tier')),
    assignee: Optional(sessionField('only those that it is meant to do')),
    parent: Optional(keyField('only parts of this ticket')),
    priority_from: Optional(count('only those at most this urgent', 0, 100)),
    priority_to: Optional(count('only those at least this urgent', 0, 100)),
    visible_only: Optional(flag('leave out what is hidden by default; how many is told')),
    verbose: Optional(flag('the whole record of each')),
    limit: Optional(count('at most this many tickets', 1)),
    offset: Optional(count('leave out this many tickets first')),
  }),
  output: Fields({
    tickets: ListOf(Unknown()),
    shown: String(),
    next: Optional(String()),
    hidden: Optional(Integer()),
  }),
  errors: ['DATABASE_UNAVAILABLE'],
  examples: [
    'list-tickets',
    'list-tickets --unresolved-only --batch-id BATCH-5',
    'list-tickets --status BLOCKED,FAILED --visible-only',
    'list-tickets --channel docs --priority-to 20',
  ],
  run: async (input, context: DurableContext) => {
    const { verbose = false, visible_only: visibleOnly = false, limit, offset = 0 } = input
    const filters = filtersIn(input)
    const now_ms = context.now_ms()
    if (!context.hasStore()) return { tickets: [], shown: 'shown 0 of 0' }
    return context.withStore(async (store) => {
      const wanted = { ...filters, visibleOnly, limit: limit ?? MOST_SHOWN, offset }
      const { tickets, total, hidden } = await store.list(wanted)
      const rows = tickets.map((ticket) =>
        verbose ? fullRecordOf(ticket, now_ms) : { ...lineOf(ticket, now_ms), title: cut(ticket.title) },
      )
      const { rows: shown, ...page } = pageOfFetched(rows, total, { limit, offset })
      return { tickets: [...shown], ...page, ...(visibleOnly ? { hidden } : {}) }
    })
  },
})

interface Asked {
  readonly unresolved_only?: boolean
  readonly batch_id?: string
  readonly status?: readonly string[]
  readonly session_id?: string
  readonly ticket_type?: TicketType
  readonly provenance?: readonly string[]
  readonly kind?: string
  readonly channel?: string
  readonly tier?: string
  readonly assignee?: string
  readonly parent?: string
  readonly priority_from?: number
  readonly priority_to?: number
}

/** Throws INPUT_INVALID for a word that is none. */
const filtersIn = ({ status, provenance, ...asked }: Asked) => ({
  ...{ kind: asked.kind, channel: asked.channel, tier: asked.tier, assignee: asked.assignee },
  ...{ parent: asked.parent, priority_from: asked.priority_from, priority_to: asked.priority_to },
  batch: asked.batch_id,
  unresolvedOnly: asked.unresolved_only,
  session: asked.session_id,
  type: asked.ticket_type,
  statuses: status && wordsOf('status', STATUSES, status),
  provenances: provenance && wordsOf('provenance', PROVENANCES, provenance),
})

const wordsOf = <Word extends string>(
  field: string,
  words: readonly Word[],
  given: readonly string[],
): readonly Word[] =>
  given.map((value) => {
    const word = words.find((one) => one.toLowerCase() === value.toLowerCase())
    if (word !== undefined) return word
    const reason = `is none of ${words.join(', ')}`
    throw new OperationError('INPUT_INVALID', `--${field}: ${value} ${reason}`, { field, value, reason })
  })
