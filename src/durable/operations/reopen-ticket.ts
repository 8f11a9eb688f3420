/** What was over is to be done after all. */
import { Object as Fields } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import type { DurableContext } from '../context.ts'
import { moveHeld } from '../holder-move.ts'
import { OPEN_MOVE, openFields } from '../open-move.ts'

export const reopenTicket = defineOperation({
  ...OPEN_MOVE,
  name: 'reopen-ticket',
  summary: 'Open a closed or failed durable ticket again, and its batch.',
  capability: 'tkt-reopen-db',
  input: Fields(openFields('why: what the next one should know')),
  examples: ['reopen-ticket TKT-016 --session-id ses-9 --reason "the counts are wrong on leap days"'],
  run: async (input, context: DurableContext) => moveHeld(context, 'reopen', input),
})
