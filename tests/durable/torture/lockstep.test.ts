/** Any commands in a row, on every database and on the queue as one would explain it: the same answers, the same end. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Move } from '../../../src/durable/model/claiming.ts'
import type { Terms, TicketStore } from '../../../src/durable/store/ticket-store.ts'
import { openPostgresStore } from '../../../src/durable/store/postgres/postgres-store.ts'
import { openSqliteStore } from '../../../src/durable/store/sqlite/sqlite-store.ts'
import { connectionTo } from '../../support/durable-postgres.ts'
import { postgresServers } from '../../support/postgres.ts'
import { projectFolder } from '../../support/project.ts'
import { draft } from '../store/wishes.ts'
import { Queue, type Entry } from './queue.ts'

const LEASE_MS = 1000
const TERMS: Terms = { lease_ms: LEASE_MS, oneAtATime: true }
const RUNS = 120

const key: fc.Arbitrary<string> = fc.constantFrom('A', 'B', 'C', 'D')
const session = fc.constantFrom('s1', 's1', 's1', 's2', 's3')
const MOVES = ['start', 'block', 'unblock', 'release', 'close', 'fail', 'cancel', 'reopen'] as const
/** Rare meetings need many of these. */
const OFTEN = ['block', 'unblock', 'unblock', 'close'] as const

const entry: fc.Arbitrary<Entry> = fc.record({
  key,
  priority: fc.constantFrom(10, 50, 50, 90),
  order: fc.option(fc.nat(3), { nil: undefined }),
  wave: fc.constantFrom(0, 0, 0, 1, 2),
  batch: fc.constantFrom(undefined, 'X', 'Y'),
  needs: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.uniqueArray(key, { maxLength: 2 })),
})
const command = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('intake' as const), entry }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('next' as const), session }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('claim' as const), session, key }) },
  {
    weight: 7,
    arbitrary: fc.record({
      kind: fc.constant('move' as const),
      ...{ move: fc.constantFrom(...MOVES, ...OFTEN), session },
      // Mostly of what the session has in hand: the last of it, or what is blocked.
      key: fc.option(key, { nil: undefined, freq: 1 }),
      isLast: fc.boolean(),
      claim_no: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined, freq: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('renew' as const), session }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('time' as const), ms: fc.constantFrom(1, 400, 999, 1000) }),
  },
)
type Generated = typeof command extends fc.Arbitrary<infer Value> ? Value : never
type Aimless = Extract<Generated, { kind: 'move' }>
type Command = Exclude<Generated, Aimless> | (Aimless & { readonly key: string })

function keyOf(queue: Queue, { key, session, isLast }: Aimless): string {
  return key ?? queue.heldBy(session).at(isLast ? -1 : 0) ?? 'A'
}

function inQueue(queue: Queue, asked: Command, now_ms: number): string {
  switch (asked.kind) {
    case 'intake':
      return queue.intake(asked.entry)
    case 'next':
      return queue.claimNext(asked.session, now_ms)
    case 'claim':
      return queue.claim(asked.key, asked.session, now_ms)
    case 'move':
      return queue.move(asked.move, asked.key, { ...asked, now_ms })
    case 'renew':
      queue.renew(asked.session, now_ms)
      return ''
    case 'time':
      return ''
  }
}

async function inStore(store: TicketStore, asked: Command, now_ms: number): Promise<string> {
  switch (asked.kind) {
    case 'intake': {
      const { order, needs, ...rest } = asked.entry
      const more = { ...rest, queue_order: order, depends_on: needs }
      const [taken] = await store.intake([draft(asked.entry.key, more)], { now_ms })
      return taken?.isNew === true ? 'new' : 'known'
    }
    case 'next': {
      const claimed = await store.claimNext({ act: { session: asked.session, now_ms }, terms: TERMS })
      return claimed === undefined ? 'nothing' : `${claimed.ticket.key} ${claimed.ticket.claim_no}`
    }
    case 'claim': {
      const claimed = await store.claim({
        key: asked.key,
        act: { session: asked.session, now_ms },
        terms: TERMS,
      })
      return claimed.ok ? `${claimed.ticket.key} ${claimed.ticket.claim_no}` : claimed.refused
    }
    case 'move': {
      const { move, claim_no } = asked
      const act = { session: asked.session, now_ms, claim_no, reason: 'because' }
      const moved = await store.move({ key: asked.key, move: move satisfies Move, act, terms: TERMS })
      return 'refused' in moved ? moved.refused : moved.status
    }
    case 'renew':
      await store.renew(asked.session, now_ms, TERMS)
      return ''
    case 'time':
      return ''
  }
}

async function standingOf(store: TicketStore): Promise<readonly string[]> {
  const { tickets } = await store.list({ limit: 99, offset: 0 })
  return tickets
    .toSorted((one, other) => one.seq - other.seq)
    .map(({ key, status, claim, claim_no }) =>
      [key, status, claim?.session ?? '-', claim_no, claim?.leased_until_ms ?? '-'].join(' '),
    )
}

test(
  'the queue, the embedded database and PostgreSQL agree on whatever happens',
  { timeout: 600_000 },
  async () => {
    const folder = projectFolder()
    const servers = await Promise.all(
      postgresServers().map(async ([, makeDatabase]) => (await makeDatabase()).url),
    )
    let projects = 0
    const property = fc.asyncProperty(
      fc.array(command, { minLength: 20, maxLength: 80 }),
      async (commands) => {
        projects += 1
        const project = { org: 'default', slug: `p${projects}` }
        const stores = await Promise.all([
          openSqliteStore(`${folder}/tickets.db`, project, 0),
          ...servers.map((url) => openPostgresStore(connectionTo(url), project, 0)),
        ])
        const queue = new Queue(LEASE_MS)
        let now_ms = 0
        try {
          for (const one of commands) {
            if (one.kind === 'time') now_ms += one.ms
            const asked = one.kind === 'move' ? { ...one, key: keyOf(queue, one) } : one
            const answers = await Promise.all(stores.map((store) => inStore(store, asked, now_ms)))
            const wanted = inQueue(queue, asked, now_ms)
            expect(answers).toEqual(stores.map(() => wanted))
          }
          for (const store of stores) expect(await standingOf(store)).toEqual(queue.standing())
        } finally {
          for (const store of stores) await store.close()
        }
      },
    )
    await fc.assert(property, { numRuns: RUNS })
  },
)
