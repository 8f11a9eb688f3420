/**
 * The least that a claim with a lease and an event takes, in three tables and statements written by hand: nothing is known of
 * sessions, dependencies, waves or who may claim, and nothing is judged. So a goal can be told from what a machine gives.
 */
import pg from 'pg'
import type { Loop, Orders } from './loop.ts'
import { tidyServer, type Supply } from './supply.ts'

const NOW = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint'

const claiming = (most: number): string => `WITH picked AS MATERIALIZED (
  SELECT id FROM tickets WHERE status = 'open' AND unmet = 0 AND project = $1
  ORDER BY priority, queue_order, id LIMIT ${most} FOR UPDATE SKIP LOCKED),
written AS (
  UPDATE tickets t SET status = 'claimed', claim_no = t.claim_no + 1, version = t.version + 1, updated_ms = ${NOW}
  FROM picked WHERE t.id = picked.id RETURNING t.*),
claimed AS (
  INSERT INTO claims (ticket, claim_no, session, claimed_ms, leased_until_ms)
  SELECT id, claim_no, $2, ${NOW}, ${NOW} + $3 FROM written),
told AS (
  INSERT INTO events (at_ms, project, ticket, type, actor, data)
  SELECT ${NOW}, project, id, 'ticket.claimed', $2, jsonb_build_object('claim_no', claim_no) FROM written)
SELECT * FROM written ORDER BY priority, queue_order, id`

const CLOSE = `WITH written AS (
  UPDATE tickets t SET status = 'done', version = t.version + 1, updated_ms = ${NOW}, closed_ms = ${NOW}
  WHERE t.id = $1 AND t.claim_no = $2 AND t.status IN ('claimed', 'in_progress')
    AND EXISTS (SELECT FROM claims c WHERE c.ticket = t.id AND c.session = $3 AND c.claim_no = $2) RETURNING t.*),
ended AS (DELETE FROM claims c USING written w WHERE c.ticket = w.id),
freed AS (UPDATE tickets t SET unmet = t.unmet - 1 FROM deps d, written w WHERE d.needs = w.id AND t.id = d.ticket),
told AS (
  INSERT INTO events (at_ms, project, ticket, type, actor, data)
  SELECT ${NOW}, project, id, 'ticket.closed', $3, jsonb_build_object('claim_no', claim_no) FROM written)
SELECT id FROM written`

const LEASE_MS = 3_600_000

interface Had {
  readonly id: string
  readonly key: string
  readonly claim_no: number
}

/** Claims so many in one statement. */
export const claimingByHand =
  (most: number) =>
  async (orders: Orders): Promise<Loop> => {
    const { claim, close } = await connected(orders, most)
    const act = async () => {
      const had = await claim()
      return had.length === 0 ? undefined : had.map(({ key }) => key)
    }
    return { act, close }
  }

export async function closingByHand(orders: Orders): Promise<Loop> {
  const { client, claim, close } = await connected(orders, 1)
  const act = async () => {
    const [had] = await claim()
    if (had === undefined) return undefined
    const values = [had.id, had.claim_no, orders.worker]
    const { rowCount } = await client.query({ name: 'close', text: CLOSE, values })
    if (rowCount !== 1) throw new Error(`${had.key} was not closed`)
    return had.key
  }
  return { act, close }
}

async function connected({ where, worker }: Orders, most: number) {
  const client = new pg.Client(where)
  await client.connect()
  const query = { name: 'claim', text: claiming(most), values: ['p', worker, LEASE_MS] }
  const claim = async (): Promise<readonly Had[]> => (await client.query<Had>(query)).rows
  return { client, claim, close: () => client.end() }
}

/** Tickets for it. They are given out by the events of that type. */
export async function rowsByHand(url: string, type: string): Promise<Supply> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query(SCHEMA)
  return {
    add: (first, count) =>
      client.query(
        `INSERT INTO tickets (id, key, project, type, title, summary, created_ms, updated_ms)
         SELECT n, 'T-' || n, 'p', 'WORKER', 'Count the hits', 'Each redirect counts once.', 0, 0
         FROM generate_series($1::bigint, $2::bigint) n`,
        [first, first + count - 1],
      ),
    settle: () =>
      client.query(
        `WITH held AS (DELETE FROM claims RETURNING ticket)
         UPDATE tickets SET status = 'done' FROM held WHERE id = ticket`,
      ),
    tidy: () => tidyServer(client),
    taken: async () => {
      const { rows } = await client.query<{ taken: string }>(
        'SELECT count(*) AS taken FROM events WHERE type = $1',
        [type],
      )
      return Number(rows[0]?.taken)
    },
    close: () => client.end(),
  }
}

const SCHEMA = `
CREATE TABLE tickets (
  id bigint PRIMARY KEY, key text NOT NULL UNIQUE, project text NOT NULL, batch bigint, type text NOT NULL,
  title text NOT NULL, summary text NOT NULL, status text NOT NULL DEFAULT 'open'
    CHECK (status IN ('open', 'claimed', 'in_progress', 'blocked', 'done', 'failed', 'closed')),
  priority integer NOT NULL DEFAULT 50, queue_order bigint, unmet integer NOT NULL DEFAULT 0,
  claim_no integer NOT NULL DEFAULT 0, version integer NOT NULL DEFAULT 1, scope jsonb, data jsonb, source_hash text,
  created_ms bigint NOT NULL, updated_ms bigint NOT NULL, closed_ms bigint
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 200);
CREATE INDEX tickets_ready ON tickets (project, priority, queue_order, id) WHERE status = 'open' AND unmet = 0;
CREATE INDEX tickets_batch ON tickets (batch, status);
CREATE TABLE deps (ticket bigint, needs bigint, PRIMARY KEY (ticket, needs));
CREATE INDEX deps_needs ON deps (needs);
CREATE TABLE claims (
  ticket bigint PRIMARY KEY REFERENCES tickets ON DELETE CASCADE, claim_no integer NOT NULL, session text NOT NULL,
  agent text, claimed_ms bigint NOT NULL, leased_until_ms bigint NOT NULL
) WITH (fillfactor = 50);
CREATE INDEX claims_session ON claims (session);
CREATE TABLE events (
  tx xid8 DEFAULT pg_current_xact_id(), seq bigint GENERATED ALWAYS AS IDENTITY, at_ms bigint NOT NULL, project text NOT NULL,
  ticket bigint, type text NOT NULL, actor text, request text, data jsonb, PRIMARY KEY (tx, seq)
);
CREATE INDEX events_ticket ON events (ticket, seq);
CREATE UNIQUE INDEX events_request ON events (project, request) WHERE request IS NOT NULL`
