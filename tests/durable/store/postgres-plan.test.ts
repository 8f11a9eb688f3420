/** How PostgreSQL finds what a claim looks for, where its planner knows little. */
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
      const plan = await withClient(shared().url, async (client) => {
        await client.query(`INSERT INTO tkt.claims (ticket, project, session, claim_no, claimed_ms, leased_until_ms)
        SELECT -n, 1, repeat('long name ', 30) || n, 1, 0, 1 FROM generate_series(1, 200) n`)
        await client.query('DELETE FROM tkt.claims WHERE ticket < 0')
        await client.query(`${look} tkt.claims`)
        await client.query('SET plan_cache_mode = force_generic_plan')
        const { text, names } = statementOf(claimFree({}), 0)
        await client.query(`PREPARE claiming AS ${text}`)
        const { rows } = await client.query<{ 'QUERY PLAN': string }>(
          `EXPLAIN EXECUTE claiming(${names.map(() => 'NULL').join(', ')})`,
        )
        return rows.map((row) => row['QUERY PLAN']).join('\n')
      })
      expect(plan).toMatch(
        /using claims_one_each on claims.*\n +Index Cond: \(\(project = \$\d+\) AND \(session = /,
      )
      expect(plan).not.toContain('Seq Scan on claims')
    },
  )
})
