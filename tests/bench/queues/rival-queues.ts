/** Other queues on PostgreSQL: how each is opened by a worker, and filled. Both take one job at a time and mark it as done. */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { withClient } from '../../support/postgres-client.ts'
import type { Loop, Orders } from './loop.ts'
import { tidyServer, type Supply } from './supply.ts'

export interface RivalQueue {
  /** With its version. */
  readonly package: string
  readonly open: (orders: Orders) => Promise<Loop>
  readonly fill: (url: string, packages: string) => Promise<Supply>
}

const QUEUE = 'hits'

/** As far as it is used here. */
interface Boss {
  readonly start: () => Promise<unknown>
  readonly stop: (how: { readonly graceful: boolean }) => Promise<unknown>
  readonly createQueue: (name: string) => Promise<unknown>
  readonly insert: (name: string, jobs: readonly { readonly data: Job }[]) => Promise<unknown>
  readonly fetch: (name: string) => Promise<readonly { readonly id: string; readonly data: Job }[]>
  readonly complete: (name: string, id: string) => Promise<unknown>
  readonly on: (event: 'error', tell: (error: Error) => void) => void
}

interface Job {
  readonly number: number
}

export const boss: RivalQueue = {
  package: 'pg-boss@12.38.0',
  open: async ({ where, packages }) => {
    const queue = await bossAt(where, packages, false)
    return {
      act: async () => {
        const [job] = await queue.fetch(QUEUE)
        if (job === undefined) return undefined
        await queue.complete(QUEUE, job.id)
        return String(job.data.number)
      },
      close: () => queue.stop({ graceful: false }),
    }
  },
  fill: async (url, packages) => {
    const queue = await bossAt(url, packages, true)
    await queue.createQueue(QUEUE)
    return {
      add: (first, count) =>
        queue.insert(
          QUEUE,
          numbers(first, count).map((number) => ({ data: { number } })),
        ),
      settle: () => Promise.resolve(),
      tidy: () => withClient(url, tidyServer),
      taken: () =>
        countOf(url, `SELECT count(*) FROM pgboss.job WHERE name = '${QUEUE}' AND state = 'completed'`),
      close: () => queue.stop({ graceful: false }),
    }
  },
}

async function bossAt(connectionString: string, packages: string, migrate: boolean): Promise<Boss> {
  const { PgBoss } = installed(packages, 'pg-boss') as { PgBoss: new (options: object) => Boss }
  const queue = new PgBoss({ connectionString, migrate, supervise: false, schedule: false })
  queue.on('error', (error) => console.error(error.message))
  await queue.start()
  return queue
}

/** As far as it is used here. */
interface Graphile {
  readonly run: (options: object) => Promise<{ readonly stop: () => Promise<unknown> }>
  readonly runMigrations: (options: object) => Promise<unknown>
  readonly Logger: new (factory: () => () => void) => object
}

/** How long nothing comes before there is nothing. */
const DRY_MS = 3_000

export const graphile: RivalQueue = {
  package: 'graphile-worker@0.18.0',
  open: async ({ where: connectionString, packages }) => {
    const { run, Logger } = installed(packages, 'graphile-worker') as Graphile
    const inHand = handOver()
    const taskList = { [QUEUE]: inHand.take }
    const logger = new Logger(() => () => undefined)
    const runner = await run({ connectionString, concurrency: 1, taskList, logger, noHandleSignals: true })
    return {
      act: inHand.next,
      close: async () => {
        const stopped = runner.stop() // first, or it would fetch another one
        inHand.finish()
        await stopped
      },
    }
  },
  fill: async (connectionString, packages) => {
    const { runMigrations, Logger } = installed(packages, 'graphile-worker') as Graphile
    await runMigrations({ connectionString, logger: new Logger(() => () => undefined) })
    let added = 0
    return {
      add: async (first, count) => {
        added += count
        await withClient(connectionString, (client) =>
          client.query(
            `SELECT count(*) FROM graphile_worker.add_jobs(array(
               SELECT json_populate_record(null::graphile_worker.job_spec,
                 json_build_object('identifier', $1::text, 'payload', json_build_object('number', n)))
               FROM generate_series($2::bigint, $3::bigint) n))`,
            [QUEUE, first, first + count - 1],
          ),
        )
      },
      settle: () => Promise.resolve(),
      tidy: () => withClient(connectionString, tidyServer),
      // What is done is deleted.
      taken: async () =>
        added - (await countOf(connectionString, 'SELECT count(*) FROM graphile_worker.jobs')),
      close: () => Promise.resolve(),
    }
  },
}

/** It calls for each job; here each is asked for. To ask for the next one ends the one in hand, which is then marked as done. */
function handOver() {
  let finish = (): void => undefined
  let come = (_: string): void => undefined
  let coming = new Promise<string>((resolve) => (come = resolve))
  return {
    take: ({ number }: Job): Promise<void> => {
      come(String(number))
      return new Promise((resolve) => (finish = resolve))
    },
    next: async (): Promise<string | undefined> => {
      finish()
      const end = new AbortController()
      const key = await Promise.race([coming, pause(DRY_MS, undefined, end)])
      end.abort()
      if (key !== undefined) coming = new Promise((resolve) => (come = resolve))
      return key
    },
    finish: () => {
      finish()
    },
  }
}

const installed = (packages: string, name: string): unknown => createRequire(join(packages, 'any.cjs'))(name)

const numbers = (first: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => first + index)

const countOf = (url: string, sql: string): Promise<number> =>
  withClient(url, async (client) => Number((await client.query<{ count: string }>(sql)).rows[0]?.count))
