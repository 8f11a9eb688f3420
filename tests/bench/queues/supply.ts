/** Open tickets for the queue bench: so many are there when a slice begins, however many were had before. */
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { openAt } from '../../durable/torture/orders.ts'
import { draft } from '../../durable/store/wishes.ts'

export interface Supply {
  /** Adds tickets of these numbers. */
  readonly add: (first: number, count: number) => Promise<unknown>
  /** Ends what was claimed and not closed, so that no more is held than a slice claims. */
  readonly settle: () => Promise<unknown>
  /** What the database does by itself some time after much was added. */
  readonly tidy: () => Promise<unknown>
  /** How many tickets were given out, as the database has it. */
  readonly taken: () => Promise<number>
  readonly close: () => Promise<unknown>
}

/** Copies of one ticket that the store took in itself. They are given out by the events of that type. */
export async function storeTickets(where: string, type = 'ticket.claimed'): Promise<Supply> {
  const store = await openAt(where)
  await store.intake([draft('T-0')], { now_ms: Date.now() })
  await store.claim({ key: 'T-0', act: { session: MAKER, now_ms: 0 }, terms: TERMS })
  await store.close()
  return where.startsWith('postgres:') ? onServer(where, type) : inFile(where, type)
}

/** Who holds the ticket that all others are copies of. */
const MAKER = 'maker'
const TERMS = { lease_ms: undefined, oneAtATime: true }

const COPIED = 'project, title, summary, type, source, provenance, visibility, created_ms, updated_ms'

/** What a server does by itself after a while. */
export async function tidyServer(client: pg.Client): Promise<void> {
  await client.query('VACUUM (ANALYZE)')
  await client.query('CHECKPOINT')
}

async function onServer(url: string, type: string): Promise<Supply> {
  const client = new pg.Client(url)
  await client.connect()
  return {
    add: (first, count) =>
      client.query(
        `WITH added AS (
           INSERT INTO tkt.tickets (uuid, key, stage, ${COPIED})
           SELECT gen_random_uuid(), 'T-' || n, 'todo', ${COPIED}
           FROM tkt.tickets, generate_series($1::bigint, $2::bigint) n WHERE key = 'T-0' RETURNING *)
         INSERT INTO tkt.events (at_ms, project, ticket, type, to_status)
         SELECT created_ms, project, seq, 'ticket.created', 'OPEN' FROM added`,
        [first, first + count - 1],
      ),
    settle: () =>
      client.query(
        `WITH held AS (DELETE FROM tkt.claims RETURNING ticket)
         UPDATE tkt.tickets t SET status = 'CLOSED', stage = NULL, resolution = 'done' FROM held WHERE seq = ticket`,
      ),
    tidy: () => tidyServer(client),
    taken: async () => {
      const { rows } = await client.query<{ taken: string }>(
        'SELECT count(*) AS taken FROM tkt.events WHERE type = $1 AND actor <> $2',
        [type, MAKER],
      )
      return Number(rows[0]?.taken)
    },
    close: () => client.end(),
  }
}

function inFile(path: string, type: string): Supply {
  const database = new DatabaseSync(path, { timeout: 10_000 })
  const add = (first: number, count: number): void => {
    database.exec('BEGIN IMMEDIATE')
    database
      .prepare(
        `WITH RECURSIVE n (n) AS (SELECT CAST(? AS INTEGER) UNION ALL SELECT n + 1 FROM n WHERE n < ?)
         INSERT INTO tickets (uuid, key, stage, ${COPIED})
         SELECT lower(hex(randomblob(16))), 'T-' || n, 'todo', ${COPIED}
         FROM n CROSS JOIN tickets WHERE key = 'T-0'`,
      )
      .run(first, first + count - 1)
    database
      .prepare(
        `INSERT INTO events (at_ms, project, ticket, type, to_status)
         SELECT created_ms, project, seq, 'ticket.created', 'OPEN' FROM tickets ORDER BY seq DESC LIMIT ?`,
      )
      .run(count)
    database.exec('COMMIT')
  }
  return {
    add: (first, count) => Promise.resolve(add(first, count)),
    settle: () =>
      Promise.resolve(
        database.exec(`BEGIN IMMEDIATE;
          UPDATE tickets SET status = 'CLOSED', stage = NULL, resolution = 'done' WHERE seq IN (SELECT ticket FROM claims);
          DELETE FROM claims; COMMIT`),
      ),
    tidy: () => Promise.resolve(database.exec('PRAGMA wal_checkpoint(PASSIVE)')),
    taken: () => {
      const count = database.prepare('SELECT count(*) AS taken FROM events WHERE type = ? AND actor <> ?')
      return Promise.resolve(Number(count.get(type, MAKER)?.taken))
    },
    close: () => Promise.resolve(database.close()),
  }
}
