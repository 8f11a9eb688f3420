/**
 * `npm run bench`: times, memory and sizes of the built command line, beside `node -e 0` in the same run. The last line
 * is one JSON object. `--only NAME[,NAME]` takes some cases, `--no-sizes` leaves the sizes out.
 *
 * For some minutes after thousands of files were deleted, as at the end of each run, ext4 makes each new file in 0.7 ms
 * instead of 0.03: cases that make many files are then told far too slow.
 */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { CASES, prepareCase } from './cases.ts'
import { floors } from './floor.ts'
import { median, peakMemory, run, timePairs, type Command } from './measure.ts'
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
  },
  allowNegative: true,
})
const { node, entry } = values
const rounds = { pairs: Number(values.pairs), warm_up: WARM_UP }
const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'tkt-bench-')))
const base: Command = { program: node, args: ['-e', '0'], cwd: scratch }
try {
  const report = { ...machine(), pairs: rounds.pairs, times: await times(), sizes: await sizes() }
  console.log(showTimes(report.times))
  console.log(showSizes(report.sizes))
  const line = JSON.stringify(report)
  if (values.json !== undefined) writeFileSync(values.json, `${line}\n`)
  console.log(line)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

function machine() {
  const version = run({ program: node, args: ['--version'], cwd: scratch }).stdout.trim()
  return { node: version, cpus: cpus().length, platform: `${process.platform} ${process.arch}` }
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
  for (const one of CASES.filter(({ name }) => isWanted(name))) {
    const total = rounds.warm_up + rounds.pairs
    const world = await prepareCase(scratch, one, total + MEMORY_RUNS)
    const command = (round: number): Command => ({
      program: node,
      args: [entry, ...one.words(round)],
      cwd: world.cwd,
    })
    const timing = timePairs(base, command, rounds)
    const memory_mib = memoryOf((index) => command(total + index))
    results.push({ name: one.name, budget: one.budget, aim: one.aim, ...timing, memory_mib })
  }
  return results
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
