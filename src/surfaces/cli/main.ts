/** The command line: finds the operation, runs it, prints one JSON line last and sets the exit code. */
import { resolve } from 'node:path'
import packageFile from '../../../package.json' with { type: 'json' }
import { exitCodeOf, lineOf, type Envelope } from '../../operation/envelope.ts'
import { OperationError } from '../../operation/errors.ts'
import {
  flagOf,
  invalid,
  normaliseInput,
  optionsOf,
  type RawInput,
  type ReadText,
} from '../../operation/input.ts'
import { outcomeOf, runOperation, type Outcome } from '../../operation/run.ts'
import { errorCode, readUtf8IfPresent } from '../../system/files.ts'
import { FAMILIES, type Row } from '../../registry/families.ts'
import { rowNamed } from '../../registry/named.ts'
import type { Runtime } from '../../runtime.ts'
import { GLOBAL_OPTIONS, parseArguments } from './arguments.ts'
import { nearest } from './nearest.ts'
import type { Seen } from './terminal.ts'
import { worldOf } from './world.ts'

interface Answer extends Outcome {
  readonly globals?: Globals
  /** What people see above the line when it is not the envelope alone; asked for on a terminal only. */
  readonly forPeople?: () => Promise<Seen>
  /** The line under what people see, where it would only repeat that. */
  readonly shortLine?: Envelope
  /** The field of the envelope that the exit code tells, where that is asked for. */
  readonly verdict?: string | undefined
}

/** What GLOBAL_OPTIONS hold, read. */
interface Globals {
  readonly root?: string
  readonly input_json?: string
  readonly json?: boolean
  readonly exit_code?: boolean
  readonly debug?: boolean
  readonly help?: boolean
}

/** Never throws; whatever happens, the last line of standard output is one JSON object. */
export async function main(runtime: Runtime): Promise<void> {
  const answer = await answerTo(runtime)
  const { json, debug } = answer.globals ?? writtenIn(runtime.argv)
  const isForPeople = runtime.stdoutIsTerminal && json !== true
  if (isForPeople) {
    const { showAnswer } = await import('./terminal.ts')
    runtime.writeOut(showAnswer((await answer.forPeople?.()) ?? answer, runtime))
  }
  if (debug === true && answer.fault instanceof Error) await writeStack(answer.fault, runtime)
  const line = lineOf((isForPeople ? answer.shortLine : undefined) ?? answer.envelope)
  const drawn = runtime.stdoutIsTerminal ? (await import('./views/drawable.ts')).drawableJson(line) : line
  runtime.writeOut(`${drawn}\n`)
  runtime.setExitCode(exitCodeOf(answer.envelope, answer.verdict))
}

async function writeStack({ stack = '' }: Error, runtime: Runtime): Promise<void> {
  const draw = await drawingOn(runtime)
  runtime.writeError(`${stack.split('\n').map(draw).join('\n')}\n`)
}

/** How a text is written to standard error; on a terminal nothing hides in it. Loaded for terminals only. */
async function drawingOn({ stderrIsTerminal }: Runtime): Promise<(text: string) => string> {
  return stderrIsTerminal ? (await import('./views/drawable.ts')).drawable : (text) => text
}

/** For an answer that came before the options could be read. */
const writtenIn = (argv: readonly string[]): Globals => ({
  json: argv.includes('--json'),
  debug: argv.includes('--debug'),
})

async function answerTo(runtime: Runtime): Promise<Answer> {
  const [word = '--help', ...rest] = commandFirst(runtime.argv)
  const answer = await answerToWord(word, rest, runtime)
  const { envelope } = answer
  if (envelope.ok) return answer
  const hint = envelope.hint.replace('<command>', (await rowNamed(word))?.cli ?? '<command>')
  return { ...answer, envelope: { ...envelope, hint } }
}

async function answerToWord(word: string, rest: readonly string[], runtime: Runtime): Promise<Answer> {
  try {
    if (word === '--version' || word === '-v' || word === 'version') return version()
    if (word === '--help' || word === '-h' || word === 'help') return await help(rest, runtime)
    return await runRow(await rowOf(word), rest, runtime)
  } catch (thrown) {
    return outcomeOf(thrown)
  }
}

/** `tkt --root DIR list`: options that every command has may stand before it. */
function commandFirst(argv: readonly string[]): readonly string[] {
  const [first = ''] = argv
  const [flag] = first.split('=')
  const option = GLOBAL_OPTIONS.find(({ name }) => name !== 'help' && flagOf(name) === flag)
  const width = option?.kind === 'flag' || first.includes('=') ? 1 : 2
  if (option === undefined || argv.length <= width) return argv
  return [...commandFirst(argv.slice(width)), ...argv.slice(0, width)]
}

async function runRow(row: Row, words: readonly string[], runtime: Runtime): Promise<Answer> {
  const operation = await row.load()
  const options = optionsOf(operation.input)
  const readText = textReader(runtime)
  const parsed = parseArguments(words, options, operation.positional ?? [])
  const globals: Globals = await normaliseInput(GLOBAL_OPTIONS, parsed.globals, readText)
  if (globals.help === true) return help([row.cli, ...words], runtime)
  const verdict = globals.exit_code === true ? operation.verdict : undefined
  if (globals.exit_code === true && verdict === undefined)
    throw invalid('exit_code', `is for reports that can say no, and ${row.cli} is none`)
  const known = options.map(({ name }) => name)
  const raw = { ...fieldsIn(globals.input_json, known), ...parsed.raw }
  const draw = await drawingOn(runtime)
  const run = (input: RawInput): Promise<Outcome> => {
    const warnings = [...parsed.warnings]
    const world = worldOf(runtime, { warnings, draw, json: globals.json === true })
    const openContext = () => FAMILIES[row.family](world, globals.root)
    return runOperation({ operation, raw: input, readText, openContext, warnings })
  }
  const outcome = await run(raw)
  const { envelope } = outcome
  if (!envelope.ok) return { ...outcome, globals }
  const forPeople = async (): Promise<Seen> => {
    const { inputForMoreRows } = await import('./more-rows.ts')
    const more = inputForMoreRows({ operation, raw, envelope })
    const wider = more === undefined ? envelope : (await run(more)).envelope
    return { envelope: wider.ok ? wider : envelope, row }
  }
  return { ...outcome, globals, forPeople, verdict }
}

async function rowOf(word: string): Promise<Row> {
  const row = await rowNamed(word)
  if (row !== undefined) return row
  const { registry } = await import('../../registry.ts')
  const names = registry.map(({ cli }) => cli)
  const close = nearest(word, [...names, ...registry.flatMap(({ aliases }) => aliases)])
  const message = `unknown command ${JSON.stringify(word.slice(0, 80))}; there are: ${names.join(', ')}`
  throw new OperationError(
    'UNKNOWN_COMMAND',
    message,
    { command: word.slice(0, 80) },
    close && `did you mean ${close}?`,
  )
}

/** `--input-json`: the fields of one object; an option given beside it wins. */
function fieldsIn(json: string | undefined, known: readonly string[]): RawInput {
  if (json === undefined) return {}
  const fields = Object.entries(parseObject(json)).map(
    ([name, field]) => [name.replaceAll('-', '_'), field] as const,
  )
  const stranger = fields.find(([name]) => !known.includes(name))?.[0]
  if (stranger === undefined) return Object.fromEntries(fields)
  const close = nearest(stranger, known)
  throw new OperationError(
    'UNKNOWN_OPTION',
    `--input-json: unknown field ${JSON.stringify(stranger.slice(0, 80))}`,
    { option: stranger.slice(0, 80), known },
    close && `did you mean ${close}?`,
  )
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>
  } catch {
    // survived: answered below, with the same words as for any other text that is no object
  }
  throw new OperationError(
    'INPUT_INVALID',
    `--input-json must be one JSON object, got ${JSON.stringify(text.slice(0, 80))}`,
    { field: 'input_json' },
  )
}

/** Gives the text behind `--x-file PATH`, or standard input, which can be read once only. */
function textReader(runtime: Runtime): ReadText {
  let isRead = false
  return async (source) => {
    if (source !== '-') return fileText(resolve(runtime.cwd, source))
    if (isRead)
      throw new OperationError('INPUT_INVALID', 'only one input can be - : standard input is read once')
    isRead = true
    return runtime.readStdin()
  }
}

function fileText(path: string): string {
  try {
    const text = readUtf8IfPresent(path)
    if (text !== undefined) return text
  } catch (error) {
    const message = error instanceof Error ? error.message.replace(`${path}: `, '') : 'unknown'
    const reason = errorCode(error) === 'EISDIR' ? 'it is a folder' : message
    throw new OperationError('FILE_UNREADABLE', `${path}: ${reason}`, { path }) // survived: told to the caller
  }
  throw new OperationError('FILE_NOT_FOUND', `there is no file ${path}`, { path })
}

function version(): Answer {
  const envelope: Envelope = { ok: true, version: packageFile.version }
  return { envelope, forPeople: async () => ({ envelope, text: packageFile.version }) }
}

/** The help of the command that the first word names; a word behind it may name one of its actions. */
async function help(rest: readonly string[], { columns }: Runtime): Promise<Answer> {
  const { helpText } = await import('./help.ts')
  const [word = 'help', ...words] = rest.filter(
    (other, index) => !other.startsWith('-') && !takesValue(rest[index - 1]),
  )
  const row = WORDS_OF_THE_PROGRAM.includes(word) ? undefined : await rowOf(word)
  const envelope: Envelope = { ok: true, help: await helpText({ row, words }) }
  return {
    envelope,
    forPeople: async () => ({ envelope, text: await helpText({ row, words, columns }) }),
    shortLine: { ok: true, ...(row === undefined ? {} : { command: row.cli }) },
  }
}

/** `tkt --root DIR help`: DIR is no command. */
const takesValue = (word: string | undefined): boolean =>
  GLOBAL_OPTIONS.some(({ name, kind }) => kind !== 'flag' && flagOf(name) === word)

/** They have no row, and the help of the program explains them. */
const WORDS_OF_THE_PROGRAM: readonly string[] = ['help', 'version']
