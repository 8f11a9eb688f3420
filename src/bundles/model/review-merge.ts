/** A review that is generated again over one that people have written in: what is theirs stays, at every depth. */
import { isTicketId } from './ids.ts'
import { isOwnSummary } from './review.ts'
import { mapOf, textOf, type RawMap } from './raw.ts'

/**
 * What the file is to hold. A person's value wins in `discussion_points`, `next_actions`, `audit_result.quality_score`, the
 * `status` of a checked item, and in `summary` unless it is a generated sentence; in every other field that a program writes
 * the generated value wins. Keys and entries that no program writes stay, and so does the order of both; comments are the
 * business of who writes the file.
 */
export function mergeReview(existing: unknown, generated: RawMap): RawMap {
  const map = mapOf(existing)
  if (map === undefined) return generated
  const summary = textOf(map.summary)
  const own = summary === undefined || isOwnSummary(summary) ? generated : { ...generated, summary }
  return mergeMap('review', map, own)
}

/** Entries of a review's lists that are about the same thing have the same name. */
export function nameOfEntry(entry: unknown): string {
  const map = mapOf(entry)
  const named = map === undefined ? [] : NAMING.map((field) => map[field] ?? null)
  return JSON.stringify(named.some((part) => part !== null) ? named : [entry])
}

const NAMING = ['ticket_id', 'criterion_index', 'item', 'kind', 'value']

/** Fields of people, by what they stand in: what is written there stays. */
const PEOPLES: ReadonlyMap<string, readonly string[]> = new Map([
  ['review', ['discussion_points', 'next_actions']],
  ['audit_result', ['quality_score']],
  ['checked_items', ['status']],
])

/** Fields that a program writes at times only: one of an earlier review is no person's. */
function isLeftOver(name: string, { status }: RawMap): boolean {
  if (name === 'reason') return status === 'failed' || status === 'blocked'
  return ['earlier_evidence', 'evidence_checks', 'finished_after_audit'].includes(name) || name.includes('->')
}

/** Lists of what was found this time. In the others an entry stays: its ticket may be unreadable now. */
const MEASURED = ['failures', 'claim_to_done_seconds', 'finished_after_audit', 'evidence_checks']

function merge(name: string, existing: unknown, generated: unknown): unknown {
  const [map, own] = [mapOf(existing), mapOf(generated)]
  if (map !== undefined && own !== undefined) return mergeMap(name, map, own)
  return Array.isArray(existing) && Array.isArray(generated)
    ? mergeList(name, existing, generated)
    : generated
}

function mergeMap(name: string, existing: RawMap, generated: RawMap): RawMap {
  const kept = Object.entries(existing).filter(
    ([field]) => field in generated || !isLeftOver(field, existing),
  )
  const own = Object.entries(generated).map(([field, value]) => {
    const isPersons = PEOPLES.get(name)?.includes(field) === true
    const theirs = isPersons ? existing[field] : undefined
    return [field, theirs ?? merge(field, existing[field], value)] as const
  })
  return { ...Object.fromEntries(kept), ...Object.fromEntries(own) }
}

/** In the order of the file; what is new follows the entry that it follows among the generated ones. */
function mergeList(name: string, existing: readonly unknown[], generated: readonly unknown[]): unknown[] {
  const own = new Map(generated.map((entry) => [nameOfEntry(entry), entry]))
  const isOver = (entry: unknown): boolean =>
    MEASURED.includes(name) && isProgramsOwn(entry) && !own.has(nameOfEntry(entry))
  const kept = existing.filter((entry) => !isOver(entry))
  const known = new Set(kept.map(nameOfEntry))
  const added = new Map<string | undefined, unknown[]>()
  let last: string | undefined
  for (const [key, entry] of own) {
    if (known.has(key)) last = key
    else added.set(last, [...(added.get(last) ?? []), entry])
  }
  const merged = kept.flatMap((entry) => {
    const key = nameOfEntry(entry)
    const [mine, more] = [own.get(key), added.get(key) ?? []]
    own.delete(key) // a further entry of that name is a person's
    added.delete(key)
    return [mine === undefined ? entry : merge(name, entry, mine), ...more]
  })
  return [...(added.get(undefined) ?? []), ...merged]
}

function isProgramsOwn(entry: unknown): boolean {
  const map = mapOf(entry)
  return isTicketId(textOf(map?.ticket_id ?? entry) ?? '') || map?.kind !== undefined
}
