/** The same as by-hand.ts in a file of SQLite: in one transaction, where leases that are over end first. */
import type { DatabaseSync } from 'node:sqlite'
import { opened } from './embedded-anchor.ts'
import type { Loop, Orders } from './loop.ts'
import type { Supply } from './supply.ts'

export function claimingByHandInFile({ where, worker }: Orders): Promise<Loop> {
  const database = opened(where)
  const [begin, commit] = [database.prepare('BEGIN IMMEDIATE'), database.prepare('COMMIT')]
  const reap = database.prepare('DELETE FROM claims WHERE leased_until_ms < ? RETURNING ticket')
  const claim =
    database.prepare(`UPDATE tickets SET status = 'claimed', claim_no = claim_no + 1, version = version + 1, updated_ms = ?
    WHERE id IN (
      SELECT id FROM tickets WHERE status = 'open' AND unmet = 0 AND project = 'p' ORDER BY priority, queue_order, id LIMIT 1)
    RETURNING *`)
  const lease = database.prepare('INSERT INTO claims VALUES (?, ?, ?, ?, ?)')
  const tell = database.prepare(
    "INSERT INTO events (at_ms, project, ticket, type, actor, data) VALUES (?, 'p', ?, 'ticket.claimed', ?, ?)",
  )
  return Promise.resolve({
    act: () => {
      begin.run()
      const now_ms = Date.now()
      reap.all(now_ms)
      const row = claim.get(now_ms)
      if (row !== undefined) {
        const [id, claim_no] = [Number(row.id), Number(row.claim_no)]
        lease.run(id, claim_no, worker, now_ms, now_ms + LEASE_MS)
        tell.run(now_ms, id, worker, JSON.stringify({ claim_no }))
      }
      commit.run()
      return Promise.resolve(row === undefined ? undefined : String(row.key))
    },
    close: () => Promise.resolve(database.close()),
  })
}

const LEASE_MS = 3_600_000

/** Tickets for it. */
export function fileByHand(path: string): Supply {
  const database: DatabaseSync = opened(path)
  database.exec(SCHEMA)
  const add =
    database.prepare(`WITH RECURSIVE n (n) AS (SELECT CAST(? AS INTEGER) UNION ALL SELECT n + 1 FROM n WHERE n < ?)
    INSERT INTO tickets (id, key, project, type, title, summary, created_ms, updated_ms)
    SELECT n, 'T-' || n, 'p', 'WORKER', 'Count the hits', 'Each redirect counts once.', 0, 0 FROM n`)
  return {
    add: (first, count) => Promise.resolve(void add.run(first, first + count - 1)),
    settle: () =>
      Promise.resolve(
        database.exec(`BEGIN IMMEDIATE; UPDATE tickets SET status = 'done' WHERE id IN (SELECT ticket FROM claims);
          DELETE FROM claims; COMMIT`),
      ),
    tidy: () => Promise.resolve(database.exec('PRAGMA wal_checkpoint(PASSIVE)')),
    taken: () =>
      Promise.resolve(Number(database.prepare('SELECT count(*) AS taken FROM events').get()?.taken)),
    close: () => Promise.resolve(database.close()),
  }
}

const SCHEMA = `
CREATE TABLE tickets (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, project TEXT NOT NULL, batch INTEGER, type TEXT NOT NULL,
  title TEXT NOT NULL, summary TEXT NOT NULL, status TEXT NOT NULL DEFAULT 'open'
    CHECK (status IN ('open', 'claimed', 'in_progress', 'blocked', 'done', 'failed', 'closed')),
  priority INTEGER NOT NULL DEFAULT 50, queue_order INTEGER, unmet INTEGER NOT NULL DEFAULT 0,
  claim_no INTEGER NOT NULL DEFAULT 0, version INTEGER NOT NULL DEFAULT 1, scope TEXT, data TEXT, source_hash TEXT,
  created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL, closed_ms INTEGER
) STRICT;
CREATE INDEX tickets_ready ON tickets (project, priority, queue_order, id) WHERE status = 'open' AND unmet = 0;
CREATE INDEX tickets_batch ON tickets (batch, status);
CREATE TABLE claims (
  ticket INTEGER PRIMARY KEY REFERENCES tickets ON DELETE CASCADE, claim_no INTEGER NOT NULL, session TEXT NOT NULL,
  claimed_ms INTEGER NOT NULL, leased_until_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX claims_session ON claims (session);
CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, project TEXT NOT NULL, ticket INTEGER, type TEXT NOT NULL,
  actor TEXT, request TEXT, data TEXT
) STRICT;
CREATE INDEX events_ticket ON events (ticket, seq);
CREATE UNIQUE INDEX events_request ON events (project, request) WHERE request IS NOT NULL`
