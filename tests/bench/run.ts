/**
 * `npm run bench`: times, memory and sizes of the built command line, beside `node -e 0` in the same run. The last line
 * is one JSON object. `--only NAME[,NAME]` takes some cases, `--no-sizes` leaves the sizes out; `--rivals` compares with
 * other tools instead, and `--queues` the ticket store with other queues, which it installs below the temporary folder.
 *
 * For some minutes after thousands of files were deleted, as at the end of each run, ext4 makes each new file in 0.7 ms
 * instead of 0.03: cases that make many files are then told far too slow.
 */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, release, tmpdir, type } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { CASES, type Case } from './cases.ts'
import { databaseOf } from './durable-cases.ts'
import { floors } from './floor.ts'
import { median, peakMemory, run, timePairs, timeRounds, type Command, type Contender } from './measure.ts'
import { measureQueues, showQueues } from './queues.ts'
import { RIVALS } from './rival-tools.ts'
import { compareRivals } from './rivals.ts'
import { stopServer } from './server.ts'
import { answerSizes, ENTRY, installedSizes, type Size } from './sizes.ts'
import { showSizes, showTimes, type Result } from './tables.ts'

const WARM_UP = 3
const MEMORY_RUNS = 3

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '15' },
    only: { type: 'string' },
    json: { type: 'string' },
    node: { type: 'string', default: process.execPath },
    entry: { type: 'string', default: ENTRY },
    sizes: { type: 'boolean', default: true },
    rivals: { type: 'boolean', default: false },
    queues: { type: 'boolean', default: false },
  },
  allowNegative: true,
})
const { node, entry } = values
const rounds = { pairs: Number(values.pairs), warm_up: WARM_UP }
const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'tkt-bench-')))
const base: Command = { program: node, args: ['-e', '0'], cwd: scratch }
try {
  const line = JSON.stringify(await (values.queues ? queues() : values.rivals ? rivals() : report()))
  if (values.json !== undefined) writeFileSync(values.json, `${line}\n`)
  console.log(line)
} finally {
  await stopServer()
  rmSync(scratch, { recursive: true, force: true })
}

async function report() {
  const found = { pairs: rounds.pairs, times: await times(), sizes: await sizes(), ...machine() }
  console.log(showTimes(found))
  console.log(showSizes(found.sizes))
  return found
}

async function rivals() {
  const figures = await compareRivals({ scratch, node, entry }, console.log)
  const told = machine()
  console.log(
    `${RIVALS.map((tool) => tool.package).join(', ')}; all with Node ${told.node}; ${told.machine}\n`,
  )
  return { ...told, packages: RIVALS.map((tool) => tool.package), ...figures }
}

async function queues() {
  const found = { ...(await measureQueues({ scratch, node, entry }, isWanted)), ...machine() }
  console.log(showQueues(found.queues))
  console.log(`${found.packages.join(', ')}; all with Node ${found.node}; ${found.machine}\n`)
  return found
}

function machine() {
  const version = run({ program: node, args: ['--version'], cwd: scratch }).stdout.trim()
  const processors = cpus()
  return {
    date: new Date().toISOString().slice(0, 10),
    node: version,
    load: loadavg()[0] ?? 0,
    machine: `${processors.length} x ${processors[0]?.model ?? 'unknown processor'}, ${type()} ${release()}`,
  }
}

async function times(): Promise<readonly Result[]> {
  const results: Result[] = []
  for (const { name, command } of await floors(scratch, node))
    if (isWanted(name)) results.push({ name, ...timePairs(base, () => command, rounds) })
  results.push({
    name: 'node -e 0',
    ...timePairs(base, () => base, rounds),
    memory_mib: memoryOf(() => base),
  })
  for (const one of CASES.filter(({ name }) => isWanted(name))) results.push(await timeCase(one))
  return results
}

async function timeCase(one: Case): Promise<Result> {
  const command = await commandOf(one)
  const { name, store, budget, aim, growth } = one
  const timing = timePairs(base, command, rounds)
  const memory_mib = memoryOf((index) => command(rounds.warm_up + rounds.pairs + index))
  const result = { name, store, ...timing, memory_mib }
  if (growth === undefined) return { ...result, budget, aim }
  const [small = [], large = []] = timeRounds([await commandOf(growth.of), await commandOf(one)], rounds)
  return { ...result, growth: median(large) / median(small), growth_budget: growth.budget }
}

/** Prepares a store of its own for it. */
async function commandOf(one: Case): Promise<Contender> {
  const world = await one.prepare(
    mkdtempSync(join(scratch, 'case-')),
    rounds.warm_up + rounds.pairs + MEMORY_RUNS,
  )
  return (round) => ({
    program: node,
    args: [entry, ...one.words(round)],
    cwd: world.cwd,
    env: databaseOf(world),
  })
}

/** Runs of their own: what asks for the memory takes time. */
function memoryOf(command: (index: number) => Command): number {
  return median(Array.from({ length: MEMORY_RUNS }, (_, index) => peakMemory(command(index), scratch)))
}

async function sizes(): Promise<readonly Size[]> {
  if (!values.sizes || values.only !== undefined) return []
  return [...(await answerSizes(scratch, entry, node)), ...installedSizes()]
}

function isWanted(name: string): boolean {
  return values.only?.split(',').some((start) => name.startsWith(start)) ?? true
}
