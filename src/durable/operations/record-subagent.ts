/** Puts on record that the holder of a durable ticket had a subagent work on it. */
import { Boolean, Object as Fields, Optional, Unknown } from 'typebox'
import { accept } from '../../operation/accept.ts'
import { defineOperation } from '../../operation/define.ts'
import { idempotencyField } from '../../operation/request-door.ts'
import { flag, longText, text, word } from '../../operation/schema.ts'
import type { DurableContext } from '../context.ts'
import { sessionField, ticketField } from '../fields.ts'
import { onlyOneHeld } from '../holder-move.ts'
import { SUBAGENT_USED } from '../model/subagent.ts'
import { recordOf } from '../model/ticket.ts'
import { namedAct, replayedIn } from '../request-door.ts'
import type { Said } from '../store/ticket-store.ts'

export const recordSubagent = defineOperation({
  name: 'record-subagent',
  summary:
    'Put on record that a subagent worked on the durable ticket that one holds: which one, and what for.',
  capability: 'tkt-record-subagent',
  effects: ['db.read', 'db.write'],
  input: Fields({
    ticket_id: Optional(ticketField('the ticket; else the one that the session holds')),
    subagent_name: word('which subagent'),
    purpose: text('what for'),
    ticket_scope: Optional(ticketField('the ticket whose scope it kept to (the same)')),
    write_capability_used: Optional(flag('it changed files')),
    why_subagent_was_needed: Optional(longText('why it took a subagent')),
    session_id: Optional(sessionField()),
    idempotency_key: Optional(idempotencyField()),
  }),
  output: Fields({
    ticket: Unknown(),
    recorded_subagent_usage: Unknown(),
    replayed: Optional(Boolean()),
  }),
  errors: [
    'DATABASE_UNAVAILABLE',
    'MISSING_SESSION_ID',
    'UNKNOWN_TICKET',
    'TICKET_NOT_OWNED_BY_SESSION',
    'CLAIM_LOST',
    'NO_ACTIVE_CLAIMED_TICKET',
    'IDEMPOTENCY_KEY_REUSED',
  ],
  examples: ['record-subagent --subagent-name explorer --purpose "read the parsers" --session-id ses-1'],
  run: async (input, context: DurableContext) => {
    const { ticket_id, subagent_name, purpose, session_id } = input
    const { write_capability_used = false, why_subagent_was_needed: why_needed } = input
    const act = await namedAct(context.actOf({ session_id }), 'record-subagent', input)
    return context.withStore(async (store) => {
      if (ticket_id !== undefined) await store.renew(act.session, act.now_ms, context.terms())
      const before = act.request && ((await store.recall(act.request)) as Said | undefined)
      const key = ticket_id ?? before?.ticket.key ?? (await onlyOneHeld(store, act, context.terms()))
      const { ticket_scope = key } = input
      const data = { subagent_name, purpose, ticket_scope, write_capability_used, why_needed }
      const told = accept(await store.tell({ key, act, type: SUBAGENT_USED, data, byHolder: true }))
      return {
        ticket: recordOf(told.ticket, act.now_ms),
        recorded_subagent_usage: { parent_ticket_id: told.ticket.key, ...data },
        ...replayedIn(told),
      }
    })
  },
})
