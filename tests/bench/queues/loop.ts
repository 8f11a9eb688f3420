/** What a worker process of the queue bench does again and again, and what it is told. */

export interface Loop {
  /** Does one unit of work; tells the name of what was had, or all names, or undefined when there was nothing. */
  readonly act: () => Promise<string | readonly string[] | undefined>
  readonly close: () => Promise<unknown>
}

export interface Orders {
  /** The name of a loop in loops.ts. */
  readonly loop: string
  /** A path, or the address of a PostgreSQL. */
  readonly where: string
  /** The worker, among those of its crew. */
  readonly worker: string
  /** How long it does something else after each unit, outside of what is timed. */
  readonly pause_ms: number
  /** Where other queues are installed. */
  readonly packages: string
  /** Of the server of locks. */
  readonly lock_port: number
}

/** What a worker did in a slice of time. */
export interface Slice {
  readonly keys: readonly string[]
  readonly ms: number
  /** How long each unit took. */
  readonly waits_ms: readonly number[]
  /** The messages of what failed. */
  readonly failures: readonly string[]
  /** Whether it ended early, because there was nothing to be had. */
  readonly isDry: boolean
}
