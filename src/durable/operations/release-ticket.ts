/** The holder gives a ticket back. */
import { holderMove } from '../holder-move.ts'

export const releaseTicket = holderMove({
  name: 'release-ticket',
  move: 'release',
  summary: 'Give back a durable ticket that one holds, so that others can claim it.',
  capability: 'tkt-release-db',
  says: 'why: what the next one should know',
  examples: ['release-ticket --session-id ses-1 --reason "needs access that I do not have"'],
})
