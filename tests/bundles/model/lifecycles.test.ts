import { describe, expect, test } from 'vitest'
import type { Lifecycle } from '../../../src/lifecycle.ts'
import {
  bundleLifecycle,
  expressLifecycle,
  roadmapLifecycle,
  ticketLifecycle,
} from '../../../src/bundles/model/lifecycles.ts'

/** A row a state: its moves, as `event>state`. What is not there is refused. */
type Table = Readonly<Record<string, string>>

/** Contracts: filesystem section 5, with `take_over`, `release`, `archive` and `reopen`, which are ours. */
const PUBLISHED: readonly (readonly [string, Lifecycle<string, string>, Table, readonly string[]])[] = [
  [
    'ticket',
    ticketLifecycle,
    {
      open: 'claim>claimed finish>done fail>failed',
      claimed:
        'start>in_progress finish>done fail>failed block>blocked take_over>claimed release>open reopen>open',
      in_progress: 'finish>done fail>failed block>blocked take_over>claimed release>open reopen>open',
      blocked: 'claim>claimed fail>failed release>open reopen>open',
      done: 'reopen>open',
      failed: 'reopen>open',
    },
    ['done', 'failed'],
  ],
  [
    'bundle',
    bundleLifecycle,
    {
      open: 'start>in_progress close>closed archive>archived',
      in_progress: 'close>closed archive>archived',
      closed: 'archive>archived reopen>in_progress',
      archived: 'reopen>in_progress',
    },
    ['closed', 'archived'],
  ],
  [
    'express ticket',
    expressLifecycle,
    {
      open: 'claim>claimed close>done',
      claimed: 'close>done take_over>claimed release>open reopen>open',
      done: 'reopen>open',
    },
    ['done'],
  ],
  [
    'roadmap',
    roadmapLifecycle,
    {
      planning: 'active>active archived>archived',
      active: 'review>review blocked>blocked archived>archived',
      review: 'active>active done>done archived>archived',
      blocked: 'active>active archived>archived',
      done: 'archived>archived',
      archived: '',
    },
    ['archived'],
  ],
]

describe.each(PUBLISHED)('the lifecycle of a %s', (_title, lifecycle, table, final) => {
  test('has the published states, the first of them to begin in', () => {
    expect(lifecycle.states).toEqual(Object.keys(table))
    expect(lifecycle.initial).toBe(Object.keys(table)[0])
    expect(lifecycle.final).toEqual(final)
  })

  const cases = lifecycle.states.flatMap((state) =>
    lifecycle.eventNames.map((event) => {
      const move = table[state]?.split(' ').find((entry) => entry.startsWith(`${event}>`))
      return [state, event, move?.split('>')[1]] as const
    }),
  )
  test.each(cases)('in state %s answers %s with %s', (state, event, next) => {
    expect(lifecycle.next(state, event)).toBe(next)
  })

  test('has no move that the table does not have', () => {
    const moves = Object.values(table).flatMap((row) => row.split(' ').filter(Boolean))
    expect(cases.filter(([, , next]) => next !== undefined)).toHaveLength(moves.length)
  })
})
