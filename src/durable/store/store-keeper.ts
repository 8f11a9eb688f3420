/**
 * What those who look after a database ask of it. Each verb connects by itself, and is the same on every database. No
 * command of every day loads what is behind it.
 */
import type { PublishedTask, TakeOver } from '../model/published-task.ts'
import type { Row } from './rows.ts'
import type { Project } from './ticket-store.ts'

export interface StoreKeeper {
  /** Looks only: makes nothing, and leaves an older schema as it is. */
  readonly status: () => Promise<StoreStatus>
  /** What is wrong with the database, of all its projects. Looks only. */
  readonly check: () => Promise<readonly DatabaseFault[]>
  /** Makes what is missing of the database. */
  readonly migrate: (now_ms: number) => Promise<Migrated>
  /** Gives back the room of what is not there any more, and tells the planner how large things are. */
  readonly vacuum: (now_ms: number) => Promise<Vacuumed>
  /** How many tickets of the project are over, and nothing happened to them since that moment. */
  readonly archivable: (before_ms: number, now_ms: number) => Promise<number>
  /** Takes their history and results out; the file that is named holds them by then. */
  readonly archive: (act: ArchiveAct) => Promise<Archived>
  /** Hands over all of the project as it is at one moment, a row at a time; nobody waits for that. */
  readonly copyOut: (to: CopyTarget, now_ms: number) => Promise<void>
  /** Takes all of a project in, or nothing. Throws ImportRefused, also where the project has tickets. */
  readonly copyIn: (from: CopySource, now_ms: number) => Promise<void>
  /** Takes in what the published program left in its own table, which stays as it is. Throws ImportRefused. */
  readonly takeOver: (act: TakeOverAct) => Promise<TookOver>
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
  /** As `counts`. */
  readonly memories: Memories | undefined
}

/** One of what `check` finds. */
export interface DatabaseFault {
  readonly check: string
  readonly says: string
  /** Whether work is hindered or lost; else it is only worth knowing. */
  readonly isFault: boolean
  /** What to do about it. */
  readonly next: string
}

/** Where the memory skill finds the tickets: in a view, or in its own table. */
export interface Memories {
  readonly place: string
  readonly kind: 'view' | 'table'
  /** How many tickets its rows tell otherwise than they are, of the whole database. */
  readonly behind?: number
  /** Why the table cannot be written. */
  readonly refused?: string
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
  readonly memories: Memories
}

export interface Vacuumed {
  readonly bytes_before: number
  readonly bytes_after: number
}

export interface TakeOverAct {
  readonly judge: (tasks: readonly PublishedTask[]) => TakeOver
  readonly now_ms: number
  /** Tell, and write nothing. */
  readonly dry_run: boolean
}

export interface TookOver extends Pick<TakeOver, 'skipped'> {
  /** How many tickets its table holds. */
  readonly found: number
  /** The keys of those that were new. */
  readonly taken: readonly string[]
}

export interface ArchiveAct {
  readonly before_ms: number
  readonly now_ms: number
  /** For people who look for the history. */
  readonly file: string
  /** How many tickets at a time. */
  readonly slice: number
}

export interface Archived {
  readonly tickets: number
  readonly events: number
}

export interface CopyTarget {
  /** Called once, before the rows. */
  readonly begin: (tables: CopyTables) => void
  readonly row: (table: string, row: Row) => void
}

export interface CopySource {
  readonly tables: CopyTables
  /** From the first one on, as often as it is called. */
  readonly rows: () => Iterable<CopiedRow>
}

/** Of each table how many rows there are, and which columns are told of; what a row does not tell is null. */
export type CopyTables = Readonly<
  Record<string, { readonly rows: number; readonly columns: readonly string[] }>
>

export interface CopiedRow {
  readonly table: string
  readonly row: Row
}

/** Why nothing was imported; the message says what to do. */
export class ImportRefused extends Error {
  override readonly name = 'ImportRefused'
}

export const HAS_TICKETS = `the project holds tickets already: import into another project (durable.project in config/tkt.yaml), or into another database`

/** Throws ImportRefused for what only a newer program can know; `known` are the columns of each table. */
export function refuseUnknown(tables: CopyTables, known: Readonly<Record<string, readonly string[]>>): void {
  for (const [table, { columns }] of Object.entries(tables)) {
    const unknown = columns.find((column) => known[table]?.includes(column) !== true)
    if (unknown !== undefined)
      throw new ImportRefused(
        `it tells ${unknown} of ${table}, which this program does not know: update the skill`,
      )
  }
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
