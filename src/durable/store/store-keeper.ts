/**
 * What those who look after a database ask of it. Each verb connects by itself, and is the same on every database. No
 * command of every day loads what is behind it.
 */
import type { Project } from './ticket-store.ts'

export interface StoreKeeper {
  /** Looks only: makes nothing, and leaves an older schema as it is. */
  readonly status: () => Promise<StoreStatus>
  /** Makes what is missing of the database. */
  readonly migrate: (now_ms: number) => Promise<Migrated>
  /** Gives back the room of what is not there any more, and tells the planner how large things are. */
  readonly vacuum: (now_ms: number) => Promise<Vacuumed>
}

export type OpenKeeper = (project: Project) => Promise<StoreKeeper>

export interface StoreStatus {
  readonly engine_version: string
  /** 0 where nobody used the database before. */
  readonly schema_version: number
  readonly program_schema_version: number
  readonly bytes: number
  /** Undefined while the schema is of another version than the program's. */
  readonly counts: StoreCounts | undefined
}

export interface StoreCounts {
  /** Of the whole database; all else is of the project. */
  readonly projects: number
  /** By status, without those that are deleted. */
  readonly tickets: Readonly<Record<string, number>>
  readonly deleted: number
  readonly events: number
  readonly agents: number
}

export interface Migrated {
  readonly from_version: number
  readonly to_version: number
}

export interface Vacuumed {
  readonly bytes_before: number
  readonly bytes_after: number
}

/** From rows of `status`, `deleted` and `count`. */
export function ticketCounts(
  rows: readonly Readonly<Record<string, unknown>>[],
): Pick<StoreCounts, 'tickets' | 'deleted'> {
  const isDeleted = ({ deleted }: (typeof rows)[number]): boolean => Boolean(deleted)
  return {
    tickets: Object.fromEntries(
      rows.filter((row) => !isDeleted(row)).map(({ status, count }) => [String(status), Number(count)]),
    ),
    deleted: rows.filter(isDeleted).reduce((sum, { count }) => sum + Number(count), 0),
  }
}
