/** Several claims at once on PostgreSQL, when others take what is left of them. */
import { expect, onTestFinished, test } from 'vitest'
import { openPostgresStore } from '../../../src/durable/store/postgres/postgres-store.ts'
import { connectionTo } from '../../support/durable-postgres.ts'
import { withClient } from '../../support/postgres-client.ts'
import { postgresServers } from '../../support/postgres.ts'
import { act, draft, TERMS } from './wishes.ts'

const WAITING = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"

test.each(postgresServers())(
  'what was claimed is told, and claimed once, on %s',
  async (_name, makeDatabase) => {
    const { url } = await makeDatabase()
    const store = await openPostgresStore(connectionTo(url), { org: 'a', slug: 'b' }, 0)
    onTestFinished(store.close)
    await store.intake([draft('A'), draft('B')], { now_ms: 0 })
    await withClient(url, async (client) => {
      await client.query(
        "BEGIN; UPDATE tkt.tickets SET status = 'CLOSED', stage = NULL, resolution = 'done' WHERE key = 'B'",
      )
      const terms = { ...TERMS, oneAtATime: false }
      const claimed = store.claimSome({ most: 2, act: act('s1'), terms })
      await expect.poll(async () => (await client.query(WAITING)).rowCount, { timeout: 10_000 }).toBe(1)
      await client.query('COMMIT')
      expect(await claimed).toMatchObject([{ ticket: { key: 'A', claim_no: 1 }, isNew: true }])
      expect(await store.renew('s1', 0, terms)).toMatchObject([{ key: 'A' }])
    })
  },
)
