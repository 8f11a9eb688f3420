/** The command line: finds the operation, runs it, prints one JSON line last and sets the exit code. */
import { resolve } from 'node:path'
import packageFile from '../../../package.json' with { type: 'json' }
import { exitCodeOf, lineOf, type Envelope } from '../../operation/envelope.ts'
import { OperationError } from '../../operation/errors.ts'
import { flagOf, normaliseInput, optionsOf, type RawInput, type ReadText } from '../../operation/input.ts'
import { outcomeOf, runOperation, type Outcome } from '../../operation/run.ts'
import { errorCode, readTextIfPresent } from '../../system/files.ts'
import { FAMILIES, findRow, registry, type Row } from '../../registry.ts'
import type { Runtime } from '../../runtime.ts'
import { GLOBAL_OPTIONS, parseArguments } from './arguments.ts'
import { nearest } from './nearest.ts'

interface Answer extends Outcome {
  /** What people read above the line on a terminal. */
  readonly text?: string
  readonly row?: Row
  readonly globals?: Globals
}

/** What GLOBAL_OPTIONS hold, read. */
interface Globals {
  readonly root?: string
  readonly input_json?: string
  readonly json?: boolean
  readonly debug?: boolean
  readonly help?: boolean
}

/** Never throws; whatever happens, the last line of standard output is one JSON object. */
export async function main(runtime: Runtime): Promise<void> {
  const answer = await answerTo(runtime)
  const { json, debug } = answer.globals ?? writtenIn(runtime.argv)
  if (runtime.stdoutIsTerminal && json !== true) {
    const { showAnswer } = await import('./terminal.ts')
    runtime.writeOut(showAnswer(answer, runtime))
  }
  if (debug === true && answer.fault instanceof Error) runtime.writeError(`${answer.fault.stack ?? ''}\n`)
  runtime.writeOut(`${lineOf(answer.envelope)}\n`)
  runtime.setExitCode(exitCodeOf(answer.envelope))
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
  const hint = envelope.hint.replace('<command>', findRow(word)?.cli ?? '<command>')
  return { ...answer, envelope: { ...envelope, hint } }
}

async function answerToWord(word: string, rest: readonly string[], runtime: Runtime): Promise<Answer> {
  try {
    if (word === '--version' || word === '-v' || word === 'version') return version()
    if (word === '--help' || word === '-h' || word === 'help')
      return await help(rest.find((other) => !other.startsWith('-')))
    return await runRow(rowOf(word), rest, runtime)
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
  const [operation, { validate }] = await Promise.all([row.load(), row.loadValidator()])
  const options = optionsOf(operation.input)
  const readText = textReader(runtime)
  const parsed = parseArguments(words, options, operation.positional ?? [])
  const globals: Globals = await normaliseInput(GLOBAL_OPTIONS, parsed.globals, readText)
  if (globals.help === true) return help(row.cli)
  const warnings = [...parsed.warnings]
  const world = {
    ...runtime,
    warn: (text: string) => {
      warnings.push(text)
    },
    progress: (text: string) => {
      if (runtime.stderrIsTerminal) runtime.writeError(`${text}\n`)
    },
  }
  const known = options.map(({ name }) => name)
  const outcome = await runOperation({
    operation,
    validate,
    raw: { ...fieldsIn(globals.input_json, known), ...parsed.raw },
    readText,
    openContext: () => FAMILIES[row.family](world, globals.root),
    warnings,
  })
  return { ...outcome, row, globals }
}

function rowOf(word: string): Row {
  const row = findRow(word)
  if (row !== undefined) return row
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
    const text = readTextIfPresent(path)
    if (text !== undefined) return text
  } catch (error) {
    const message = error instanceof Error ? error.message.replace(`${path}: `, '') : 'unknown'
    const reason = errorCode(error) === 'EISDIR' ? 'it is a folder' : message
    throw new OperationError('FILE_UNREADABLE', `${path}: ${reason}`, { path }) // survived: told to the caller
  }
  throw new OperationError('FILE_NOT_FOUND', `there is no file ${path}`, { path })
}

function version(): Answer {
  const fields = { version: packageFile.version }
  return { envelope: { ok: true, ...fields }, text: packageFile.version }
}

async function help(word: string | undefined): Promise<Answer> {
  const { helpText } = await import('./help.ts')
  const text = await helpText(word === undefined ? undefined : rowOf(word))
  const envelope: Envelope = { ok: true, help: text }
  return { envelope, text }
}
