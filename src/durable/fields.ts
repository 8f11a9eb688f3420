/** The inputs that several operations of this engine have. */
import { formed, word } from '../operation/schema.ts'
import { TICKET_KEY } from './model/draft.ts'

export const ticketField = (description: string) =>
  formed(description, TICKET_KEY, 'a letter, then up to 50 letters, digits, _ or -')

export const sessionField = () => word('who acts; else TKT_SESSION_ID or the like')
