/**
 * `npm run bench -- --queues`: what the ticket store does as a queue, line by line, beside what others make of the same work.
 *
 * Worker processes drive the store through its module, from source, as it is built into the chunks; they start before the
 * clock does. `watch`, `claim-ticket` and `session-loop` are whole processes of the built command line. npm has no Redis: a
 * small server of ours that keeps locks stands for one, at a round trip a question. After each contest the database is asked
 * whether each ticket that a worker had was given out once, whoever gave it out.
 */
import { fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { median } from './measure.ts'
import { quantile } from './queues/contest.ts'
import { judgeLine, LINES, type Figure, type Line } from './queues/lines.ts'
import { projectOf, timeAmong, timeRefresh } from './queues/projects.ts'
import { embeddedRates, serverRates, type IsWanted, type Places } from './queues/rates.ts'
import { boss, graphile } from './queues/rival-queues.ts'
import { watched, type Watched } from './queues/watching.ts'
import { newDatabase } from './server.ts'
import { columns } from './tables.ts'

interface Bench {
  /** An empty folder outside the project: other queues are installed into it. */
  readonly scratch: string
  readonly node: string
  readonly entry: string
}

const ROUNDS = { pairs: 15, warm_up: 3 }
const EVENTS = 250

/** The figures of the lines whose names are wanted. */
export async function measureQueues(bench: Bench, isNamed: (name: string) => boolean) {
  const isWanted: IsWanted = ({ name }) => isNamed(name)
  const packages = [boss, graphile].map((queue) => queue.package)
  if ([LINES.serverBoss, LINES.serverGraphile, LINES.handBoss, LINES.handGraphile].some(isWanted))
    install(bench.scratch, packages)
  const locks = fork(join(import.meta.dirname, 'queues/lock-server.ts'))
  try {
    const [lock_port] = (await once(locks, 'message')) as [number] // lock-server.ts tells it
    const places: Places = { scratch: bench.scratch, packages: bench.scratch, lock_port }
    const figures = [
      ...(await embeddedRates(places, isWanted)),
      ...(await serverRates(places, isWanted)),
      ...(await watches(bench, isWanted)),
      ...(await projects(bench, isWanted)),
    ]
    return { packages, queues: figures }
  } finally {
    locks.disconnect()
  }
}

/** With the certificates of the caller, which a registry may need. */
function install(scratch: string, packages: readonly string[]): void {
  const words = ['install', '--prefix', scratch, '--no-audit', '--no-fund', ...packages]
  const { status, stderr } = spawnSync('npm', words, { cwd: scratch, encoding: 'utf8', timeout: 300_000 })
  if (status !== 0) throw new Error(`${packages.join(', ')} cannot be installed: ${stderr.slice(-500)}`)
}

async function watches({ scratch, node, entry }: Bench, isWanted: IsWanted): Promise<readonly Figure[]> {
  const cwd = await projectOf(scratch, 1)
  const look = (database: string): Promise<Watched> =>
    watched({ database, cwd, command: [node, entry], events: EVENTS })
  const onServer = [LINES.watchServer, LINES.watchServerWorst].some(isWanted)
    ? await look(await newDatabase())
    : undefined
  const embedded = isWanted(LINES.watchEmbedded) ? await look(join(cwd, '.tkt/tickets.db')) : undefined
  return [...(onServer === undefined ? [] : serverWatch(onServer)), ...embeddedWatch(embedded)].filter(
    isWanted,
  )
}

function serverWatch({ delays_ms, commits_ms }: Watched): readonly Figure[] {
  const [own, of] = [median(delays_ms), median(commits_ms)]
  return [
    { ...LINES.watchServer, value: own / of, own, of },
    { ...LINES.watchServerWorst, value: quantile(delays_ms, 0.99) },
  ]
}

const embeddedWatch = (found: Watched | undefined): readonly Figure[] =>
  found === undefined
    ? []
    : [{ ...LINES.watchEmbedded, value: quantile(found.delays_ms, 0.99), own: median(found.delays_ms) }]

async function projects(bench: Bench, isWanted: IsWanted): Promise<readonly Figure[]> {
  const flat = async (
    line: Line,
    words: (round: number) => readonly string[],
  ): Promise<readonly Figure[]> => {
    if (!isWanted(line)) return []
    const [of, own] = await timeAmong(bench, [100, 100_000], words, ROUNDS)
    return [{ ...line, value: own / of, own, of }]
  }
  return [
    ...(isWanted(LINES.refresh)
      ? [{ ...LINES.refresh, value: await timeRefresh(bench.scratch, 1_000, { pairs: 7, warm_up: 2 }) }]
      : []),
    ...(await flat(LINES.claimTicket, (round) => ['claim-ticket', `T-${1 + round}`, `ses-${round}`])),
    ...(await flat(LINES.sessionLoop, (round) => ['session-loop', `ses-${round}`])),
  ]
}

/** A row a line. */
export function showQueues(figures: readonly Figure[]): string {
  const head = ['line', 'anchor', 'ours', 'anchor', 'figure', '', 'budget', 'aim', 'within']
  const rows = figures.map((figure) => [
    ...[figure.name, figure.anchor, number(figure.own), number(figure.of)],
    ...[figure.value.toFixed(2), figure.unit, `${figure.wanted} ${figure.budget}`],
    ...[figure.aim === undefined ? '' : String(figure.aim), judgeLine(figure)],
  ])
  return `${columns([head, ...rows], 2)}\n`
}

const number = (value: number | undefined): string =>
  value === undefined ? '' : value.toFixed(value < 100 ? 2 : 0)
