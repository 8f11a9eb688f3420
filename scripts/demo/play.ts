/** What every scene of the demo shares. */
import type { Place } from './place.ts'
import type { Stage } from './stage.ts'

export interface Play {
  readonly place: Place
  readonly stage: Stage
  /** A stage for one of several agents at work, whose lines come when it is told. */
  readonly aside: () => { readonly stage: Stage; readonly tell: () => void }
}

export const BUNDLE = 'B-001'

/** Coordinates and closes. */
export const MAIN = 'mia'

export const WORKERS = ['ada', 'ben', 'cleo', 'dan'] as const

/** Does no work, and so may audit. */
export const AUDITOR = 'noor'

export interface Planned {
  readonly ticket: string
  readonly title: string
  readonly wave: number
}

/** `tkt` words about one ticket. */
export const about = (command: string, ticket: string): readonly string[] => [
  command,
  '--bundle',
  BUNDLE,
  '--ticket',
  ticket,
]

/** The options that hand in what an agent has prepared. */
export const report = (ticket: string): readonly string[] => [
  '--summary-file',
  `../work/${ticket}/summary.txt`,
  '--evidence-file',
  `../work/${ticket}/evidence.txt`,
]

/** `ada, ben and cleo`. */
export const inWords = (names: readonly string[]): string => new Intl.ListFormat('en-GB').format(names)
