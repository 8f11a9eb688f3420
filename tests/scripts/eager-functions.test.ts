import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { compiledAtOnce, functionsIn } from '../../scripts/eager-functions.ts'

const SCRIPT = `
const early = typeof late
function late(n) { return [1, 2].map((x) => add(x, n)) }
async function later() { return named.run() }
const add = (a, b) => a + b, named = { run: async () => late(2), method() { return 3 }, get size() { return 4 } }
const curried = (a) => (b) => add(a, b)
function unused() { function inner() {} return inner }
result = { early, late, later, add, named, curried, unused }
`

test('functions have a path of names, and numbers for those that have none', () => {
  expect(functionsIn(SCRIPT).map(({ path }) => path)).toEqual([
    ...['late', 'late/0', 'later', 'add', 'run', 'curried', 'curried/0', 'unused'],
  ])
})

test('brackets around functions change nothing but when they are compiled', async () => {
  const code = compiledAtOnce(SCRIPT, (path) => path !== 'unused')
  expect(code).toMatch(/^var late=\(function\(n\)/)
  expect(code).toContain('function unused()')
  const world: { result?: Result } = {}
  runInNewContext(code, world)
  const { early, late, later, add, named, curried } = world.result as Result
  expect([early, late(1), await later(), add(1, 2), curried(1)(2)]).toEqual([
    ...['function', [2, 3], [3, 4], 3, 3],
  ])
  expect([named.method(), named.size]).toEqual([3, 4])
  expect([late.name, later.name, add.name, named.run.name, curried.name]).toEqual([
    ...['late', 'later', 'add', 'run', 'curried'],
  ])
  expect(compiledAtOnce(SCRIPT, () => false)).toBe(SCRIPT)
})

interface Result {
  readonly early: string
  readonly late: (n: number) => readonly number[]
  readonly later: () => Promise<readonly number[]>
  readonly add: (a: number, b: number) => number
  readonly curried: (a: number) => (b: number) => number
  readonly named: {
    readonly run: () => Promise<unknown>
    readonly method: () => number
    readonly size: number
  }
}
