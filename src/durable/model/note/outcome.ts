/** What one reading of a note comes to: what is told of it again and again, until somebody changes the note. */
import { draftsOf, type NoteDrafts } from './drafts.ts'
import type { IgnoredLine } from './ignored-lines.ts'
import type { BatchReading } from './batch.ts'
import type { InboxItem, InboxReading, ParserShape } from './inbox.ts'
import type { NewItem } from './new.ts'
import { batchOf, readNote } from './note.ts'
import type { Headings } from './sections.ts'
import type { NoteRefusal } from './refusal.ts'
import type { Charter } from './request-bundle.ts'

/** Kept as JSON beside the note's text. Lists hold the first ones, cut short; the counts are of all. */
export interface NoteOutcome {
  readonly batch: BatchHead | null
  readonly new_items: readonly Pick<NewItem, 'ticket_id' | 'title' | 'item_type' | 'resolution'>[]
  readonly new_count: number
  readonly inbox: ToldInbox | null
  /** Why a part of the note could not be read. */
  readonly refusals: readonly Omit<NoteRefusal, 'kind'>[]
  readonly finished: readonly string[]
  readonly ignored_lines: readonly IgnoredLine[]
  readonly ignored_count: number
}

export interface BatchHead {
  readonly batch_id?: string | undefined
  readonly mode?: string | undefined
  readonly status?: string | undefined
}

export interface ToldInbox {
  readonly parser_shape: ParserShape
  readonly batch_id?: string | undefined
  readonly items: readonly InboxItem[]
  readonly count: number
  /** The ids of all its tickets. */
  readonly tickets: readonly string[]
  readonly charter?: Pick<Charter, 'requested_ticket_count' | 'required_tickets'> | undefined
}

const MOST_TOLD = 5
const LONGEST_TITLE = 60

/** Reads a note for the batch that is asked for. */
export function interpret(
  text: string,
  asked: string | undefined,
  headings?: Headings,
): { readonly outcome: NoteOutcome; readonly drafts: NoteDrafts } {
  const note = readNote(text, headings)
  const drafts = draftsOf(note, asked)
  const { batch, inbox, new_items, ignored_lines, ignored_count } = note
  const outcome = {
    batch: headOf(batchOf(note)),
    new_items: new_items.slice(0, MOST_TOLD).map(({ ticket_id, title, item_type, resolution }) => {
      return { ticket_id, title: title.slice(0, LONGEST_TITLE), item_type, resolution }
    }),
    new_count: new_items.length,
    inbox: toldInbox(inbox, drafts),
    refusals: [batch, inbox].flatMap((part) => {
      if (part.kind !== 'refused') return []
      const { refused, message, details } = part
      return [{ refused, message, details }]
    }),
    finished: drafts.finished.slice(0, MOST_TOLD),
    ignored_lines: ignored_lines
      .slice(0, MOST_TOLD)
      .map((ignored) => ({ ...ignored, text: ignored.text.slice(0, LONGEST_TITLE) })),
    ignored_count,
  }
  return { outcome, drafts }
}

function headOf(batch: BatchReading): BatchHead | null {
  if (batch.kind !== 'batch') return null
  const { batch_id, mode, status } = batch
  return { batch_id, mode, status }
}

function toldInbox(inbox: InboxReading, drafts: NoteDrafts): ToldInbox | null {
  if (inbox.kind !== 'inbox') return null
  const { parser_shape, items, batch, charter } = inbox
  const told = items
    .slice(0, MOST_TOLD)
    .map((item) => ({ ...item, title: item.title.slice(0, LONGEST_TITLE) }))
  return {
    parser_shape,
    batch_id: headOf(batch)?.batch_id,
    ...{ items: told, count: items.length, tickets: drafts.inbox.map(({ key }) => key) },
    charter: charter && {
      requested_ticket_count: charter.requested_ticket_count,
      required_tickets: charter.required_tickets
        .slice(0, MOST_TOLD)
        .map((title) => title.slice(0, LONGEST_TITLE)),
    },
  }
}
