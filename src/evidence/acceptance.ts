/** Acceptance criteria: plain sentences for people, and commands the close runs and judges. */
import { parse } from 'yaml'

export type Criterion = string | CommandCriterion

/** A criterion proved by running a shell command; stored with these very field names. */
export interface CommandCriterion {
  readonly type: 'command'
  readonly run: string
  readonly expect_exit_code: number
  readonly expect_contains?: string
}

/** What the runner saw; `contains` is asked for only when the criterion has `expect_contains`. */
export interface CommandOutcome {
  readonly exit_code: number | undefined
  readonly timed_out: boolean
  readonly signal?: string | undefined
  readonly contains: boolean
}

export type CriterionReading =
  { readonly ok: true; readonly criterion: Criterion } | { readonly ok: false; readonly reason: string }

const longestFlowMap = 10_000
const rightForm = '{type: command, run: "npm test", expect_exit_code: 0, expect_contains: "ok"}'

/**
 * Reads a criterion as a person types it. A `{...}` with `type: command` is a command; one that only looks like a
 * command is refused with the right form; every other text is the plain criterion, trimmed.
 */
export function parseCriterion(text: string): CriterionReading {
  const trimmed = text.trim()
  if (trimmed === '') return refuse('the criterion is empty')
  if (!trimmed.startsWith('{')) return { ok: true, criterion: trimmed }
  if (!commandType.test(trimmed)) {
    if (!commandKey.test(trimmed)) return { ok: true, criterion: trimmed }
    return refuse(`a command criterion without "type: command"; write ${rightForm}`)
  }
  if (trimmed.length > longestFlowMap)
    return refuse(`a command criterion longer than ${longestFlowMap} characters`)
  const map = parseFlowMap(trimmed)
  return map?.['type'] === 'command'
    ? commandFrom(map)
    : refuse(`an unreadable command criterion; write ${rightForm}`)
}

/** Reads a criterion from a ticket file already parsed: never refuses a value, keeps what a person wrote by hand. */
export function readCriterion(value: unknown): Criterion | undefined {
  if (value === null || value === undefined) return undefined
  if (typeof value !== 'object' || !('type' in value) || value.type !== 'command') return textOf(value)
  const { run, expect_exit_code, expect_contains } = value as Record<string, unknown> // an object: any key may be asked
  const contains = textOf(expect_contains)
  return {
    type: 'command',
    run: textOf(run) ?? '',
    expect_exit_code: exitCodeOf(expect_exit_code),
    ...(contains === undefined ? {} : { expect_contains: contains }),
  }
}

/** Says why a command criterion failed, in a few words; undefined means it passed. */
export function judgeCommand(criterion: CommandCriterion, outcome: CommandOutcome): string | undefined {
  const { expect_exit_code, expect_contains } = criterion
  if (criterion.run.trim() === '') return 'run is empty'
  if (outcome.timed_out) return 'timed out'
  if (outcome.signal !== undefined) return `killed by ${outcome.signal}`
  if (outcome.exit_code === undefined) return `no exit code, expected ${expect_exit_code}`
  if (outcome.exit_code !== expect_exit_code)
    return `exit code ${outcome.exit_code}, expected ${expect_exit_code}`
  if (expect_contains !== undefined && !outcome.contains) return `output lacks ${quoted(expect_contains)}`
  return undefined
}

/** True for a criterion the close runs; a plain sentence is skipped by it. */
export function isCommand(criterion: Criterion): criterion is CommandCriterion {
  return typeof criterion !== 'string'
}

/** The criteria of a file: a list of them, or one that stands alone. */
export const readCriteriaOf = (value: unknown): readonly Criterion[] =>
  (Array.isArray(value) ? (value as readonly unknown[]) : [value]).flatMap(
    (entry) => readCriterion(entry) ?? [],
  )

/** Writes a criterion as one line for people. */
export function describeCriterion(criterion: Criterion): string {
  if (!isCommand(criterion)) return oneLine(criterion)
  const contains = criterion.expect_contains
  const output = contains === undefined ? '' : `, output contains ${quoted(contains)}`
  return `command: ${oneLine(criterion.run)} (exit code ${criterion.expect_exit_code}${output})`
}

// Looked for before parsing: most braces in a plan are prose, and a YAML parser is slow on thousands of them.
const commandType = /[{,\s"']type["']?\s*:\s*["']?command\b/
const commandKey = /[{,\s"'](?:run|command)["']?\s*:/

function refuse(reason: string): CriterionReading {
  return { ok: false, reason }
}

function parseFlowMap(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = parse(text, { maxAliasCount: 0, logLevel: 'error' })
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    return value as Record<string, unknown> // a yaml map read into a plain object
  } catch {
    return undefined // survived: text that is not YAML is an answer here, not a fault
  }
}

const commandKeys = ['type', 'run', 'expect_exit_code', 'expect_contains']

function commandFrom(map: Readonly<Record<string, unknown>>): CriterionReading {
  const { run, expect_exit_code = 0, expect_contains } = map
  const key = Object.keys(map).find((name) => !commandKeys.includes(name))
  if (key !== undefined)
    return refuse(`unknown key ${quoted(key)} in a command criterion; write ${rightForm}`)
  if (typeof run !== 'string' || run.trim() === '')
    return refuse(`run must be a command as text; write ${rightForm}`)
  if (!isExitCode(expect_exit_code)) return refuse('expect_exit_code must be an integer from 0 to 255')
  if (!('expect_contains' in map)) return { ok: true, criterion: { type: 'command', run, expect_exit_code } }
  if (typeof expect_contains !== 'string')
    return refuse('expect_contains must be text: put it in double quotes')
  return { ok: true, criterion: { type: 'command', run, expect_exit_code, expect_contains } }
}

/** True for a number a process can exit with. */
export function isExitCode(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255
}

function exitCodeOf(value: unknown): number {
  const code = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof code === 'number' && Number.isInteger(code) ? code : 0
}

function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return String(value)
  try {
    return JSON.stringify(value)
  } catch {
    return '(a value without text form)' // survived: an anchor that contains itself has no JSON text
  }
}

function oneLine(text: string): string {
  return text.split(/\s/).filter(Boolean).join(' ')
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
}
