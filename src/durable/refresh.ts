/** Takes in what people wrote into the note since it was read last; a note that is as it was costs one look. */
import type { Config } from '../config.ts'
import type { DurableContext } from './context.ts'
import type { NoteFile } from './effects/note-file.ts'
import type { NoteDrafts } from './model/note/drafts.ts'
import type { NoteOutcome } from './model/note/outcome.ts'
import type { IntakeAct, TakenIn, TicketStore } from './store/ticket-store.ts'
import { unreadableIn } from './proof-door.ts'
import { warnOfCircle } from './warn-of-circle.ts'

export interface RefreshWish {
  /** The batch of what names none. */
  readonly batch?: string | undefined
  readonly session?: string | undefined
  /** The operation that reads. */
  readonly trigger: string
  /** Read it, even if it is as it was. */
  readonly afresh?: boolean
}

export interface Refreshed {
  readonly note: Omit<NoteFile, 'text'>
  readonly outcome: NoteOutcome
  /** Whether the note says something else than when it was read last. */
  readonly isChanged: boolean
  readonly taken: Taken
  /** That was asked for, or else the note's own. */
  readonly batch: string | undefined
  readonly trigger: string
  readonly now_ms: number
}

/** What was taken in from each part of a note; empty for one that is as it was. */
export interface Taken {
  readonly batch: readonly TakenIn[]
  readonly inbox: readonly TakenIn[]
  readonly added: readonly TakenIn[]
}

/**
 * Never fails for what the note says, or for want of one; what could not be read is told, and warned of. Whoever reads is
 * alive: the leases of the session are renewed.
 */
export async function refreshFromNote(
  context: DurableContext,
  store: TicketStore,
  wish: RefreshWish,
): Promise<Refreshed> {
  const { batch, session, trigger, afresh = false } = wish
  const now_ms = context.now_ms()
  if (session !== undefined) await store.renew(session, now_ms, context.terms())
  const { text, ...note } = context.note()
  const reading = { source: context.config().note_path, batch }
  const told = (outcome: NoteOutcome, taken: Taken, isChanged: boolean): Refreshed => {
    if (note.refused !== undefined) context.warn(`the note: ${note.refused}`)
    for (const { message } of outcome.refusals) context.warn(`the note: ${message}`)
    return { note, outcome, taken, isChanged, batch: batch ?? outcome.batch?.batch_id, trigger, now_ms }
  }
  if (note.resolution !== 'RESOLVED_SINGLE_PATH') return told(NOTHING_THERE, NOTHING_TAKEN, false)
  const last = await store.lastReading(reading)
  const { note_headings: headings } = context.config()
  const reader = readerOf(headings)
  const known = last?.text === text && !afresh ? knownOutcome(last.outcome, reader) : undefined
  const act = { now_ms, session, trigger }
  const { outcome, drafts } =
    known ?? (await import('./model/note/outcome.ts')).interpret(text, batch, headings)
  const taken = drafts === undefined ? NOTHING_TAKEN : await takeIn(store, drafts, act)
  await warnOfCircle(context, store, [...taken.batch, ...taken.inbox])
  await warnOfUnreadable(context, [...taken.batch, ...taken.inbox, ...taken.added])
  await store.logReading({ ...reading, text, outcome: JSON.stringify({ reader, ...outcome }) }, act)
  return told(outcome, taken, last?.text !== text)
}

/** Such a ticket is taken in as the note says, for the others' sake, and cannot be closed before the note is mended. */
async function warnOfUnreadable(context: DurableContext, taken: readonly TakenIn[]): Promise<void> {
  for (const { ticket, isNew, isUpdated } of taken) {
    const found = isNew || isUpdated ? await unreadableIn(ticket.acceptance) : undefined
    if (found !== undefined)
      context.warn(`the note: ${ticket.key}: acceptance ${found.number} is ${found.reason}`)
  }
}

/** What another version of this program read, or what was read by other headings, is read again. */
const readerOf = ({ added, inbox }: Config['note_headings']): string => `2 ${added} ${inbox}`

function knownOutcome(
  json: string,
  as: string,
): { readonly outcome: NoteOutcome; readonly drafts?: undefined } | undefined {
  const { reader, ...outcome } = JSON.parse(json) as NoteOutcome & { readonly reader: unknown }
  return reader === as ? { outcome } : undefined
}

async function takeIn(
  store: TicketStore,
  { batch, inbox, added }: NoteDrafts,
  act: IntakeAct,
): Promise<Taken> {
  const all = await store.intake([...batch, ...inbox, ...added], act)
  const behind = batch.length + inbox.length
  return {
    batch: all.slice(0, batch.length),
    inbox: all.slice(batch.length, behind),
    added: all.slice(behind),
  }
}

const NOTHING_TAKEN: Taken = { batch: [], inbox: [], added: [] }

const NOTHING_THERE: NoteOutcome = {
  ...{ batch: null, new_items: [], new_count: 0, inbox: null, refusals: [], finished: [] },
  ...{ ignored_lines: [], ignored_count: 0 },
}
