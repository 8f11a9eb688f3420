/** Many sessions in processes that are killed at random, on one database; then the checker reads what happened. */
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { FollowedEvent } from '../../../src/durable/model/event.ts'
import type { TicketStore } from '../../../src/durable/store/ticket-store.ts'
import { environment } from '../../support/tkt.ts'
import { draft } from '../store/wishes.ts'
import { faultsIn, type Acknowledged } from './checker.ts'
import { openAt, type WorkerOrders } from './orders.ts'

export interface Torture {
  readonly database: string
  /** Where the sessions keep what they were told. */
  readonly folder: string
  readonly sessions: number
  readonly tickets: number
  readonly kills: number
  readonly seed: number
  readonly lease_ms: number
}

export interface Report {
  readonly faults: readonly string[]
  readonly killed: number
  readonly events: number
  readonly taken_over: number
  readonly acknowledged: number
  readonly refused: number
}

/** Every session is begun anew under its own name when it was killed, and ends by itself when nothing is left. */
export async function torture(wanted: Torture): Promise<Report> {
  const { database, folder, sessions, tickets, kills, lease_ms } = wanted
  const store = await openAt(database)
  await store.intake(
    Array.from({ length: tickets }, (_, index) => draft(`T-${index}`, { depends_on: needsOf(index) })),
    { now_ms: Date.now() },
  )
  const names = Array.from({ length: sessions }, (_, index) => `s${index}`)
  const crew = new Map<string, Started>(names.map((name, index) => [name, start(wanted, name, index)]))
  let killed = 0
  for (; killed < kills && [...crew.values()].some(({ isOver }) => !isOver()); killed += 1) {
    await pause(15 + ((killed * 37) % 40))
    const name = names[(killed * 7919 + wanted.seed) % names.length] ?? ''
    if (crew.get(name)?.isOver() === true) continue
    crew.get(name)?.child.kill('SIGKILL')
    await crew.get(name)?.ended
    crew.set(name, start(wanted, name, sessions + killed))
  }
  const ends = await Promise.all([...crew.values()].map(({ ended }) => ended))
  const acknowledged = names.flatMap((session) => linesOf(join(folder, session), session))
  const events = await allEvents(store)
  const { tickets: left } = await store.list({ unresolvedOnly: true, limit: tickets, offset: 0 })
  const failed = new Set(events.filter(({ type }) => type === 'ticket.failed').map(({ key }) => key))
  // What waits for something that failed is nobody's, and stays.
  const stuck = left.filter(
    ({ status, depends_on }) => status === 'OPEN' && depends_on.some((key) => failed.has(key)),
  )
  await store.close()
  const count = (type: string): number => events.filter((event) => event.type === `ticket.${type}`).length
  return {
    faults: [
      ...faultsIn(events, acknowledged, lease_ms),
      ...left.filter((one) => !stuck.includes(one)).map(({ key, status }) => `${key} was left ${status}`),
      ...ends.flatMap((end, index) => (end === '' ? [] : [`${names[index] ?? ''} ended badly: ${end}`])),
      ...(count('closed') + count('failed') + stuck.length === tickets
        ? []
        : [`${count('closed')} closed and ${count('failed')} failed of ${tickets}`]),
    ],
    ...{ killed, events: events.length, taken_over: count('taken_over'), acknowledged: acknowledged.length },
    refused: acknowledged.filter(({ words }) => words[0]?.startsWith('refused-')).length,
  }
}

/** Some wait for others, so that a claim that is lost would be seen in more than one place. */
const needsOf = (index: number): readonly string[] => (index % 5 === 4 ? [`T-${index - 1}`] : [])

interface Started {
  readonly child: ChildProcess
  readonly ended: Promise<string>
  readonly isOver: () => boolean
}

function start({ database, folder, seed, lease_ms }: Torture, session: string, number: number): Started {
  const orders: WorkerOrders = {
    ...{ database, session, lease_ms, log: join(folder, session), seed: seed * 100_003 + number },
  }
  const child = spawn(process.execPath, [join(import.meta.dirname, 'worker.ts'), JSON.stringify(orders)], {
    env: environment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const ended = new Promise<string>((resolve) => {
    child.on('close', (code, signal) => {
      resolve(code === 0 || signal === 'SIGKILL' ? '' : `code ${code}: ${said.slice(-500)}`)
    })
  })
  return { child, ended, isOver: () => child.exitCode !== null || child.signalCode !== null }
}

/** The last line may be torn: what was not written whole was acknowledged to nobody. */
function linesOf(path: string, session: string): readonly Acknowledged[] {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const lines = text.split('\n').slice(0, -1)
  return lines.map((line) => ({ session, words: line.split(' ') }))
}

/** Up to a mark of our own: on a server nothing is told while an older transaction, of whomever, may still write. */
async function allEvents(store: TicketStore): Promise<readonly FollowedEvent[]> {
  const act = { session: 'checker', now_ms: Date.now() }
  await store.tell({ key: 'T-0', act, type: MARK, data: {}, byHolder: false })
  const all: FollowedEvent[] = []
  for (let after = '0'; ;) {
    const { events, position } = await store.follow({ after, limit: 5000 })
    all.push(...events)
    if (all.some(({ type }) => type === MARK)) return all.filter(({ type }) => type !== MARK)
    if (events.length === 0) await pause(10)
    after = position
  }
}

const MARK = 'ticket.marked'
