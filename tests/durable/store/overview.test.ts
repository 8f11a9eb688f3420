/** An overview of any store, on every database: what one would tell who looks at each ticket, and counts. */
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Draft } from '../../../src/durable/model/draft.ts'
import { byTurn } from '../../../src/durable/model/overview.ts'
import type { DurableTicket } from '../../../src/durable/model/ticket.ts'
import { openPostgresStore } from '../../../src/durable/store/postgres/postgres-store.ts'
import { checkDatabase } from '../../../src/durable/store/sqlite/check.ts'
import { connectTo } from '../../../src/durable/store/sqlite/database.ts'
import { openSqliteStore } from '../../../src/durable/store/sqlite/sqlite-store.ts'
import type { OverviewWanted, Terms, TicketStore } from '../../../src/durable/store/ticket-store.ts'
import { connectionTo } from '../../support/durable-postgres.ts'
import { postgresServers } from '../../support/postgres.ts'
import { projectFolder } from '../../support/project.ts'
import { draft } from './wishes.ts'

const TERMS: Terms = { lease_ms: 1000, oneAtATime: false }
const KEYS = Array.from({ length: 12 }, (_, number) => `T${number}`)
const BATCHES = ['X', 'Y', 'of-few']

const key = fc.constantFrom(...KEYS)
const session = fc.constantFrom('s1', 's1', 's2', 'w-3')
const says = {
  batch: fc.constantFrom(undefined, ...BATCHES),
  wave: fc.constantFrom(undefined, 0, 1, 2),
  priority: fc.constantFrom(10, 50),
  queue_order: fc.option(fc.nat(3), { nil: undefined }),
  assignable_to: fc.constantFrom<readonly string[]>([], [], ['s1'], ['w-*', 's2']),
  depends_on: fc.oneof(
    { weight: 3, arbitrary: fc.constant<readonly string[]>([]) },
    fc.uniqueArray(key, { maxLength: 2 }),
  ),
}
const drafts = fc.uniqueArray(
  fc.record({
    ...{ ...says, key, type: fc.constantFrom('WORKER' as const, 'WORKER' as const, 'INTEGRATOR' as const) },
    stage: fc.constantFrom('todo' as const, 'todo' as const, 'backlog' as const),
  }),
  { selector: (one) => one.key, minLength: 4, maxLength: 12 },
)
const MOVES = [
  'start',
  'block',
  'release',
  'close',
  'close',
  'fail',
  'cancel',
  'reopen',
  'delete',
  'restore',
] as const
const command = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('claim' as const), key, session }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('move' as const),
      move: fc.constantFrom(...MOVES),
      key,
      session,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('edit' as const), key, session, edits: fc.record(says) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('time' as const), ms: fc.constantFrom(999, 1000) }) },
)
type Command = typeof command extends fc.Arbitrary<infer Value> ? Value : never

async function obey(store: TicketStore, asked: Exclude<Command, { kind: 'time' }>, now_ms: number) {
  const wish = { key: asked.key, act: { session: asked.session, now_ms, reason: 'because' }, terms: TERMS }
  if (asked.kind === 'claim') await store.claim(wish)
  else if (asked.kind === 'edit') await store.edit({ ...wish, edits: asked.edits })
  else await store.move({ ...wish, move: asked.move, accepted: 'may stay' })
}

/** The tickets of a class by their names, behind what they have in common and how many they are. */
function asSeen(all: readonly DurableTicket[], wanted: OverviewWanted): readonly string[] {
  const { batch, keys, most } = wanted
  const members = all.filter(
    (one) => (batch === undefined || one.batch === batch) && (keys?.includes(one.key) ?? true),
  )
  const classes = new Map<string, DurableTicket[]>()
  for (const one of members.toSorted(byTurn)) {
    const name = [one.type, one.status, holderOf(one, wanted), claimableOf(one, all, wanted)].join(' ')
    classes.set(name, [...(classes.get(name) ?? []), one])
  }
  return [...classes].map(([name, of]) => toldOf(name, of.length, of.slice(0, most))).toSorted()
}

const toldOf = (name: string, count: number, first: readonly DurableTicket[]): string =>
  `${name} ${count}: ${first.map((one) => one.key).join(' ')}`

function holderOf({ status, resolution, claim, last_session }: DurableTicket, { session }: OverviewWanted) {
  const holder = claim?.session ?? last_session
  if (status === 'OPEN' || resolution === 'cancelled' || holder === undefined) return 'nobody'
  return holder === session ? 'me' : 'other'
}

function claimableOf(one: DurableTicket, all: readonly DurableTicket[], { session, now_ms }: OverviewWanted) {
  const isFree = one.status === 'OPEN' && one.stage === 'todo'
  const isHeld = one.status === 'CLAIMED' || one.status === 'IN_PROGRESS'
  const isStale = isHeld && (one.claim?.leased_until_ms ?? Infinity) <= now_ms
  const waits =
    all.some(
      (other) =>
        other !== one &&
        one.depends_on.includes(other.key) &&
        !(other.status === 'CLOSED' && other.resolution === 'done'),
    ) ||
    all.some(
      ({ type, status, batch, wave = 0 }) =>
        type === 'WORKER' &&
        !['CLOSED', 'FAILED'].includes(status) &&
        batch !== undefined &&
        batch === one.batch &&
        wave < (one.wave ?? 0),
    )
  const isFor =
    session === undefined ||
    one.assignable_to.length === 0 ||
    one.assignable_to.some((name) =>
      name.endsWith('*') ? session.startsWith(name.slice(0, -1)) : name === session,
    )
  if (waits || !isFor || !(isFree || isStale)) return 'no'
  return isFree ? 'free' : 'stale'
}

/** So many that a batch of few is a small part of them. */
const MANY: readonly Draft[] = Array.from({ length: 150 }, (_, number) =>
  draft(`many-${number}`, { batch: 'many', wave: number % 3, stage: 'todo' }),
)

const RUNS = 60

test(
  'an overview tells on every database what one tells who looks at each ticket',
  { timeout: 600_000 },
  async () => {
    const path = join(projectFolder(), 'tickets.db')
    const urls = await Promise.all(
      postgresServers().map(async ([, makeDatabase]) => (await makeDatabase()).url),
    )
    let projects = 0
    const property = fc.asyncProperty(
      fc.record({ drafts, areMany: fc.boolean(), commands: fc.array(command, { maxLength: 50 }) }),
      async ({ drafts, areMany, commands }) => {
        projects += 1
        const project = { org: 'default', slug: `p${projects}` }
        const stores = await Promise.all([
          openSqliteStore(path, project, 0),
          ...urls.map((url) => openPostgresStore(connectionTo(url), project, 0)),
        ])
        let now_ms = 0
        try {
          for (const store of stores) {
            const taken = [...drafts.map(({ key, ...more }) => draft(key, more)), ...(areMany ? MANY : [])]
            await store.intake(taken, { now_ms })
          }
          for (const one of commands) {
            if (one.kind === 'time') now_ms += one.ms
            else for (const store of stores) await obey(store, one, now_ms)
          }
          for (const store of stores) await expectAsSeen(store, now_ms)
        } finally {
          for (const store of stores) await store.close()
        }
      },
    )
    await fc.assert(property, { numRuns: RUNS })
    const database = connectTo(path)
    expect(checkDatabase(database, path)).toEqual([])
    database.close()
  },
)

async function expectAsSeen(store: TicketStore, now_ms: number): Promise<void> {
  const { tickets } = await store.list({ limit: 999, offset: 0 })
  for (const session of [undefined, 's1', 'w-3'])
    for (const of of [{}, ...BATCHES.map((batch) => ({ batch })), { batch: 'X', keys: ['T1', 'T2'] }]) {
      const wanted = { ...of, session, now_ms, most: 2 }
      const classes = await store.overview(wanted)
      const told = classes.map(({ type, status, holder, claimable, count, tickets: first }) =>
        toldOf([type, status, holder, claimable].join(' '), count, first),
      )
      expect(told.toSorted()).toEqual(asSeen(tickets, wanted))
    }
}
