/** What of a note becomes tickets: its batch, its review inbox and what is new. */
import { sha1 } from '@noble/hashes/legacy.js'
import { scopeOfEntries, type Draft } from '../draft.ts'
import type { BatchTicket, TicketBatch } from './batch.ts'
import type { NewItem } from './new.ts'
import type { Note } from './note.ts'
import type { NotedTicket } from './noted-ticket.ts'

export interface NoteDrafts {
  readonly batch: readonly Draft[]
  readonly inbox: readonly Draft[]
  readonly added: readonly Draft[]
  /** What the note itself calls finished: nobody is to do it, so it is not taken in. */
  readonly finished: readonly string[]
}

/**
 * A ticket belongs to the batch that it or its list names, else to the one that was asked for; what is new to the one asked
 * for, else to the note's. What the note requests as blocked waits in the backlog: nobody is given it without being asked.
 */
export function draftsOf({ batch, inbox, new_items }: Note, asked: string | undefined): NoteDrafts {
  const own = batch.kind === 'batch' ? batch : undefined
  const reviewed = inbox.kind === 'inbox' && inbox.batch.kind === 'batch' ? inbox.batch : undefined
  const home = asked ?? own?.batch_id ?? reviewed?.batch_id
  const wanted = new_items.filter(({ resolution }) => resolution === 'materialize_ticket')
  const tickets = [...(own?.tickets ?? []), ...(reviewed?.tickets ?? []), ...wanted.filter(isExplicit)]
  return {
    batch: own === undefined ? [] : open(own).map((ticket) => batchDraft(ticket, sourceOf(own), asked)),
    inbox:
      reviewed === undefined
        ? []
        : open(reviewed).map((ticket) => inboxDraft(ticket, own !== undefined, asked)),
    added: wanted
      .filter((item) => !isExplicit(item) || !isFinished(item))
      .map((item) => newDraft(item, home)),
    finished: tickets.filter(isFinished).map(({ ticket_id }) => ticket_id),
  }
}

const isExplicit = (item: NewItem) => item.item_type === 'explicit_ticket'

const open = ({ tickets }: TicketBatch): readonly BatchTicket[] =>
  tickets.filter((ticket) => !isFinished(ticket))

const sourceOf = ({ mode }: TicketBatch): string =>
  mode === 'single-ticket' ? 'note_tasks' : 'note_tasks_batch'

const isFinished = ({ requested_status = '' }: NotedTicket): boolean =>
  /^(closed|done|completed?|finished|cancell?ed|failed|rejected|tombstone)$/i.test(requested_status)

const isWaiting = (requested_status = ''): boolean =>
  /^(blocked|deferred|backlog|on[ _-]?hold|parked)$/i.test(requested_status)

function batchDraft(ticket: BatchTicket, source: string, asked: string | undefined): Draft {
  return draftOf(ticket, { source, batch: ticket.batch_id ?? asked, queue_order: ticket.queue_order })
}

/** Beside a batch of the note, the inbox comes behind it. */
function inboxDraft(ticket: BatchTicket, isBeside: boolean, asked: string | undefined): Draft {
  const queue_order = isBeside ? 'last' : ticket.queue_order
  return draftOf(ticket, { source: 'review_agent_inbox', batch: ticket.batch_id ?? asked, queue_order })
}

function newDraft(item: NewItem, home: string | undefined): Draft {
  const place = { source: 'note_tasks_new_section', queue_order: 'last' } as const
  if (item.item_type === 'explicit_ticket') return draftOf(item, { ...place, batch: item.batch_id ?? home })
  const { ticket_id: key, title, summary, ticket_type: type } = item
  return noted({ ...place, key, title, summary, type, batch: home })
}

function draftOf(ticket: NotedTicket, place: Pick<Draft, 'source' | 'batch' | 'queue_order'>): Draft {
  const { ticket_id: key, title, ticket_type: type, summary, priority, wave, requested_status } = ticket
  return noted({
    ...{ ...place, key, title, summary, type, priority, wave },
    required_work: some(ticket.required_work),
    acceptance: some(ticket.acceptance),
    depends_on: some(ticket.depends_on),
    scope: scopeOfEntries(ticket.scope),
    assignable_to: some(ticket.assignable_to),
    stage: isWaiting(requested_status) ? 'backlog' : 'todo',
  })
}

const some = (list: readonly string[]): readonly string[] | undefined =>
  list.length === 0 ? undefined : list

/** With what stands for all that the note says of it; its place in the queue is given once. */
function noted(draft: Draft): Draft {
  const { source: _, batch: __, queue_order: ___, ...said } = draft
  return { ...draft, noted: Buffer.from(sha1(Buffer.from(JSON.stringify(said)))).toString('base64url', 0, 9) }
}
