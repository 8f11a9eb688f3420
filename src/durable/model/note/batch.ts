/** Reads a batch: its head, and its tickets in the order of the note. */
import { ignore, ignoreAll, ignoreSection, type IgnoredLine } from './ignored-lines.ts'
import type { NoteLine } from './lines.ts'
import { refuse, type Empty, type NoteRefusal } from './refusal.ts'
import type { Section } from './sections.ts'
import { isNothing, readPair } from './words.ts'
import { readTicket, type NotedTicket } from './noted-ticket.ts'

export interface TicketBatch {
  readonly kind: 'batch'
  readonly batch_id: string | undefined
  /** `single-ticket` for one ticket without a head, else as written. */
  readonly mode: string | undefined
  /** As written; that of the ticket where it is a single one. */
  readonly status: string | undefined
  readonly tickets: readonly BatchTicket[]
}

/** The batch id is its own or else that of the head, the order its own or else its place among the tickets. */
export interface BatchTicket extends NotedTicket {
  readonly queue_order: number
}

export type BatchReading = TicketBatch | Empty | NoteRefusal

/** Filled in place. */
interface Progress {
  readonly tickets: Map<string, BatchTicket>
  readonly head: Map<string, string>
  hasHead: boolean
  invalid: { readonly line: number; readonly missing: readonly string[] } | undefined
}

/**
 * Reads sections of any role. Of several tickets with one id only the first counts. Refuses a `# TICKET_BATCH` without any
 * ticket, and a `# TICKET` without id or title where there is no other.
 */
export function readBatch(sections: readonly Section[]): {
  readonly batch: BatchReading
  readonly ignored: readonly IgnoredLine[]
} {
  const progress: Progress = {
    tickets: new Map(),
    head: new Map(),
    hasHead: false,
    invalid: undefined,
  }
  const ignored = sections.flatMap((section) => readSection(section, progress))
  return { batch: verdict(progress), ignored }
}

function readSection(section: Section, progress: Progress): readonly IgnoredLine[] {
  switch (section.role) {
    case 'head':
      return readHead(section.lines, progress)
    case 'ticket':
    case 'block':
      return addTicket(section, progress)
    case 'unknown':
      return ignoreSection(section, 'no_section')
    case 'plain':
      return ignoreAll(section.lines, 'no_section')
    case 'charter':
      return []
    default:
      return section.role satisfies never
  }
}

function readHead(lines: readonly NoteLine[], progress: Progress): readonly IgnoredLine[] {
  progress.hasHead = true
  return lines.flatMap((line) => {
    const pair = line.kind === 'entry' ? readPair(line.text) : undefined
    if (pair === undefined) return ignoreAll([line], 'no_key')
    if (!HEAD_KEYS.includes(pair.name)) return [ignore(line, 'unknown_key')]
    if (isNothing(pair.value)) return []
    if (progress.head.has(pair.name)) return [ignore(line, 'repeated')]
    progress.head.set(pair.name, pair.value)
    return []
  })
}

const HEAD_KEYS: readonly string[] = ['batch_id', 'mode', 'status']

function addTicket(section: Section, progress: Progress): readonly IgnoredLine[] {
  const reading = readTicket(section)
  if (reading.kind === 'invalid') progress.invalid ??= { line: reading.line, missing: reading.missing }
  if (reading.kind !== 'ticket') return reading.ignored
  const { ticket, ignored } = reading
  if (progress.tickets.has(ticket.ticket_id)) return ignoreSection(section, 'repeated')
  progress.tickets.set(ticket.ticket_id, {
    ...ticket,
    batch_id: ticket.batch_id ?? progress.head.get('batch_id'),
    queue_order: ticket.queue_order ?? progress.tickets.size + 1,
  })
  return ignored
}

function verdict({ tickets, head, hasHead, invalid }: Progress): BatchReading {
  const [first, ...others] = tickets.values()
  if (first === undefined)
    return invalid === undefined && !hasHead ? { kind: 'empty' } : refusal(head, invalid)
  const isSingle = !hasHead && others.length === 0
  return {
    kind: 'batch',
    batch_id: head.get('batch_id'),
    mode: isSingle ? 'single-ticket' : head.get('mode'),
    status: isSingle ? first.requested_status : head.get('status'),
    tickets: [first, ...others],
  }
}

function refusal(head: ReadonlyMap<string, string>, invalid: Progress['invalid']): NoteRefusal {
  const details = { ...Object.fromEntries(head), ...invalid }
  if (invalid === undefined)
    return refuse(
      'EMPTY_TICKET_BATCH',
      `the batch ${head.get('batch_id') ?? 'without an id'} has no tickets`,
      details,
    )
  const message = `the # TICKET of line ${invalid.line} has no ${invalid.missing.join(' and no ')}`
  return refuse('INVALID_TICKET_BLOCK', message, details)
}
