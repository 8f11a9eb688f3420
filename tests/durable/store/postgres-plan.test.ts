/** How PostgreSQL finds what a claim looks for, where its planner knows little. */
import type { Client } from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { HINT, statementOf, type Database } from '../../../src/durable/store/postgres/database.ts'
import * as statements from '../../../src/durable/store/postgres/claim-statements.ts'
import { bestOf, claimBest, claimFree } from '../../../src/durable/store/postgres/next-statements.ts'
import { overviewOf } from '../../../src/durable/store/postgres/overview.ts'
import { selectTickets, type Place } from '../../../src/durable/store/postgres/place.ts'
import { FIND, waitsFrom } from '../../../src/durable/store/postgres/reading.ts'
import { openPostgresStore } from '../../../src/durable/store/postgres/postgres-store.ts'
import { connectionTo } from '../../support/durable-postgres.ts'
import { withClient } from '../../support/postgres-client.ts'
import { postgresServers, sharedDatabase } from '../../support/postgres.ts'
import { draft } from './wishes.ts'

const WRITES = Object.entries(statements).filter(([, sql]) => sql.startsWith('WITH'))

const STATEMENTS = {
  'a claim of what is best': claimFree({}, false, false),
  'a claim of what is best, by whom was heard': claimFree({}, true, true),
  'a claim of what is best, or held': claimBest({}, 1),
  'a look for what is best': bestOf({}),
  'a close': statements.END_ONE_HELD,
  'a close by whom was heard': statements.END_ONE_HEARD,
  'a close by who may hold several': statements.END_HELD,
  'a claim of what was held': statements.CLAIM_STALE,
  'a ticket that is read': FIND,
}

test.each([
  ...WRITES,
  ['claimFree()', claimFree({}, false, false)],
  ['claimBest()', claimBest({}, 1)],
] as const)('%s tells of what it writes in its own transaction, where it is asked to', (_, sql) => {
  expect(sql).toContain('INSERT INTO tkt.events')
  expect(sql.split(HINT)).toHaveLength(2)
})

describe.each(postgresServers())('%s', (_name, makeDatabase) => {
  const shared = sharedDatabase(makeDatabase)

  describe.each([undefined, 'ANALYZE', 'VACUUM (ANALYZE)'])(
    'where %s saw no claim when the plan was made',
    (look) => {
      test.each(Object.entries(STATEMENTS))('%s looks at no claims but its own', async (_, sql) => {
        const store = await openPostgresStore(
          connectionTo(shared().url),
          { org: 'default', slug: 'claims' },
          0,
        )
        onTestFinished(store.close)
        const plan = await planOf(sql, async (client) => {
          if (look !== undefined) await client.query(`${look} tkt.claims`)
        })
        const scans = plan
          .split('\n')
          .flatMap((line, at, lines) =>
            /Scan.* on claims/.test(line) ? [lines.slice(at, at + 2).join()] : [],
          )
        expect(scans).not.toEqual([])
        for (const scan of scans) expect(scan).toMatch(/Index.* Scan using claims_.*Index Cond/)
      })
    },
  )

  test('finds what is free in a batch without a look at what is free elsewhere', async () => {
    const store = await openPostgresStore(connectionTo(shared().url), { org: 'default', slug: 'batch' }, 0)
    onTestFinished(store.close)
    await store.intake([draft('TKT-1', { batch: 'X' })], { now_ms: 0 })
    const plan = await planOf(claimFree({ batch: 'X' }, false, false), async (client) => {
      await client.query(`INSERT INTO tkt.tickets (uuid, project, key, batch, title, summary, type, stage, source, provenance,
          visibility, created_ms, updated_ms)
        SELECT gen_random_uuid(), project, 'C-' || n, CASE WHEN n > 900 THEN batch END, title, summary, type, stage, source,
          provenance, visibility, 0, 0 FROM tkt.tickets, generate_series(1, 1000) n WHERE batch IS NOT NULL`)
      await client.query('VACUUM (ANALYZE) tkt.tickets')
    })
    expect(plan).toMatch(/Index Scan using tickets_turn on tickets t_2 .*\n +Index Cond: \(batch = /)
  })

  test('finds what a ticket waits for, and the first wave of its batch, without a look at all tickets', async () => {
    const store = await openPostgresStore(connectionTo(shared().url), { org: 'default', slug: 'wave' }, 0)
    onTestFinished(store.close)
    await store.intake([draft('W-0', { batch: 'W', wave: 1 })], { now_ms: 0 })
    const plan = await planOf(claimFree({}, false, false), async (client) => {
      await client.query(`INSERT INTO tkt.tickets (uuid, project, key, batch, wave, title, summary, type, stage, source, provenance,
          visibility, created_ms, updated_ms)
        SELECT gen_random_uuid(), project, 'W-' || n, batch, 1, title, summary, type, stage, source, provenance, visibility, 0, 0
        FROM tkt.tickets, generate_series(1, 5000) n WHERE key = 'W-0'`)
      await client.query('VACUUM (ANALYZE) tkt.tickets')
    })
    expect(plan).toMatch(/Index (Only )?Scan using tickets_wave on tickets w/)
    expect(plan).toMatch(/Index Cond: \(\(project = .*\) AND \(key = d\.needs\)\)/)
    expect(plan).not.toContain('Seq Scan on tickets')
  })

  test.each([
    [
      'overview of all',
      (place: Place) => overviewOf(place, { now_ms: 0, most: 1 }),
      'tickets_project_key_key',
    ],
    [
      'overview of some',
      (place: Place) => overviewOf(place, { keys: ['A'], now_ms: 0, most: 1 }),
      /\(key = ANY \(/,
    ],
    [
      'look for what waits',
      (place: Place) => waitsFrom(place, ['A']),
      /Index Cond: \(\(project = .*\) AND \(key = r/,
    ],
  ] as const)('the %s goes through no ticket for each other one', async (_, ask, shown) => {
    const { url } = await makeDatabase()
    const store = await openPostgresStore(connectionTo(url), { org: 'default', slug: 'main' }, 0)
    onTestFinished(store.close)
    let asked = ''
    const all = (sql: string) => Promise.resolve([]).finally(() => (asked = sql))
    await ask({ database: { all } as Partial<Database> as Database, project: 1, lately: {} })
    const plan = await planOf(asked, async () => undefined, url)
    expect(plan).toMatch(shown)
    expect(plan).not.toMatch(/Join Filter: \(w\.ticket|Seq Scan on tickets/)
  })

  test('joins the claims of many tickets at once', async () => {
    const store = await openPostgresStore(connectionTo(shared().url), { org: 'default', slug: 'list' }, 0)
    onTestFinished(store.close)
    await store.intake([draft('L-0')], { now_ms: 0 })
    const plan = await planOf(`${selectTickets()} WHERE t.project = :project`, async (client) => {
      await client.query(`INSERT INTO tkt.tickets (uuid, project, key, title, summary, type, stage, source, provenance, visibility,
          created_ms, updated_ms)
        SELECT gen_random_uuid(), project, 'L-' || n, title, summary, type, stage, source, provenance, visibility, 0, 0
        FROM tkt.tickets, generate_series(1, 2000) n WHERE key = 'L-0'`)
      await client.query(`INSERT INTO tkt.claims (ticket, project, session, claim_no, claimed_ms)
        SELECT seq, project, key, 1, 0 FROM tkt.tickets WHERE key LIKE 'L-1%'`)
      await client.query('VACUUM (ANALYZE) tkt.tickets, tkt.claims')
    })
    expect(plan).toMatch(/(Hash|Merge) .*Join/)
    expect(plan).not.toMatch(/Join Filter: \(c\.ticket/)
  })

  /** Of any values, after `before`. */
  const planOf = (
    sql: string,
    before: (client: Client) => Promise<void>,
    url = shared().url,
  ): Promise<string> =>
    withClient(url, async (client) => {
      await before(client)
      await client.query('SET plan_cache_mode = force_generic_plan')
      const { text, names } = statementOf(sql, 0)
      await client.query(`PREPARE claiming AS ${text}`)
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(
        `EXPLAIN EXECUTE claiming(${names.map(() => 'NULL').join(', ')})`,
      )
      return rows.map((row) => row['QUERY PLAN']).join('\n')
    })
})
