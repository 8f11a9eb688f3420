import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { withClient } from '../../support/postgres-client.ts'
import { KINDS } from './databases.ts'
import { startDurable, type DurableProject } from './project.ts'

/** Past the program. */
async function write({ root, world }: DurableProject, embedded: string, server: string): Promise<void> {
  const url = world.environment.TKT_DATABASE_URL
  if (url === undefined) {
    const database = new DatabaseSync(join(root, '.tkt/tickets.db'))
    database.exec(embedded)
    database.close()
  } else await withClient(url, (client) => client.query(server))
}

describe.each(KINDS)('db on %s', (_name, start) => {
  test('status tells which database it is and what is in it, and makes none', async () => {
    const project = await start()
    const { ok, root, world } = project
    const url = world.environment.TKT_DATABASE_URL
    const target =
      url === undefined
        ? {
            engine: 'sqlite',
            db_target: '.tkt/tickets.db',
            where: `${root}/.tkt/tickets.db`,
            target_source: 'default:embedded',
          }
        : {
            engine: 'postgres',
            db_target: new URL(url).pathname.slice(1),
            target_source: 'TKT_DATABASE_URL',
          }
    expect(await ok('db')).toMatchObject({ exists: false, project: 'default/main', ...target })
    expect(await ok('db', { action: 'status' })).toMatchObject({ exists: false })
    expect(existsSync(join(root, '.tkt'))).toBe(false)
    for (const ticket_id of ['TKT-1', 'TKT-2', 'TKT-3'])
      await ok('intake-ticket', { ticket_id, title: 'T', summary: 'S' })
    await ok('claim-ticket', { ticket_id: 'TKT-1', session_id: 's1' })
    await ok('delete-ticket', { ticket_id: 'TKT-3', session_id: 's2', reason: 'no' })
    const told = await ok('db')
    expect(told).toMatchObject({
      ...{ exists: true, ...target, projects: 1, tickets: { CLAIMED: 1, OPEN: 1 }, deleted: 1 },
      ...{ events: 5, agents: 2, engine_version: expect.stringMatching(/^\d+\.\d+/) as unknown },
    })
    expect(told.schema_version).toBe(told.program_schema_version)
    expect(told.bytes).toBeGreaterThan(10_000)
  })

  test('migrate makes what is missing, and says from where to where', async () => {
    const { ok } = await start()
    const { from_version, to_version } = await ok('db', { action: 'migrate' })
    expect(from_version).toBe(0)
    expect(await ok('db', { action: 'migrate' })).toMatchObject({ from_version: to_version, to_version })
    expect(await ok('db')).toMatchObject({ exists: true, schema_version: to_version, tickets: {} })
  })

  test('a database of a newer program is told by status, and refused by what would change it', async () => {
    const project = await start({ 'TKT-1': {} })
    await write(project, 'PRAGMA user_version = 99', 'INSERT INTO tkt.migrations VALUES (99)')
    const told = await project.ok('db')
    expect(told).toMatchObject({ exists: true, schema_version: 99 })
    expect(told).not.toHaveProperty('tickets')
    for (const action of ['migrate', 'vacuum']) {
      const refused = await project.refused('db', { action })
      expect(refused).toMatchObject({ error: 'DATABASE_UNAVAILABLE' })
      expect(refused.message).toContain('version 99, newer than this program')
    }
  })

  test('vacuum gives back the room of what is gone', async () => {
    const project = await start({ 'TKT-1': { summary: 'x'.repeat(190_000) }, 'TKT-2': {} })
    const gone = (schema: string) => `DELETE FROM ${schema}tickets WHERE key = 'TKT-1'`
    await write(project, gone(''), gone('tkt.'))
    const { bytes_before, bytes_after } = await project.ok('db', { action: 'vacuum' })
    expect([Number(bytes_before) > 0, Number(bytes_after) > 0]).toEqual([true, true])
    if (project.world.environment.TKT_DATABASE_URL === undefined)
      expect(Number(bytes_after)).toBeLessThan(Number(bytes_before) - 180_000)
    else
      await write(
        project,
        '',
        "DO $$ BEGIN ASSERT (SELECT reltuples = 1 FROM pg_class WHERE oid = 'tkt.tickets'::regclass); END $$",
      )
    expect(await project.ok('list-tickets')).toMatchObject({ shown: 'shown 1 of 1' })
  })
})

test('db vacuum of a database that is not there makes none', async () => {
  const { refused, root } = await startDurable()
  expect(await refused('db', { action: 'vacuum' })).toMatchObject({ error: 'DATABASE_UNAVAILABLE' })
  expect(existsSync(join(root, '.tkt'))).toBe(false)
})

test('db names its actions to who asks for another', async () => {
  const { refused } = await startDurable()
  const { message } = await refused('db', { action: 'drop' })
  expect(message).toContain('status, migrate, vacuum, export, import')
})
