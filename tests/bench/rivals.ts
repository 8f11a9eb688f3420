/** Compares with other tools: what their commands take beside ours, and whether a ticket has one holder when many ask. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { endOf, environment } from '../support/tkt.ts'
import { median, run, timeRounds, type Command } from './measure.ts'
import { ours, RIVALS, STEPS, type Step, type Tool } from './rival-tools.ts'
import { columns } from './tables.ts'

interface Bench {
  /** An empty folder outside the project: the tools are installed into it. */
  readonly scratch: string
  readonly node: string
  readonly entry: string
}

/** All runs of a step are of tickets that nobody had before, so there are fewer of them than tickets in the small store. */
const ROUNDS = { pairs: 7, warm_up: 1 }
const CHAINS = [2, 200]

/** The figures; their tables are told as they come, as each takes minutes. */
export async function compareRivals(bench: Bench, tell: (text: string) => void) {
  const installed = RIVALS.filter((tool) => install(bench, tool))
  const tools = [ours(bench.entry), ...installed]
  const times: StepTime[] = []
  for (const chains of CHAINS) for (const tool of tools) times.push(...(await timeSteps(bench, tool, chains)))
  tell(timeTable(times))
  const pulls: Pull[] = []
  for (const tool of tools) pulls.push(await pullWork(bench, tool))
  tell(pullTable(pulls))
  for (const { name } of RIVALS.filter((tool) => !installed.includes(tool))) tell(`${name}: does not install`)
  return { times, pulls }
}

/** With the certificates of the caller, which a registry may need. */
function install({ scratch }: Bench, { package: wanted = '' }: Tool): boolean {
  const options = { cwd: scratch, stdio: 'ignore', timeout: 300_000 } as const
  return (
    spawnSync('npm', ['install', '--prefix', scratch, '--no-audit', '--no-fund', wanted], options).status ===
    0
  )
}

/** A command of the tool; its home is in the scratch folder, so that it finds no settings and leaves none. */
function commandOf({ scratch, node }: Bench, tool: Tool, words: readonly string[], cwd: string): Command {
  const program = tool.package === undefined ? tool.program : join(scratch, 'node_modules', tool.program)
  return { program: node, args: [program, ...words], cwd, env: { HOME: scratch } }
}

async function storeOf(bench: Bench, tool: Tool, chains: number): Promise<string> {
  const folder = mkdtempSync(join(bench.scratch, 'store-'))
  run({ program: 'git', args: ['init', '-q'], cwd: folder }) // some keep their store at the top of a repository
  await tool.prepare(folder, chains, (...words) => run(commandOf(bench, tool, words, folder)).stdout)
  return folder
}

interface StepTime {
  readonly tool: string
  readonly tickets: number
  readonly step: Step
  /** Undefined when the tool has no such command, or it fails. */
  readonly ms: number | undefined
  readonly x_node: number
  readonly bytes: number
}

async function timeSteps(bench: Bench, tool: Tool, chains: number): Promise<readonly StepTime[]> {
  const folder = await storeOf(bench, tool, chains)
  const ids = Array.from({ length: ROUNDS.pairs + ROUNDS.warm_up }, (_, round) =>
    tool.idOf(folder, round + 1),
  )
  const base: Command = { program: bench.node, args: ['-e', '0'], cwd: folder }
  return STEPS.map((step) => {
    const named = { tool: tool.name, tickets: 5 * chains, step }
    const command = (round: number): Command =>
      commandOf(bench, tool, tool.words(step, ids[round] ?? '', 'alice') ?? [], folder)
    try {
      const bytes = ['list', 'next'].includes(step) ? Buffer.byteLength(run(command(0)).stdout) : 0
      const [bases = [], own = []] = timeRounds([() => base, command], ROUNDS)
      return { ...named, ms: median(own), x_node: median(own) / median(bases), bytes }
    } catch {
      return { ...named, ms: undefined, x_node: NaN, bytes: 0 } // survived: the table says that it cannot do it
    }
  })
}

interface Pull {
  readonly tool: string
  /** Tickets that more than one agent was told to have. */
  readonly doubles: number
  /** How often a ticket was asked for until it was had. */
  readonly attempts: number
  readonly seconds: number
  /** Of eight agents that ask for one ticket at once: how many are told to have it. */
  readonly winners: number
  readonly done: number
}

const AGENTS = 8
const PULLED_CHAINS = 8
const TICKETS = 5 * PULLED_CHAINS
/** A tool that never comes to an end is stopped after so many attempts. */
const MOST_ATTEMPTS = 20 * TICKETS

/** Agents that ask for work, take what is offered first, and finish it, until nothing is left. */
async function pullWork(bench: Bench, tool: Tool): Promise<Pull> {
  const folder = await storeOf(bench, tool, PULLED_CHAINS)
  const holders = new Map<string, number>()
  const finished = new Set<string>()
  let attempts = 0
  const tell = (step: Step, id: string, agent: string) => {
    const { program, args, cwd, env = {} } = commandOf(bench, tool, tool.words(step, id, agent) ?? [], folder)
    return endOf(spawn(program, [...args], { cwd, env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] }))
  }
  const work = async (agent: string): Promise<void> => {
    while (finished.size < TICKETS && attempts < MOST_ATTEMPTS) {
      const id = tool.offered((await tell('next', '', agent)).stdout)
      attempts += 1
      if (id === undefined || (await tell('start', id, agent)).code !== 0) continue
      holders.set(id, (holders.get(id) ?? 0) + 1)
      if ((await tell('done', id, agent)).code === 0) finished.add(id)
    }
  }
  const agents = Array.from({ length: AGENTS }, (_, index) => `agent-${index + 1}`)
  const begun = performance.now()
  await Promise.all(agents.map(work))
  const seconds = (performance.now() - begun) / 1000
  const fresh = await storeOf(bench, tool, 1)
  const claims = agents.map((agent) => {
    const {
      program,
      args,
      env = {},
    } = commandOf(bench, tool, tool.words('start', tool.idOf(fresh, 1), agent) ?? [], fresh)
    return endOf(
      spawn(program, [...args], { cwd: fresh, env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] }),
    )
  })
  return {
    tool: tool.name,
    doubles: [...holders.values()].filter((count) => count > 1).length,
    attempts: attempts / TICKETS,
    seconds,
    winners: (await Promise.all(claims)).filter(({ code }) => code === 0).length,
    done: finished.size,
  }
}

function timeTable(times: readonly StepTime[]): string {
  const oursOf = ({ tickets, step }: StepTime): number =>
    times.find((one) => one.tool === 'tkt' && one.tickets === tickets && one.step === step)?.ms ?? NaN
  const rows = times.map((time) => [
    time.tool,
    time.step,
    String(time.tickets),
    time.ms?.toFixed(0) ?? 'has none',
    time.ms === undefined ? '' : time.x_node.toFixed(2),
    time.ms === undefined || time.tool === 'tkt' ? '' : (time.ms / oursOf(time)).toFixed(1),
    time.bytes === 0 ? '' : String(time.bytes),
  ])
  return `${columns([['tool', 'command', 'tickets', 'ms', 'x node', 'we are x faster', 'bytes'], ...rows], 2)}\n`
}

function pullTable(pulls: readonly Pull[]): string {
  const head = [
    'tool',
    'done twice',
    'attempts a ticket',
    'seconds',
    `done of ${TICKETS}`,
    `winners of ${AGENTS}`,
  ]
  const rows = pulls.map(({ tool, doubles, attempts, seconds, done, winners }) => [
    tool,
    String(doubles),
    attempts.toFixed(1),
    seconds.toFixed(1),
    String(done),
    String(winners),
  ])
  return `${columns([head, ...rows])}\n`
}
