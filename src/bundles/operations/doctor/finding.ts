/** What doctor finds, and what it can do about it. */
import type { HistoryEvent } from '../../model/history-event.ts'
import type { Content } from '../../store/yaml-file.ts'

export interface Finding {
  /** Which of the checks found it. */
  readonly check: string
  /** The file or thing, from the store's folder; a worktree from the project's. */
  readonly where: string
  readonly says: string
  /** Whether work is hindered or lost; else it is only worth knowing. */
  readonly isFault: boolean
  readonly repair?: Repair
  /** What to do where doctor does not: a command, or an act of a person. */
  readonly next?: string
}

export type Repair = FileRepair | { readonly says: string; readonly act: () => void }

/** A change of files that mends one finding. */
export interface FileRepair {
  /** What --repair does, or has done. */
  readonly says: string
  /** The lock that covers the files. */
  readonly lock: string
  readonly files?: Readonly<Record<string, Content>>
  readonly creations?: Readonly<Record<string, Content>>
  /** Files or folders that are moved to the backup. */
  readonly removals?: readonly string[]
  /** What the history is to tell beside the repair. */
  readonly events?: readonly HistoryEvent[]
  /** Looks again, under the lock: undefined when somebody has mended it meanwhile. */
  readonly again: () => Finding | undefined
}
