/** The least that a claim can cost in a file of its own: one update and one event in a transaction, prepared once. */
import { DatabaseSync } from 'node:sqlite'
import type { Loop, Orders } from './loop.ts'
import type { Supply } from './supply.ts'

export const embeddedClaim = ({ where, worker }: Orders): Promise<Loop> => {
  const database = opened(where)
  const begin = database.prepare('BEGIN IMMEDIATE')
  const commit = database.prepare('COMMIT')
  const claim =
    database.prepare(`UPDATE tickets SET status = 'CLAIMED', claim_no = claim_no + 1, updated_ms = ?
    WHERE seq = (SELECT seq FROM tickets WHERE status = 'OPEN' ORDER BY priority, queue_order, seq LIMIT 1)
    RETURNING seq, key, claim_no`)
  const tell = database.prepare(
    "INSERT INTO events (at_ms, ticket, type, actor, claim_no) VALUES (?, ?, 'ticket.claimed', ?, ?)",
  )
  return Promise.resolve({
    act: () => {
      begin.run()
      const now_ms = Date.now()
      const row = claim.get(now_ms)
      if (row !== undefined) tell.run(now_ms, Number(row.seq), worker, Number(row.claim_no))
      commit.run()
      return Promise.resolve(row === undefined ? undefined : String(row.key))
    },
    close: () => Promise.resolve(database.close()),
  })
}

/** Rows for it. */
export function embeddedRows(path: string): Supply {
  const database = opened(path)
  database.exec(SCHEMA)
  const add = database.prepare(`WITH RECURSIVE n (n) AS (SELECT ? UNION ALL SELECT n + 1 FROM n WHERE n < ?)
    INSERT INTO tickets (key, title, summary, created_ms, updated_ms)
    SELECT 'T-' || n, 'Count the hits', 'Each redirect counts once.', 0, 0 FROM n`)
  return {
    add: (first, count) => Promise.resolve(void add.run(first, first + count - 1)),
    settle: () => Promise.resolve(),
    tidy: () => Promise.resolve(database.exec('ANALYZE')),
    taken: () =>
      Promise.resolve(Number(database.prepare('SELECT count(*) AS taken FROM events').get()?.taken)),
    close: () => Promise.resolve(database.close()),
  }
}

/** As our own store opens a file. */
export function opened(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 10_000 })
  database.exec(
    'PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL',
  )
  return database
}

const SCHEMA = `
CREATE TABLE tickets (
  seq INTEGER PRIMARY KEY, key TEXT NOT NULL, title TEXT NOT NULL, summary TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'OPEN', priority INTEGER NOT NULL DEFAULT 50, queue_order INTEGER,
  claim_no INTEGER NOT NULL DEFAULT 0, created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX ready ON tickets (priority, queue_order, seq) WHERE status = 'OPEN';
CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, ticket INTEGER NOT NULL, type TEXT NOT NULL,
  actor TEXT, claim_no INTEGER, data TEXT
) STRICT`
