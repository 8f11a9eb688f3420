/** Operations on a PostgreSQL that the surroundings name: what is told when it cannot be used, and that the rest is as ever. */
import { existsSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { describe, expect, onTestFinished, test } from 'vitest'
import { passwordInFile } from '../../src/durable/store/postgres/password-file.ts'
import { connectionTo } from '../support/durable-postgres.ts'
import { withClient } from '../support/postgres-client.ts'
import { postgresServers, sharedDatabase } from '../support/postgres.ts'
import { projectFolder } from '../support/project.ts'
import { startDurable } from './operations/project.ts'

const projectOn = async (environment: Readonly<Record<string, string>>) => {
  const project = await startDurable()
  Object.assign(project.world.environment, environment)
  return project
}

describe.each(postgresServers())('%s', (_name, makeDatabase) => {
  const shared = sharedDatabase(makeDatabase)

  test('holds the tickets of a project, and no file does', async () => {
    const { ok, root } = await projectOn({ TKT_DATABASE_URL: shared().url })
    await ok('intake-ticket', { ticket_id: 'TKT-1', title: 'T', summary: 'S' })
    expect(await ok('next-ticket', { session_id: 's1' })).toMatchObject({ claimed: true, claim_no: 1 })
    expect(await ok('close-ticket', { session_id: 's1', reason: 'done' })).toMatchObject({
      ticket: { ticket_id: 'TKT-1', status: 'CLOSED' },
    })
    expect(existsSync(`${root}/.tkt`)).toBe(false)
  })

  test('is looked over by doctor, where no file is: also for claims of no ticket, which no foreign key keeps away', async () => {
    const { url } = await makeDatabase()
    const { ok, root } = await projectOn({ TKT_DATABASE_URL: url })
    await ok('intake-ticket', { ticket_id: 'TKT-1', title: 'T', summary: 'S' })
    expect(await ok('doctor', { repair: true })).toMatchObject({ healthy: true, files: 0, findings: [] })
    await withClient(url, (client) =>
      client.query(
        `INSERT INTO tkt.claims (ticket, project, session, claim_no, claimed_ms) VALUES (9, 1, 's1', 1, 0)`,
      ),
    )
    expect(await ok('doctor')).toMatchObject({
      healthy: false,
      findings: [
        { check: 'claim-of-ticket-in-hand', says: '1 claims are of tickets that nobody has in hand' },
      ],
    })
    expect(existsSync(`${root}/.tkt`)).toBe(false)
  })

  test('is found by the variables of PostgreSQL, with its password in a file', async () => {
    const { hostname, port, username, password, pathname } = new URL(shared().tcp_url)
    const file = `${projectFolder()}/pgpass`
    writeFileSync(file, `elsewhere:*:*:*:wrong\n${hostname}:${port}:*:${username}:${password}\n`)
    const { ok } = await projectOn({
      ...{ SKILL_PGDATABASE: pathname.slice(1), PGHOST: hostname, PGPORT: port },
      ...{ PGUSER: username, PGPASSFILE: file },
    })
    expect(await ok('list-tickets')).toMatchObject({ ok: true })
  })

  const changed = (change: (url: URL) => void) => () => {
    const url = new URL(shared().tcp_url)
    change(url)
    return Promise.resolve(url.href)
  }
  test.each<readonly [string, () => Promise<string>, RegExp]>([
    ['a wrong password', changed((url) => (url.password = 'guess-7')), /password authentication failed/],
    ['no password', changed((url) => (url.password = '')), /wants a password: set PGPASSWORD/],
    [
      'a database that is not there',
      changed((url) => (url.pathname = '/nowhere')),
      /"nowhere" does not exist/,
    ],
    ['a port where nobody listens', async () => portOf(await closedPort(), shared().tcp_url), /ECONNREFUSED/],
    ['a port where somebody else listens', async () => portOf(await babble(), shared().tcp_url), /./],
    ['a server without encryption', changed((url) => (url.search = '?sslmode=require')), /SSL/],
    ['a role that may not make the schema', () => ofRole(shared().tcp_url), /permission denied/],
  ])('is named when it cannot be used: %s', async (_title, urlOf, message) => {
    const url = await urlOf()
    const { refused } = await projectOn({ TKT_DATABASE_URL: url })
    const { host, port, database } = connectionTo(url)
    const told = await refused('claim-ticket', { ticket_id: 'TKT-1', session_id: 's1' })
    expect(told).toMatchObject({
      error: 'DATABASE_UNAVAILABLE',
      error_code: 'SK-MEM-001',
      details: { host, port, dbname: database, target_source: 'TKT_DATABASE_URL' },
    })
    expect(told.message).toContain(
      `PostgreSQL at ${host}:${port}, database ${database} (by TKT_DATABASE_URL): `,
    )
    expect(told.message).toMatch(message)
    const { password } = new URL(url)
    if (password !== '') expect(JSON.stringify(told)).not.toContain(password)
  })
})

function portOf(port: number, of: string): string {
  const url = new URL(of)
  url.port = String(port)
  return url.href
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

/** Of a server that speaks something else. */
async function babble(): Promise<number> {
  const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(
    0,
    '127.0.0.1',
  )
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

/** The database of that URL for a role that may only look at it. */
async function ofRole(of: string): Promise<string> {
  const role = `looker_${process.pid}_${Math.floor(Math.random() * 1e9)}`
  await withClient(of, (client) => client.query(`CREATE ROLE ${role} LOGIN PASSWORD 'a-secret'`))
  onTestFinished(async () => {
    await withClient(of, (client) => client.query(`DROP ROLE ${role}`))
  })
  const url = new URL(of)
  url.username = role
  url.password = 'a-secret'
  return url.href
}

describe('without a server', () => {
  test('a URL that cannot be meant is refused before anything is done', async () => {
    const { refused, root } = await projectOn({ TKT_DATABASE_URL: 'postgres://u:secret@h:none/d' })
    const { message } = await refused('list-tickets')
    expect(message).toContain('postgres://…@h:none/d')
    expect(existsSync(`${root}/.tkt`)).toBe(false)
  })

  test('what PostgreSQL variables name for others is told, and the file is used', async () => {
    const { ok } = await projectOn({ PGHOST: 'h', PGDATABASE: 'd' })
    const told = await ok('intake-ticket', { ticket_id: 'TKT-1', title: 'T', summary: 'S' })
    expect(told).toMatchObject({ warnings: ['PGDATABASE is not used: see SKILL_PGDATABASE'] })
  })

  test.each([
    ['h:5432:d:u:one', 'one'],
    ['# h:5432:d:u:one\nx:*:*:*:no\n*:*:*:*:any', 'any'],
    ['h:5432:d:u:a\\:b\\\\c\r\nh:5432:d:u:later', 'a:b\\c'],
    ['h:5432:d:other:no', undefined],
    ['h:5432', undefined],
  ])('a password file that says %j tells %s', (text, password) => {
    const path = `${projectFolder()}/pgpass`
    writeFileSync(path, text)
    expect(passwordInFile(path, connectionTo('postgres://u@h/d'))).toBe(password)
    expect(passwordInFile(`${path}-none`, connectionTo('postgres://u@h/d'))).toBeUndefined()
  })
})
