/** Whoever watches is told of every event, once, whatever the writers do, and whatever becomes of the database. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { createInterface } from 'node:readline'
import { expect, test, vi } from 'vitest'
import { crowd, numbered, race } from '../../faults/race.ts'
import { withClient } from '../../support/postgres-client.ts'
import { projectFolder } from '../../support/project.ts'
import { run, worldIn } from '../../support/operations.ts'
import { DIST, endOf, environment, tkt, type Ended, type RunOptions } from '../../support/tkt.ts'
import { DATABASES } from './databases.ts'

const LIMIT = { timeout: 600_000 }
const WRITERS = 8
const ROUNDS = 4

function watching(project: RunOptions, ...words: readonly string[]) {
  const child = spawn(process.execPath, [DIST, 'watch', ...words], {
    cwd: project.cwd,
    env: environment(project.env),
  })
  return { child, ended: endOf(child) }
}

/** On a server what was just done is told once no older transaction, of whomever, is under way. */
const onceTold = (project: RunOptions, count: number, after = '0'): Promise<Ended> =>
  vi.waitFor(
    () => {
      const ended = tkt(['watch', '--once', '--after', after], project)
      expect(ended.json).toMatchObject({ ok: true, told: count })
      return ended
    },
    { timeout: 60_000 },
  )

/** The line that tells that event, when it is told. */
const lineOf = (child: ChildProcessWithoutNullStreams, event: string) =>
  new Promise<object>((resolve) => {
    const lines = createInterface(child.stdout)
    lines.on('line', (line) => {
      const record = JSON.parse(line) as { readonly event?: string }
      if (record.event === event) resolve(record)
    })
  })

const eventsIn = ({ stdout }: Ended) =>
  stdout
    .trimEnd()
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Readonly<Record<string, string>>)

test.each(DATABASES)(
  `on %s: ${WRITERS} writers at once, every event once and in order`,
  LIMIT,
  async (_name, { start }) => {
    const project = await start()
    const keys = numbered('TKT', 1, WRITERS * ROUNDS)
    for (const key of keys.slice(0, 2)) expect(tkt(['intake-ticket', key, 'T', 'S'], project).code).toBe(0)
    const { position } = (await onceTold(project, 2)).json
    const all = watching(project, '--after', '0', '--limit', String(keys.length * 3))
    const later = watching(project, '--after', String(position), '--limit', String(keys.length * 3 - 2))
    for (const key of keys.slice(2)) expect(tkt(['intake-ticket', key, 'T', 'S'], project).code).toBe(0)
    for (let round = 0; round < ROUNDS; round += 1) {
      const session = (number: number): string => `s${number}-${round}`
      await race(
        crowd(WRITERS, (number) => ['next-ticket', session(number)]),
        project,
      )
      await race(
        crowd(WRITERS, (number) => ['close-ticket', '--session-id', session(number)]),
        project,
      )
    }
    const [told, toldLater] = [await all.ended, await later.ended]
    const events = eventsIn(told).map(({ event, ticket_id }) => `${event} ${ticket_id}`)
    expect(new Set(events).size).toBe(events.length)
    expect(events.toSorted()).toEqual(
      keys
        .flatMap((key) => ['claimed', 'closed', 'created'].map((type) => `ticket.${type} ${key}`))
        .toSorted(),
    )
    for (const key of keys)
      expect(events.filter((event) => event.endsWith(key)).map((event) => event.split(' ')[0])).toEqual([
        'ticket.created',
        'ticket.claimed',
        'ticket.closed',
      ])
    expect(eventsIn(toldLater)).toEqual(eventsIn(told).slice(2))
    const half = Math.floor(events.length / 2)
    const rest = await onceTold(project, events.length - half, eventsIn(told)[half - 1]?.position)
    expect(eventsIn(rest)).toEqual(eventsIn(told).slice(half))
  },
)

test.each(DATABASES.slice(1, 2))(
  'on %s: connections that are cut are made anew, and nothing is lost',
  LIMIT,
  async (_name, { start }) => {
    const project = await start()
    for (const key of ['A', 'B']) expect(tkt(['intake-ticket', key, 'T', 'S'], project).code).toBe(0)
    const { child, ended } = watching(project, '--after', '0', '--limit', '3')
    await new Promise((told) => child.stdout.once('data', told))
    const cut =
      'SELECT count(pg_terminate_backend(pid)) AS cut FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()'
    expect(Number((await project.ask(cut))[0]?.cut)).toBeGreaterThan(0)
    expect(tkt(['claim-ticket', 'B', 's1'], project).code).toBe(0)
    expect(eventsIn(await ended).map(({ event, ticket_id }) => `${event} ${ticket_id}`)).toEqual([
      'ticket.created A',
      'ticket.created B',
      'ticket.claimed B',
    ])
  },
)

test.each(DATABASES.slice(1))(
  'on %s: a transaction of somebody else that holds events back is named, and they come when it is over',
  LIMIT,
  async (_name, { start }) => {
    const project = await start()
    expect(tkt(['intake-ticket', 'A', 'T', 'S'], project).code).toBe(0)
    await onceTold(project, 1)
    const told = await withClient(project.env?.TKT_DATABASE_URL ?? '', async (client) => {
      await client.query('BEGIN')
      const { rows } = await client.query<{ pid: number }>(
        'SELECT pg_backend_pid() AS pid, pg_current_xact_id()',
      )
      expect(tkt(['intake-ticket', 'B', 'T', 'S'], project).code).toBe(0)
      const { child, ended } = watching(project, '--after', '0', '--limit', '2')
      const held = await lineOf(child, 'delivery.held')
      expect(held).toEqual({ event: 'delivery.held', pid: rows[0]?.pid, since: expect.any(String) as string })
      await client.query('COMMIT')
      return ended
    })
    expect(told.json).toMatchObject({ ok: true, told: 2 })
    expect(eventsIn(told).map(({ event, ticket_id }) => `${event} ${ticket_id}`)).toEqual([
      'ticket.created A',
      'delivery.held undefined',
      'ticket.created B',
    ])
  },
)

test('a watcher that is there before the database, and before a batch, misses nothing', LIMIT, async () => {
  const world = worldIn(projectFolder())
  for (const [name, raw] of [
    ['watch', { once: true }],
    ['wait', { until: 'over', timeout: 0 }],
  ] as const)
    expect(await run(world, name, raw)).toMatchObject({ ok: true }) // so that all of it is loaded
  const [watched, over] = [
    run(world, 'watch', { batch_id: 'X', limit: 1 }),
    run(world, 'wait', { until: 'over', batch_id: 'X', timeout: 60 }),
  ]
  await new Promise((begun) => setTimeout(begun, 100))
  expect(await run(world, 'list-tickets')).toMatchObject({ shown: 'shown 0 of 0' })
  await run(world, 'intake-ticket', { ticket_id: 'A', title: 'T', summary: 'S', batch_id: 'X' })
  expect(await watched).toMatchObject({ ok: true, told: 1 })
  expect(world.emitted).toMatchObject([{ event: 'ticket.created', ticket_id: 'A', batch_id: 'X' }])
  await run(world, 'cancel-ticket', { ticket_id: 'A', session_id: 's1', reason: 'no' })
  expect(await over).toMatchObject({ met: true, counts: { CLOSED: 1 } })
})

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s ends it, with a position to go on from',
  LIMIT,
  async (signal) => {
    const project = { cwd: projectFolder() }
    expect(tkt(['intake-ticket', 'A', 'T', 'S'], project).code).toBe(0)
    const { child, ended } = watching(project, '--after', '0')
    await new Promise((told) => child.stdout.once('data', told))
    child.kill(signal)
    expect(await ended).toMatchObject({ code: 0, signal: null, json: { ok: true, told: 1, position: '1' } })
  },
)

test('a reader that goes away ends it', LIMIT, async () => {
  const project = { cwd: projectFolder() }
  expect(tkt(['intake-ticket', 'A', 'T', 'S'], project).code).toBe(0)
  const { child, ended } = watching(project, '--after', '0')
  await new Promise((told) => child.stdout.once('data', told))
  child.stdout.destroy()
  expect(tkt(['intake-ticket', 'B', 'T', 'S'], project).code).toBe(0)
  expect(await ended).toMatchObject({ code: 0, stderr: '' })
})
