import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { currentOwner, ownerState } from '../../src/system/owner.ts'
import { withClient } from './postgres-client.ts'
import { postgresOfNpm, startPostgres, type PostgresAddress } from './postgres-server.ts'
import { postgresSources } from './postgres-sources.ts'
import { postgresServers } from './postgres.ts'
import { projectFolder } from './project.ts'

test.for(postgresSources())('$name is installed here', ({ start }, context) => {
  context.skip(start === undefined, 'the store tests run without it')
})

describe.each(postgresServers())('a database of %s', (_name, makeDatabase) => {
  test('is dropped when its test ends, though it is in use', async () => {
    const made: PostgresAddress[] = []
    onTestFinished(() => expect(rowsOf(made[0]?.url ?? '', 'SELECT 1')).rejects.toThrow('does not exist'))
    made.push(await makeDatabase())
    const client = new pg.Client(made[0]?.url)
    client.on('error', () => undefined) // survived: its database is dropped
    await client.connect()
  })

  test('is a copy of its template, which is filled once', async () => {
    const fill = vi.fn(async ({ url }: PostgresAddress) => {
      await rowsOf(url, 'CREATE TABLE one AS SELECT 1')
    })
    const [first, second] = await Promise.all([
      makeDatabase({ name: 'one', fill }),
      makeDatabase({ name: 'one', fill }),
    ])
    await rowsOf(first.url, 'DROP TABLE one')
    expect(await rowsOf(second.url, 'TABLE one')).toHaveLength(1)
    expect(fill).toHaveBeenCalledOnce()
  })
})

describe('a server of ours', () => {
  test('answers at a socket and, to a password, at a port, and has on the disk what it answers', async () => {
    const { url, tcp_url, stop } = await startPostgres(postgresOfNpm())
    onTestFinished(stop)
    const question = "SELECT inet_client_addr() AS client, current_setting('fsync') AS fsync"
    expect(await rowsOf(url, question)).toEqual([{ client: null, fsync: 'on' }])
    expect(await rowsOf(tcp_url, question)).toEqual([{ client: '127.0.0.1', fsync: 'on' }])
    const guess = tcp_url.replace(/:\w+@/, ':guess@')
    await expect(rowsOf(guess, question)).rejects.toThrow('password authentication failed')
    await stop()
    expect(existsSync(folderOf(url))).toBe(false)
  })

  test('runs as a user without a name, from a folder that is closed to it, where npm ran no script', async (context) => {
    context.skip(process.getuid?.() !== 0, 'only root can start it as somebody else')
    const programs = { ...postgresOfNpm(), folder: projectFolder() }
    cpSync(postgresOfNpm().folder, programs.folder, { recursive: true, verbatimSymlinks: true })
    const libraries = join(programs.folder, 'native/lib')
    for (const name of readdirSync(libraries))
      if (lstatSync(join(libraries, name)).isSymbolicLink()) rmSync(join(libraries, name))
    const { url, stop } = await startPostgres(programs, { uid: 54_321, gid: 54_321 })
    onTestFinished(stop)
    expect(await rowsOf(url, 'SELECT current_user AS name')).toEqual([{ name: 'postgres' }])
  })

  test('that cannot start says why', async () => {
    const programs = { ...postgresOfNpm(), folder: projectFolder({ 'native/bin/initdb': 'exit 3' }) }
    await expect(startPostgres(programs)).rejects.toThrow(/initdb: (Permission denied|not found)/)
  })
})

describe('a run', () => {
  const hang = 'await new Promise(() => undefined)'

  test.each([
    { title: 'ends', then: '' },
    { title: 'loses a process of its tests', then: "process.kill(process.pid, 'SIGKILL')" },
    { title: 'is interrupted', then: hang, signal: 'SIGINT' },
    { title: 'is killed', then: hang, signal: 'SIGKILL' },
  ] as const)('that $title had one server, and leaves nothing', async ({ then, ...how }) => {
    const files = ['one.test.mjs', 'two.test.mjs']
    const folder = projectFolder({
      'vitest.config.mjs': `export default { test: { globals: true, maxWorkers: 2, globalSetup: '${here('postgres-setup.ts')}' } }`,
      ...Object.fromEntries(files.map((name) => [name, fileThatTells(then)])),
    })
    const run = spawn(process.execPath, [here('../../node_modules/vitest/vitest.mjs'), 'run'], {
      cwd: folder,
      stdio: 'ignore',
      env: { ...process.env, TKT_TEST_DATABASE_URL: '' },
    })
    onTestFinished(() => void run.kill('SIGKILL'))
    const ended = once(run, 'exit')
    const [one, two] = await Promise.all([whatIsTold(folder, 'one'), whatIsTold(folder, 'two')])
    expect([one.process === two.process, one.server === two.server]).toEqual([false, true])
    if ('signal' in how) run.kill(how.signal)
    await ended
    await vi.waitFor(() => {
      expect([one.process, two.process, one.postmaster].filter(isRunning)).toEqual([])
      expect(existsSync(one.server)).toBe(false)
    }, 10_000)
  })
})

/** The processes of a test and of its server, and the folder of the server. */
interface Told {
  readonly process: number
  readonly postmaster: number
  readonly server: string
}

// It looks at the server itself: a run that ends at once has none by the time that somebody else looks.
const fileThatTells = (then: string): string => `
  import { readFileSync, writeFileSync } from 'node:fs'
  import { postgresServers } from '${here('postgres.ts')}'
  test('asks for a database', async () => {
    const [[, makeDatabase]] = postgresServers()
    const server = decodeURIComponent(new URL((await makeDatabase()).url).hostname)
    const postmaster = parseInt(readFileSync(server + '/data/postmaster.pid', 'utf8'))
    writeFileSync(import.meta.filename + '.told', JSON.stringify({ process: process.pid, postmaster, server }))
    ${then}
  }, 60_000)`

const whatIsTold = (folder: string, name: string): Promise<Told> =>
  vi.waitFor(
    () => JSON.parse(readFileSync(join(folder, `${name}.test.mjs.told`), 'utf8')) as Told, // written above
    60_000,
  )

const here = (path: string): string => join(import.meta.dirname, path)

const folderOf = (url: string): string => decodeURIComponent(new URL(url).hostname)

const isRunning = (pid: number): boolean =>
  ownerState({ ...currentOwner(), pid, started: '' }, currentOwner()) === 'running'

function rowsOf(url: string, sql: string): Promise<readonly pg.QueryResultRow[]> {
  return withClient(url, async (client) => (await client.query<pg.QueryResultRow>(sql)).rows)
}
