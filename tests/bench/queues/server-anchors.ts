/** Other ways to give out rows of one table in PostgreSQL, and the least that a write by key costs; nothing else is written. */
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import pg from 'pg'
import type { Loop, Orders } from './loop.ts'
import { tidyServer, type Supply } from './supply.ts'

/** Any of the rows, which are never used up. */
export async function updateByKey({ where }: Orders): Promise<Loop> {
  const { one, close } = await connected(where)
  const rows = Number((await one('SELECT max(seq) AS seq FROM rows'))?.seq)
  return {
    act: async () => {
      const seq = 1 + Math.floor(rows * Math.random())
      const row = await one(
        'UPDATE rows SET claim_no = claim_no + 1, updated_ms = $2 WHERE seq = $1 RETURNING seq',
        [seq, Date.now()],
      )
      return row && String(row.seq)
    },
    close,
  }
}

const FIRST = `SELECT seq, version FROM rows WHERE status = 'OPEN' ORDER BY priority, queue_order, seq`

/** Reads the first row and takes it if it is still of that version; else reads again. */
export async function versionedUpdate({ where, worker }: Orders): Promise<Loop> {
  const { one, close } = await connected(where)
  return {
    act: async () => {
      for (;;) {
        const seen = await one(`${FIRST} LIMIT 1`)
        if (seen === undefined) return undefined
        const had = await one(
          `UPDATE rows SET status = 'CLAIMED', holder = $3, updated_ms = $4, claim_no = claim_no + 1, version = version + 1
           WHERE seq = $1 AND version = $2 RETURNING seq`,
          [seen.seq, seen.version, worker, Date.now()],
        )
        if (had !== undefined) return String(had.seq)
      }
    },
    close,
  }
}

/** Locks one of the first rows elsewhere, in their order, takes it, and gives the lock back. */
export async function lockedUpdate({ where, worker, lock_port }: Orders): Promise<Loop> {
  const { all, one, close } = await connected(where)
  const locks = await locksAt(lock_port)
  return {
    act: async () => {
      for (;;) {
        const seen = await all(`${FIRST} LIMIT 10`)
        if (seen.length === 0) return undefined
        for (const { seq } of seen) {
          if ((await locks.ask(`SET ${String(seq)} ${worker}`)) !== 'OK') continue
          const had = await one(
            `UPDATE rows SET status = 'CLAIMED', holder = $2, updated_ms = $3, claim_no = claim_no + 1
             WHERE seq = $1 AND status = 'OPEN' RETURNING seq`,
            [seq, worker, Date.now()],
          )
          await locks.ask(`DEL ${String(seq)}`)
          if (had !== undefined) return String(had.seq)
        }
      }
    },
    close: async () => {
      locks.close()
      await close()
    },
  }
}

async function locksAt(port: number) {
  const socket = connect(port, '127.0.0.1').setNoDelay()
  const asked: ((answer: string) => void)[] = []
  createInterface(socket).on('line', (line) => asked.shift()?.(line))
  return {
    ask: (question: string): Promise<string> =>
      new Promise((resolve) => {
        asked.push(resolve)
        socket.write(`${question}\n`)
      }),
    close: () => socket.destroy(),
  }
}

/** One connection; every statement is prepared under a name. */
async function connected(url: string) {
  const client = new pg.Client(url)
  await client.connect()
  const names = new Map<string, string>()
  const all = async (text: string, values: unknown[] = []): Promise<readonly pg.QueryResultRow[]> => {
    const name = names.get(text) ?? `s${names.size}`
    names.set(text, name)
    return (await client.query<pg.QueryResultRow>({ name, text, values })).rows
  }
  return {
    all,
    one: async (text: string, values?: unknown[]) => (await all(text, values))[0],
    close: () => client.end(),
  }
}

/** Rows for them. */
export async function serverRows(url: string): Promise<Supply> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query(`
    CREATE TABLE rows (
      seq bigint PRIMARY KEY, key text NOT NULL, title text NOT NULL, summary text NOT NULL,
      status text NOT NULL DEFAULT 'OPEN', priority integer NOT NULL DEFAULT 50, queue_order bigint,
      holder text, claim_no bigint NOT NULL DEFAULT 0, version bigint NOT NULL DEFAULT 1, updated_ms bigint NOT NULL
    ) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 200);
    CREATE INDEX ready ON rows (priority, queue_order, seq) WHERE status = 'OPEN'`)
  return {
    add: (first, count) =>
      client.query(
        `INSERT INTO rows (seq, key, title, summary, updated_ms)
         SELECT n, 'T-' || n, 'Count the hits', 'Each redirect counts once.', 0 FROM generate_series($1::bigint, $2::bigint) n`,
        [first, first + count - 1],
      ),
    settle: () => Promise.resolve(),
    tidy: () => tidyServer(client),
    taken: async () => {
      const { rows } = await client.query<{ taken: string }>('SELECT sum(claim_no) AS taken FROM rows')
      return Number(rows[0]?.taken)
    },
    close: () => client.end(),
  }
}
