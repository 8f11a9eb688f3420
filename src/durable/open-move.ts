/** What any session does to a ticket, whoever holds it: it says why, and that goes on record. */
import { Object as Fields, Optional, Unknown } from 'typebox'
import { longText } from '../operation/schema.ts'
import { sessionField, ticketField } from './fields.ts'

/** The inputs of such an operation; `says` is what the reason tells. */
export const openFields = (says: string) => ({
  ticket_id: ticketField('the ticket'),
  session_id: Optional(sessionField()),
  reason: longText(says),
})

/** What these operations have in common. */
export const OPEN_MOVE = {
  effects: ['db.read', 'db.write'],
  output: Fields({ ticket: Unknown() }),
  errors: ['DATABASE_UNAVAILABLE', 'MISSING_SESSION_ID', 'UNKNOWN_TICKET', 'TRANSITION_REFUSED'],
  positional: ['ticket_id'],
} as const
