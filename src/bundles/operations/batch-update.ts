/** Moves several tickets of a bundle as `update` moves one: all of them, or none. */
import { Array as ListOf, Object as Fields, Optional, String, Unknown } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { invalid } from '../../operation/input.ts'
import { list, longText, longTexts, word } from '../../operation/schema.ts'
import type { BundleContext } from '../context.ts'
import { countsOf } from '../../evidence/given.ts'
import { bundleField, isTicketId, type TicketId } from '../model/ids.ts'
import { MOVE_ERRORS, moveTickets } from '../move-tickets.ts'

export const batchUpdate = defineOperation({
  name: 'batch-update',
  summary:
    'Move several tickets of a bundle as update moves one, on the same evidence: all of them, or none.',
  capability: 'tkt-batch-update',
  effects: ['fs.read', 'fs.write', 'git.read', 'proc.exec'],
  input: Fields({
    bundle: bundleField('the bundle'),
    tickets: list('the tickets, comma-separated or one after the other'),
    status: word('in_progress, done, blocked or failed'),
    agent: Optional(word('who acts: the holder of all of them, or the main agent for workers')),
    session_id: Optional(word('tells two agents of one name apart')),
    summary: Optional(longText('what was done, in a sentence')),
    evidence: Optional(
      longTexts('what proves all of them; commit:SHA, file:PATH and cmd:COMMAND are checked'),
    ),
    reason: Optional(longText('why they are blocked or failed; needed for blocked')),
  }),
  output: Fields({
    bundle: String(),
    new_status: String(),
    updated: ListOf(String()),
    already: Optional(ListOf(String())),
    evidence_checks: Optional(Unknown()),
  }),
  errors: MOVE_ERRORS,
  positional: ['tickets'],
  examples: [
    'batch-update --bundle B-001 --status done --agent alice --evidence "cmd:npm test" TKT-001 TKT-002 TKT-003',
    'batch-update --bundle B-001 --status blocked --reason "the staging database is down" TKT-004 TKT-005',
  ],
  run: async ({ tickets, ...input }, context: BundleContext) => {
    const { moved, already, checks } = await moveTickets(context, { ...input, tickets: idsIn(tickets) })
    return {
      bundle: input.bundle,
      new_status: input.status,
      updated: [...moved],
      ...(already.length === 0 ? {} : { already: [...already] }),
      ...countsOf(checks),
    }
  },
})

/** Each once. */
function idsIn(tickets: readonly string[]): readonly TicketId[] {
  const wrong = tickets.find((id) => !isTicketId(id))
  if (wrong !== undefined) throw invalid('tickets', 'must be ticket ids such as TKT-001', wrong)
  return [...new Set(tickets.filter(isTicketId))]
}
