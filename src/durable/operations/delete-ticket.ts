/** A ticket that should never have been: out of every list, and back again. */
import { Object as Fields, Optional } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { flag } from '../../operation/schema.ts'
import type { DurableContext } from '../context.ts'
import { moveHeld } from '../holder-move.ts'
import { OPEN_MOVE, openFields } from '../open-move.ts'

export const deleteTicket = defineOperation({
  ...OPEN_MOVE,
  name: 'delete-ticket',
  summary: 'Take a durable ticket out of all lists; its key stays taken.',
  capability: 'tkt-delete',
  input: Fields({
    ...openFields('why it should not be there'),
    restore: Optional(flag('bring it back')),
  }),
  errors: [...OPEN_MOVE.errors, 'TICKET_CLAIMED_BY_OTHER_SESSION'],
  examples: [
    'delete-ticket TKT-016 --session-id ses-9 --reason "taken in by mistake"',
    'delete-ticket TKT-016 --session-id ses-9 --restore --reason "it was none"',
  ],
  run: async ({ restore = false, ...said }, context: DurableContext) =>
    moveHeld(context, restore ? 'restore' : 'delete', said),
})
