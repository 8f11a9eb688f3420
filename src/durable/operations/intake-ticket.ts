/** Takes a ticket into the database. */
import { Boolean, Object as Fields, Optional, Unknown } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { choice, count, list, longText, text, texts } from '../../operation/schema.ts'
import type { DurableContext } from '../context.ts'
import { batchField, sessionField, ticketField } from '../fields.ts'
import { PROVENANCES, fullRecordOf, isDeclared, TICKET_TYPES } from '../model/ticket.ts'

export const intakeTicket = defineOperation({
  name: 'intake-ticket',
  summary: 'Take a ticket into the database of durable tickets; one that is known stays as it is.',
  capability: 'tkt-intake',
  effects: ['db.read', 'db.write'],
  input: Fields({
    ticket_id: ticketField('its name in this project'),
    title: text('one line'),
    summary: longText('what is to be done'),
    source: Optional(text('where it comes from (manual)')),
    batch_id: Optional(batchField('the batch it belongs to')),
    ticket_type: Optional(choice([...TICKET_TYPES], 'a worker does it, the integrator ends the batch')),
    queue_order: Optional(count('its place in the queue')),
    priority: Optional(count('0 most urgent, 100 least (50)', 0, 100)),
    wave: Optional(count('waits for the earlier waves of its batch')),
    depends_on: Optional(list('tickets that must be done before, comma-separated')),
    scope_allow: Optional(list('files, folders, globs it may change')),
    scope_deny: Optional(list('of these the ones it may not')),
    required_work: Optional(texts('what is to be done; repeatable')),
    acceptance: Optional(texts('how one sees that it is done; repeatable')),
    provenance: Optional(choice([...PROVENANCES], 'what brought it up; else told from its names')),
    session_id: Optional(sessionField('who brings it')),
  }),
  output: Fields({ ticket: Unknown(), created: Boolean() }),
  errors: ['DATABASE_UNAVAILABLE'],
  positional: ['ticket_id', 'title', 'summary'],
  examples: [
    'intake-ticket --ticket-id TKT-016 --title "Count the hits" --summary "Each redirect counts once."',
    'intake-ticket TKT-017 "Show the counts" "On the page of a link." --depends-on TKT-016 --batch-id BATCH-5',
  ],
  run: async (input, context: DurableContext) => {
    const { ticket_id: key, batch_id: batch, ticket_type: type = 'WORKER', session_id, ...rest } = input
    const { scope_allow: allow = [], scope_deny: deny = [], ...more } = rest
    const scope = { allow, deny }
    if (isDeclared(scope)) (await import('../ticket-scope.ts')).refuseUnusable(scope)
    const now_ms = context.now_ms()
    const drafts = [{ source: 'manual', ...more, key, batch, type, ...(isDeclared(scope) ? { scope } : {}) }]
    return context.withStore(async (store) => {
      const [taken] = await store.intake(drafts, { now_ms, session: session_id })
      if (taken === undefined) throw new Error(`${key} was taken in and is not told`)
      return { ticket: fullRecordOf(taken.ticket, now_ms), created: taken.isNew }
    })
  },
})
