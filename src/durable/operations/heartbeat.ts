/** A session says that it lives: its leases are renewed. */
import { Array as ListOf, Object as Fields, Optional, String } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import type { DurableContext } from '../context.ts'
import { sessionField } from '../fields.ts'

export const heartbeat = defineOperation({
  name: 'heartbeat',
  summary: 'Renew the leases of a session; its claims and moves of tickets do so too.',
  capability: 'tkt-heartbeat',
  effects: ['db.read', 'db.write'],
  input: Fields({ session_id: Optional(sessionField()) }),
  output: Fields({ session_id: String(), holds: ListOf(String()), lease_until: Optional(String()) }),
  errors: ['DATABASE_UNAVAILABLE', 'MISSING_SESSION_ID'],
  positional: ['session_id'],
  examples: ['heartbeat --session-id ses-1'],
  run: async ({ session_id }, context: DurableContext) => {
    const act = context.actOf({ session_id })
    const terms = context.terms()
    const { lease_ms } = terms
    const held = await context.withStore((store) => store.renew(act.session, act.now_ms, terms))
    return {
      session_id: act.session,
      holds: held.map(({ key }) => key).slice(0, 20),
      ...(lease_ms === undefined ? {} : { lease_until: new Date(act.now_ms + lease_ms).toISOString() }),
    }
  },
})
