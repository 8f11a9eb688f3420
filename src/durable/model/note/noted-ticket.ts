/** A ticket as a note asks for it: every value read, nothing decided. */
import type { TicketType } from '../ticket.ts'
import { ignore, ignoreSection, type IgnoredLine } from './ignored-lines.ts'
import type { Section } from './sections.ts'
import { startOf } from './words.ts'
import { readBlock, type BlockReading } from './ticket-block.ts'
import { isTicketId, readTicketHeading } from './ticket-heading.ts'
import { readNumber, readPriority, readType, type TextKey } from './ticket-keys.ts'

/** Lists are empty and values undefined where the note says nothing. */
export interface NotedTicket {
  readonly ticket_id: string
  /** The line of its heading. */
  readonly line: number
  /** `title:`, else what stands behind the id in the heading, else the start of the summary, else the id. */
  readonly title: string
  readonly ticket_type: TicketType
  /** As written: a request, to be judged. */
  readonly requested_status: string | undefined
  /** `summary` or `objective`, its lines joined by blanks. */
  readonly summary: string
  readonly required_work: readonly string[]
  readonly acceptance: readonly string[]
  /** Globs, as written. */
  readonly scope: readonly string[]
  /** Ids, each once; nobody has looked whether they exist. */
  readonly depends_on: readonly string[]
  /** Sessions, as written. */
  readonly assignable_to: readonly string[]
  /** 0 (most urgent) to 100. */
  readonly priority: number | undefined
  readonly wave: number | undefined
  readonly batch_id: string | undefined
  readonly queue_order: number | undefined
}

/** `none`: nothing there says that it is a ticket; `invalid`: a `# TICKET` without what it must have. */
export type TicketReading = { readonly ignored: readonly IgnoredLine[] } & (
  | { readonly kind: 'ticket'; readonly ticket: NotedTicket }
  | { readonly kind: 'none' }
  | { readonly kind: 'invalid'; readonly line: number; readonly missing: readonly string[] }
)

/** Reads a section of the role `block`, whose heading has the id, or `ticket`, whose keys have it. */
export function readTicket(section: Section): TicketReading {
  const { heading, role } = section
  const block = readBlock(section.lines)
  const named = role === 'block' ? readTicketHeading(heading?.text ?? '') : undefined
  const isNone = role === 'block' && named?.isCertain !== true && !block.hasKeys
  if (heading === undefined || isNone) return { kind: 'none', ignored: ignoreSection(section, 'no_section') }
  const { read, ignored } = valuesOf(block)
  const isOwn = (id: string): boolean => (named === undefined ? isTicketId(id) : id === named.ticket_id)
  const keyed = read('ticket_id', (id) => (isOwn(id) ? id : undefined))
  const titled = read('title', asWritten)
  const behind = named?.title === '' ? undefined : named?.title
  if (titled !== undefined && behind !== undefined && titled !== behind)
    ignored.push(ignore(heading, 'repeated'))
  const ticket_id = named?.ticket_id ?? keyed
  const line = heading.number
  if (ticket_id === undefined || (named === undefined && titled === undefined)) {
    const missing = Object.entries({ ticket_id, title: titled }).flatMap(([key, value]) =>
      value === undefined ? [key] : [],
    )
    return { kind: 'invalid', line, missing, ignored: ignoreSection(section, 'no_key') }
  }
  const summary = block.lists.summary.join(' ')
  const title = titled ?? behind ?? (startOf(summary, 120) || ticket_id)
  return { kind: 'ticket', ticket: { ticket_id, line, title, summary, ...readRest(block, read) }, ignored }
}

type Read = <Value>(key: TextKey, parse: (text: string) => Value | undefined) => Value | undefined

/** `ignored` gets the lines of values that cannot be read, as they are met. */
function valuesOf(block: BlockReading): { readonly read: Read; readonly ignored: IgnoredLine[] } {
  const ignored = [...block.ignored]
  const read: Read = (key, parse) => {
    const written = block.texts.get(key)
    if (written === undefined) return undefined
    const value = parse(written.value)
    if (value === undefined) ignored.push(ignore(written.line, 'bad_value'))
    return value
  }
  return { read, ignored }
}

const asWritten = (text: string): string => text

function readRest(
  { lists }: BlockReading,
  read: Read,
): Omit<NotedTicket, 'ticket_id' | 'line' | 'title' | 'summary'> {
  return {
    ticket_type: read('ticket_type', readType) ?? 'WORKER',
    requested_status: read('requested_status', asWritten),
    required_work: lists.required_work,
    acceptance: lists.acceptance,
    scope: lists.scope,
    depends_on: [...new Set(lists.depends_on)],
    assignable_to: lists.assignable_to,
    priority: read('priority', readPriority),
    wave: read('wave', readNumber),
    batch_id: read('batch_id', asWritten),
    queue_order: read('queue_order', readNumber),
  }
}
