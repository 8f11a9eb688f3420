/** Times a command beside `node -e 0`, and asks a command for its peak memory. Never part of a test: times are told, not asserted. */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** One command to run: a program, its words, and the folder it runs in. */
export interface Command {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
}

export interface Timing {
  readonly base_ms: number
  readonly case_ms: number
  /** The ratio of the two medians: the figure that a budget is about. */
  readonly ratio: number
  /** The median of the ratios pair by pair: near the first one when the machine was quiet. */
  readonly pair_ratio: number
}

/** The commands of a round: each contender may have another one every time. */
export type Contender = (round: number) => Command

export interface Rounds {
  readonly pairs: number
  readonly warm_up: number
}

/** Runs base, case, base, case, … `warm_up` pairs are thrown away. */
export function timePairs(base: Command, contender: Contender, rounds: Rounds): Timing {
  const [bases = [], owns = []] = timeRounds([() => base, contender], rounds)
  const [base_ms, case_ms] = [median(bases), median(owns)]
  return {
    base_ms,
    case_ms,
    ratio: case_ms / base_ms,
    pair_ratio: median(owns.map((own, index) => own / (bases[index] ?? NaN))),
  }
}

/** The milliseconds of each contender in each round, all taking turns, so that a busy machine is as busy for all. */
export function timeRounds(contenders: readonly Contender[], rounds: Rounds): readonly (readonly number[])[] {
  const times: readonly number[][] = contenders.map(() => [])
  for (let round = 0; round < rounds.warm_up + rounds.pairs; round += 1)
    for (const [index, contender] of contenders.entries()) {
      const { ms } = run(contender(round))
      if (round >= rounds.warm_up) times[index]?.push(ms)
    }
  return times
}

/** The peak of the resident memory of a node command, in MiB. */
export function peakMemory(command: Command, scratch: string): number {
  const file = join(scratch, 'peak-memory.txt')
  const preload = join(scratch, 'peak-memory.cjs')
  writeFileSync(file, '')
  writeFileSync(preload, `const file = ${JSON.stringify(file)}\n${TELL_PEAK}`)
  run({ ...command, args: ['--require', preload, ...command.args] })
  return Number(readFileSync(file, 'utf8')) / 1024
}

/** VmHWM is the program's own; the system's maxRSS also counts the parent that it was forked from. */
const TELL_PEAK = `const { readFileSync, writeFileSync } = require('node:fs')
process.on('exit', () => writeFileSync(file, peak()))
function peak() {
  try {
    return /^VmHWM:\\s+(\\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]
  } catch {
    return String(process.resourceUsage().maxRSS) // not Linux
  }
}
`

/** Runs a command to its end. Throws when it fails: a case that was refused did no work and has no time. */
export function run(command: Command): { readonly ms: number; readonly stdout: string } {
  const { program, args, cwd } = command
  const options = { cwd, env: environment(command.env), encoding: 'utf8', maxBuffer: 1 << 26 } as const
  const begun = process.hrtime.bigint()
  const { status, stdout, stderr, error } = spawnSync(program, [...args], options)
  const ms = Number(process.hrtime.bigint() - begun) / 1e6
  if (status !== 0)
    throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? `${stdout}${stderr}`.slice(0, 500)}`)
  return { ms, stdout }
}

/** Without what leads a command elsewhere, and without the certificate file that alone makes node start slowly. */
function environment(extra: Command['env'] = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !LEFT_OUT.includes(name))
  return { ...Object.fromEntries(kept), ...extra }
}

const LEFT_OUT: readonly string[] = [
  'NODE_EXTRA_CA_CERTS',
  'NODE_OPTIONS',
  'TKT_ROOT',
  'PROJECT_ROOT',
  'CONFIG_DIR',
  'CLAUDE_PROJECT_DIR',
]

/** Of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const [low = NaN, high = low] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return (low + high) / 2
}
