import { describe, expect, test } from 'vitest'
import { durableLifecycle, endOfWork, stateAfter, type State } from '../../../src/durable/model/lifecycle.ts'

/** Every state that there is, in the order of the table of all vocabularies. */
const STATES: readonly State[] = [
  { status: 'OPEN', stage: 'backlog' },
  { status: 'OPEN', stage: 'todo' },
  { status: 'CLAIMED' },
  { status: 'IN_PROGRESS', stage: 'active' },
  { status: 'IN_PROGRESS', stage: 'review' },
  { status: 'BLOCKED' },
  { status: 'FAILED' },
  { status: 'CLOSED', resolution: 'cancelled' },
  { status: 'CLOSED', resolution: 'rejected' },
  { status: 'CLOSED', resolution: 'done' },
]

const nameOf = ({ status, stage, resolution }: State): string =>
  [status, stage ?? resolution].filter((word) => word !== undefined).join(' ')

describe('a durable ticket', () => {
  test('has these ways from state to state, and no others', () => {
    const ways = durableLifecycle.eventNames.map((event) => [
      event,
      STATES.map((state) => stateAfter(state, event)).map((state) =>
        state === undefined ? '-' : nameOf(state),
      ),
    ])
    const [todo, claimed, active, review] = [
      'OPEN todo',
      'CLAIMED',
      'IN_PROGRESS active',
      'IN_PROGRESS review',
    ]
    const [blocked, failed] = ['BLOCKED', 'FAILED']
    const [cancelled, rejected, done] = ['CLOSED cancelled', 'CLOSED rejected', 'CLOSED done']
    const over = ['-', '-', '-', '-']
    expect(Object.fromEntries(ways)).toEqual({
      claim: [claimed, claimed, '-', '-', '-', '-', ...over],
      take_over: ['-', '-', claimed, claimed, claimed, '-', ...over],
      start: ['-', '-', active, '-', '-', '-', ...over],
      submit: ['-', '-', review, review, review, '-', ...over],
      block: ['-', '-', blocked, blocked, blocked, blocked, ...over],
      unblock: ['-', '-', '-', '-', '-', claimed, ...over],
      release: ['-', '-', todo, todo, todo, todo, ...over],
      close: ['-', '-', done, done, done, done, ...over],
      fail: ['-', '-', failed, failed, failed, failed, ...over],
      reject: ['-', '-', '-', '-', active, '-', ...over],
      decline: [rejected, rejected, rejected, rejected, rejected, rejected, ...over],
      cancel: [cancelled, cancelled, cancelled, cancelled, cancelled, cancelled, ...over],
      reopen: ['-', '-', '-', '-', '-', '-', todo, todo, todo, todo],
      delete: ['OPEN backlog', todo, todo, todo, todo, todo, failed, cancelled, rejected, done],
      restore: ['OPEN backlog', todo, '-', '-', '-', '-', failed, cancelled, rejected, done],
    })
  })

  test('comes to every state that it may have', () => {
    const reached = durableLifecycle.eventNames.flatMap((event) =>
      STATES.flatMap((state) => stateAfter(state, event) ?? []),
    )
    expect(new Set(reached.map(nameOf))).toEqual(new Set(STATES.map(nameOf)))
  })

  test('ends by these events in one state, from wherever it is in hand', () => {
    const ending = durableLifecycle.eventNames.filter((event) => endOfWork(event) !== undefined)
    expect(ending).toEqual(['release', 'close', 'fail'])
    const inHand = STATES.filter(({ status }) => ['CLAIMED', 'IN_PROGRESS', 'BLOCKED'].includes(status))
    for (const event of ending)
      for (const state of inHand) expect(stateAfter(state, event)).toEqual(endOfWork(event))
  })
})
