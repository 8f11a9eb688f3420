/** The tickets of the published program, as they lie in its table agent_tasks (contracts: durable section 2). */
import { leaseEnd } from './change.ts'
import type { Terms } from './claiming.ts'
import { provenanceOf, TICKET_KEY, visibilityOf } from './draft.ts'
import type { State } from './lifecycle.ts'
import { readNote } from './note/note.ts'
import { PROVENANCES, type Provenance, type TicketType, type Visibility } from './ticket.ts'

/** A row; what is of its metadata is text, or null. */
export interface PublishedTask {
  readonly id: number
  readonly task_key: string | null
  readonly title: string
  readonly description: string
  readonly status: string
  readonly assignee: string | null
  readonly created_ms: number
  readonly updated_ms: number
  readonly closed_ms: number | null
  readonly ticket_id: string | null
  readonly source: string | null
  readonly ticket_type: string | null
  readonly batch_id: string | null
  readonly queue_order: string | null
  readonly claimed_at: string | null
  readonly claimed_by_session: string | null
  readonly blocked_reason: string | null
  readonly resolution: string | null
  readonly task_provenance: string | null
  readonly task_surface_visibility: string | null
}

/** A ticket as it is to be written; `session` holds it where there is a claim. */
export interface TakenOver extends State {
  readonly task_id: number
  readonly key: string
  readonly title: string
  readonly summary: string
  readonly type: TicketType
  readonly batch: string | undefined
  readonly queue_order: number | undefined
  readonly source: string
  readonly provenance: Provenance
  readonly visibility: Visibility
  readonly blocked_reason: string | undefined
  readonly outcome: string | undefined
  readonly created_ms: number
  readonly updated_ms: number
  readonly closed_ms: number | undefined
  readonly deleted_ms?: number
  readonly last_session: string | undefined
  readonly claim_no: number
  readonly claim: TakenClaim | undefined
}

export interface TakenClaim {
  readonly session: string
  readonly claimed_ms: number
  readonly leased_until_ms: number | undefined
  readonly slot: number | undefined
}

export interface TakeOver {
  readonly tickets: readonly TakenOver[]
  /** The names that the note's words give now to lines that are taken over under another one. */
  readonly twins: readonly TakenOver[]
  readonly skipped: readonly { readonly task_id: number; readonly reason: string }[]
}

/** What becomes of them, at this moment. Leases begin anew: the published program had none. */
export function takeOver(tasks: readonly PublishedTask[], now_ms: number, terms: Terms): TakeOver {
  const tickets = new Map<string, TakenOver>()
  const skipped: { task_id: number; reason: string }[] = []
  const slots = new Set<string>()
  for (const task of tasks) {
    const key = task.task_key ?? task.ticket_id ?? ''
    if (!new RegExp(TICKET_KEY).test(key))
      skipped.push({ task_id: task.id, reason: `${JSON.stringify(key.slice(0, 60))} is no name of a ticket` })
    else if (tickets.has(key)) skipped.push({ task_id: task.id, reason: `${key} is there twice` })
    else {
      const ticket = ticketOf(task, key, leaseEnd(now_ms, terms))
      const session = ticket.claim?.session
      const hasSlot = session !== undefined && ticket.status === 'CLAIMED' && !slots.has(session)
      if (session !== undefined && hasSlot) slots.add(session)
      const slot = hasSlot && terms.oneAtATime ? 1 : undefined
      tickets.set(key, { ...ticket, claim: ticket.claim && { ...ticket.claim, slot } })
    }
  }
  const all = [...tickets.values()]
  return { tickets: all, twins: twinsOf(all, now_ms), skipped }
}

function ticketOf(task: PublishedTask, key: string, leased_until_ms: number | undefined): TakenOver {
  const { claimed_at, queue_order, task_provenance } = task
  const session = task.claimed_by_session ?? task.assignee ?? undefined
  const state = stateOf(task, session)
  const isHeld = state.status === 'CLAIMED' || state.status === 'BLOCKED'
  const claimed_ms = Date.parse(claimed_at ?? '') || task.updated_ms
  const [source, batch] = [task.source ?? 'manual', task.batch_id ?? undefined]
  const provenance = provenanceOf({
    ...{ key, title: task.title, summary: task.description, type: 'WORKER', source, batch },
    provenance: PROVENANCES.find((one) => one === task_provenance),
  })
  return {
    ...{ task_id: task.id, key, title: task.title, summary: task.description, ...state },
    type: task.ticket_type?.toUpperCase() === 'INTEGRATOR' ? 'INTEGRATOR' : 'WORKER',
    ...{ batch, source, provenance },
    queue_order: /^\d{1,9}$/.test(queue_order ?? '') ? Number(queue_order) : undefined,
    visibility: VISIBILITIES.find((one) => one === task.task_surface_visibility) ?? visibilityOf(provenance),
    blocked_reason: task.status === 'blocked' ? (task.blocked_reason ?? undefined) : undefined,
    outcome: state.status === 'CLOSED' ? (task.resolution ?? undefined) : undefined,
    ...{ created_ms: task.created_ms, updated_ms: task.updated_ms },
    closed_ms: state.status === 'CLOSED' ? (task.closed_ms ?? task.updated_ms) : undefined,
    last_session: session,
    claim_no: session === undefined ? 0 : 1,
    claim:
      isHeld && session !== undefined ? { session, claimed_ms, leased_until_ms, slot: undefined } : undefined,
  }
}

const VISIBILITIES: readonly Visibility[] = ['default', 'hidden_by_default']

/** What is in nobody's hands is open; work that was put off, or is blocked for nobody, waits in the backlog. */
function stateOf({ status }: PublishedTask, session: string | undefined): State {
  switch (status) {
    case 'closed':
      return { status: 'CLOSED', resolution: 'done' }
    case 'tombstone':
      return { status: 'CLOSED', resolution: 'cancelled' }
    case 'in_progress':
      return session === undefined ? { status: 'OPEN', stage: 'todo' } : { status: 'CLAIMED' }
    case 'blocked':
      return session === undefined ? { status: 'OPEN', stage: 'backlog' } : { status: 'BLOCKED' }
    default:
      return { status: 'OPEN', stage: status === 'deferred' ? 'backlog' : 'todo' }
  }
}

/**
 * The published program named a line of the note by its place, this one by its words. So that the line is not taken in once
 * more, its name of now is taken by a ticket that is deleted, and says under which name the work is.
 */
function twinsOf(tickets: readonly TakenOver[], now_ms: number): readonly TakenOver[] {
  const lines = tickets.filter(({ key, source }) => key.startsWith('TKT-NEW-') && source === OF_LINE)
  const oneLine = (text: string): string => text.replaceAll(/\s*[\r\n]+\s*/g, ' ')
  const { new_items } = readNote(`### New\n${lines.map(({ summary }) => oneLine(summary)).join('\n')}`)
  return new_items.flatMap(({ ticket_id, line }) => {
    const ticket = lines[line - 2]
    if (ticket === undefined || tickets.some(({ key }) => key === ticket_id)) return []
    return [
      {
        ...ticket,
        ...({ key: ticket_id, status: 'CLOSED', stage: undefined, resolution: 'cancelled' } as const),
        ...{ outcome: `it is ${ticket.key}`, closed_ms: now_ms, deleted_ms: now_ms },
        ...{ queue_order: undefined, last_session: undefined, claim_no: 0, claim: undefined },
      },
    ]
  })
}

const OF_LINE = 'note_tasks_new_section'
