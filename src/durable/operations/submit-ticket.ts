/** The holder asks for review. */
import { holderMove } from '../holder-move.ts'

export const submitTicket = holderMove({
  name: 'submit-ticket',
  move: 'submit',
  summary: 'Hand a durable ticket that one holds to review; it stays in hand.',
  capability: 'tkt-submit',
  says: 'what is to be looked at',
  examples: ['submit-ticket TKT-016 --session-id ses-1 --reason "branch tkt/TKT-016"'],
})
