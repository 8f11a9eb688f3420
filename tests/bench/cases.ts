/** THE TABLE of what is timed: what is prepared outside the clock, and the words of each round. */
import { dirname } from 'node:path'
import type { World } from '../support/operations.ts'
import { DURABLE } from './durable-cases.ts'
import {
  act,
  addBundle,
  addBundleInWaves,
  addFinishedBundle,
  bundleId,
  emptyStore,
  FIRST_OPEN,
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
  /** In a tree of 1,000 bundles, where it has another budget there. */
  readonly tree?: Limits
  /** Of what changes its ticket: made ready for every round. */
  readonly ready?: (world: World, at: Place) => Promise<void>
  readonly words: (at: Place) => readonly string[]
}

const read = { budget: 1.5, aim: 1.3 } as const
const write = { budget: 1.8, aim: 1.5 } as const
const ofMany = { budget: 2, aim: 1.5 } as const
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
    tree: ofMany,
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
  { name: 'show', ...read, growth: 1.1, words: ({ bundle, ticket }) => ['show', bundle, ticket] },
  { name: 'status', ...read, growth: 1.3, inWaves: true, words: ({ bundle }) => ['status', bundle] },
  { name: 'list', ...read, tree: ofMany, words: () => ['list'] },
  { name: 'roadmap-status', ...read, tree: ofMany, words: () => ['roadmap-status'] },
  { name: 'history', ...read, tree: { budget: 2.5, aim: 2 }, words: () => ['history'] },
]

const SMALL = 10
const LARGE = 1000

/** Where the rounds work, from that bundle on: what changes nothing is at the same place in each. */
function placesFrom(first: number, workers: number, { ready }: Work): (round: number) => Place {
  return (round) => {
    const at = ready === undefined ? 0 : round
    return { bundle: bundleId(first + Math.floor(at / workers)), ticket: ticketId(1 + (at % workers)), round }
  }
}

function inBundles(work: Work, workers: number, store = `bundle of ${workers}`, add = addBundle): Case {
  const { name, words, ready, budget, aim } = work
  const placeOf = placesFrom(1, workers, work)
  return {
    name,
    store,
    ...(budget === undefined ? {} : { budget }),
    ...(aim === undefined ? {} : { aim }),
    prepare: async (parent, rounds) => {
      const world = await emptyStore(parent, `${name} ${store}`)
      const bundles = ready === undefined ? 1 : Math.ceil(rounds / workers)
      for (let number = 0; number < bundles; number += 1) await add(world, workers)
      for (let round = 0; round < rounds; round += 1) await ready?.(world, placeOf(round))
      return world
    },
    words: (round) => words(placeOf(round)),
  }
}

/** In one tree for all, each with open bundles of its own; the first ones are left to who takes the best of all. */
function inTree(work: Work): Case {
  const { name, words, ready, budget = Infinity, aim = Infinity, tree } = work
  const placeOf = placesFrom(FIRST_OPEN + OWN_BUNDLES * (1 + WORKS.indexOf(work)), SMALL, work)
  return {
    ...{ name, store: '1,000 bundles', budget, aim, ...tree },
    prepare: async (parent, rounds) => {
      const world = await treeStore(dirname(parent))
      for (let round = 0; round < rounds; round += 1) await ready?.(world, placeOf(round))
      return world
    },
    words: (round) => words(placeOf(round)),
  }
}

const OWN_BUNDLES = 8

/** A small store has the budgets, a large one is held against it. */
function casesOf(work: Work): readonly Case[] {
  const { growth, inWaves } = work
  const small = inBundles(work, SMALL)
  const grown = ({ name, store, prepare, words }: Case, budget: number): Case => ({
    ...{ name, store, prepare, words },
    growth: { of: small, budget },
  })
  const large = inBundles(work, LARGE)
  const waved = inBundles(work, LARGE, `${LARGE}, in waves`, addBundleInWaves)
  return [
    small,
    ...(growth === undefined ? [] : [grown(large, growth)]),
    ...(growth === undefined || inWaves === undefined ? [] : [grown(waved, growth)]),
    inTree(work),
  ]
}

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
