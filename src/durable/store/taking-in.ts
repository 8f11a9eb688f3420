/** What both databases do when they take many tickets in at once: which are new, what is written of them, in what order. */
import { DEFAULT_CHANNEL } from '../model/company.ts'
import {
  DEFAULT_PRIORITY,
  provenanceOf,
  saysSomethingElse,
  visibilityOf,
  type Draft,
} from '../model/draft.ts'
import type { DurableTicket } from '../model/ticket.ts'
import type { TakenIn } from './ticket-store.ts'

/** Drafts of different keys, each round to be taken in after the one before: a key that comes again says something anew. */
export function roundsOf(drafts: readonly Draft[]): readonly (readonly Draft[])[] {
  const rounds: Draft[][] = []
  for (const [draft, round] of numbered(drafts)) (rounds[round] ??= []).push(draft)
  return rounds
}

/** What came of each draft, in the order of the drafts. */
export const inOrder = (
  drafts: readonly Draft[],
  rounds: readonly ReadonlyMap<string, TakenIn>[],
): readonly TakenIn[] => numbered(drafts).flatMap(([{ key }, round]) => rounds[round]?.get(key) ?? [])

/** With how often its key was there before. */
function numbered(drafts: readonly Draft[]): readonly (readonly [Draft, number])[] {
  const times = new Map<string, number>()
  return drafts.map((draft) => {
    const before = times.get(draft.key) ?? 0
    times.set(draft.key, before + 1)
    return [draft, before]
  })
}

type Tickets = ReadonlyMap<string, DurableTicket>

/** Those that nobody knows, and those that say something else than what is known. */
export function sorted(known: Tickets, drafts: readonly Draft[]) {
  const fresh = drafts.filter(({ key }) => !known.has(key))
  const changed = drafts.filter((draft) => {
    const ticket = known.get(draft.key)
    return ticket !== undefined && saysSomethingElse(ticket, draft)
  })
  return { fresh, changed }
}

/** Of what is there now, by what was there before, and what was changed. */
export const takenIn = (now: Tickets, before: Tickets, changed: ReadonlySet<string>) =>
  new Map<string, TakenIn>(
    [...now].map(([key, ticket]) => [key, { ticket, isNew: !before.has(key), isUpdated: changed.has(key) }]),
  )

/** The columns of what a note may say anew, and what the ticket depends on. */
export const wordsOf = (draft: Draft) => ({
  ...{ key: draft.key, title: draft.title, summary: draft.summary, noted: draft.noted, wave: draft.wave },
  stage: draft.stage ?? 'todo',
  priority: draft.priority ?? DEFAULT_PRIORITY,
  required_work: json(draft.required_work),
  acceptance: json(draft.acceptance),
  scope: json(draft.scope),
  assignable_to: json(draft.assignable_to),
  if_version: draft.if_version,
  depends_on: json([...new Set(draft.depends_on)]),
})

/** A list without entries is none. */
const json = (value: object | undefined): string | undefined =>
  value === undefined || (Array.isArray(value) && value.length === 0) ? undefined : JSON.stringify(value)

/** All columns of new tickets; `last` is the last place in the queue of each batch. */
export function newRows(drafts: readonly Draft[], last: ReadonlyMap<string | undefined, number>) {
  const lastOf = new Map(last)
  return drafts.map((draft, place) => {
    const { batch, type, source } = draft
    const before = lastOf.get(batch) ?? 0
    const queue_order = draft.queue_order === 'last' ? before + 1 : draft.queue_order
    lastOf.set(batch, Math.max(before, queue_order ?? 0))
    const provenance = provenanceOf(draft)
    const { kind, channel = DEFAULT_CHANNEL, tier, assignee, parent, payload } = draft
    return {
      ...{ ...wordsOf(draft), uuid: crypto.randomUUID(), batch, type, source, provenance },
      ...{ visibility: visibilityOf(provenance), queue_order, place },
      ...{ kind, channel, tier, assignee, parent },
      payload: payload === undefined ? undefined : JSON.stringify(payload),
    }
  })
}

/** The batches that they come into. */
export const batchesOf = (drafts: readonly Draft[]): readonly string[] => [
  ...new Set(drafts.flatMap(({ batch }) => batch ?? [])),
]

/** The batches that somebody wants to stand last in; undefined is that of no batch. */
export const batchesWithLast = (drafts: readonly Draft[]): readonly (string | undefined)[] => [
  ...new Set(drafts.flatMap(({ batch, queue_order }) => (queue_order === 'last' ? [batch] : []))),
]
