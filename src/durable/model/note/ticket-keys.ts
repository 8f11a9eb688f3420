/** The keys of a ticket in a note, in the words of everybody who writes them, and what their values mean. */
import { ASSIGNABLE_ENTRY } from '../assignable.ts'
import { TICKET_TYPES, type TicketType } from '../ticket.ts'
import { splitList } from './words.ts'
import { isTicketId } from './ticket-heading.ts'

export type ListKey = 'summary' | 'required_work' | 'acceptance' | 'scope' | 'depends_on' | 'assignable_to'

export type TextKey =
  | 'ticket_id'
  | 'title'
  | 'ticket_type'
  | 'requested_status'
  | 'priority'
  | 'wave'
  | 'batch_id'
  | 'queue_order'

export type TicketKey = { readonly list: ListKey } | { readonly text: TextKey }

const KEYS: ReadonlyMap<string, TicketKey> = new Map<string, TicketKey>([
  ['ticket_id', { text: 'ticket_id' }],
  ['title', { text: 'title' }],
  ['type', { text: 'ticket_type' }],
  ['ticket_type', { text: 'ticket_type' }],
  ['status', { text: 'requested_status' }],
  ['requested_status', { text: 'requested_status' }],
  ['priority', { text: 'priority' }],
  ['wave', { text: 'wave' }],
  ['batch_id', { text: 'batch_id' }],
  ['queue_order', { text: 'queue_order' }],
  ['summary', { list: 'summary' }],
  ['objective', { list: 'summary' }],
  ['required_work', { list: 'required_work' }],
  ['acceptance', { list: 'acceptance' }],
  ['scope', { list: 'scope' }],
  ['depends_on', { list: 'depends_on' }],
  ['assignable_to', { list: 'assignable_to' }],
])

/** The key of this name, as nameOf writes it. */
export function findTicketKey(name: string): TicketKey | undefined {
  return KEYS.get(name)
}

type WordList = 'scope' | 'depends_on' | 'assignable_to'

/** What a part may be, of the lists whose parts have no blanks in them. */
const IS_ENTRY: Readonly<Record<WordList, (part: string) => boolean>> = {
  scope: () => true,
  depends_on: isTicketId,
  assignable_to: (part) => ASSIGNABLE_ENTRY.test(part),
}

/** Whether each entry is a sentence, which may go on in the next line. */
export const isSentences = (list: ListKey): list is Exclude<ListKey, WordList> => !(list in IS_ENTRY)

export interface ListEntries {
  readonly entries: readonly string[]
  /** True when a part of the value cannot be one; it is left out. */
  readonly isBad: boolean
}

/** What one value adds to a list: itself, or each of its parts where parts can have no blanks in them. */
export function entriesOf(list: ListKey, value: string): ListEntries {
  if (isSentences(list)) return { entries: [value], isBad: false }
  const parts = splitList(value)
  const entries = parts.filter((part) => IS_ENTRY[list](part))
  return { entries, isBad: entries.length < parts.length }
}

export function readType(value: string): TicketType | undefined {
  return TICKET_TYPES.find((type) => type === value.toUpperCase())
}

/** A whole number of at most nine digits. */
export function readNumber(value: string): number | undefined {
  return /^\d{1,9}$/.test(value) ? Number(value) : undefined
}

/** 0 (most urgent) to 100, also as a word. */
export function readPriority(value: string): number | undefined {
  const number = readNumber(value) ?? PRIORITIES.get(value.toLowerCase())
  return number !== undefined && number <= 100 ? number : undefined
}

const PRIORITIES: ReadonlyMap<string, number> = new Map([
  ['critical', 0],
  ['high', 20],
  ['medium', 50],
  ['low', 80],
])
