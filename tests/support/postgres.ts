/** PostgreSQL databases for tests: nothing needs to be installed, and nothing is left behind. */
import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { json } from 'node:stream/consumers'
import { beforeAll, inject, onTestFinished } from 'vitest'
import { withClient } from './postgres-client.ts'
import { withDatabase, type PostgresAddress } from './postgres-server.ts'
import type { PostgresReply } from './postgres-setup.ts'
import { databasePrefix, postgresSources } from './postgres-sources.ts'

/** What databases of a run may be copies of: `fill` is called once for each name and server, and closes what it opens. */
export interface DatabaseTemplate {
  /** In letters of SQL names: a to z, digits, _. */
  readonly name: string
  readonly fill: (database: PostgresAddress) => Promise<void>
}

/** Makes a database, empty or a copy of the template, which is dropped when the test ends, or when `atEnd` has it done. */
export type MakeDatabase = (template?: DatabaseTemplate, atEnd?: AtEnd) => Promise<PostgresAddress>

type AtEnd = (drop: () => Promise<void>) => void

/**
 * The servers that every test of PostgreSQL runs on, for `describe.each`; the first call of a MakeDatabase in a run of
 * vitest starts its server. One that is not installed is missing here, and the run says so.
 */
export function postgresServers(): readonly (readonly [name: string, makeDatabase: MakeDatabase])[] {
  return postgresSources()
    .filter(({ start }) => start !== undefined)
    .map(({ name }) => [name, async (...wanted) => makeDatabase(await serverNamed(name), ...wanted)])
}

/** One database for all tests of a `describe`, empty before the first of them. */
export function sharedDatabase(makeDatabase: MakeDatabase): () => PostgresAddress {
  let made: PostgresAddress | undefined
  beforeAll(async () => {
    const drops: (() => Promise<void>)[] = []
    made = await makeDatabase(undefined, (drop) => void drops.push(drop))
    return async () => {
      for (const drop of drops) await drop()
    }
  })
  return () => {
    if (made === undefined) throw new Error('there is no database before the first test')
    return made
  }
}

async function serverNamed(name: string): Promise<PostgresAddress> {
  const { port, password } = inject('postgres')
  const socket = connect(port, '127.0.0.1')
  socket.end(`${password} ${name}`)
  const reply = (await json(socket)) as PostgresReply // postgres-setup.ts wrote it
  if ('error' in reply) throw new Error(reply.error)
  return reply
}

async function makeDatabase(
  server: PostgresAddress,
  template?: DatabaseTemplate,
  atEnd: AtEnd = onTestFinished,
): Promise<PostgresAddress> {
  const name = databasePrefix(inject('postgres').run) + randomBytes(6).toString('hex')
  atEnd(() => run(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))
  const original = template === undefined ? 'template1' : await templateOn(server, template)
  await run(server, `CREATE DATABASE ${name} TEMPLATE ${original}`)
  return withDatabase(server, name)
}

/** The name of the database made from this template. */
function templateOn(server: PostgresAddress, { name, fill }: DatabaseTemplate): Promise<string> {
  const database = `${databasePrefix(inject('postgres').run)}template_${name}`
  return withClient(server.url, async (client) => {
    // Other test files wait here until the first has made it. It gets its name when it is whole.
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [database])
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [database])
    if (rowCount === 1) return database
    await client.query(`DROP DATABASE IF EXISTS ${database}_begun`)
    await client.query(`CREATE DATABASE ${database}_begun`)
    await fill(withDatabase(server, `${database}_begun`))
    await client.query(`ALTER DATABASE ${database}_begun RENAME TO ${database}`)
    return database
  })
}

async function run({ url }: PostgresAddress, sql: string): Promise<void> {
  await withClient(url, (client) => client.query(sql))
}
