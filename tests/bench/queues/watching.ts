/** How long after a commit the line of its event is printed by a `watch` in a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { openAt } from '../../durable/torture/orders.ts'
import { draft } from '../../durable/store/wishes.ts'
import { environment } from '../../support/tkt.ts'

export interface Watched {
  /** From the moment that the writer was told of its commit. */
  readonly delays_ms: readonly number[]
  /** COMMIT of one row on the same server, each beside one of those; empty where there is no server. */
  readonly commits_ms: readonly number[]
}

export interface Watching {
  /** A path, or the address of a PostgreSQL. */
  readonly database: string
  /** The project whose database it is. */
  readonly cwd: string
  /** The program to run, and its words before `watch`. */
  readonly command: readonly [program: string, ...words: string[]]
  readonly events: number
}

/** Events come one after the other, at times that nobody can know. The first ones are thrown away. */
export async function watched({ database, cwd, command, events }: Watching): Promise<Watched> {
  const store = await openAt(database)
  const isServer = database.startsWith('postgres:')
  const committing = isServer ? await committer(database) : undefined
  await store.intake([draft('T-0')], { now_ms: Date.now() })
  const [program, ...words] = command
  const child = spawn(program, [...words, 'watch'], {
    cwd,
    env: environment(isServer ? { TKT_DATABASE_URL: database } : {}),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const lines = linesOf(child)
    const say = () => {
      const act = { session: 'writer', now_ms: Date.now() }
      return store.tell({ key: 'T-0', act, type: 'ticket.noted', data: {}, byHolder: false })
    }
    const tell = async (): Promise<number> => {
      const said = await say()
      if (!said.ok) throw new Error(said.message)
      const told = performance.now()
      return (await lines.timeOf(said.event)) - told
    }
    await lines.first(say)
    const [delays_ms, commits_ms]: [number[], number[]] = [[], []]
    for (let number = 0; number < events + WARM_UP; number += 1) {
      await pause(15 + 50 * Math.random())
      const delay = await tell()
      const commit = await committing?.commit()
      if (number < WARM_UP) continue
      delays_ms.push(delay)
      if (commit !== undefined) commits_ms.push(commit)
    }
    return { delays_ms, commits_ms }
  } finally {
    child.kill('SIGTERM')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    await committing?.close()
    await store.close()
  }
}

const WARM_UP = 10
const LIMIT_MS = 10_000

function linesOf(child: ChildProcess) {
  const times = new Map<number, number>()
  const arrivals = new EventTarget()
  if (child.stdout === null) throw new Error('its output is a pipe')
  createInterface(child.stdout).on('line', (line) => {
    const { position = '' } = JSON.parse(line) as { readonly position?: string }
    times.set(Number(position.split('.').at(-1)), performance.now())
    arrivals.dispatchEvent(new Event('line'))
  })
  const arrival = (limit_ms: number): Promise<unknown> =>
    once(arrivals, 'line', { signal: AbortSignal.timeout(limit_ms) })
  return {
    /** Has events written until one was printed. */
    first: async (write: () => Promise<unknown>): Promise<void> => {
      for (let tries = 0; times.size === 0; tries += 1) {
        if (tries > LIMIT_MS / 100) throw new Error('watch prints nothing')
        await write()
        await arrival(100).catch(() => undefined) // survived: it has not begun yet
      }
    },
    timeOf: async (event: number): Promise<number> => {
      while (!times.has(event)) await arrival(LIMIT_MS)
      return times.get(event) ?? NaN
    },
  }
}

/** Commits one row at a time, in a table of its own. */
async function committer(url: string) {
  const client = new pg.Client(url)
  await client.connect()
  await client.query('CREATE TABLE committed (at_ms double precision)')
  return {
    commit: async (): Promise<number> => {
      await client.query('BEGIN')
      await client.query('INSERT INTO committed VALUES ($1)', [Date.now()])
      const begun = performance.now()
      await client.query('COMMIT')
      return performance.now() - begun
    },
    close: () => client.end(),
  }
}
