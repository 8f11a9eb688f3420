/** The names of today for fields and statuses that people wrote otherwise (contracts: filesystem section 12). */
import { OLDER_BUNDLE_STATUSES } from './bundle.ts'
import { mapOf, textOf, type RawMap } from './raw.ts'
import { OLDER_TICKET_STATUSES } from './ticket.ts'

interface Names {
  /** Older names of fields, each with the name of today. */
  readonly fields: Readonly<Record<string, string>>
  readonly statuses: ReadonlyMap<string, string>
}

export const OLDER_NAMES = {
  ticket: {
    fields: {
      ticket_id: 'id',
      bundle_id: 'bundle',
      goal: 'title',
      stage: 'status',
      acceptance: 'acceptance_criteria',
    },
    statuses: OLDER_TICKET_STATUSES,
  },
  bundle: {
    fields: {
      bundle_id: 'id',
      goal: 'title',
      stage: 'status',
      roadmap_goal: 'goal_ref',
      depends_on_bundles: 'depends_on',
    },
    statuses: OLDER_BUNDLE_STATUSES,
  },
  express: { fields: { ticket_id: 'id' }, statuses: OLDER_TICKET_STATUSES },
} as const satisfies Readonly<Record<string, Names>>

export interface Renamed {
  readonly value: RawMap
  /** What was done, such as `stage -> status` and `status completed -> done`. */
  readonly says: readonly string[]
}

/** Undefined when all names are of today. A field whose name of today is in use stays as it is. */
export function withNamesOfToday(value: unknown, { fields, statuses }: Names): Renamed | undefined {
  const map = mapOf(value) ?? {}
  const renames = Object.entries(fields).filter(([old, name]) => old in map && (map[name] ?? null) === null)
  const says = renames.map(([old, name]) => `${old} -> ${name}`)
  const gone = Object.fromEntries(renames.map(([old]) => [old, undefined]))
  const moved = Object.fromEntries(renames.map(([old, name]) => [name, map[old]]))
  const renamed = { ...map, ...gone, ...moved }
  const word = textOf(renamed.status)
  const status = word === undefined ? undefined : statuses.get(word)
  if (status === undefined) return says.length === 0 ? undefined : { value: renamed, says }
  return { value: { ...renamed, status }, says: [...says, `status ${word ?? ''} -> ${status}`] }
}
