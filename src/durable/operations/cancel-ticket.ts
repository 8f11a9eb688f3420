/** A ticket is not to be done any more. */
import { Object as Fields } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import type { DurableContext } from '../context.ts'
import { moveHeld } from '../holder-move.ts'
import { OPEN_MOVE, openFields } from '../open-move.ts'

export const cancelTicket = defineOperation({
  ...OPEN_MOVE,
  name: 'cancel-ticket',
  summary: 'End a durable ticket that is not to be done any more; whoever holds it loses it.',
  capability: 'tkt-cancel',
  input: Fields(openFields('why it is not to be done any more')),
  examples: ['cancel-ticket TKT-016 --session-id ses-9 --reason "TKT-020 does it as well"'],
  run: async (input, context: DurableContext) => moveHeld(context, 'cancel', input),
})
