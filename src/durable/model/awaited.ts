/** What a coordinator may wait for, judged from the classes of the tickets that matter. */
import type { TicketClass } from './overview.ts'

type Judge = (classes: readonly TicketClass[]) => boolean

const is =
  (...statuses: readonly TicketClass['status'][]) =>
  ({ status }: TicketClass): boolean =>
    statuses.includes(status)

const every =
  (wanted: (one: TicketClass) => boolean): Judge =>
  (classes) =>
    classes.length > 0 && classes.every(wanted)
const some =
  (wanted: (one: TicketClass) => boolean): Judge =>
  (classes) =>
    classes.some(wanted)

/** Of no tickets at all none is met: who waits for the end of a batch may be there before its tickets are. */
const CONDITIONS = {
  over: every(is('CLOSED', 'FAILED')),
  closed: every(is('CLOSED')),
  idle: every((one) => !is('CLAIMED', 'IN_PROGRESS')(one)),
  held: some(is('CLAIMED', 'IN_PROGRESS')),
  claimable: some(({ claimable }) => claimable !== 'no'),
  stale: some(({ claimable }) => claimable === 'stale'),
  blocked: some(is('BLOCKED')),
  failed: some(is('FAILED')),
  stuck: some(is('BLOCKED', 'FAILED')),
} satisfies Readonly<Record<string, Judge>>

export type Condition = keyof typeof CONDITIONS

export const CONDITION_WORDS = Object.keys(CONDITIONS) as [Condition, ...Condition[]]

/** What each means, for help. */
export const CONDITIONS_SAID =
  'over: all closed or failed; closed: all closed; idle: none in hand; held: one in hand; claimable: one to take; ' +
  'stale: one to take over; blocked, failed: one so; stuck: one blocked or failed'

export const isMet = (condition: Condition, classes: readonly TicketClass[]): boolean =>
  CONDITIONS[condition](classes)

/** How many tickets there are of each status. */
export function countsBy(classes: readonly TicketClass[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { status, count } of classes) counts[status] = (counts[status] ?? 0) + count
  return counts
}
