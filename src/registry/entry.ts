/** What the lists of operations are made of. */
import type { Operation } from '../operation/define.ts'

export interface Entry {
  /** Its name in skill.json and of its file. */
  readonly name: string
  /** How one types it, where that is another. */
  readonly cli?: string
  /** Other names that are understood. */
  readonly aliases?: readonly string[]
  readonly load: () => Promise<Operation>
}

/** Operations are kept as `Operation` here: their input and context types meet again in run.ts, after validation. */
export const anyOperation = (operation: unknown): Operation => operation as Operation
