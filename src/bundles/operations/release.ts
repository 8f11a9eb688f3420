/** The holder gives a ticket back: it is open again, for anybody. */
import { Object as Fields, Optional, String } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { invalid } from '../../operation/input.ts'
import { count, longText, word } from '../../operation/schema.ts'
import { accept } from '../../operation/accept.ts'
import type { BundleContext } from '../context.ts'
import { coordinatorOf, findExpress, findOpenBundle, findTicket, requireTicket } from '../find.ts'
import { actorOf } from '../lease.ts'
import { judgeExpressRelease } from '../model/express-moves.ts'
import type { Actor } from '../model/holding.ts'
import {
  anyTicketField,
  bundleField,
  isExpressId,
  type BundleId,
  type ExpressId,
  type TicketId,
} from '../model/ids.ts'
import { judgeRelease } from '../model/ticket-moves.ts'
import { editYaml } from '../store/yaml-file.ts'

interface Request extends Actor {
  readonly agent: string
  readonly reason?: string
}

export const release = defineOperation({
  name: 'release',
  summary: 'Give back a ticket that one holds, so that others can claim it.',
  capability: 'tkt-release',
  effects: ['fs.read', 'fs.write'],
  input: Fields({
    bundle: Optional(bundleField('the bundle')),
    ticket: anyTicketField('the ticket; an express ticket needs no bundle'),
    agent: word('who gives it back: the holder, or the main agent for a worker'),
    claim_no: Optional(count('the number that the claim was answered with', 1)),
    session_id: Optional(word('tells two agents of one name apart')),
    reason: Optional(longText('why: what the next one should know')),
  }),
  output: Fields({ released: String(), from: String(), status: String() }),
  errors: [
    'NOT_INITIALISED',
    'TICKET_NOT_FOUND',
    'BUNDLE_NOT_FOUND',
    'BUNDLE_CLOSED',
    'TRANSITION_REFUSED',
    'TICKET_PUBLISHED',
    'EXPRESS_NOT_OPEN',
    'NOT_OWNER',
    'CLAIM_LOST',
    'LOCK_TIMEOUT',
  ],
  positional: ['bundle', 'ticket', 'agent'],
  examples: [
    'release --bundle B-001 --ticket TKT-002 --agent alice --reason "needs access that I do not have"',
    'release --ticket EXP-001 --agent alice',
  ],
  run: async ({ bundle, ticket, ...said }, context: BundleContext) => {
    context.requireStore()
    const request = actorOf(context, said)
    if (isExpressId(ticket)) return releaseExpress(context, ticket, request)
    if (bundle === undefined) throw invalid('bundle', 'is missing: name the bundle of the ticket')
    return releaseTicket(context, { bundle, ticket }, request)
  },
})

async function releaseTicket(
  context: BundleContext,
  { bundle, ticket }: { readonly bundle: BundleId; readonly ticket: TicketId },
  request: Request,
) {
  requireTicket(context, bundle, ticket)
  return context.locked(bundle, async () => {
    const now = context.now()
    findOpenBundle(context, bundle)
    const { thing, file } = findTicket(context, bundle, ticket)
    const coordinator = coordinatorOf(context, bundle, ticket)
    const { changes, transition } = accept(judgeRelease(thing, { ...request, coordinator }, now))
    const { agent, reason } = request
    const { from, to } = transition
    await context.commit(
      {
        files: { [file.path]: editYaml(file, changes, { transition_log: transition }) },
        events: [
          {
            event: 'TICKET_RELEASED',
            fields: { bundle, ticket, agent, claim_no: thing.claim_no, reason, from, to },
          },
        ],
      },
      now,
    )
    return { released: `${bundle}/${ticket}`, from, status: to }
  })
}

async function releaseExpress(context: BundleContext, ticket: ExpressId, request: Request) {
  findExpress(context, ticket)
  return context.locked(ticket, async () => {
    const now = context.now()
    const { thing, file } = findExpress(context, ticket)
    const { changes, from, to } = accept(judgeExpressRelease(thing, request, now))
    const { agent, reason } = request
    const transition = { from, to, timestamp: now, agent, reason }
    await context.commit(
      {
        files: { [file.path]: editYaml(file, changes, { transition_log: transition }) },
        events: [
          {
            event: 'EXPRESS_RELEASED',
            fields: { ticket, agent, claim_no: thing.claim_no, reason, from, to },
          },
        ],
      },
      now,
    )
    return { released: ticket, from, status: to }
  })
}
