/** Takes in all that the note asks for, or tells what that would be. */
import { OperationError } from '../operation/errors.ts'
import type { DurableContext } from './context.ts'
import { shortLine } from './model/claim-summary.ts'
import type { Draft } from './model/draft.ts'
import type { NoteOutcome } from './model/note/outcome.ts'
import { newStatus } from './refresh-status.ts'
import { refreshFromNote, type RefreshWish } from './refresh.ts'

const MOST_TOLD = 10

/** Throws EMPTY_TICKET_BATCH or INVALID_TICKET_BLOCK for a batch that cannot be read; the rest of the note is taken in. */
export async function intakeFromNote(context: DurableContext, wish: RefreshWish) {
  const refreshed = await context.withStore((store) =>
    refreshFromNote(context, store, { ...wish, afresh: true }),
  )
  const { outcome, taken, now_ms, batch } = refreshed
  refuseBatch(outcome)
  const all = [...taken.batch, ...taken.inbox, ...taken.added].map(({ ticket }) => shortLine(ticket, now_ms))
  const { mode = null, status = null } = outcome.batch ?? {}
  return {
    ticket: all.length === 1 ? all[0] : null,
    batch: {
      batch_id: batch ?? null,
      mode,
      status,
      tickets: all.slice(0, MOST_TOLD),
      ticket_count: all.length,
    },
    refresh_status: newStatus(refreshed),
  }
}

/** Writes nothing, and makes no database. */
export async function previewOfNote(context: DurableContext, batch: string | undefined) {
  const { interpret } = await import('./model/note/outcome.ts')
  const { outcome, drafts } = interpret(context.note().text, batch, context.config().note_headings)
  refuseBatch(outcome)
  const all = [...drafts.batch, ...drafts.inbox, ...drafts.added]
  const known = context.hasStore()
    ? await context.withStore(async (store) => {
        const keys: string[] = []
        for (const { key } of all) if ((await store.find(key)) !== undefined) keys.push(key)
        return keys
      })
    : []
  const fresh = all.filter(({ key }) => !known.includes(key))
  const { mode = null, status = null, batch_id = null } = outcome.batch ?? {}
  return {
    ticket: null,
    batch: {
      ...{ batch_id: batch ?? batch_id, mode, status, dry_run: true },
      tickets: fresh.slice(0, MOST_TOLD).map(lineOf),
      ticket_count: fresh.length,
      known_count: known.length,
      ...{
        not_taken_in: outcome.finished,
        ignored_lines: outcome.ignored_lines,
        ignored_count: outcome.ignored_count,
      },
    },
  }
}

const lineOf = ({ key, title, type, batch }: Draft) => ({
  ...{ ticket_id: key, title: title.slice(0, 60), ticket_type: type, batch_id: batch ?? null },
})

function refuseBatch({ refusals }: NoteOutcome): void {
  for (const { refused, message, details } of refusals)
    if (refused !== 'REVIEW_INBOX_FORMAT_UNSUPPORTED') throw new OperationError(refused, message, details)
}
