/** What people may change of a durable ticket, and when: judged where claims are. */
import { refuse, type Refusal } from '../../operation/refusal.ts'
import { claimOfOther, heldByOther, unknownTicket, type Act } from './claiming.ts'
import { durableLifecycle } from './lifecycle.ts'
import type { DurableTicket } from './ticket.ts'
import { circleFrom, type Wait } from './waiting.ts'

const FIELDS = [
  'title',
  'summary',
  'priority',
  'wave',
  'queue_order',
  'batch',
  'depends_on',
  'assignable_to',
  'stage',
  'kind',
  'channel',
  'tier',
  'assignee',
  'payload',
] as const

/** What it is to say; a field that is there and undefined is to hold nothing. */
export type Edits = Readonly<Partial<Pick<DurableTicket, (typeof FIELDS)[number]>>>

export interface Editing {
  readonly key: string
  readonly edits: Edits
  readonly act: Act
  /** The version that the editor has read. */
  readonly if_version?: number | undefined
  /** What follows from `depends_on`, and on from there. */
  readonly waits: readonly Wait[]
}

export interface EditVerdict {
  readonly ok: true
  /** The ticket with what it is to say. */
  readonly edited: DurableTicket
  /** By the names that people know; empty when the ticket says all of it already. */
  readonly changed: Readonly<Record<string, { readonly from: unknown; readonly to: unknown }>>
}

/** What is said already is no change, and so refused to nobody. What is over is not changed: it was judged as it is. */
export function judgeEdit(
  ticket: DurableTicket | undefined,
  { key, edits, act, if_version, waits }: Editing,
): EditVerdict | Refusal<EditRefusal> {
  if (ticket === undefined || ticket.deleted_ms !== undefined) return unknownTicket(key, ticket)
  const { status, version } = ticket
  const edited = { ...ticket, ...edits, depends_on: inOrder(edits.depends_on ?? ticket.depends_on) }
  const before = { ...ticket, depends_on: inOrder(ticket.depends_on) }
  const fields = FIELDS.filter((field) => !isSame(before[field], edited[field]))
  const changed = Object.fromEntries(
    fields.map((field) => [nameOf(field), { from: before[field] ?? null, to: edited[field] ?? null }]),
  )
  if (fields.length === 0) return { ok: true, edited, changed }
  if (if_version !== undefined && if_version !== version)
    return refuse('VERSION_CONFLICT', `${key} is of version ${version}, not ${if_version}`, {
      ...{ ticket_id: key, version, if_version, status },
    })
  if (durableLifecycle.isFinal(status) || (fields.includes('stage') && status !== 'OPEN'))
    return refuse(
      'TRANSITION_REFUSED',
      `${key} is ${status}: ${Object.keys(changed).join(', ')} cannot be changed`,
      { ticket_id: key, status },
      'what is over is opened again with `tkt reopen-ticket`; a stage is of what nobody began',
    )
  const claim = claimOfOther(ticket, act)
  if (claim !== undefined && act.reason === undefined)
    return heldByOther(ticket, claim, 'say with --reason why it is changed meanwhile')
  const circle = fields.includes('depends_on') ? circleFrom(key, edited.depends_on, waits) : undefined
  if (circle === undefined) return { ok: true, edited, changed }
  return refuse('DEPENDENCY_CYCLE', `they would wait for each other: ${circle.join(' -> ')}`, {
    ticket_id: key,
    cycle: circle,
  })
}

export type EditRefusal =
  | 'UNKNOWN_TICKET'
  | 'VERSION_CONFLICT'
  | 'TRANSITION_REFUSED'
  | 'TICKET_CLAIMED_BY_OTHER_SESSION'
  | 'DEPENDENCY_CYCLE'

const inOrder = (keys: readonly string[]): readonly string[] => [...new Set(keys)].sort()

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

const nameOf = (field: (typeof FIELDS)[number]): string => (field === 'batch' ? 'batch_id' : field)
