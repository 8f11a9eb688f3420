/** Says something about a durable ticket: to its holder, to who comes after, to whoever reads its history. */
import { Boolean, Integer, Object as Fields, Optional, String } from 'typebox'
import { accept } from '../../operation/accept.ts'
import { defineOperation } from '../../operation/define.ts'
import { idempotencyField } from '../../operation/request-door.ts'
import { longText } from '../../operation/schema.ts'
import type { DurableContext } from '../context.ts'
import { sessionField, ticketField } from '../fields.ts'
import { COMMENTED } from '../model/comment.ts'
import { namedAct, replayedIn } from '../request-door.ts'

export const comment = defineOperation({
  name: 'comment',
  summary: 'Say something about a durable ticket; anybody may, whoever holds it, and also when it is over.',
  capability: 'tkt-comment',
  effects: ['db.read', 'db.write'],
  input: Fields({
    ticket_id: ticketField('the ticket'),
    body: longText('what is said'),
    session_id: Optional(sessionField('who says it; else TKT_SESSION_ID or the like')),
    idempotency_key: Optional(idempotencyField()),
  }),
  output: Fields({
    ticket_id: String(),
    comment: Integer(),
    comments: Integer(),
    replayed: Optional(Boolean()),
  }),
  errors: ['DATABASE_UNAVAILABLE', 'MISSING_SESSION_ID', 'UNKNOWN_TICKET', 'IDEMPOTENCY_KEY_REUSED'],
  positional: ['ticket_id', 'body'],
  examples: [
    'comment TKT-016 "The table of links has no index." --session-id ses-1',
    'comment TKT-016 --body-file findings.md --session-id ses-9',
  ],
  run: async (input, context: DurableContext) => {
    const { ticket_id: key, body, session_id } = input
    const act = await namedAct(context.actOf({ session_id }), 'comment', input)
    return context.withStore(async (store) => {
      await store.renew(act.session, act.now_ms, context.terms())
      const parts = [{ type: 'text', content: body }]
      const told = accept(await store.tell({ key, act, type: COMMENTED, data: { parts }, byHolder: false }))
      const { key: ticket_id } = told.ticket
      const comments = (await store.events(ticket_id, COMMENTED)).filter(
        ({ seq }) => seq <= told.event,
      ).length
      return { ticket_id, comment: told.event, comments, ...replayedIn(told) }
    })
  },
})
