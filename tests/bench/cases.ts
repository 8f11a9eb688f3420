/** THE TABLE of what is timed: what is prepared outside the clock, and the words of each round. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { World } from '../support/operations.ts'
import { newDatabase } from './server.ts'
import {
  act,
  addBundle,
  addBundleInWaves,
  addFinishedBundle,
  bundleId,
  emptyStore,
  repeatBundle,
  ticketId,
  treeStore,
  warm,
  writePlan,
} from './stores.ts'

interface Limits {
  /** The most that it may take, in medians of `node -e 0`. */
  readonly budget?: number
  /** What it is meant to take. */
  readonly aim?: number
}

export interface Case extends Limits {
  readonly name: string
  /** What the store holds, for people. */
  readonly store: string
  /** The same in a small store, and the most that it may take in medians of that. */
  readonly growth?: { readonly of: Case; readonly budget: number }
  /** Makes its project below that folder, ready for so many rounds. */
  readonly prepare: (parent: string, rounds: number) => Promise<World>
  /** The command of one round, without the program. Work that can be done once only differs from round to round. */
  readonly words: (round: number) => readonly string[]
}

/** The most memory that any case may take at its peak; `node -e 0` alone takes two thirds of it. */
export const MEMORY_BUDGET_MIB = 70

/** Where a round works. */
interface Place {
  readonly bundle: string
  readonly ticket: string
  readonly round: number
}

interface Work extends Limits {
  readonly name: string
  /** In a bundle of 1,000 the most that it may take in medians of a bundle of 10. */
  readonly growth?: number
  /** Set for what is timed in such a bundle with waves and dependencies as well. */
  readonly inWaves?: true
  /** Set for what is timed in a tree of 1,000 bundles as well. */
  readonly tree?: Limits
  /** Of what changes its ticket: made ready for every round. */
  readonly ready?: (world: World, at: Place) => Promise<void>
  readonly words: (at: Place) => readonly string[]
}

const read = { budget: 1.5, aim: 1.3 } as const
const write = { budget: 1.8, aim: 1.5 } as const
const inTree = { budget: 2, aim: 1.5 } as const
const untouched = (): Promise<void> => Promise.resolve()

const WORKS: readonly Work[] = [
  {
    name: 'claim',
    ...write,
    growth: 1.1,
    ready: untouched,
    words: ({ bundle, ticket }) => ['claim', bundle, ticket, 'alice'],
  },
  {
    name: 'next',
    ...read,
    growth: 1.3,
    inWaves: true,
    tree: inTree,
    words: () => ['next', '--agent', 'alice'],
  },
  {
    name: 'next --claim',
    ...write,
    growth: 1.3,
    inWaves: true,
    ready: untouched,
    words: ({ bundle, round }) => ['next', '--bundle', bundle, '--agent', `agent-${round}`, '--claim'],
  },
  {
    name: 'update',
    ...write,
    growth: 1.1,
    ready: async (world, { bundle, ticket }) => {
      await act(world, 'claim', { bundle, ticket, agent: 'alice' })
      await act(world, 'update', { bundle, ticket, agent: 'alice', status: 'in_progress' })
    },
    words: ({ bundle, ticket }) => [
      ...['update', bundle, ticket, 'done', '--agent', 'alice'],
      ...['--summary', 'Hits are counted', '--evidence', 'npm test: 12 passed, 0 failed'],
    ],
  },
  {
    name: 'add',
    ...write,
    growth: 1.1,
    ready: untouched,
    words: ({ bundle }) => [
      ...['add', bundle, 'Count the hits', '--acceptance', '50 parallel requests count 50'],
      ...['--run', 'npm test', '--wave', '2'],
    ],
  },
  {
    name: 'express',
    ...write,
    words: () => ['express', 'create', '--title', 'Fix the typo', '--acceptance', 'grep finds no recieve'],
  },
  { name: 'show', ...read, growth: 1.1, words: () => ['show', 'B-001', 'TKT-001'] },
  { name: 'status', ...read, growth: 1.3, inWaves: true, words: () => ['status', 'B-001'] },
  { name: 'list', ...read, tree: inTree, words: () => ['list'] },
  { name: 'roadmap-status', ...read, tree: inTree, words: () => ['roadmap-status'] },
  { name: 'history', ...read, tree: { budget: 2.5, aim: 2 }, words: () => ['history'] },
]

const SMALL = 10
const LARGE = 1000

function inBundles({ name, words, ready, budget, aim }: Work, workers: number, add = addBundle): Case {
  const placeOf = (round: number): Place => ({
    bundle: bundleId(1 + Math.floor(round / workers)),
    ticket: ticketId(1 + (round % workers)),
    round,
  })
  return {
    name,
    store: `bundle of ${workers}`,
    ...(budget === undefined ? {} : { budget }),
    ...(aim === undefined ? {} : { aim }),
    prepare: async (parent, rounds) => {
      const world = await emptyStore(parent, `${name}-${workers}`)
      const bundles = ready === undefined ? 1 : Math.ceil(rounds / workers)
      for (let number = 0; number < bundles; number += 1) await add(world, workers)
      for (let round = 0; round < rounds; round += 1) await ready?.(world, placeOf(round))
      return world
    },
    words: (round) => words(placeOf(round)),
  }
}

/** A small store has the budgets, a large one is held against it. */
function casesOf(work: Work): readonly Case[] {
  const { growth, inWaves, tree } = work
  const small = inBundles(work, SMALL)
  const grown = ({ name, store, prepare, words }: Case, budget: number): Case => ({
    ...{ name, store, prepare, words },
    growth: { of: small, budget },
  })
  const large = inBundles(work, LARGE)
  const waved = { ...inBundles(work, LARGE, addBundleInWaves), store: `${LARGE}, in waves` }
  return [
    small,
    ...(growth === undefined ? [] : [grown(large, growth)]),
    ...(growth === undefined || inWaves === undefined ? [] : [grown(waved, growth)]),
    ...(tree === undefined ? [] : [{ ...small, store: '1,000 bundles', ...tree, prepare: treeStore }]),
  ]
}

const TICKETS = 1000

/** Of the other engine: a queue of tickets in the embedded database. */
const durable = (name: string, words: Case['words']): Case => ({
  name,
  store: `${TICKETS} durable`,
  budget: 1.5,
  aim: 1.35,
  prepare: async (parent) => queueIn(await emptyStore(parent, name)),
  words,
})

/** How the names of cases end that run on PostgreSQL. */
export const ON_SERVER = ', PostgreSQL'

/** The same there, through its socket. */
const onServer = ({ name, words }: Case): Case => ({
  name: `${name}${ON_SERVER}`,
  store: `${TICKETS} durable`,
  budget: 2.4,
  aim: 2,
  prepare: async (parent) => {
    const world = await emptyStore(parent, `${name}-server`)
    world.environment.TKT_DATABASE_URL = await newDatabase()
    return queueIn(world)
  },
  words,
})

/** The variables that lead a command to the database of its case. */
export function databaseOf({ environment: { TKT_DATABASE_URL } }: World): Readonly<Record<string, string>> {
  return TKT_DATABASE_URL === undefined ? {} : { TKT_DATABASE_URL }
}

async function queueIn(world: World): Promise<World> {
  for (let number = 1; number <= TICKETS; number += 1)
    await act(world, 'intake-ticket', {
      ...{ ticket_id: ticketId(number), title: 'Count the hits', batch_id: 'BATCH-1' },
      ...{ summary: 'Each redirect counts once.', queue_order: String(number) },
    })
  return world
}

const CLAIM_TICKET = durable('claim-ticket', (round) => ['claim-ticket', ticketId(1 + round), `ses-${round}`])
const NEXT_TICKET = durable('next-ticket', (round) => ['next-ticket', `ses-${round}`])

const DURABLE: readonly Case[] = [
  CLAIM_TICKET,
  NEXT_TICKET,
  onServer(CLAIM_TICKET),
  onServer(NEXT_TICKET),
  {
    name: 'session-loop',
    store: 'note of 500 lines',
    budget: 1.8,
    prepare: async (parent) => {
      const world = await emptyStore(parent, 'session-loop')
      const tasks = Array.from({ length: 500 }, (_, number) => `- Task ${number}: each redirect counts once`)
      mkdirSync(join(world.cwd, 'note'))
      writeFileSync(join(world.cwd, 'note/note_tasks.md'), ['### New', ...tasks, ''].join('\n'))
      await act(world, 'refresh-new-tasks', {})
      return world
    },
    words: (round) => ['session-loop', `ses-${round}`],
  },
]

const WORKERS_CLOSED = 50

export const CASES: readonly Case[] = [
  ...WORKS.flatMap(casesOf),
  ...DURABLE,
  {
    name: 'create-bundle',
    store: 'plan of 50',
    budget: 2.2,
    prepare: async (parent) => {
      const world = await emptyStore(parent, 'plan')
      writePlan(world, 50)
      return world
    },
    words: () => ['create-bundle', '--source-plan', 'plan-50.md'],
  },
  {
    name: 'close',
    store: `${WORKERS_CLOSED} workers, no commands`,
    budget: 4,
    prepare: async (parent, rounds) => {
      const world = await emptyStore(parent, 'close')
      await addFinishedBundle(world, WORKERS_CLOSED)
      repeatBundle(
        world,
        'B-001',
        Array.from({ length: rounds }, (_, round) => bundleId(2 + round)),
      )
      await warm(world)
      return world
    },
    words: (round) => ['close', bundleId(1 + round), '--agent', 'carol'],
  },
]
