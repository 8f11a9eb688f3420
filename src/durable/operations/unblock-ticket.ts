/** The holder can go on. */
import { holderMove } from '../holder-move.ts'

export const unblockTicket = holderMove({
  name: 'unblock-ticket',
  move: 'unblock',
  summary: 'Go on with a blocked durable ticket that one holds.',
  capability: 'tkt-unblock',
  says: 'what has changed',
  examples: ['unblock-ticket TKT-016 --session-id ses-1'],
})
