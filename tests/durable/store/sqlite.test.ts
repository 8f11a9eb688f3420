/** The contract of ticket stores on the embedded database, and what only a file can do wrong. */
import { copyFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { checkDatabase } from '../../../src/durable/store/sqlite/check.ts'
import { connectTo, openDatabase } from '../../../src/durable/store/sqlite/database.ts'
import { isSafe } from '../../../src/durable/store/sqlite/driver.ts'
import { LOTS } from '../../../src/durable/store/sqlite/lots.ts'
import { MIGRATIONS } from '../../../src/durable/store/sqlite/migrations.ts'
import { openSqliteStore } from '../../../src/durable/store/sqlite/sqlite-store.ts'
import { projectFolder } from '../../support/project.ts'
import { describeStore } from './contract.ts'
import { act, draft, TERMS } from './wishes.ts'

const MAIN = { org: 'default', slug: 'main' }

describeStore('the embedded database', () => {
  const path = join(projectFolder(), 'tickets.db')
  return () => openSqliteStore(path, MAIN, 0)
})

describe('a database file', () => {
  test('holds projects that never meet', async () => {
    const path = join(projectFolder(), 'tickets.db')
    const [one, other] = [
      await openSqliteStore(path, MAIN, 0),
      await openSqliteStore(path, { org: 'a', slug: 'b' }, 0),
    ]
    await one.intake([draft('TKT-1')], { now_ms: 0 })
    expect(await other.find('TKT-1')).toBeUndefined()
    await other.intake([draft('TKT-1', { title: 'of the other' })], { now_ms: 0 })
    expect((await one.find('TKT-1'))?.title).toBe('Title of TKT-1')
    await one.close()
    await other.close()
  })

  test('lets no session have two slots, whoever writes', async () => {
    const path = join(projectFolder(), 'tickets.db')
    const store = await openSqliteStore(path, MAIN, 0)
    const [first, second] = await store.intake([draft('TKT-1'), draft('TKT-2')], { now_ms: 0 })
    await store.claim({ key: 'TKT-1', act: act('s1'), terms: TERMS })
    const database = await openDatabase(path)
    const slot =
      'INSERT INTO claims (ticket, project, session, claim_no, claimed_ms, slot) VALUES (?, 1, ?, 1, 0, 1)'
    expect(() => database.run(slot, second?.ticket.seq ?? 0, 's1')).toThrow(/UNIQUE/)
    expect((await store.find('TKT-1'))?.claim?.session).toBe('s1')
    expect(first?.isNew).toBe(true)
    database.close()
    await store.close()
  })

  test('that kept no counts tells the same after it is brought up to date', async () => {
    const path = join(projectFolder(), 'tickets.db')
    const older = new DatabaseSync(path)
    const before = MIGRATIONS.indexOf(LOTS)
    for (const step of MIGRATIONS.slice(0, before)) older.exec(step)
    older.exec(`PRAGMA user_version = ${before};
      INSERT INTO projects (id, org, slug, name, created_ms) VALUES (1, 'default', 'main', 'main', 0);
      INSERT INTO batches (id, project, key, created_ms) VALUES (1, 1, 'X', 0);`)
    const add = older.prepare(
      `INSERT INTO tickets (uuid, project, key, batch, title, summary, type, status, stage, resolution, wave, unmet,
         source, provenance, visibility, last_session, deleted_ms, created_ms, updated_ms)
       VALUES (?1, 1, ?1, ?2, 't', 's', 'WORKER', ?3, ?4, ?5, ?6, ?7, 'manual', 'workflow', 'default', ?8, ?9, 0, 0)`,
    )
    for (const [key, batch, status, stage, resolution, wave, unmet, session, deleted_ms] of [
      ['free', null, 'OPEN', 'todo', null, null, 0, null, null],
      ['first', 1, 'OPEN', 'todo', null, 1, 0, null, null],
      ['later', 1, 'OPEN', 'todo', null, 2, 0, null, null],
      ['waits', null, 'OPEN', 'todo', null, null, 1, null, null],
      ['idea', null, 'OPEN', 'backlog', null, null, 0, null, null],
      ['mine', 1, 'CLOSED', null, 'done', 1, 0, 's1', null],
      ['theirs', null, 'CLOSED', null, 'done', null, 0, 's2', null],
      ['gone', 1, 'CLOSED', null, 'cancelled', 0, 0, 's1', null],
      ['deleted', 1, 'OPEN', 'todo', null, 0, 0, null, 5],
      ['held', 1, 'CLAIMED', null, null, 1, 0, 's2', null],
    ] as const)
      add.run(key, batch, status, stage, resolution, wave, unmet, session, deleted_ms)
    older.exec(`INSERT INTO claims (ticket, project, session, claim_no, claimed_ms, leased_until_ms)
      SELECT seq, 1, 's2', 1, 0, 10 FROM tickets WHERE key = 'held';
      INSERT INTO events (at_ms, project, ticket, type) SELECT 0, 1, seq, 'ticket.created' FROM tickets`)
    older.close()
    const store = await openSqliteStore(path, MAIN, 0)
    const classes = await store.overview({ session: 's1', now_ms: 10, most: 3 })
    await store.close()
    expect(
      classes.map(({ status, holder, claimable, count, tickets }) =>
        [status, holder, claimable, count, ...tickets.map(({ key }) => key)].join(' '),
      ),
    ).toEqual([
      'OPEN nobody free 2 free first',
      'OPEN nobody no 3 later waits idea',
      'CLOSED me no 1 mine',
      'CLOSED other no 1 theirs',
      'CLOSED nobody no 1 gone',
      'CLAIMED other stale 1 held',
    ])
    const database = connectTo(path)
    expect(checkDatabase(database, path)).toEqual([])
    database.run("UPDATE lots SET count = 9 WHERE who = 's2'")
    database.run("DELETE FROM lots WHERE who = 's1'")
    expect(checkDatabase(database, path)).toMatchObject([
      { check: 'lots-agree-with-tickets', says: '3 kept counts are not those of the tickets', isFault: true },
    ])
    database.close()
  })

  test('of a newer program is refused and left as it is', async () => {
    const path = join(projectFolder(), 'tickets.db')
    ;(await openDatabase(path)).close()
    const newer = new DatabaseSync(path)
    newer.exec('PRAGMA user_version = 99')
    newer.close()
    const before = readFileSync(path)
    await expect(openDatabase(path)).rejects.toThrow(/version 99, newer than this program/)
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  test.each([
    [
      'no database',
      (path: string) => {
        writeFileSync(path, 'hello '.repeat(2000))
      },
    ],
    [
      'half of one',
      (path: string) => {
        truncateSync(path, Math.floor(statSync(path).size / 2))
      },
    ],
  ])('that is %s is refused', async (_title, damage) => {
    const [good, path] = [join(projectFolder(), 'good.db'), join(projectFolder(), 'tickets.db')]
    await openSqliteStore(good, MAIN, 0)
      .then(async (store) => {
        await store.intake([draft('TKT-1', { summary: 'x'.repeat(100_000) })], { now_ms: 0 })
        return store
      })
      .then((store) => store.close())
    copyFileSync(good, path)
    damage(path)
    await expect(
      openSqliteStore(path, MAIN, 0).then((store) => store.list({ limit: 10, offset: 0 })),
    ).rejects.toThrow(/malformed|not a database/)
  })
})

test.each([
  ['3.51.2', false],
  ['3.51.3', true],
  ['3.53.4', true],
  ['3.50.6', false],
  ['3.50.7', true],
  ['3.49.9', false],
  ['3.44.5', false],
  ['3.44.6', true],
  ['4.0.0', true],
])('SQLite %s is safe for several writers: %s', (version, safe) => {
  expect(isSafe(version)).toBe(safe)
})
