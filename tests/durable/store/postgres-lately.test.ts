/** What a process need not ask PostgreSQL again so soon, and what must hold all the same. */
import { describe, expect, onTestFinished, test } from 'vitest'
import { openPostgresStore } from '../../../src/durable/store/postgres/postgres-store.ts'
import type { TicketStore } from '../../../src/durable/store/ticket-store.ts'
import { connectionTo } from '../../support/durable-postgres.ts'
import { withClient } from '../../support/postgres-client.ts'
import { postgresServers, sharedDatabase } from '../../support/postgres.ts'
import { act, draft, NOON, TERMS } from './wishes.ts'

describe.each(postgresServers())('%s', (_name, makeDatabase) => {
  const shared = sharedDatabase(makeDatabase)
  let projects = 0
  async function storesFor(people: number, keys: readonly string[]): Promise<readonly TicketStore[]> {
    projects += 1
    const project = { org: 'default', slug: `project-${projects}` }
    const stores: TicketStore[] = []
    for (let one = 0; one < people; one += 1)
      stores.push(await openPostgresStore(connectionTo(shared().url), project, 0))
    onTestFinished(async () => {
      for (const store of stores) await store.close()
    })
    const drafts = keys.map((key, place) => draft(key, { priority: place }))
    await stores[0]?.intake(drafts, { now_ms: NOON })
    return stores
  }
  const next = async (store: TicketStore | undefined, session: string, after_ms: number, terms = TERMS) =>
    (await store?.claimNext({ act: act(session, after_ms), terms }))?.ticket
  const closing = (store: TicketStore | undefined, key: string, session: string, after_ms: number) =>
    store?.move({ key, move: 'close', act: act(session, after_ms, { claim_no: 1 }), terms: TERMS })

  test('a session that goes on is noted once a second', async () => {
    const [store] = await storesFor(1, ['A', 'B', 'C', 'D'])
    const seen = []
    for (const [after_ms, key] of [
      [0, 'A'],
      [600, 'B'],
      [1_000, 'C'],
      [500, 'D'], // a clock that was set back
    ] as const) {
      expect(await next(store, 's1', after_ms)).toMatchObject({ key })
      expect(await closing(store, key, 's1', after_ms)).toMatchObject({ status: 'CLOSED' })
      seen.push((await store?.agents({ limit: 1, offset: 0 }))?.agents[0]?.seen_ms)
    }
    expect(seen).toEqual([NOON, NOON, NOON + 1_000, NOON + 1_000])
    expect(await next(store, 's2', 1_100)).toBeUndefined()
    expect((await store?.agents({ limit: 9, offset: 0 }))?.total).toBe(2)
  })

  test('a lease that has just ended is found at once where nothing is free, and soon where something is', async () => {
    const short = { ...TERMS, lease_ms: 40 }
    const [store, other] = await storesFor(2, ['A', 'B', 'C', 'D'])
    expect(await next(other, 's0', 0, short)).toMatchObject({ key: 'A' })
    expect(await next(store, 's1', 0)).toMatchObject({ key: 'B' })
    expect(await next(store, 's2', 99)).toMatchObject({ key: 'C' })
    expect(await next(store, 's3', 100)).toMatchObject({ key: 'A', claim_no: 2, last_session: 's3' })
    expect(await next(other, 's4', 100, short)).toMatchObject({ key: 'D' })
    expect(await next(store, 's5', 120)).toBeUndefined()
    expect(await next(store, 's5', 141)).toMatchObject({ key: 'D', claim_no: 2 })
  })

  test.each([
    [
      'taken over',
      `claim_no = 2, last_session = 'else'`,
      `UPDATE tkt.claims SET session = 'else', claim_no = 2`,
    ],
    ['deleted', 'deleted_ms = 1', 'DELETE FROM tkt.claims'],
  ])('what is %s while its holder closes it is not closed', async (_, change, claim) => {
    const [store] = await storesFor(1, ['A'])
    const seq = (await next(store, 's1', 0))?.seq
    await withClient(shared().url, async (client) => {
      await client.query('BEGIN')
      await client.query(`UPDATE tkt.tickets SET ${change} WHERE seq = $1`, [seq])
      await client.query(`${claim} WHERE ticket = $1`, [seq])
      const closed = closing(store, 'A', 's1', 1)
      const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
      await expect.poll(async () => (await client.query(waiting)).rowCount, { timeout: 10_000 }).toBe(1)
      await client.query('COMMIT')
      expect(await closed).toMatchObject({ ok: false })
    })
    expect(await store?.find('A')).toMatchObject({ status: 'CLAIMED' })
    expect((await store?.events('A'))?.map(({ type }) => type)).not.toContain('ticket.closed')
  })
})
