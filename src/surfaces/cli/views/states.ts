/** The states of tickets and bundles as people see them: in which lane of a board, in which colour. */
import colors from 'picocolors'

export interface Lane {
  readonly title: string
  readonly states: readonly string[]
  readonly color: (text: string) => string
}

/** In the order work goes. */
export const LANES: readonly Lane[] = [
  { title: 'open', states: ['open'], color: (text) => text },
  { title: 'at work', states: ['claimed', 'in_progress'], color: colors.cyan },
  { title: 'blocked', states: ['blocked'], color: colors.yellow },
  { title: 'failed', states: ['failed'], color: colors.red },
  { title: 'done', states: ['done', 'closed', 'archived'], color: colors.green },
]

/** A state's own word in its lane's colour. */
export const inStateColor = (state: string): string =>
  LANES.find(({ states }) => states.includes(state.trim()))?.color(state) ?? state
