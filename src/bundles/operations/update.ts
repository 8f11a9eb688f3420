/** Moves a ticket on: started, done with evidence, blocked with a reason, failed. */
import { Object as Fields, Optional, String, Unknown } from 'typebox'
import { countsOf } from '../../evidence/given.ts'
import { defineOperation } from '../../operation/define.ts'
import { count, longText, longTexts, word } from '../../operation/schema.ts'
import type { BundleContext } from '../context.ts'
import { bundleField, ticketField } from '../model/ids.ts'
import { MOVE_ERRORS, moveTickets } from '../move-tickets.ts'

export const update = defineOperation({
  name: 'update',
  summary: 'Move a ticket to in_progress, done (with evidence), blocked (with a reason) or failed.',
  capability: 'tkt-update',
  effects: ['fs.read', 'fs.write', 'git.read', 'proc.exec'],
  input: Fields({
    bundle: bundleField('the bundle'),
    ticket: ticketField('the ticket'),
    status: word('in_progress, done, blocked or failed'),
    agent: Optional(
      word('who acts: the holder, or the main agent for a worker; left out, the holder is taken to act'),
    ),
    claim_no: Optional(count('the number that the claim was answered with: proves that it still holds', 1)),
    session_id: Optional(word('tells two agents of one name apart')),
    summary: Optional(longText('what was done, in a sentence')),
    evidence: Optional(
      longTexts('what proves it, needed for done; commit:SHA, file:PATH and cmd:COMMAND are checked'),
    ),
    reason: Optional(longText('why it is blocked or failed; needed for blocked')),
  }),
  output: Fields({ ticket_id: String(), new_status: String(), evidence_checks: Optional(Unknown()) }),
  errors: MOVE_ERRORS,
  positional: ['bundle', 'ticket', 'status'],
  examples: [
    'update --bundle B-001 --ticket TKT-001 --status in_progress --agent alice',
    'update --bundle B-001 --ticket TKT-001 --status done --agent alice --summary "Slugs work" --evidence-file test-output.txt',
    'update --bundle B-001 --ticket TKT-002 --status blocked --reason "no access to the staging database"',
  ],
  run: async ({ ticket, ...input }, context: BundleContext) => {
    const { checks } = await moveTickets(context, { ...input, tickets: [ticket] })
    return { ticket_id: ticket, new_status: input.status, ...countsOf(checks) }
  },
})
