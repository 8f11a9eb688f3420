/** Moves a ticket on: started, done with evidence, blocked with a reason, failed. */
import { Object as Fields, Optional, String } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { count, longText, word } from '../../operation/schema.ts'
import { accept, type BundleContext } from '../context.ts'
import { coordinatorOf, findOpenBundle, findTicket, requireTicket } from '../find.ts'
import { actorOf } from '../lease.ts'
import { bundleField, ticketField } from '../model/ids.ts'
import { bundleLifecycle } from '../model/lifecycles.ts'
import { judgeUpdate } from '../model/ticket-moves.ts'
import { editYaml } from '../store/yaml-file.ts'

export const update = defineOperation({
  name: 'update',
  summary: 'Move a ticket to in_progress, done (with evidence), blocked (with a reason) or failed.',
  capability: 'tkt-update',
  effects: ['fs.read', 'fs.write'],
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
      longText('what proves it: commands and their output, commits, files; needed for done'),
    ),
    reason: Optional(longText('why it is blocked or failed; needed for blocked')),
  }),
  output: Fields({ ticket_id: String(), new_status: String() }),
  errors: [
    'NOT_INITIALISED',
    'TICKET_NOT_FOUND',
    'BUNDLE_NOT_FOUND',
    'BUNDLE_CLOSED',
    'TRANSITION_REFUSED',
    'NOT_OWNER',
    'CLAIM_LOST',
    'EVIDENCE_REQUIRED',
    'LOCK_TIMEOUT',
  ],
  positional: ['bundle', 'ticket', 'status'],
  examples: [
    'update --bundle B-001 --ticket TKT-001 --status in_progress --agent alice',
    'update --bundle B-001 --ticket TKT-001 --status done --agent alice --summary "Slugs work" --evidence-file test-output.txt',
    'update --bundle B-001 --ticket TKT-002 --status blocked --reason "no access to the staging database"',
  ],
  run: async ({ bundle, ticket, ...request }, context: BundleContext) => {
    requireTicket(context, bundle, ticket)
    const actor = actorOf(context, request)
    return context.locked(bundle, async () => {
      const now = context.now()
      const { thing, file } = findTicket(context, bundle, ticket)
      const parent = findOpenBundle(context, bundle)
      const coordinator = coordinatorOf(context, bundle, ticket)
      const move = accept(judgeUpdate(thing, { ...request, ...actor, coordinator }, now))
      const started = bundleLifecycle.next(parent.thing.status, 'start')
      const { to, agent } = move.transition
      await context.commit(
        {
          files: {
            ...(started === undefined
              ? {}
              : { [parent.file.path]: editYaml(parent.file, { status: started }) }),
            [file.path]: editYaml(file, move.changes, { transition_log: move.transition }),
          },
          events: [
            {
              event: 'TICKET_UPDATED',
              fields: { bundle, ticket, status: to, agent: agent ?? undefined, reason: request.reason },
            },
          ],
        },
        now,
      )
      return { ticket_id: ticket, new_status: to }
    })
  },
})
