/** Takes a ticket for an agent: of any number of processes exactly one succeeds. */
import { Boolean, Literal, Object as Fields, Optional, String, Union } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { word } from '../../operation/schema.ts'
import { accept, type BundleContext } from '../context.ts'
import { findOpenBundle, findTicket, requireTicket } from '../find.ts'
import { bundleField, ticketField, isTicketId, roleOf, type BundleId } from '../model/ids.ts'
import type { Ticket } from '../model/ticket.ts'
import { judgeClaim, workersOf } from '../model/ticket-moves.ts'
import { loadTicket, loadTickets } from '../store/reading.ts'
import { editYaml } from '../store/yaml-file.ts'

export const claim = defineOperation({
  name: 'claim',
  summary: 'Claim an open or blocked ticket of a bundle; exactly one agent wins.',
  capability: 'tkt-claim',
  effects: ['fs.read', 'fs.write'],
  input: Fields({
    bundle: bundleField('the bundle'),
    ticket: ticketField('the ticket'),
    agent: word('who claims it; the same name must be used for the updates'),
  }),
  output: Fields({
    claimed: Boolean(),
    ticket: String(),
    role: Union([Literal('main'), Literal('audit'), Literal('worker')]),
    agent: String(),
    claimed_at: String(),
    taken_over_from: Optional(String()),
  }),
  errors: [
    'NOT_INITIALISED',
    'TICKET_NOT_FOUND',
    'BUNDLE_NOT_FOUND',
    'BUNDLE_CLOSED',
    'CLAIM_CONFLICT',
    'TRANSITION_REFUSED',
    'LOCK_TIMEOUT',
  ],
  positional: ['bundle', 'ticket', 'agent'],
  examples: ['claim --bundle B-001 --ticket TKT-001 --agent alice'],
  run: async ({ bundle, ticket, agent }, context: BundleContext) => {
    requireTicket(context, bundle, ticket)
    return context.locked(bundle, async () => {
      const now = context.now()
      const parent = findOpenBundle(context, bundle)
      const { thing, file } = findTicket(context, bundle, ticket)
      const verdict = accept(judgeClaim(thing, agent, now))
      // A name beside an open TKT-000 is of somebody who gave it back, or whose claim was cut by a crash.
      const hasMain = parent.thing.main_agent !== undefined && thing.status !== 'open'
      const becomesMain = verdict.role === 'main' && !hasMain
      await context.commit(
        {
          files: {
            ...(becomesMain ? { [parent.file.path]: editYaml(parent.file, { main_agent: agent }) } : {}),
            [file.path]: editYaml(file, verdict.changes, { transition_log: verdict.transition }),
          },
          events: [
            {
              event: 'TICKET_CLAIMED',
              fields: { bundle, ticket, agent, role: verdict.role, taken_over_from: verdict.taken_over_from },
            },
          ],
        },
        now,
      )
      warnOfDependencies(context, bundle, thing)
      if (verdict.role === 'audit') warnOfOwnWork(context, bundle, agent)
      const { role, taken_over_from } = verdict
      return {
        claimed: true,
        ticket,
        role,
        agent,
        claimed_at: now,
        ...(taken_over_from === undefined ? {} : { taken_over_from }),
      }
    })
  },
})

/** The published rule lets everybody claim the audit, and refuses at close: by then the auditing was in vain. */
function warnOfOwnWork(context: BundleContext, bundle: BundleId, agent: string): void {
  const own = loadTickets(context, bundle).things.filter(
    (ticket) => roleOf(ticket.id) === 'worker' && workersOf(ticket).includes(agent),
  )
  if (own.length === 0) return
  const ids = own.slice(0, 10).map(({ id }) => id)
  context.warn(
    `${agent} worked on ${ids.join(', ')}, so close will refuse this audit: let another agent do it`,
  )
}

/** The published rule lets a ticket be claimed before what it depends on is done; the agent should know, though. */
function warnOfDependencies(context: BundleContext, bundle: BundleId, ticket: Ticket): void {
  const waiting = ticket.depends_on.filter(isTicketId).flatMap((id) => {
    const other = loadTicket(context, bundle, id)
    return other.state === 'found' && other.thing.status !== 'done' ? [`${id} (${other.thing.status})`] : []
  })
  if (waiting.length > 0)
    context.warn(`${ticket.id} depends on tickets that are not done: ${waiting.slice(0, 10).join(', ')}`)
}
