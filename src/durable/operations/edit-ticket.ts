/** People change what a ticket says; what it said before stays in its history. */
import { Array as ListOf, Object as Fields, Optional, String, Unknown } from 'typebox'
import { accept } from '../../operation/accept.ts'
import { defineOperation } from '../../operation/define.ts'
import { OperationError } from '../../operation/errors.ts'
import { choice, count, list, longText, text } from '../../operation/schema.ts'
import type { DurableContext } from '../context.ts'
import {
  assignableField,
  batchField,
  companyFields,
  payloadOf,
  refuseNoSession,
  sessionField,
  ticketField,
} from '../fields.ts'
import { DEFAULT_CHANNEL } from '../model/company.ts'
import type { Edits } from '../model/editing.ts'
import { fullRecordOf } from '../model/ticket.ts'

const CLEARED: Readonly<Record<string, Edits>> = {
  wave: { wave: undefined },
  queue_order: { queue_order: undefined },
  batch_id: { batch: undefined },
  depends_on: { depends_on: [] },
  assignable_to: { assignable_to: [] },
  kind: { kind: undefined },
  channel: { channel: DEFAULT_CHANNEL },
  tier: { tier: undefined },
  assignee: { assignee: undefined },
  payload: { payload: undefined },
}

export const editTicket = defineOperation({
  name: 'edit-ticket',
  summary: 'Change what a durable ticket says, while it is not over.',
  capability: 'tkt-edit-db',
  effects: ['db.read', 'db.write'],
  input: Fields({
    ticket_id: ticketField('the ticket'),
    title: Optional(text('one line')),
    summary: Optional(longText('what is to be done')),
    priority: Optional(count('0 most urgent, 100 least', 0, 100)),
    wave: Optional(count('waits for the earlier waves of its batch')),
    queue_order: Optional(count('its place in the queue')),
    batch_id: Optional(batchField('the batch it belongs to')),
    depends_on: Optional(list('tickets that must be done before, comma-separated')),
    assignable_to: Optional(assignableField()),
    stage: Optional(choice(['backlog', 'todo'], 'backlog: given to nobody who does not name it')),
    ...companyFields(),
    clear: Optional(list(`of ${Object.keys(CLEARED).join(', ')}: what is to hold nothing`)),
    if_version: Optional(count('refuse if it is not of this version any more', 1)),
    session_id: Optional(sessionField()),
    reason: Optional(longText('why; needed while another session holds it')),
  }),
  output: Fields({ ticket: Unknown(), changed: ListOf(String()) }),
  errors: [
    'DATABASE_UNAVAILABLE',
    'MISSING_SESSION_ID',
    'UNKNOWN_TICKET',
    'VERSION_CONFLICT',
    'TRANSITION_REFUSED',
    'TICKET_CLAIMED_BY_OTHER_SESSION',
    'DEPENDENCY_CYCLE',
  ],
  positional: ['ticket_id'],
  examples: [
    'edit-ticket TKT-016 --session-id ses-9 --priority 10 --depends-on TKT-012,TKT-014 --if-version 3',
    'edit-ticket TKT-016 --session-id ses-9 --clear wave,batch_id --reason "it can be done at once"',
  ],
  run: async (input, context: DurableContext) => {
    const { ticket_id: key, session_id, reason, if_version, clear = [], payload, ...said } = input
    const edits = editsOf({ ...said, ...payloadOf(payload) }, clear)
    refuseNoSession(edits.assignable_to)
    const act = context.actOf({ session_id, reason })
    const terms = context.terms()
    const { ticket, changed } = accept(
      await context.withStore((store) => store.edit({ key, edits, if_version, act, terms })),
    )
    const { claim } = ticket
    if (changed.length > 0 && claim !== undefined && claim.session !== act.session)
      context.warn(`session ${claim.session} holds ${key}: tell it what has changed`)
    return { ticket: fullRecordOf(ticket, act.now_ms), changed: [...changed] }
  },
})

type SaidEdits = Omit<Edits, 'batch'> & { readonly batch_id?: string }

/** Throws INPUT_INVALID for nothing, for what cannot be cleared, and for what is set as well. */
function editsOf({ batch_id, ...said }: SaidEdits, clear: readonly string[]): Edits {
  const set: Edits = { ...said, ...(batch_id === undefined ? {} : { batch: batch_id }) }
  const cleared = clear.map((name) => {
    const nothing = CLEARED[name]
    if (nothing !== undefined) return nothing
    throw new OperationError(
      'INPUT_INVALID',
      `--clear: ${name} is none of ${Object.keys(CLEARED).join(', ')}`,
    )
  })
  const both = cleared.flatMap((one) => Object.keys(one)).filter((name) => name in set)
  if (both.length > 0)
    throw new OperationError('INPUT_INVALID', `--clear: ${both.join(', ')} cannot be set and cleared at once`)
  const edits = cleared.reduce<Edits>((all, one) => ({ ...all, ...one }), set)
  if (Object.keys(edits).length > 0) return edits
  throw new OperationError('INPUT_INVALID', 'nothing to change: name a field, or clear one')
}
