/**
 * A worker of a bundle as a durable ticket: under which name, what it says there, and what of that each side has changed
 * since it was published last. Nothing here reads or writes.
 */
import type { Bundle } from '../../bundles/model/bundle.ts'
import { numberOf, roleOf, type BundleId, type TicketId } from '../../bundles/model/ids.ts'
import { ticketLifecycle } from '../../bundles/model/lifecycles.ts'
import type { Ticket } from '../../bundles/model/ticket.ts'
import { DEFAULT_PRIORITY, scopeOfEntries, type Draft } from '../../durable/model/draft.ts'
import type { DurableTicket } from '../../durable/model/ticket.ts'

/** Gives a text that stands for another one, and is short. */
export type Digest = (text: string) => string

export const durableKey = (bundle: BundleId, ticket: TicketId): string => `${bundle}/${ticket}`

export interface Kept {
  readonly ticket: TicketId
  /** Why it stays in the bundle alone. */
  readonly why: string
}

/**
 * Which workers go to the database. The queue there knows nothing of what stays here: so does whatever waits for that, as
 * it would be given out too early.
 */
export function chosen(tickets: readonly Ticket[]): {
  readonly published: readonly Ticket[]
  readonly kept: readonly Kept[]
} {
  const workers = tickets.filter(
    ({ id, status }) => roleOf(id) === 'worker' && !ticketLifecycle.isFinal(status),
  )
  const failed = tickets.filter(({ status }) => status === 'failed').map(({ id }) => id)
  const kept = new Map<string, Kept>()
  for (let before = -1; before < kept.size;) {
    before = kept.size
    for (const ticket of workers) {
      const why = kept.has(ticket.id) ? undefined : whyKept(ticket, { workers, failed, kept })
      if (why !== undefined) kept.set(ticket.id, { ticket: ticket.id, why })
    }
  }
  return { published: workers.filter(({ id }) => !kept.has(id)), kept: [...kept.values()] }
}

interface Others {
  readonly workers: readonly Ticket[]
  readonly failed: readonly string[]
  readonly kept: ReadonlyMap<string, Kept>
}

function whyKept(ticket: Ticket, { workers, failed, kept }: Others): string | undefined {
  const { status, claimed_by, published, depends_on, wave = 0 } = ticket
  if (published !== undefined) return undefined
  if (status !== 'open') return `it is ${status}${claimed_by === undefined ? '' : ` by ${claimed_by}`}`
  const needed = depends_on.find((id) => kept.has(id) || failed.includes(id))
  if (needed !== undefined)
    return `it depends on ${needed}, which is ${failed.includes(needed) ? 'failed' : 'not published'}`
  const earlier = workers.find((other) => (other.wave ?? 0) < wave && kept.has(other.id))
  return earlier && `${earlier.id} of an earlier wave is not published`
}

/** The words of priorities in the database (contracts: service section 7.3). */
const PRIORITIES: Readonly<Record<string, number>> = { critical: 0, high: 20, normal: 50, low: 80 }

/** What a worker says in the database. */
export function draftOf(bundle: Bundle, ticket: Ticket, workers: ReadonlySet<string>): Draft {
  const { id, title, description, acceptance_criteria, scope, wave, depends_on } = ticket
  return {
    key: durableKey(bundle.id, id),
    title: title.replaceAll(/\s+/gu, ' ').trim() || id,
    summary: description === '' ? title : description,
    type: 'WORKER',
    source: `bundle ${bundle.id}`,
    batch: bundle.id,
    queue_order: numberOf(id),
    priority: PRIORITIES[bundle.priority] ?? DEFAULT_PRIORITY,
    wave,
    depends_on: depends_on
      .filter((other) => workers.has(other))
      .map((other) => durableKey(bundle.id, other as TicketId)),
    acceptance: acceptance_criteria.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))),
    scope: scopeOfEntries(scope),
  }
}

/** The fields that both sides can change. */
const FIELDS = ['title', 'summary', 'priority', 'wave', 'depends_on', 'acceptance', 'scope'] as const
type Field = (typeof FIELDS)[number]

export interface Difference {
  readonly field: Field
  readonly bundle: unknown
  readonly database: unknown
  readonly why: string
}

export interface Wanted {
  readonly draft: Draft
  /** What the bundle says otherwise, and what is left as the database has it. */
  readonly differences: readonly Difference[]
}

/**
 * What is to be taken in: of each field what the bundle says, but where somebody has edited it in the database since it was
 * published, or has begun to work on the ticket.
 */
export function wantedIn(draft: Draft, known: DurableTicket | undefined, digest: Digest): Wanted {
  const says = (from: Pick<Draft, Field>, field: Field): string => JSON.stringify(plain(from, field))
  if (known === undefined)
    return { draft: { ...draft, noted: notedOf((field) => digest(says(draft, field))) }, differences: [] }
  const base = basesIn(known.noted)
  const isFree = known.status === 'OPEN' && known.deleted_ms === undefined
  const differing = FIELDS.filter((field) => says(draft, field) !== says(known, field))
  const refused = differing.filter((field) => !isFree || digest(says(known, field)) !== base[field])
  const kept = Object.fromEntries(refused.map((field) => [field, known[field]]))
  const noted = notedOf((field) =>
    refused.includes(field) ? (base[field] ?? '') : digest(says(draft, field)),
  )
  return {
    draft: { ...draft, ...kept, noted, if_version: known.version },
    differences: refused.map((field) => ({
      field,
      bundle: plain(draft, field),
      database: plain(known, field),
      why: isFree ? 'it was edited in the database' : `the ticket is ${known.status} there`,
    })),
  }
}

const plain = (from: Pick<Draft, Field>, field: Field): unknown => {
  const value = from[field]
  if (field === 'scope') return { allow: from.scope?.allow ?? [], deny: from.scope?.deny ?? [] }
  if (field === 'depends_on') return [...(from.depends_on ?? [])].sort()
  return value ?? (field === 'acceptance' ? [] : null)
}

const notedOf = (of: (field: Field) => string): string =>
  JSON.stringify(Object.fromEntries(FIELDS.map((field) => [field, of(field)])))

function basesIn(noted: string | undefined): Partial<Record<Field, string>> {
  try {
    return JSON.parse(noted ?? '{}') as Partial<Record<Field, string>>
  } catch {
    return {} // survived: it was noted by something else, so every difference is told
  }
}
