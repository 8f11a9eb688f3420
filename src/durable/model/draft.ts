/** A ticket as somebody brings it, before it is in the database. */
import type { ScopeEntries } from './scope/scope.ts'
import type { DurableTicket, Provenance, TicketType, Visibility } from './ticket.ts'

export interface Draft {
  readonly key: string
  readonly title: string
  readonly summary: string
  readonly type: TicketType
  readonly source: string
  readonly batch?: string | undefined
  /** `last`: behind all that is in its batch when it is taken in. */
  readonly queue_order?: number | 'last' | undefined
  readonly priority?: number | undefined
  readonly wave?: number | undefined
  readonly depends_on?: readonly string[] | undefined
  readonly provenance?: Provenance | undefined
  /** `backlog`: nobody is given it without asking for it by name. */
  readonly stage?: 'backlog' | 'todo' | undefined
  readonly required_work?: readonly string[] | undefined
  readonly acceptance?: readonly string[] | undefined
  readonly scope?: ScopeEntries | undefined
  readonly assignable_to?: readonly string[] | undefined
  readonly kind?: string | undefined
  readonly channel?: string | undefined
  readonly tier?: string | undefined
  readonly assignee?: string | undefined
  /** The key of a ticket that is there. */
  readonly parent?: string | undefined
  /** Any JSON value. */
  readonly payload?: unknown
  /**
   * Stands for what a note says. A ticket that nobody claimed yet takes over a draft whose `noted` is another than its own;
   * else what is known stays as it is.
   */
  readonly noted?: string | undefined
  /** Of one that says something anew: only if nobody has edited the ticket since this version was read. */
  readonly if_version?: number | undefined
}

/** What a ticket is named: as one types it, and as it stands in paths, branches and messages. */
export const TICKET_KEY = '^[A-Za-z][A-Za-z0-9_-]{0,50}$'

/** The same of a worker of a bundle that was published: nobody else can take such a name. */
export const BUNDLE_TICKET_KEY = '^B-[0-9]{3,9}/TKT-[0-9]{3,9}$'

export const DEFAULT_PRIORITY = 50

/** Where a ticket comes from, when nobody said so (contracts: durable section 2.5). */
export function provenanceOf({ key, source, batch, provenance }: Draft): Provenance {
  if (provenance !== undefined) return provenance
  const isVerification =
    source.includes('verify') || /-VERIFY(-|$)/.test(key) || batch?.startsWith('BATCH-VERIFY') === true
  return isVerification ? 'verification' : 'workflow'
}

export const visibilityOf = (provenance: Provenance): Visibility =>
  provenance === 'verification' ? 'hidden_by_default' : 'default'

/**
 * Whether a draft changes a known ticket. Work that somebody began is not changed under their hands; what no note wrote, or
 * was deleted, stays.
 */
export const saysSomethingElse = (
  { status, deleted_ms, noted, version }: DurableTicket,
  draft: Draft,
): boolean =>
  status === 'OPEN' &&
  (draft.if_version ?? version) === version &&
  deleted_ms === undefined &&
  noted !== undefined &&
  draft.noted !== undefined &&
  draft.noted !== noted

/** `!path` is a path that is denied. */
export function scopeOfEntries(entries: readonly string[]): Draft['scope'] {
  if (entries.length === 0) return undefined
  const isDenied = (entry: string): boolean => entry.startsWith('!')
  return {
    allow: entries.filter((entry) => !isDenied(entry)),
    deny: entries.filter(isDenied).map((entry) => entry.slice(1)),
  }
}
