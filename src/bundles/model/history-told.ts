/** What the files of a store say happened, held against what its history tells. */
import { linesOf } from './history-chain.ts'
import { parseEvent, type HistoryRow } from './history-event.ts'
import type { HistoryProblem } from './history-verdict.ts'
import { INTEGRATE } from './ids.ts'

/** Something was made or, with `to`, became that at that moment. */
export interface KnownMove {
  /** `B-001`, `B-001/TKT-001` or `EXP-001`. */
  readonly subject: string
  readonly to?: string
  readonly at?: string
}

/**
 * The moves that no line tells of, as when the end of the log was cut off. A line may be younger than its move, as the
 * published tool asks for the time twice.
 */
export function judgeTold(log: string, moves: readonly KnownMove[]): readonly HistoryProblem[] {
  const told = new Map<string, string>()
  for (const row of linesOf(log).flatMap((line) => parseEvent(line) ?? []))
    for (const move of movesOf(row)) if ((told.get(move) ?? '') < row.at) told.set(move, row.at)
  return moves.flatMap(({ subject, to, at = '' }): readonly HistoryProblem[] => {
    const last = told.get(to === undefined ? subject : `${subject} ${to}`)
    if (last !== undefined && last >= at) return []
    const what = to === undefined ? `${subject} was made` : `${subject} became ${to} at ${at}`
    return [{ kind: 'missing', says: `no line tells that ${what}` }]
  })
}

/** What a line is about, and that with its new state. Closing and reopening a bundle move its TKT-000 too. */
function movesOf({ event, fields }: HistoryRow): readonly string[] {
  const { bundle = '', id, ticket, to, status } = fields
  if (event === 'BUNDLE_CLOSED') return [`${bundle}/${INTEGRATE} done`]
  if (event === 'BUNDLE_REOPENED') return [`${bundle}/${INTEGRATE} open`]
  const subject = id ?? (event.startsWith('EXPRESS') ? ticket : `${bundle}/${ticket ?? ''}`) ?? ''
  return [subject, `${subject} ${to ?? status ?? STATES[event] ?? ''}`]
}

/** What older lines, which name no state, mean. */
const STATES: Readonly<Record<string, string>> = {
  TICKET_CLAIMED: 'claimed',
  TICKET_REOPENED: 'open',
  EXPRESS_CLAIMED: 'claimed',
  EXPRESS_CLOSED: 'done',
  EXPRESS_REOPENED: 'open',
}
