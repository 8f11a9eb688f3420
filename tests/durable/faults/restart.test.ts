/** A PostgreSQL that crashes and starts again in the middle of loops of claims: they go on, and nothing is done twice or lost. */
import { spawn } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DatabaseRefused } from '../../../src/durable/store/database-refused.ts'
import { openPostgresStore } from '../../../src/durable/store/postgres/postgres-store.ts'
import type { TicketStore } from '../../../src/durable/store/ticket-store.ts'
import { connectionTo } from '../../support/durable-postgres.ts'
import { withClient } from '../../support/postgres-client.ts'
import { postgresOfNpm, startPostgres, type RunningPostgres } from '../../support/postgres-server.ts'
import { projectFolder } from '../../support/project.ts'
import { DIST, endOf, environment, tkt } from '../../support/tkt.ts'
import { draft, TERMS } from '../store/wishes.ts'

// A server of its own: all its connections are cut.
let server: RunningPostgres
beforeAll(async () => {
  server = await startPostgres(postgresOfNpm())
})
afterAll(() => server.stop())

/** Kills the process of one connection: the server cuts all others, recovers, and is there again. */
async function crash(): Promise<void> {
  await withClient(server.url, async (client) => {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    client.on('error', () => undefined)
    const cut = client.query('SELECT pg_sleep(60)').catch(() => undefined)
    process.kill(rows[0]?.pid ?? -1, 'SIGKILL')
    await cut
  }).catch(() => undefined) // survived: its own connection is cut as well
}

const LIMIT = { timeout: 120_000 }
const TICKETS = 300

describe('a server that crashes while tickets are drained', () => {
  test('is waited for: each ticket is claimed and closed once, whatever was under way', LIMIT, async () => {
    const open = () => openPostgresStore(connectionTo(server.url), { org: 'a', slug: 'b' }, 0)
    const stores = await Promise.all(Array.from({ length: 4 }, open))
    const [first] = stores as [TicketStore, ...TicketStore[]]
    await first.intake(
      Array.from({ length: TICKETS }, (_, number) => draft(`T${number}`)),
      { now_ms: 0 },
    )
    let closed = 0
    const drain = async (store: TicketStore, session: string): Promise<void> => {
      for (;;) {
        const act = { session, now_ms: Date.now() }
        const claimed = await store.claimNext({ act, terms: TERMS }) // never thrown at
        if (claimed === undefined) return
        await close(store, claimed.ticket.key, session)
        closed += 1
      }
    }
    const draining = Promise.all(stores.map((store, number) => drain(store, `s${number}`)))
    for (const share of [0.2, 0.5, 0.8]) {
      await expect.poll(() => closed, { timeout: 60_000, interval: 5 }).toBeGreaterThan(share * TICKETS)
      await crash()
    }
    await draining
    expect(closed).toBe(TICKETS)
    for (const store of stores) await store.close()
    await withClient(server.url, async (client) => {
      const { rows } = await client.query(
        `SELECT count(*)::int AS tickets, min(claims)::int, max(claims)::int, max(closes)::int AS closes FROM (
           SELECT t.seq, count(*) FILTER (WHERE e.type = 'ticket.claimed') AS claims,
             count(*) FILTER (WHERE e.type = 'ticket.closed') AS closes
           FROM tkt.tickets t JOIN tkt.events e ON e.ticket = t.seq WHERE t.status = 'CLOSED' GROUP BY t.seq) told`,
      )
      expect(rows).toEqual([{ tickets: TICKETS, min: 1, max: 1, closes: 1 }])
      expect((await client.query('TABLE tkt.claims')).rows).toEqual([])
    })
  })

  test('is waited for by commands as well, which end well or say what to do', LIMIT, async () => {
    const project = { cwd: projectFolder(), env: { TKT_DATABASE_URL: server.url } }
    for (const key of ['A', 'B', 'C']) tkt(['intake-ticket', key, 'T', 'S'], project)
    const ended: unknown[] = []
    const loop = async (session: string): Promise<void> => {
      for (let number = 0; number < 8; number += 1) {
        const child = spawn(process.execPath, [DIST, 'next-ticket', session], {
          ...{ cwd: project.cwd, env: environment(project.env) },
        })
        const { code, json } = await endOf(child)
        ended.push(code === 0 ? json.claimed : json)
      }
    }
    const loops = Promise.all(['s1', 's2', 's3'].map(loop))
    for (const count of [4, 12]) {
      await expect.poll(() => ended.length, { timeout: 60_000, interval: 5 }).toBeGreaterThan(count)
      await crash()
    }
    await loops
    expect(ended).toEqual(Array.from({ length: 24 }, () => true))
    expect(tkt(['agents'], project).json.agents).toMatchObject([
      { holding: 1 },
      { holding: 1 },
      { holding: 1 },
    ])
  })

  test('and does not come back is said within a bounded time', LIMIT, async () => {
    const gone = await startPostgres(postgresOfNpm())
    const store = await openPostgresStore(connectionTo(gone.url), { org: 'a', slug: 'b' }, 0)
    await gone.stop()
    await expect(store.claimNext({ act: { session: 's1', now_ms: 0 }, terms: TERMS })).rejects.toThrow(
      DatabaseRefused,
    )
    const project = { cwd: projectFolder(), env: { TKT_DATABASE_URL: gone.tcp_url } }
    const { code, json } = tkt(['next-ticket', 's1'], project)
    expect([code, json.error, typeof json.hint]).toEqual([6, 'DATABASE_UNAVAILABLE', 'string'])
  })
})

/** Until it is known to be closed: an answer that was lost is looked up. */
async function close(store: TicketStore, key: string, session: string): Promise<void> {
  for (;;)
    try {
      const act = { session, now_ms: Date.now() }
      expect(await store.move({ key, move: 'close', act, terms: TERMS })).toMatchObject({ status: 'CLOSED' })
      return
    } catch (error) {
      expect(error).toMatchObject({
        message: expect.stringMatching(/whether it was done is not known/) as unknown,
      })
      if ((await store.find(key))?.status === 'CLOSED') return
    }
}
