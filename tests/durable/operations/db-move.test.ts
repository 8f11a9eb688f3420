import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { MIGRATIONS } from '../../../src/durable/store/sqlite/migrations.ts'
import { MOVED } from '../../../src/durable/store/moved-tables.ts'
import { postgresServers } from '../../support/postgres.ts'
import { KINDS } from './databases.ts'
import { startDurable, type DurableProject } from './project.ts'

const S1 = { session_id: 's1' }
const REVIEWER = { session_id: 's9', reason: 'so' }

/** Tickets in every state, with all that can be said of one, and a note that was read. */
async function fill({ root, ok, wait }: DurableProject): Promise<void> {
  const said = {
    ...{ batch_id: 'B-1', queue_order: '3', priority: '7', wave: '2', depends_on: 'TKT-2,TKT-9,a-1' },
    ...{
      assignable_to: 's1,impl-*',
      scope_allow: 'src/',
      scope_deny: 'src/x',
      required_work: 'one',
      acceptance: `'"\\;é🎫\u2028`,
    },
  }
  const take = (ticket_id: string, more = {}) =>
    ok('intake-ticket', { ticket_id, title: `Title of ${ticket_id}`, summary: '{"a":\n"\\u0000"}', ...more })
  for (const key of ['TKT-9', 'TKT-2', 'a-1', 'Z-1', 'TKT-5']) await take(key)
  await take('TKT-1', said)
  await take('END', { ticket_type: 'INTEGRATOR', batch_id: 'B-0', session_id: 's3' })
  await ok('claim-ticket', { ticket_id: 'TKT-2', ...S1 })
  await ok('close-ticket', { ticket_id: 'TKT-2', ...S1, resolution: 'it runs' })
  wait(1)
  await ok('claim-ticket', { ticket_id: 'TKT-9', ...S1 })
  await ok('block-ticket', { ticket_id: 'TKT-9', ...S1, reason: 'waits' })
  await ok('claim-ticket', { ticket_id: 'a-1', session_id: 's2' })
  await ok('start-ticket', { ticket_id: 'a-1', session_id: 's2' })
  await ok('cancel-ticket', { ticket_id: 'Z-1', ...REVIEWER })
  await ok('edit-ticket', { ticket_id: 'TKT-5', ...REVIEWER, title: 'other', depends_on: 'TKT-9' })
  await ok('delete-ticket', { ticket_id: 'TKT-5', ...REVIEWER })
  mkdirSync(join(root, 'note'))
  writeFileSync(join(root, 'note/note_tasks.md'), '### New\n- One thing\n- Another\n')
  await ok('refresh-new-tasks', { batch_id: 'B-1' })
  // Parts of a ticket that came after them, which no operation says, and of one before.
  const database = new DatabaseSync(join(root, '.tkt/tickets.db'))
  for (const [key, parent] of [
    ['TKT-9', 'TKT-1'],
    ['END', 'a-1'],
  ] as const)
    database
      .prepare('UPDATE tickets SET parent = (SELECT seq FROM tickets WHERE key = ?) WHERE key = ?')
      .run(parent, key)
  database.close()
}

const exported = async ({ root, ok }: DurableProject, name = 'project.jsonl'): Promise<string> => {
  await ok('db', { action: 'export', file: name })
  return readFileSync(join(root, name), 'utf8')
}

const into = (project: DurableProject, text: string): { readonly action: string; readonly file: string } => {
  writeFileSync(join(project.root, 'in.jsonl'), text)
  return { action: 'import', file: 'in.jsonl' }
}

/** What the operations tell of the whole project, without where it is, and the numbers that the database counts by. */
async function told({ ok }: DurableProject): Promise<unknown> {
  const { tickets } = await ok('list-tickets', { limit: '50', verbose: true })
  const keys = (tickets as { readonly ticket_id: string }[]).map(({ ticket_id }) => ticket_id)
  const shown = []
  for (const ticket_id of [...keys, 'TKT-5']) shown.push(await ok('show-ticket', { ticket_id }))
  return JSON.parse(
    JSON.stringify([shown, await ok('agents')], (name, value: unknown) =>
      /^(task_id|seq|db_target|target_source)$/.test(name) ? undefined : value,
    ),
  )
}

describe.each(postgresServers())('a project that moves to %s and back', (name) => {
  test('is the same project everywhere: the last file equals the first', async () => {
    const start = (kind: string) => KINDS.find(([one]) => one === kind)?.[1] ?? startDurable
    const [home, server, back] = [
      await startDurable(),
      await start(name)({ 'TKT-0': {} }),
      await startDurable(),
    ]
    await fill(home)
    const first = await exported(home)
    // The server holds another project, so its numbers are others.
    mkdirSync(join(server.root, 'config'))
    writeFileSync(join(server.root, 'config/tkt.yaml'), 'durable: { project: default/main2 }\n')
    server.wait(1)
    back.wait(1)
    const answer = await server.ok('db', into(server, first))
    expect(answer).toMatchObject({
      ...{ project: 'default/main2', from_project: 'default/main' },
      rows: { tickets: 9, claims: 2, ticket_deps: 4, batches: 2, agents: 4, readings: 1 },
    })
    const second = await exported(server)
    await back.ok('db', into(back, second))
    const third = await exported(back)
    expect(third).toBe(first)
    expect(second.split('\n').slice(1, -2)).toEqual(first.split('\n').slice(1, -2))
    const expected = await told(home)
    expect(await told(server)).toEqual(expected)
    expect(await told(back)).toEqual(expected)
    // The holder goes on, and what waited is ready where it was.
    for (const one of [home, server, back]) {
      await one.ok('close-ticket', { ticket_id: 'a-1', session_id: 's2', claim_no: '1' })
      await one.ok('unblock-ticket', { ticket_id: 'TKT-9', ...S1 })
      await one.ok('close-ticket', { ticket_id: 'TKT-9', ...S1 })
      expect(await one.ok('claim-ticket', { ticket_id: 'TKT-1', ...S1 })).toMatchObject({ claim_no: 1 })
    }
  })
})

describe.each(KINDS)('db import on %s', (_name, start) => {
  test('refuses a project that holds tickets, and leaves it as it is', async () => {
    const project = await start({ 'TKT-1': {} })
    const text = await exported(project)
    await project.ok('delete-ticket', { ticket_id: 'TKT-1', ...REVIEWER })
    const before = await exported(project, 'before.jsonl')
    const refused = await project.refused('db', into(project, text))
    expect(refused).toMatchObject({ error: 'IMPORT_REFUSED', error_code: 'SK-TKT-080' })
    expect(refused.message).toContain('durable.project in config/tkt.yaml')
    expect(await exported(project, 'after.jsonl')).toBe(before)
  })

  test('refuses tickets that another project of the database has', async () => {
    const project = await start({ 'TKT-1': {} })
    const text = await exported(project)
    mkdirSync(join(project.root, 'config'))
    writeFileSync(join(project.root, 'config/tkt.yaml'), 'durable: { project: team/other }\n')
    const { message } = await project.refused('db', into(project, text))
    expect(message).toContain('TKT-1 is in this database already, in another project')
    expect(await project.ok('db')).toMatchObject({ tickets: {}, events: 0 })
  })

  test('takes over a project where sessions were heard of, without a ticket', async () => {
    const [home, project] = [await startDurable({ 'TKT-1': {} }), await start()]
    await project.ok('heartbeat', { session_id: 's7' })
    await project.ok('db', into(project, await exported(home)))
    expect(await project.ok('next-ticket', S1)).toMatchObject({ claimed: true })
    expect(await project.ok('agents')).toMatchObject({ shown: 'shown 1 of 1' })
  })
})

const line = (text: string, number: number, change: (line: string) => string): string =>
  text
    .split('\n')
    .map((one, index) => (index === number ? change(one) : one))
    .join('\n')

describe('a file that is no whole export', () => {
  test.each<readonly [string, (text: string) => string, RegExp]>([
    ['empty', () => '', /cut off or no export/],
    ['something else', () => '{"a":1}\n', /no export of `tkt db export`/],
    ['no JSON', () => 'PK\u0003\u0004', /cut off or no export/],
    ['cut off between two lines', (text) => text.split('\n').slice(0, -3).join('\n'), /cut off/],
    ['cut off in a line', (text) => text.slice(0, -30), /cut off/],
    ['without its last line', (text) => text.split('\n').slice(0, -2).join('\n'), /cut off/],
    ['changed', (text) => text.replace('Title of TKT-1', 'Title of TKT-2'), /was changed/],
    ['changed in its head', (text) => text.replace('default/main', 'default/mine'), /was changed/],
    ['without a row', (text) => text.split('\n').toSpliced(2, 1).join('\n'), /was changed/],
    ['newer', (text) => line(text, 0, (head) => head.replace('"version":1', '"version":2')), /version 2/],
  ])('is refused before anything is made: %s', async (_title, change, message) => {
    const [home, project] = [await startDurable({ 'TKT-1': {} }), await startDurable()]
    const refused = await project.refused('db', into(project, change(await exported(home))))
    expect(refused).toMatchObject({ error: 'IMPORT_REFUSED' })
    expect(refused.message).toMatch(message)
    expect(existsSync(join(project.root, '.tkt'))).toBe(false)
  })

  test('is told by its name when it is not there, or not named', async () => {
    const { refused } = await startDurable()
    expect(await refused('db', { action: 'import', file: 'none' })).toMatchObject({ error: 'FILE_NOT_FOUND' })
    expect(await refused('db', { action: 'import' })).toMatchObject({ error: 'INPUT_INVALID' })
    expect(await refused('db', { action: 'export', file: 'a/b' })).toMatchObject({ error: 'FILE_NOT_FOUND' })
  })
})

test('an export leaves one file, in place of what was there', async () => {
  const project = await startDurable({ 'TKT-1': {} }, { 'out/project.jsonl': 'before' })
  const { bytes, sha256 } = await project.ok('db', { action: 'export', file: 'out/project.jsonl' })
  const text = readFileSync(join(project.root, 'out/project.jsonl'), 'utf8')
  expect(readdirSync(join(project.root, 'out'))).toEqual(['project.jsonl'])
  expect([Buffer.byteLength(text), text.endsWith(`"sha256":"${String(sha256)}"}\n`)]).toEqual([bytes, true])
})

test.each(postgresServers())(
  '%s is not asked to keep a NUL character, and the ticket is named',
  async (name) => {
    const start = KINDS.find(([one]) => one === name)?.[1] ?? startDurable
    const [home, server] = [await startDurable({ 'TKT-1': {}, 'TKT-2': {} }), await start()]
    const database = new DatabaseSync(join(home.root, '.tkt/tickets.db'))
    database.prepare("UPDATE tickets SET summary = ? WHERE key = 'TKT-2'").run('a\0b')
    database.close()
    const text = await exported(home)
    const { message } = await server.refused('db', into(server, text))
    expect(message).toContain('TKT-2: summary (tickets) has a NUL character in it')
    expect(await server.ok('list-tickets')).toMatchObject({ shown: 'shown 0 of 0' })
    const back = await startDurable()
    await back.ok('db', into(back, text))
    expect(await exported(back)).toBe(text)
  },
)

test('every table of the schema moves, but for the counts that follow from the tickets', () => {
  const database = new DatabaseSync(':memory:')
  for (const step of MIGRATIONS) database.exec(step)
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all()
  database.close()
  const moved = ['projects', 'lots', ...MOVED.map(({ name }) => name)]
  expect(tables.map(({ name }) => name).toSorted()).toEqual(moved.toSorted())
})
