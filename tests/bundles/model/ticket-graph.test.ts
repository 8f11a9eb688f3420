import { describe, expect, test } from 'vitest'
import {
  circleWarning,
  cyclesIn,
  cycleThrough,
  depthsOf,
  unknownDependencies,
} from '../../../src/bundles/model/ticket-graph.ts'

/** `a>b,c d` is: a depends on b and c, d on nothing. */
const graph = (text: string) =>
  text.split(' ').map((entry) => {
    const [id = '', names] = entry.split('>')
    return { id, depends_on: names?.split(',') ?? [] }
  })

describe('dependencies on what is nowhere', () => {
  test.each([
    ['are none when all are there', 'a>b b', []],
    ['are told once each, in order', 'a>x,b b>y,x c>x', ['x', 'y']],
    ['are not the ticket itself', 'a>a', []],
  ])('%s', (_title, text, unknown) => {
    expect(unknownDependencies(graph(text))).toEqual(unknown)
  })
})

describe('a circle of dependencies', () => {
  test.each([
    ['of one ticket', 'a>a', 'a', 'aa'],
    ['of two', 'a>b b>a', 'a', 'aba'],
    ['of three, seen from each of them', 'a>b b>c c>a', 'b', 'bcab'],
    ['beside a way that ends', 'a>b,c b c>a', 'a', 'aca'],
    ['behind a fork that meets again', 'a>b,c b>d c>d d>a', 'a', undefined],
  ])('%s is found', (_title, text, from, path) => {
    const cycle = cycleThrough(from, graph(text))
    if (path !== undefined) expect(cycle?.join('')).toBe(path)
    expect([cycle?.at(0), cycle?.at(-1)]).toEqual([from, from])
  })

  test.each([
    ['there is none', 'a>b,c b>c c', 'a'],
    ['it does not lead through this ticket', 'a>b b>c c>b', 'a'],
    ['it would go over a ticket that is not there', 'a>x', 'a'],
    ['this ticket is not there', 'a>b b>a', 'x'],
  ])('is not found when %s', (_title, text, from) => {
    expect(cycleThrough(from, graph(text))).toBeUndefined()
  })

  test('is sought in a large graph without delay', () => {
    const size = 300
    const tickets = Array.from({ length: size }, (_, index) => ({
      id: String(index),
      depends_on: Array.from({ length: size - index - 1 }, (_, further) => String(index + further + 1)),
    }))
    expect(cycleThrough('0', tickets)).toBeUndefined()
  }, 2000)
})

/** `0>1 1>2 …`, and for a ring the last one back to the first. */
const chain = (length: number, isRing = false) =>
  Array.from({ length }, (_, index) => {
    const isEnd = index === length - 1
    return { id: String(index), depends_on: isEnd ? (isRing ? ['0'] : []) : [String(index + 1)] }
  })

describe('the circles of a graph', () => {
  test.each([
    ['there are none', 'a>b,c b>c c', []],
    ['one of them is a ticket that needs itself', 'a>a b', ['aa']],
    ['two have nothing to do with each other', 'a>b b>a c>d d>c', ['aba', 'cdc']],
    ['one depends on another', 'a>b,c b>a c>d d>c', ['cdc', 'aba']],
    ['two share a ticket: they are one knot, told once', 'a>b,c b>a c>a', ['aba']],
    ['a ticket only leads to one, or comes behind one', 'a>b b>c c>b,d d', ['bcb']],
    ['a dependency leads nowhere', 'a>x b>x,a', []],
  ])('are each told, when %s', (_title, text, cycles) => {
    expect(cyclesIn(graph(text)).map((cycle) => cycle.join(''))).toEqual(cycles)
  })

  test('are sought in long chains and large rings without delay', () => {
    expect(cyclesIn(chain(20_000))).toEqual([])
    expect(cyclesIn(chain(20_000, true))[0]).toHaveLength(20_001)
  }, 2000)

  test('are told in one short sentence, if there are any', () => {
    const warning = (tickets: ReturnType<typeof graph>, done = '') =>
      circleWarning(tickets.map((ticket) => ({ ...ticket, status: ticket.id === done ? 'done' : 'open' })))
    expect(warning(graph('a>b b'))).toBeUndefined()
    expect(warning(graph('a>b b>a'), 'b')).toBeUndefined()
    expect(warning(graph('a>b b>a'))).toBe('tickets wait for each other in a circle: a -> b -> a')
    expect(warning([...chain(500, true), ...graph('a>a b>b')])).toBe(
      'tickets wait for each other in a circle: 0 -> 1 -> 2 -> 3 -> 4 -> 5 -> 6 -> 7 -> … -> 0, and in 2 more',
    )
  })
})

test('how deep a ticket lies follows from the deepest it depends on; those in a circle lie equally deep', () => {
  const depths = depthsOf(graph('a b>a c>a,b d>c,x e>f,b f>e g>g,f'))
  expect(Object.fromEntries(depths)).toEqual({ a: 1, b: 2, c: 3, d: 4, e: 3, f: 3, g: 4 })
  expect(depthsOf(chain(20_000)).get('0')).toBe(20_000)
})
