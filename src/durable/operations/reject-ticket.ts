/** A reviewer says no: to the work as it is, or to the ticket for good. */
import { Object as Fields, Optional } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { flag } from '../../operation/schema.ts'
import type { DurableContext } from '../context.ts'
import { moveHeld } from '../holder-move.ts'
import { OPEN_MOVE, openFields } from '../open-move.ts'

export const rejectTicket = defineOperation({
  ...OPEN_MOVE,
  name: 'reject-ticket',
  summary: 'Send a durable ticket in review back to its holder, or end it as rejected.',
  capability: 'tkt-reject',
  input: Fields({
    ...openFields('what is wrong with it'),
    final: Optional(flag('end it, in review or not')),
  }),
  examples: ['reject-ticket TKT-016 --session-id ses-9 --reason "no test for an empty list"'],
  run: async ({ final = false, ...said }, context: DurableContext) =>
    moveHeld(context, final ? 'decline' : 'reject', said),
})
