/** The inputs that several operations of this engine have. */
import { Optional } from 'typebox'
import { OperationError } from '../operation/errors.ts'
import { cut } from '../operation/page.ts'
import { flag, formed, list, longText, word } from '../operation/schema.ts'
import { ASSIGNABLE_ENTRY } from './model/assignable.ts'
import { jsonIn } from './model/company.ts'
import { BUNDLE_TICKET_KEY, TICKET_KEY } from './model/draft.ts'

/** The name that a new ticket gets. */
export const keyField = (description: string) => formed(description, TICKET_KEY, KEY)

/** A ticket that is there, by any name of it. */
export const ticketField = (description: string) =>
  formed(
    description,
    `${TICKET_KEY}|${BUNDLE_TICKET_KEY}|^[0-9][0-9A-Fa-f-]{0,35}$`,
    `${KEY}, or as in B-001/TKT-001; or its number, or its uuid`,
  )

const KEY = 'a letter, then up to 50 letters, digits, _ or -'

/** As long as the published program can keep. */
const shortName = (description: string) =>
  formed(description, '^[!-~]{1,100}$', 'at most 100 visible characters without blanks')

export const sessionField = (description = 'who acts; else TKT_SESSION_ID or the like') =>
  shortName(description)
export const batchField = shortName
export const channelField = shortName

export const worktreeField = () =>
  flag('work in a git worktree of its own, on branch tkt/TICKET; else as isolation.worktree_enabled says')

export const assignableField = () =>
  list('sessions that may claim it, comma-separated; impl-* is all that begin so')

/** What programs that route work say of a ticket, see model/company.ts. */
export const companyFields = () => ({
  kind: Optional(word('what sort of work it is')),
  channel: Optional(channelField('the queue it is in (default)')),
  tier: Optional(word('the class of model it is meant for')),
  assignee: Optional(sessionField('who is meant to do it; keeps nobody from it')),
  payload: Optional(longText('JSON that goes with it')),
})

/** Throws INPUT_INVALID for a text that is no JSON. */
export function payloadOf(text: string | undefined): { readonly payload?: unknown } {
  if (text === undefined) return {}
  const json = jsonIn(text)
  if (json !== undefined) return { payload: json.value }
  const [value, reason] = [cut(text), 'must be JSON, such as {"url": "https://example.org"}']
  throw new OperationError('INPUT_INVALID', `--payload ${reason}, got ${value}`, {
    ...{ field: 'payload', value, reason },
  })
}

/** Throws INPUT_INVALID about the first entry that no session can be. */
export function refuseNoSession(assignable_to: readonly string[] | undefined): void {
  const value = assignable_to?.find((entry) => !ASSIGNABLE_ENTRY.test(entry))
  if (value === undefined) return
  const reason = 'a session has at most 100 visible characters without blanks'
  throw new OperationError('INPUT_INVALID', `--assignable-to ${value}: ${reason}`, {
    ...{ field: 'assignable_to', value, reason },
  })
}
