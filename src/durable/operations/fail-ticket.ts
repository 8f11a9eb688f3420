/** The holder gives up on a ticket. */
import { holderMove } from '../holder-move.ts'

export const failTicket = holderMove({
  name: 'fail-ticket',
  move: 'fail',
  summary: 'End a durable ticket that one holds as failed.',
  capability: 'tkt-fail',
  says: 'why it cannot be done',
  examples: ['fail-ticket TKT-016 --session-id ses-1 --reason "the service is gone"'],
})
