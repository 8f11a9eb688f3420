/** The command line: finds the operation, runs it, prints one JSON line last and sets the exit code. */
import { resolve } from 'node:path'
import packageFile from '../../../package.json' with { type: 'json' }
import { exitCodeOf, type Envelope } from '../../operation/envelope.ts'
import { OperationError } from '../../operation/errors.ts'
import { optionsOf, type RawInput } from '../../operation/input.ts'
import { outcomeOf, runOperation, type Outcome } from '../../operation/run.ts'
import { errorCode, readTextIfPresent } from '../../system/files.ts'
import { FAMILIES, findRow, registry, type Row } from '../../registry.ts'
import type { Runtime } from '../../runtime.ts'
import { parseArguments, type ParsedArguments } from './arguments.ts'
import { nearest } from './nearest.ts'

interface Answer extends Outcome {
  /** What people read above the line on a terminal. */
  readonly text?: string
  readonly row?: Row
  readonly globals?: ParsedArguments['globals']
}

/** Never throws; whatever happens, the last line of standard output is one JSON object. */
export async function main(runtime: Runtime): Promise<void> {
  const answer = await answerTo(runtime)
  if (runtime.stdoutIsTerminal && answer.globals?.json !== true) {
    const { showAnswer } = await import('./terminal.ts')
    runtime.writeOut(showAnswer(answer, runtime))
  }
  if (answer.globals?.debug === true && answer.fault instanceof Error)
    runtime.writeError(`${answer.fault.stack ?? ''}\n`)
  runtime.writeOut(`${JSON.stringify(answer.envelope)}\n`)
  runtime.setExitCode(exitCodeOf(answer.envelope))
}

async function answerTo(runtime: Runtime): Promise<Answer> {
  const [word = '--help', ...rest] = runtime.argv
  try {
    if (word === '--version' || word === '-v' || word === 'version') return version()
    if (word === '--help' || word === '-h') return await help(undefined)
    if (word === 'help') return await help(rest[0])
    return await runRow(rowOf(word), rest, runtime)
  } catch (thrown) {
    return outcomeOf(thrown)
  }
}

async function runRow(row: Row, words: readonly string[], runtime: Runtime): Promise<Answer> {
  const [operation, { validate }] = await Promise.all([row.load(), row.loadValidator()])
  const {
    raw,
    globals,
    warnings: found,
  } = parseArguments(words, optionsOf(operation.input), operation.positional ?? [])
  if (globals.help === true) return help(row.cli)
  const warnings = [...found]
  const world = {
    ...runtime,
    warn: (text: string) => {
      warnings.push(text)
    },
    progress: (text: string) => {
      if (runtime.stderrIsTerminal) runtime.writeError(`${text}\n`)
    },
  }
  const outcome = await runOperation({
    operation,
    validate,
    raw: await withJson(
      raw,
      globals.input_json,
      optionsOf(operation.input).map((option) => option.name),
      runtime,
    ),
    readText: (source) => readText(source, runtime),
    openContext: () => FAMILIES[row.family](world, rootOf(globals.root)),
    warnings,
  })
  return { ...outcome, row, globals }
}

const rootOf = (root: string | boolean | undefined): string | undefined =>
  typeof root === 'string' && root.trim() !== '' && root !== '{root}' ? root : undefined

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
async function withJson(
  raw: RawInput,
  json: string | boolean | undefined,
  known: readonly string[],
  runtime: Runtime,
): Promise<RawInput> {
  if (typeof json !== 'string' || json.trim() === '') return raw
  const value = parseObject(json === '-' ? await runtime.readStdin() : json)
  const fields = Object.entries(value).map(([name, field]) => [name.replaceAll('-', '_'), field] as const)
  const stranger = fields.find(([name]) => !known.includes(name))?.[0]
  if (stranger !== undefined) {
    const close = nearest(stranger, known)
    const details = { option: stranger.slice(0, 80), known }
    throw new OperationError(
      'UNKNOWN_OPTION',
      `--input-json: unknown field ${JSON.stringify(stranger.slice(0, 80))}`,
      details,
      close && `did you mean ${close}?`,
    )
  }
  return { ...Object.fromEntries(fields), ...raw }
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

/** The text behind `--x-file PATH`, or standard input. */
async function readText(source: string, runtime: Runtime): Promise<string> {
  if (source === '-') return runtime.readStdin()
  const path = resolve(runtime.cwd, source)
  try {
    const text = readTextIfPresent(path)
    if (text !== undefined) return text
  } catch (error) {
    const reason =
      errorCode(error) === 'EISDIR' ? 'it is a folder' : error instanceof Error ? error.message : 'unknown'
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
