/** The holder begins. */
import { holderMove } from '../holder-move.ts'

export const startTicket = holderMove({
  name: 'start-ticket',
  move: 'start',
  summary: 'Say that work on a claimed durable ticket has begun.',
  capability: 'tkt-start',
  says: 'a word for the record',
  examples: ['start-ticket TKT-016 --session-id ses-1'],
})
