/** That the queue bench measures work that is really done: whoever takes part takes each ticket once, until none is left. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { postgresServers } from '../support/postgres.ts'
import { projectFolder } from '../support/project.ts'
import { DIST } from '../support/tkt.ts'
import { fileByHand } from './queues/by-hand-in-file.ts'
import { rowsByHand } from './queues/by-hand.ts'
import { contest, quantile, ratioOf, type Contender } from './queues/contest.ts'
import { startCrew } from './queues/crew.ts'
import { embeddedRows } from './queues/embedded-anchor.ts'
import { judgeLine, LINES } from './queues/lines.ts'
import { projectOf, timeAmong, timeRefresh } from './queues/projects.ts'
import { serverRows } from './queues/server-anchors.ts'
import { storeTickets, type Supply } from './queues/supply.ts'
import { watched } from './queues/watching.ts'

const TICKETS = 60
const [server] = postgresServers()
const newFile = (): Promise<string> => Promise.resolve(join(projectFolder(), 'tickets.db'))
const newDatabase = async (): Promise<string> => (await server?.[1]())?.url ?? ''

interface Part {
  readonly where: () => Promise<string>
  readonly supply: (where: string) => Supply | Promise<Supply>
}

const PARTS: readonly (readonly [loop: string, part: Part])[] = [
  ['claim', { where: newFile, supply: storeTickets }],
  ['claims of 20', { where: newFile, supply: storeTickets }],
  ['claim+close', { where: newFile, supply: (where) => storeTickets(where, 'ticket.closed') }],
  ['raw claim+event', { where: newFile, supply: embeddedRows }],
  ['by hand in a file', { where: newFile, supply: fileByHand }],
  ['claim', { where: newDatabase, supply: storeTickets }],
  ['claims of 20', { where: newDatabase, supply: storeTickets }],
  ['claim+close', { where: newDatabase, supply: (where) => storeTickets(where, 'ticket.closed') }],
  ['by hand', { where: newDatabase, supply: (where) => rowsByHand(where, 'ticket.claimed') }],
  ['by hand, 20', { where: newDatabase, supply: (where) => rowsByHand(where, 'ticket.claimed') }],
  ['by hand, closed', { where: newDatabase, supply: (where) => rowsByHand(where, 'ticket.closed') }],
  ['version column', { where: newDatabase, supply: serverRows }],
  ['lock+UPDATE', { where: newDatabase, supply: serverRows }],
]

async function places() {
  const locks = fork(join(import.meta.dirname, 'queues/lock-server.ts'))
  onTestFinished(() => locks.disconnect())
  const [lock_port] = (await once(locks, 'message')) as [number] // lock-server.ts tells it
  return { packages: '', lock_port }
}

describe.each(PARTS)('%s', (loop, { where: place, supply: supplyOf }) => {
  test('takes each ticket once, by two workers, until none is left', async () => {
    const where = await place()
    const supply = await supplyOf(where)
    onTestFinished(async () => {
      await supply.close()
    })
    await supply.add(1, TICKETS)
    const crew = await startCrew(2, { loop, where, pause_ms: 1, ...(await places()) })
    const slices = await crew.work(60_000)
    await crew.end()
    expect(slices.map(({ isDry, failures }) => [isDry, failures])).toEqual([
      [true, []],
      [true, []],
    ])
    const keys = slices.flatMap((slice) => slice.keys.map((key) => Number(key.replace('T-', ''))))
    expect(keys.toSorted((one, other) => one - other)).toEqual(
      Array.from({ length: TICKETS }, (_, index) => 1 + index),
    )
    expect(await supply.taken()).toBe(TICKETS)
  })
})

test('crews that take turns are supplied, and what they say they did is what the database has', async () => {
  const [file, database] = [await newFile(), await newDatabase()]
  const common = { workers: 2, open: 500 }
  const contenders: readonly Contender[] = [
    { ...common, name: 'a', loop: 'claim', where: file, isOnce: true, supply: () => storeTickets(file) },
    {
      ...{ ...common, name: 'b', loop: 'UPDATE by key', where: database, isOnce: false },
      supply: () => serverRows(database),
    },
  ]
  const [claims, updates] = await contest(contenders, await places(), { rounds: 3, slices: 2, slice_ms: 5 })
  if (claims === undefined || updates === undefined) throw new Error('each has a standing')
  expect([claims.rates.length, updates.rates.length]).toEqual([3, 3])
  expect(claims.slices.length).toBe(3 * 2 * common.workers)
  expect(ratioOf(claims, updates)).toBeGreaterThan(0)
})

test('a crew that runs out of tickets has no rate', async () => {
  const where = await newFile()
  const contender = { name: 'few', loop: 'claim', where, workers: 1, open: 1, isOnce: true }
  const entered = [{ ...contender, supply: () => storeTickets(where) }]
  await expect(contest(entered, await places(), { rounds: 1, slices: 1, slice_ms: 60_000 })).rejects.toThrow(
    'few ran out of tickets',
  )
})

test.each([
  ['the embedded database', (cwd: string) => Promise.resolve(join(cwd, '.tkt/tickets.db')), 0],
  ['PostgreSQL', newDatabase, 3],
])('every event of %s is seen in what watch prints', async (_name, databaseOf, commits) => {
  const cwd = await projectOf(projectFolder(), 2)
  const database = await databaseOf(cwd)
  const { delays_ms, commits_ms } = await watched({
    ...{ database, cwd, command: [process.execPath, DIST], events: 3 },
  })
  expect([delays_ms.length, commits_ms.length]).toEqual([3, commits])
})

test('commands are timed among few and many tickets, and a note is taken in', async () => {
  const scratch = projectFolder()
  const times = await timeAmong(
    { scratch, node: process.execPath, entry: DIST },
    [3, 30],
    (round) => ['claim-ticket', `T-${1 + round}`, `ses-${round}`],
    { pairs: 1, warm_up: 1 },
  )
  expect(times.every((ms) => ms > 0)).toBe(true)
  expect(await timeRefresh(scratch, 10, { pairs: 1, warm_up: 0 })).toBeGreaterThan(0)
})

test('a figure is judged by its budget, whichever way is good, and by its aim', () => {
  const judged = (line: keyof typeof LINES, value: number): string => judgeLine({ ...LINES[line], value })
  expect([0.37, 0.38, 0.5].map((value) => judged('serverClaim', value))).toEqual([
    'NO',
    'yes, not the aim',
    'yes',
  ])
  expect([150, 151].map((value) => judged('refresh', value))).toEqual(['yes', 'NO'])
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2)
  expect(quantile([], 0.5)).toBeNaN()
})
