/** What a refresh tells of the note: the published keys (contracts: durable sections 5.5 and 5.6), lists cut short. */
import type { Refreshed } from './refresh.ts'
import type { TakenIn } from './store/ticket-store.ts'

const MOST_TOLD = 10

/** Of the list `### New`, and of the batch that the note itself holds. */
export function newStatus(refreshed: Refreshed) {
  const { note, outcome, taken, trigger, now_ms, isChanged } = refreshed
  const fresh = taken.added.filter(({ isNew }) => isNew)
  const workers = fresh.filter(({ ticket }) => ticket.type === 'WORKER' && ticket.status === 'OPEN')
  return {
    canonical_note_tasks_path: note.path,
    path_resolution_status: note.resolution,
    candidate_paths: [note.path],
    existing_paths: note.resolution === 'NOT_FOUND' ? [] : [note.path],
    refresh_entrypoint: 'tkt refresh-new-tasks',
    refresh_trigger_point: trigger,
    latest_new_check_at: new Date(now_ms).toISOString(),
    new_items_detected: outcome.new_items,
    new_items_count: outcome.new_count,
    new_tickets_ingested: keysOf(fresh),
    ingested_claimable_worker_tickets: keysOf(workers),
    continue_due_to_new_policy: workers.length > 0,
    ...{ changed: isChanged, batch_tickets_ingested: keysOf(taken.batch.filter(({ isNew }) => isNew)) },
    updated_tickets: keysOf(
      [...taken.batch, ...taken.inbox, ...taken.added].filter(({ isUpdated }) => isUpdated),
    ),
    ...{
      not_taken_in: outcome.finished,
      ignored_lines: outcome.ignored_lines,
      ignored_count: outcome.ignored_count,
    },
    ...(outcome.refusals.length === 0 ? {} : { refused: outcome.refusals }),
  }
}

/** Of the review inbox. */
export function inboxStatus({ note, outcome: { inbox }, taken, trigger, now_ms }: Refreshed) {
  const { path, resolution } = note
  const isThere = inbox !== null
  const found = isThere ? ('RESOLVED_SINGLE_INBOX_PATH' as const) : ('EMPTY' as const)
  const ofKey = new Map(taken.inbox.map((one) => [one.ticket.key, one]))
  return {
    canonical_inbox_path: path,
    path_resolution_status: resolution === 'RESOLVED_SINGLE_PATH' ? found : resolution,
    candidate_paths: [path],
    existing_paths: isThere ? [path] : [],
    parser_shape: inbox?.parser_shape ?? null,
    refresh_entrypoint: 'tkt refresh-review-inbox',
    refresh_trigger_point: trigger,
    latest_review_inbox_check_at: new Date(now_ms).toISOString(),
    new_inbox_items_detected: (inbox?.items ?? []).map(({ inbox_item_id, title, ticket_type }) => {
      return { inbox_item_id, title, ticket_type }
    }),
    inbox_items_count: inbox?.count ?? 0,
    new_tickets_ingested: keysOf(taken.inbox.filter(({ isNew }) => isNew)),
    consumed_or_pending_inbox_items: (inbox?.items ?? []).map(({ inbox_item_id, mapped_ticket_id }) => {
      return {
        inbox_item_id,
        ticket_id: mapped_ticket_id ?? null,
        state: stateOf(mapped_ticket_id, ofKey, inbox),
      }
    }),
    ...(inbox?.charter === undefined
      ? {}
      : { charter: inbox.charter, projection_batch_id: inbox.batch_id ?? null }),
  }
}

/** `not_taken_in`: no ticket stands for it, or one that the note calls finished; `id_taken`: by a ticket of another batch. */
function stateOf(
  key: string | undefined,
  taken: ReadonlyMap<string, TakenIn>,
  inbox: Refreshed['outcome']['inbox'],
): 'ingested' | 'already_present' | 'id_taken' | 'not_taken_in' {
  if (key === undefined || inbox?.tickets.includes(key) !== true) return 'not_taken_in'
  const one = taken.get(key)
  if (one?.isNew === true) return 'ingested'
  const isOther = one !== undefined && inbox.batch_id !== undefined && one.ticket.batch !== inbox.batch_id
  return isOther ? 'id_taken' : 'already_present'
}

const keysOf = (taken: readonly TakenIn[]): readonly string[] =>
  taken.slice(0, MOST_TOLD).map(({ ticket }) => ticket.key)
