/** The contract of ticket stores on PostgreSQL, and what only a server can do wrong. */
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { TicketStore } from '../../../src/durable/store/ticket-store.ts'
import { connectTo, HINT } from '../../../src/durable/store/postgres/database.ts'
import { MIGRATIONS } from '../../../src/durable/store/postgres/migrations.ts'
import { openPostgresStore } from '../../../src/durable/store/postgres/postgres-store.ts'
import { connectionTo } from '../../support/durable-postgres.ts'
import { withClient } from '../../support/postgres-client.ts'
import { postgresServers, sharedDatabase } from '../../support/postgres.ts'
import { settled } from './contract-events.ts'
import { describeStore } from './contract.ts'
import { act, draft, TERMS } from './wishes.ts'

describe.each(postgresServers())('%s', (name, makeDatabase) => {
  const shared = sharedDatabase(makeDatabase)
  let projects = 0
  const newProject = (): (() => Promise<TicketStore>) => {
    projects += 1
    const project = { org: 'default', slug: `project-${projects}` }
    return () => openPostgresStore(connectionTo(shared().url), project, 0)
  }

  describeStore(name, newProject)

  /** The same new store, as often as there are people at it. */
  async function storesFor(people: number): Promise<readonly [TicketStore, ...TicketStore[]]> {
    const open = newProject()
    const [first, ...others] = [
      await open(),
      ...(await Promise.all(Array.from({ length: people - 1 }, open))),
    ]
    onTestFinished(async () => {
      for (const store of [first, ...others]) await store.close()
    })
    return [first, ...others]
  }
  const ask = (sql: string, values: readonly unknown[] = []) =>
    withClient(shared().url, async (client) => (await client.query(sql, [...values])).rows as unknown[])

  test('holds projects that never meet', async () => {
    const [[one], [other]] = [await storesFor(1), await storesFor(1)]
    await one.intake([draft('TKT-1', { batch: 'B', wave: 1 })], { now_ms: 0 })
    expect(await other.find('TKT-1')).toBeUndefined()
    expect(await other.claimNext({ act: act('s1'), terms: TERMS })).toBeUndefined()
    await other.intake([draft('TKT-1', { title: 'of the other', batch: 'B', wave: 2 })], { now_ms: 0 })
    expect(await other.claimNext({ batch: 'B', act: act('s1'), terms: TERMS })).toMatchObject({ ok: true })
    expect(await one.renew('s1', 0, TERMS)).toEqual([])
    expect(await one.find('TKT-1')).toMatchObject({ title: 'Title of TKT-1', status: 'OPEN' })
    expect(await one.overview({ now_ms: 0, most: 9 })).toMatchObject([{ count: 1 }])
  })

  test('lets no session have two slots, whoever writes', async () => {
    const [store] = await storesFor(1)
    const [first, second] = await store.intake([draft('TKT-1'), draft('TKT-2')], { now_ms: 0 })
    await store.claim({ key: 'TKT-1', act: act('s1'), terms: TERMS })
    const slot = `INSERT INTO tkt.claims (ticket, project, session, claim_no, claimed_ms, slot)
      SELECT $1, project, session, 1, 0, slot FROM tkt.claims WHERE ticket = $2`
    await expect(ask(slot, [second?.ticket.seq, first?.ticket.seq])).rejects.toThrow(/claims_one_each/)
  })

  test('answers a session that acts several times at once as if one came after the other', async () => {
    const stores = await storesFor(6)
    const keys = stores.map((_, index) => `TKT-${index}`)
    await stores[0].intake(
      keys.map((key) => draft(key)),
      { now_ms: 0 },
    )
    const next = await Promise.all(stores.map((store) => store.claimNext({ act: act('s1'), terms: TERMS })))
    expect(new Set(next.map((claimed) => claimed?.ticket.key)).size).toBe(1)
    expect(next.filter((claimed) => claimed?.isNew)).toHaveLength(1)
    const named = await Promise.all(
      stores.map((store, index) => store.claim({ key: keys[index] ?? '', act: act('s2'), terms: TERMS })),
    )
    const [held] = await stores[0].renew('s2', 0, TERMS)
    const refused = named.flatMap((claimed) => (claimed.ok ? [] : [claimed]))
    expect(named.length - refused.length).toBe(1)
    const taken = next[0]?.ticket.key
    for (const { refused: name, details } of refused)
      expect([
        { name: 'SESSION_ALREADY_HAS_CLAIMED_TICKET', ticket: held?.key },
        { name: 'TICKET_CLAIMED_BY_OTHER_SESSION', ticket: taken },
      ]).toContainEqual({ name, ticket: details.existing_ticket_id ?? details.ticket_id })
  })

  test('gives a lease that is over to one of those who ask, or to its holder who comes back', async () => {
    const [holder, ...others] = await storesFor(5)
    for (let round = 0; round < 20; round += 1) {
      const key = `TKT-${round}`
      await holder.intake([draft(key)], { now_ms: 0 })
      await holder.claim({ key, act: act('holder'), terms: TERMS })
      const late = TERMS.lease_ms ?? 0
      const [held, ...claims] = await Promise.all([
        holder.renew('holder', act('holder', late).now_ms, TERMS),
        ...others.map((store, index) => store.claim({ key, act: act(`s${index}`, late), terms: TERMS })),
      ])
      const winners = claims.filter(({ ok }) => ok)
      const ticket = await holder.find(key)
      const types = (await holder.events(key)).map(({ type }) => type)
      expect([winners.length, ticket?.claim_no, types.length]).toEqual(
        ticket?.claim?.session === 'holder' ? [0, 1, 2] : [1, 2, 3],
      )
      expect(held.length + winners.length).toBeGreaterThan(0)
      const last = ticket?.claim?.session ?? ''
      await holder.move({ key, move: 'close', act: act(last, late), terms: TERMS })
    }
  })

  test('frees what waited for two tickets that were closed at the same moment', async () => {
    const [one, other] = await storesFor(2)
    for (let round = 0; round < 10; round += 1) {
      const [first, second, last] = [`A-${round}`, `B-${round}`, `C-${round}`]
      await one.intake([draft(first), draft(second), draft(last, { depends_on: [first, second] })], {
        now_ms: 0,
      })
      await one.claim({ key: first, act: act('s1'), terms: TERMS })
      await one.claim({ key: second, act: act('s2'), terms: TERMS })
      expect(await one.claimNext({ act: act('s3'), terms: TERMS })).toBeUndefined()
      await Promise.all([
        one.move({ key: first, move: 'close', act: act('s1'), terms: TERMS }),
        other?.move({ key: second, move: 'close', act: act('s2'), terms: TERMS }),
      ])
      expect(await one.claimNext({ act: act('s3'), terms: TERMS })).toMatchObject({ ticket: { key: last } })
      await one.move({ key: last, move: 'close', act: act('s3'), terms: TERMS })
    }
  })

  test('tells no event while an earlier one may still come, and none is lost', async () => {
    const [store] = await storesFor(1)
    await store.intake([draft('A'), draft('B')], { now_ms: 0 })
    await settled(store, 2)
    const { position } = await store.follow({ limit: 1 })
    const told = async () => (await store.follow({ after: position, limit: 9 })).events.map(({ key }) => key)
    await withClient(shared().url, async (slow) => {
      await slow.query('BEGIN')
      await slow.query(`INSERT INTO tkt.events (at_ms, project, ticket, type)
        SELECT 0, project, seq, 'ticket.tried' FROM tkt.tickets ORDER BY seq DESC LIMIT 1`)
      await store.claim({ key: 'A', act: act('s1'), terms: TERMS })
      const early = await store.follow({ after: position, limit: 9 })
      expect(early.events).toEqual([])
      await slow.query('COMMIT')
      await settled(store, 4)
      expect((await store.follow({ after: early.position, limit: 9 })).events).toHaveLength(2)
    })
    expect(await told()).toEqual(['B', 'A'])
  })

  test('knows whether somebody waits to be told', async () => {
    const [writer, reader] = [
      await connectTo(connectionTo(shared().url)),
      await connectTo(connectionTo(shared().url)),
    ]
    onTestFinished(writer.close)
    expect(await writer.isAwaited()).toBe(false)
    const told = reader.awaitOthers(60_000)
    await vi.waitFor(async () => {
      expect(await writer.isAwaited()).toBe(true)
    })
    await writer.tellOthers()
    await told
    reader.close()
    await vi.waitFor(async () => {
      expect(await writer.isAwaited()).toBe(false)
    })
  })

  test('what is written tells others in its own transaction, and nothing where nothing is written', async () => {
    const [writer, reader] = [
      await connectTo(connectionTo(shared().url)),
      await connectTo(connectionTo(shared().url)),
    ]
    onTestFinished(writer.close)
    onTestFinished(reader.close)
    const told = reader.awaitOthers(60_000)
    await vi.waitFor(async () => {
      expect(await writer.isAwaited()).toBe(true)
    })
    const wake = vi.fn()
    void told.then(wake)
    const write = (rows: number) =>
      writer.telling(() => writer.all(`SELECT 1 ${HINT} FROM generate_series(1, :rows::integer)`, { rows }))
    expect(await write(0)).toEqual({ result: [], isTold: false })
    expect(wake).not.toHaveBeenCalled()
    expect(await write(2)).toMatchObject({ isTold: true })
    await told
  })

  test('takes in the same tickets once, however many bring them at once', async () => {
    const stores = await storesFor(5)
    const drafts = Array.from({ length: 20 }, (_, index) =>
      draft(`TKT-${index}`, { batch: 'B', queue_order: 'last' }),
    )
    const taken = await Promise.all(
      stores.map((store, index) =>
        store.intake(index % 2 === 0 ? drafts : drafts.toReversed(), { now_ms: 0, session: `s${index}` }),
      ),
    )
    expect(taken.flat().filter(({ isNew }) => isNew)).toHaveLength(20)
    const { tickets } = await stores[0].list({ limit: 30, offset: 0 })
    expect(tickets.map(({ queue_order }) => queue_order)).toEqual(drafts.map((_, index) => index + 1))
  })

  test('waits for no ticket that another transaction has in hand, unless it is the last', async () => {
    const [store] = await storesFor(1)
    await store.intake([draft('A'), draft('B')], { now_ms: 0 })
    await withClient(shared().url, async (client) => {
      await client.query("BEGIN; SELECT FROM tkt.tickets WHERE key = 'A' FOR UPDATE")
      expect(await store.claimNext({ act: act('s1'), terms: TERMS })).toMatchObject({ ticket: { key: 'B' } })
      const waiting = store.claimNext({ act: act('s2'), terms: TERMS })
      await client.query('COMMIT')
      expect(await waiting).toMatchObject({ ticket: { key: 'A' } })
    })
  })

  test('of a newer program is refused and left as it is', async () => {
    const { url } = await makeDatabase()
    const open = () => openPostgresStore(connectionTo(url), { org: 'a', slug: 'b' }, 0)
    await (await open()).close()
    await withClient(url, (client) => client.query('INSERT INTO tkt.migrations VALUES (99)'))
    await expect(open()).rejects.toThrow(`version 99, newer than this program (${MIGRATIONS.length})`)
  })

  test('that had a table of what waits for what tells the same after it is brought up to date', async () => {
    const { url } = await makeDatabase()
    const before = 14
    await withClient(url, async (client) => {
      await client.query(`CREATE SCHEMA tkt; CREATE TABLE tkt.migrations (version integer PRIMARY KEY);
        INSERT INTO tkt.migrations SELECT generate_series(1, ${before})`)
      for (const step of MIGRATIONS.slice(0, before)) await client.query(step)
      await client.query(`INSERT INTO tkt.projects (org, slug, name, created_ms) VALUES ('a', 'b', 'b', 0);
        INSERT INTO tkt.tickets (uuid, project, key, title, summary, type, stage, source, provenance, visibility, assignable_to,
          created_ms, updated_ms)
        SELECT gen_random_uuid(), 1, key, 't', 's', 'WORKER', 'todo', 'manual', 'workflow', 'default', names, 0, 0
        FROM (VALUES ('A', '["s1*"]'), ('B', NULL), ('C', NULL)) AS t (key, names);
        INSERT INTO tkt.ticket_deps (ticket, needs)
        SELECT seq, needs FROM tkt.tickets JOIN (VALUES ('B', 'C'), ('B', 'A'), ('C', 'A')) AS d (key, needs) USING (key)`)
    })
    const store = await openPostgresStore(connectionTo(url), { org: 'a', slug: 'b' }, 0)
    onTestFinished(store.close)
    const needs = async (key: string) => (await store.find(key))?.depends_on
    expect([await needs('A'), await needs('B'), await needs('C')]).toEqual([[], ['A', 'C'], ['A']])
    expect(await store.claimNext({ act: act('s2'), terms: TERMS })).toBeUndefined()
    expect(await store.claimNext({ act: act('s1.1'), terms: TERMS })).toMatchObject({ ticket: { key: 'A' } })
    expect(await store.waits(['B'])).toEqual([
      { key: 'B', needs: 'A' },
      { key: 'B', needs: 'C' },
      { key: 'C', needs: 'A' },
    ])
  })

  test('is made once by eight who meet it empty, and where somebody else made the schema', async () => {
    const { url } = await makeDatabase()
    await withClient(url, (client) => client.query('CREATE SCHEMA tkt'))
    const open = (_: unknown, index: number) =>
      openPostgresStore(connectionTo(url), { org: 'a', slug: `b${index % 2}` }, 0)
    for (const store of await Promise.all(Array.from({ length: 8 }, open))) await store.close()
    await withClient(url, async (client) => {
      expect((await client.query('TABLE tkt.migrations')).rows).toHaveLength(MIGRATIONS.length)
      expect((await client.query('TABLE tkt.projects')).rows).toHaveLength(2)
    })
  })

  test('that cuts the connection in the middle of a claim is asked again; what may not be done twice is said', async () => {
    const { url } = await makeDatabase()
    const store = await openPostgresStore(connectionTo(url), { org: 'a', slug: 'b' }, 0)
    await store.intake([draft('A')], { now_ms: 0 })
    const cutWhile = (work: () => Promise<unknown>) =>
      withClient(url, async (client) => {
        await client.query('BEGIN; SELECT FROM tkt.tickets FOR UPDATE')
        const worked = work()
        const waits =
          "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        await expect.poll(async () => (await client.query(waits)).rowCount, { timeout: 10_000 }).toBe(1)
        await client.query(`SELECT pg_terminate_backend(pid) FROM (${waits}) waiting`)
        await client.query('COMMIT')
        return worked
      })
    const claim = { key: 'A', act: act('s1'), terms: TERMS }
    expect(await cutWhile(() => store.claim(claim))).toMatchObject({ ticket: { claim_no: 1 } })
    const close = () => store.move({ ...claim, move: 'close' })
    await expect(cutWhile(close)).rejects.toMatchObject({
      message: expect.stringMatching(/whether it was done is not known/) as unknown,
      hint: expect.stringMatching(/show-ticket/) as unknown,
    })
    expect(await store.find('A')).toMatchObject({ status: 'CLAIMED', claim_no: 1 })
    expect(await close()).toMatchObject({ status: 'CLOSED' })
    await store.close()
  })
})
