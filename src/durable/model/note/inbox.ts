/** Reads the review inbox of a note, in each of the forms it is written in. */
import type { TicketType } from '../ticket.ts'
import { ignoreAll, ignoreSection, type IgnoredLine } from './ignored-lines.ts'
import { readBatch, type BatchReading, type TicketBatch } from './batch.ts'
import { refuse, type Empty, type NoteRefusal } from './refusal.ts'
import type { Section } from './sections.ts'
import { isPlaceholder } from './words.ts'
import { readCharter, type Charter } from './request-bundle.ts'

/** `review_points_in_note_tasks`: a batch as a review writes it, with `RV-` ids. The other words are the published ones. */
export type ParserShape =
  'embedded_ticket_batch_in_note_tasks' | 'request_bundle_round_charter' | 'review_points_in_note_tasks'

export interface Inbox {
  readonly kind: 'inbox'
  readonly parser_shape: ParserShape
  readonly items: readonly InboxItem[]
  /** The tickets of the items; of a request bundle, those that are projected from it. */
  readonly batch: BatchReading
  /** Of a request bundle only. */
  readonly charter: Charter | undefined
}

export interface InboxItem {
  /** The id of its ticket; in a request bundle `REQUIRED-n`, the n-th line of its plan. */
  readonly inbox_item_id: string
  readonly title: string
  readonly ticket_type: TicketType
  /** The ticket that stands for it: in a request bundle the n-th projected one, which may be missing. */
  readonly mapped_ticket_id: string | undefined
}

export type InboxReading = Inbox | Empty | NoteRefusal

/** Reads the sections of the inbox, and of the projection that belongs to its request bundle. */
export function readInbox(sections: readonly Section[]): {
  readonly inbox: InboxReading
  readonly ignored: readonly IgnoredLine[]
} {
  const { batch, ignored } = readBatch(sections)
  const charters = sections.filter(isCharter)
  if (charters.length > 0) {
    const reading = readCharter(charters)
    return { inbox: requestBundle(reading.charter, batch), ignored: [...ignored, ...reading.ignored] }
  }
  if (batch.kind === 'batch') return { inbox: embedded(batch), ignored }
  return { inbox: batch.kind === 'refused' ? batch : unread(sections), ignored }
}

/** True for the sections that make the inbox a request bundle. */
export function isCharter({ role }: Section): boolean {
  return role === 'charter'
}

function embedded(batch: TicketBatch): Inbox {
  const isReview = batch.tickets.some(({ ticket_id }) => ticket_id.startsWith('RV-'))
  const items = batch.tickets.map(({ ticket_id, title, ticket_type }) => {
    return { inbox_item_id: ticket_id, title, ticket_type, mapped_ticket_id: ticket_id }
  })
  const parser_shape = isReview ? 'review_points_in_note_tasks' : 'embedded_ticket_batch_in_note_tasks'
  return { kind: 'inbox', parser_shape, items, batch, charter: undefined }
}

function requestBundle(charter: Charter, batch: BatchReading): Inbox {
  const tickets = batch.kind === 'batch' ? batch.tickets : []
  const items = charter.required_tickets.map((title, index) => ({
    inbox_item_id: `REQUIRED-${index + 1}`,
    title,
    ticket_type: tickets[index]?.ticket_type ?? 'WORKER',
    mapped_ticket_id: tickets[index]?.ticket_id,
  }))
  return { kind: 'inbox', parser_shape: 'request_bundle_round_charter', items, batch, charter }
}

function unread(sections: readonly Section[]): Empty | NoteRefusal {
  const lines = sections.flatMap((section) =>
    section.role === 'plain' ? ignoreAll(section.lines, 'no_section') : ignoreSection(section, 'no_section'),
  )
  const words = lines.filter(({ text, why }) => why !== 'comment' && !isPlaceholder(text))
  if (words.length === 0) return { kind: 'empty' }
  const preview = words.slice(0, 5).map(({ text }) => text.slice(0, 120))
  const message = 'the review inbox has neither a # TICKET_BATCH nor a REQUEST_BUNDLE'
  return refuse('REVIEW_INBOX_FORMAT_UNSUPPORTED', message, { preview })
}
