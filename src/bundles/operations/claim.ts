/** Takes a ticket for an agent: of any number of processes exactly one succeeds. */
import { Boolean, Integer, Literal, Object as Fields, Optional, String, Union } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { idempotencyField } from '../../operation/request-door.ts'
import { flag, word } from '../../operation/schema.ts'
import type { BundleContext } from '../context.ts'
import { actorOf } from '../lease.ts'
import { bundleField, ticketField } from '../model/ids.ts'
import { once } from '../once.ts'
import { takeTicket } from '../take-ticket.ts'

export const claim = defineOperation({
  name: 'claim',
  summary: 'Claim an open or blocked ticket of a bundle; exactly one agent wins.',
  capability: 'tkt-claim',
  effects: ['fs.read', 'fs.write'],
  input: Fields({
    bundle: bundleField('the bundle'),
    ticket: ticketField('the ticket'),
    agent: word('who claims it; the same name must be used for the updates'),
    session_id: Optional(word('tells two agents of one name apart')),
    take_over: Optional(flag('take it from its holder if the claim is stale')),
    idempotency_key: Optional(idempotencyField()),
  }),
  output: Fields({
    claimed: Boolean(),
    ticket: String(),
    role: Union([Literal('main'), Literal('audit'), Literal('worker')]),
    agent: String(),
    claimed_at: String(),
    claim_no: Integer(),
    lease_until: Optional(String()),
    taken_over_from: Optional(String()),
    replayed: Optional(Boolean()),
  }),
  errors: [
    'NOT_INITIALISED',
    'TICKET_NOT_FOUND',
    'BUNDLE_NOT_FOUND',
    'BUNDLE_CLOSED',
    'CLAIM_CONFLICT',
    'ALREADY_HOLDS',
    'TRANSITION_REFUSED',
    'TICKET_PUBLISHED',
    'IDEMPOTENCY_KEY_REUSED',
    'LOCK_TIMEOUT',
  ],
  positional: ['bundle', 'ticket', 'agent'],
  examples: [
    'claim --bundle B-001 --ticket TKT-001 --agent alice',
    'claim --bundle B-001 --ticket TKT-001 --agent bob --take-over',
  ],
  run: async (wanted, context: BundleContext) => {
    context.requireStore()
    const { session_id } = actorOf(context, wanted)
    return once(context, 'claim', wanted, (keyed) => takeTicket(keyed, { ...wanted, session_id }))
  },
})
