/** How PostgreSQL finds what a claim looks for, where its planner knows little. */
import type { Client } from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { statementOf } from '../../../src/durable/store/postgres/database.ts'
import { claimFree } from '../../../src/durable/store/postgres/next-statements.ts'
import { openPostgresStore } from '../../../src/durable/store/postgres/postgres-store.ts'
import { connectionTo } from '../../support/durable-postgres.ts'
import { withClient } from '../../support/postgres-client.ts'
import { postgresServers, sharedDatabase } from '../../support/postgres.ts'
import { draft } from './wishes.ts'

describe.each(postgresServers())('%s', (_name, makeDatabase) => {
  const shared = sharedDatabase(makeDatabase)

  test.each(['ANALYZE', 'VACUUM (ANALYZE)'])(
    'finds what a session holds among many claims, also where %s saw none when the plan was made',
    async (look) => {
      const store = await openPostgresStore(connectionTo(shared().url), { org: 'default', slug: look }, 0)
      onTestFinished(store.close)
      await store.intake([draft('TKT-1')], { now_ms: 0 })
      const plan = await planOf(claimFree({}), async (client) => {
        await client.query(`INSERT INTO tkt.claims (ticket, project, session, claim_no, claimed_ms, leased_until_ms)
        SELECT -n, 1, repeat('long name ', 30) || n, 1, 0, 1 FROM generate_series(1, 200) n`)
        await client.query('DELETE FROM tkt.claims WHERE ticket < 0')
        await client.query(`${look} tkt.claims`)
      })
      expect(plan).toMatch(
        /using claims_one_each on claims.*\n +Index Cond: \(\(project = \$\d+\) AND \(session = /,
      )
      expect(plan).not.toContain('Seq Scan on claims')
    },
  )

  test('finds what is free in a batch without a look at what is free elsewhere', async () => {
    const store = await openPostgresStore(connectionTo(shared().url), { org: 'default', slug: 'batch' }, 0)
    onTestFinished(store.close)
    await store.intake([draft('TKT-1', { batch: 'X' })], { now_ms: 0 })
    const plan = await planOf(claimFree({ batch: 'X' }), async (client) => {
      await client.query(`INSERT INTO tkt.tickets (uuid, project, key, batch, title, summary, type, stage, source, provenance,
          visibility, created_ms, updated_ms)
        SELECT gen_random_uuid(), project, 'C-' || n, CASE WHEN n > 900 THEN batch END, title, summary, type, stage, source,
          provenance, visibility, 0, 0 FROM tkt.tickets, generate_series(1, 1000) n WHERE batch IS NOT NULL`)
      await client.query('VACUUM (ANALYZE) tkt.tickets')
    })
    expect(plan).toMatch(/Index Scan using tickets_turn on tickets t_2 .*\n +Index Cond: \(batch = /)
  })

  /** Of any values, after `before`. */
  const planOf = (sql: string, before: (client: Client) => Promise<void>): Promise<string> =>
    withClient(shared().url, async (client) => {
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
