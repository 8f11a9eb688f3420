/** Moves a ticket on: started, done with evidence, blocked with a reason, failed. */
import { Object as Fields, Optional, String, Unknown } from 'typebox'
import type { Evidence } from '../../evidence/forms.ts'
import { defineOperation } from '../../operation/define.ts'
import { count, longText, longTexts, word } from '../../operation/schema.ts'
import { accept, type BundleContext } from '../context.ts'
import { checksChanged, countsOf, evidenceGiven, requireKinds } from '../evidence.ts'
import { coordinatorOf, findOpenBundle, findTicket, requireTicket } from '../find.ts'
import { actorOf } from '../lease.ts'
import { bundleField, roleOf, ticketField, type BundleId, type TicketId } from '../model/ids.ts'
import { bundleLifecycle } from '../model/lifecycles.ts'
import { judgeUpdate, type UpdateRequest } from '../model/ticket-moves.ts'
import { editYaml } from '../store/yaml-file.ts'

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
  errors: [
    'NOT_INITIALISED',
    'TICKET_NOT_FOUND',
    'BUNDLE_NOT_FOUND',
    'BUNDLE_CLOSED',
    'TRANSITION_REFUSED',
    'NOT_OWNER',
    'CLAIM_LOST',
    'EVIDENCE_REQUIRED',
    'EVIDENCE_INSUFFICIENT',
    'EVIDENCE_FAILED',
    'LOCK_TIMEOUT',
  ],
  positional: ['bundle', 'ticket', 'status'],
  examples: [
    'update --bundle B-001 --ticket TKT-001 --status in_progress --agent alice',
    'update --bundle B-001 --ticket TKT-001 --status done --agent alice --summary "Slugs work" --evidence-file test-output.txt',
    'update --bundle B-001 --ticket TKT-002 --status blocked --reason "no access to the staging database"',
  ],
  run: async ({ evidence, ...input }, context: BundleContext) => {
    const { bundle, ticket } = input
    requireTicket(context, bundle, ticket)
    const request = { ...actorOf(context, input), evidence: evidenceGiven(context, evidence) }
    const checks = request.evidence.items.length === 0 ? [] : await check(context, request)
    return context.locked(bundle, async () => {
      const now = context.now()
      const { thing, file, parent, move } = judge(context, request, now)
      const started = bundleLifecycle.next(parent.thing.status, 'start')
      const changes = { ...move.changes, ...checksChanged(request.evidence, checks, thing) }
      const { from, to, agent } = move.transition
      await context.commit(
        {
          files: {
            ...(started === undefined
              ? {}
              : { [parent.file.path]: editYaml(parent.file, { status: started }) }),
            [file.path]: editYaml(file, changes, { transition_log: move.transition }),
          },
          events: [
            {
              event: 'TICKET_UPDATED',
              fields: {
                bundle,
                ticket,
                status: to,
                agent: agent ?? undefined,
                reason: request.reason,
                from,
                to,
              },
            },
          ],
        },
        now,
      )
      return { ticket_id: ticket, new_status: to, ...countsOf(checks) }
    })
  },
})

interface Request extends Omit<UpdateRequest, 'evidence' | 'coordinator'> {
  readonly bundle: BundleId
  readonly ticket: TicketId
  readonly evidence: Evidence
}

/** Judged first: a move that is refused runs nothing. */
async function check(context: BundleContext, request: Request) {
  const { parent, move } = judge(context, request, context.now())
  const { checkItems } = await import('../check-evidence.ts')
  const about = { id: request.ticket, bundle: parent.thing, isDone: move.transition.to === 'done' }
  return checkItems(context, request.evidence.items, about)
}

/** The move as the files stand: asked before evidence is checked, and again under the lock. */
function judge(context: BundleContext, { evidence, ...request }: Request, now: string) {
  const { bundle, ticket } = request
  const { thing, file } = findTicket(context, bundle, ticket)
  const parent = findOpenBundle(context, bundle)
  const coordinator = coordinatorOf(context, bundle, ticket)
  const move = accept(judgeUpdate(thing, { ...request, evidence: evidence.text, coordinator }, now))
  if (move.transition.to === 'done' && roleOf(ticket) !== 'main') requireKinds(context, ticket, evidence)
  return { thing, file, parent, move }
}
