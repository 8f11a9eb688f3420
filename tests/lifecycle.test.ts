import { describe, expect, test } from 'vitest'
import { lifecycle, type LifecycleTable } from '../src/lifecycle.ts'

const door = {
  title: 'Door',
  initial: 'shut',
  states: ['shut', 'open', 'gone'],
  final: ['gone'],
  events: { push: { shut: 'open' }, pull: { open: 'shut' }, burn: { shut: 'gone', open: 'gone' } },
  notes: { burn: 'needs a match' },
} as const

describe('a lifecycle', () => {
  const table = lifecycle(door)

  test.each([
    ['shut', 'push', 'open'],
    ['shut', 'pull', undefined],
    ['shut', 'burn', 'gone'],
    ['open', 'push', undefined],
    ['open', 'pull', 'shut'],
    ['open', 'burn', 'gone'],
    ['gone', 'push', undefined],
    ['gone', 'pull', undefined],
    ['gone', 'burn', undefined],
  ] as const)('from %s by %s leads to %s', (state, event, next) => {
    expect(table.next(state, event)).toBe(next)
    expect(table.accepts(state).includes(event)).toBe(next !== undefined)
  })

  test('knows its states, its events and its ends', () => {
    expect(table.eventNames).toEqual(['push', 'pull', 'burn'])
    expect(table.states.map((state) => table.isFinal(state))).toEqual([false, false, true])
    for (const text of ['open', 'OPEN', '', 'constructor', undefined, null, 7, ['open']])
      expect(table.isState(text)).toBe(text === 'open')
  })

  test('draws itself, with what an event asks for', () => {
    expect(table.toMermaid()).toBe(
      [
        'stateDiagram-v2',
        '  [*] --> shut',
        '  shut --> open: push',
        '  shut --> gone: burn (needs a match)',
        '  open --> shut: pull',
        '  open --> gone: burn (needs a match)',
        '  gone --> [*]',
      ].join('\n'),
    )
  })
})

describe('a wrong table is refused when it is made', () => {
  test.each<readonly [string, Partial<LifecycleTable<string, string>>, string]>([
    ['begins in an unknown state', { initial: 'ajar' }, 'Door: ajar is none of its states'],
    ['ends in an unknown state', { final: ['gone', 'lost'] }, 'Door: lost is none of its states'],
    ['leads to an unknown state', { events: { push: { shut: 'ajar' } } }, 'Door: ajar is none of its states'],
    [
      'leads from an unknown state',
      { events: { push: { ajar: 'open' } } },
      'Door: ajar is none of its states',
    ],
    [
      'declares a state twice',
      { states: ['shut', 'open', 'gone', 'open'] },
      'Door: a state is declared twice',
    ],
  ])('as it %s', (_title, change, message) => {
    expect(() => lifecycle<string, string>({ ...door, ...change })).toThrow(new TypeError(message))
  })
})
