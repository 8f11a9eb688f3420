import { describe, expect, test } from 'vitest'
import { cycleThrough, unknownDependencies } from '../../../src/bundles/model/ticket-graph.ts'

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
