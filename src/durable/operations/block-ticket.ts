/** The holder cannot go on. */
import { holderMove } from '../holder-move.ts'

export const blockTicket = holderMove({
  name: 'block-ticket',
  move: 'block',
  summary: 'Say what a durable ticket that one holds waits for; other work may be claimed meanwhile.',
  capability: 'tkt-block',
  says: 'what it waits for',
  examples: ['block-ticket --ticket-id TKT-016 --session-id ses-1 --reason "no access to the test server"'],
})
