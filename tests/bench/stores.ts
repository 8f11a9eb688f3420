/** Projects for the bench, each in a folder below `parent`: made by the operations themselves, inside this process. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { chained } from '../../src/bundles/model/history-chain.ts'
import { run, worldIn, type World } from '../support/operations.ts'

/** A project with a roadmap and nothing else. */
export async function emptyStore(parent: string, name: string): Promise<World> {
  const folder = join(parent, name.replaceAll(/\W+/g, '-'))
  mkdirSync(folder, { recursive: true })
  const world = worldIn(folder)
  await act(world, 'init-roadmap', { project: name })
  return world
}

/** Adds a bundle of so many worker tickets (its two fixed ones come on top), as one plan. */
export async function addBundle(
  world: World,
  workers: number,
  titleOf = usualTitle,
  detailsOf = usualDetails,
): Promise<void> {
  const plan = writePlan(world, workers, titleOf, detailsOf)
  await act(world, 'create-bundle', { source_plan: plan })
}

/** The same in waves of a hundred, in which one of five needs the ticket before it. */
export const addBundleInWaves = (world: World, workers: number): Promise<void> =>
  addBundle(world, workers, usualTitle, (number) => {
    const needed = number % 5 === 0 ? `  - depends_on: ${ticketId(number - 1)}\n` : ''
    return `${DETAILS}  - wave: ${Math.ceil(number / 100)}\n${needed}`
  })

/** Writes a plan of so many tickets into the project and returns its name. */
export function writePlan(
  world: World,
  tickets: number,
  titleOf = usualTitle,
  detailsOf = usualDetails,
): string {
  const name = `plan-${tickets}.md`
  const lines = Array.from(
    { length: tickets },
    (_, index) => `- [ ] ${titleOf(index + 1)}\n${detailsOf(index + 1)}`,
  )
  writeFileSync(join(world.cwd, name), `# A plan of ${tickets} tickets\n\n${lines.join('\n')}`)
  return name
}

const usualTitle = (number: number): string => `Ticket ${number}: count the hits of every short link`

const usualDetails = (_number: number): string => DETAILS

const DETAILS = `  - acceptance: 50 parallel requests count 50
  - acceptance: the counter survives a restart of the service
  - effort: 2h
`

/** Adds the next bundle, with so many workers that all did their work, as one that can be closed. */
export async function addFinishedBundle(world: World, workers: number): Promise<void> {
  const bundle = bundleId(1 + bundlesOf(world).length)
  await addBundle(world, workers)
  const tickets = [...Array.from({ length: workers }, (_, index) => ticketId(index + 1)), 'TKT-A00']
  for (const ticket of tickets) {
    const named = { bundle, ticket, agent: ticket === 'TKT-A00' ? 'bob' : 'alice' }
    await act(world, 'claim', named)
    const told = { summary: 'Looked at TKT-001: hits are counted', evidence: 'npm test: 12 passed, 0 failed' }
    await act(world, 'update', { ...named, status: 'done', ...told })
  }
}

/** What the operations did to a bundle, done to others as well: the same files and lines of history, under other ids. */
export function repeatBundle(world: World, bundle: string, copies: readonly string[]): void {
  const store = join(world.cwd, '.tkt')
  const folder = join(store, 'bundles', bundle)
  const texts = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const)
  const log = join(store, 'history.log')
  let tail = readFileSync(log, 'utf8')
  const told = tail.split('\n').filter((line) => RegExp(`\\b${bundle}\\b`).test(line))
  const events = told.map((line) => line.replace(/ prev=\S+ hash=\S+$/, ''))
  for (const copy of copies) {
    mkdirSync(join(store, 'bundles', copy))
    for (const [name, text] of texts) {
      const path = join(store, 'bundles', copy, name)
      writeFileSync(path, text.replaceAll(bundle, copy))
      utimesSync(path, LONG_AGO, LONG_AGO) // what was written just now is not remembered
    }
    const lines = chained(
      events.map((event) => event.replaceAll(bundle, copy)),
      tail,
    )
    tail = `${lines.join('\n')}\n`
    appendFileSync(log, tail)
  }
}

const LONG_AGO = new Date('2026-03-01T12:00:00Z')

/** 1,000 bundles with 12,000 tickets, those before FIRST_OPEN closed. One for all below this parent. */
export async function treeStore(parent: string): Promise<World> {
  const folder = join(parent, 'tree')
  if (existsSync(folder)) return worldIn(folder)
  const world = await emptyStore(parent, 'tree')
  await addFinishedBundle(world, 10)
  await act(world, 'close-bundle', { bundle: 'B-001', agent: 'carol' })
  repeatBundle(world, 'B-001', numbered(2, FIRST_OPEN - 1))
  await addBundle(world, 10)
  repeatBundle(world, bundleId(FIRST_OPEN), numbered(FIRST_OPEN + 1, 1000))
  await warm(world)
  return world
}

export const FIRST_OPEN = 901

const numbered = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => bundleId(from + index))

const bundlesOf = (world: World): readonly string[] => {
  const folder = join(world.cwd, '.tkt/bundles')
  return existsSync(folder) ? readdirSync(folder) : []
}

/** Reads each bundle that is still open, and the list of all, once: no round then meets a cold cache. */
export async function warm(world: World): Promise<void> {
  await act(world, 'list-bundles', {})
  await act(world, 'next', { agent: 'nobody' })
  for (const bundle of bundlesOf(world)) await act(world, 'bundle-status', { bundle })
}

export const bundleId = (number: number): string => `B-${padded(number)}`
export const ticketId = (number: number): string => `TKT-${padded(number)}`
const padded = (number: number): string => String(number).padStart(3, '0')

/** Runs one operation and throws when it is refused. */
export async function act(
  world: World,
  operation: string,
  raw: Readonly<Record<string, unknown>>,
): Promise<void> {
  const envelope = await run(world, operation, raw)
  if (!envelope.ok) throw new Error(`${operation}: ${envelope.message}`)
}

/** A text of exactly so many characters. */
export const textOf = (length: number, start: string): string => start.padEnd(length, ' and a word more')
