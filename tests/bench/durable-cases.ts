/** What is timed of durable tickets: a queue of them in the embedded database and on PostgreSQL, and a note. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { World } from '../support/operations.ts'
import type { Case } from './cases.ts'
import { newDatabase } from './server.ts'
import { act, emptyStore, ticketId } from './stores.ts'

const TICKETS = 1000

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

export const DURABLE: readonly Case[] = [
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
