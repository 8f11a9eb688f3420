/** THE TABLE of what is timed: what is prepared outside the clock, and the words of each round. */
import { act, addBundle, emptyStore, writePlan } from './stores.ts'
import type { World } from '../support/operations.ts'

export interface Case {
  readonly name: string
  /** The most that it may take, in medians of `node -e 0`. */
  readonly budget: number
  /** What it is meant to take. */
  readonly aim: number
  readonly prepare: (world: World, rounds: number) => Promise<unknown>
  /** The command of one round, without the program. Work that can be done once only differs from round to round. */
  readonly words: (round: number) => readonly string[]
}

/** The most memory that any case may take at its peak; `node -e 0` alone takes two thirds of it. */
export const MEMORY_BUDGET_MIB = 70

const WORKERS = 10

const bundleOf = (round: number): string => `B-${padded(1 + Math.floor(round / WORKERS))}`
const ticketOf = (round: number): string => `TKT-${padded(1 + (round % WORKERS))}`
const padded = (number: number): string => String(number).padStart(3, '0')
const short = { budget: 2, aim: 1.6 } as const

export const CASES: readonly Case[] = [
  {
    name: 'claim',
    ...short,
    prepare: addBundles,
    words: (round) => ['claim', bundleOf(round), ticketOf(round), 'alice'],
  },
  { name: 'next', ...short, prepare: addOne, words: () => ['next', '--agent', 'alice'] },
  {
    name: 'next --claim',
    ...short,
    prepare: addBundles,
    words: (round) => ['next', '--bundle', bundleOf(round), '--agent', `agent-${round}`, '--claim'],
  },
  {
    name: 'update',
    ...short,
    prepare: async (world, rounds) => {
      await addBundles(world, rounds)
      for (let round = 0; round < rounds; round += 1) {
        const ticket = { bundle: bundleOf(round), ticket: ticketOf(round), agent: 'alice' }
        await act(world, 'claim', ticket)
        await act(world, 'update', { ...ticket, status: 'in_progress' })
      }
    },
    words: (round) => [
      ...['update', bundleOf(round), ticketOf(round), 'done', '--agent', 'alice'],
      ...['--summary', 'Hits are counted', '--evidence', 'npm test: 12 passed, 0 failed'],
    ],
  },
  {
    name: 'add',
    ...short,
    prepare: addBundles,
    words: (round) => [
      ...['add', bundleOf(round), 'Count the hits', '--acceptance', '50 parallel requests count 50'],
      ...['--run', 'npm test', '--wave', '2'],
    ],
  },
  { name: 'show', ...short, prepare: addOne, words: () => ['show', 'B-001', 'TKT-001'] },
  { name: 'status', ...short, prepare: addOne, words: () => ['status', 'B-001'] },
  {
    name: 'express',
    ...short,
    prepare: addOne,
    words: () => ['express', 'create', '--title', 'Fix the typo', '--acceptance', 'grep finds no recieve'],
  },
  { name: 'list', ...short, prepare: addOne, words: () => ['list'] },
  { name: 'history', ...short, prepare: addOne, words: () => ['history'] },
  { name: 'roadmap-status', ...short, prepare: addOne, words: () => ['roadmap-status'] },
  {
    name: 'create-bundle (50 tickets)',
    budget: 2.5,
    aim: 2,
    prepare: async (world) => writePlan(world, 50),
    words: () => ['create-bundle', '--source-plan', 'plan-50.md'],
  },
]

/** Makes the project of a case, ready for so many rounds. */
export async function prepareCase(parent: string, one: Case, rounds: number): Promise<World> {
  const world = await emptyStore(parent, one.name.replaceAll(/\W+/g, '-'))
  await one.prepare(world, rounds)
  return world
}

async function addOne(world: World): Promise<void> {
  await addBundle(world, WORKERS)
}

/** As many bundles as it takes to have a fresh ticket in every round. */
async function addBundles(world: World, rounds: number): Promise<void> {
  for (let number = 0; number < Math.ceil(rounds / WORKERS); number += 1) await addOne(world)
}
