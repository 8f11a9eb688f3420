/** From the words of a command line to the raw input of one operation; the rules of contracts: skill-packaging section 8. */
import { OperationError } from '../../operation/errors.ts'
import { booleanOf, flagOf, isAbsent, type Option, type RawInput } from '../../operation/input.ts'
import { nearest } from './nearest.ts'

/** Options that every command has. */
export const GLOBAL_OPTIONS = [
  {
    name: 'root',
    kind: 'path',
    required: false,
    description: 'the project to work on; found from the working directory when left out',
  },
  {
    name: 'input_json',
    kind: 'long_text',
    required: false,
    description: 'the whole input as one JSON object, or - to read it from standard input',
  },
  { name: 'json', kind: 'flag', required: false, description: 'only the JSON line, on a terminal too' },
  { name: 'exit_code', kind: 'flag', required: false, description: 'of a report: exit 1 when it says no' },
  {
    name: 'debug',
    kind: 'flag',
    required: false,
    description: 'show the stack of a fault of this program on standard error',
  },
  { name: 'help', kind: 'flag', required: false, description: 'explain the command' },
] as const satisfies readonly Option[]

export interface ParsedArguments {
  readonly raw: RawInput
  /** The options that every command has, as raw as the others. */
  readonly globals: RawInput
  readonly warnings: readonly string[]
}

/** Reads the words behind a command's name; what counts as absent is left out. Throws UNKNOWN_OPTION with the nearest match. */
export function parseArguments(
  words: readonly string[],
  options: readonly Option[],
  positional: readonly string[],
): ParsedArguments {
  const known: Known = new Map([...options, ...GLOBAL_OPTIONS].map((option) => [option.name, option]))
  const warnings: string[] = []
  const raw: Record<string, unknown> = {}
  const globals: Record<string, unknown> = {}
  const rest: string[] = []
  for (const token of tokensOf(words, known, warnings)) {
    if ('word' in token) {
      rest.push(token.word)
      continue
    }
    const { option, value } = meaningOf(token, known)
    if (isAbsent(option, value)) continue
    const target = isGlobal(option.name) ? globals : raw
    target[option.name] = gather(option, target[option.name], value, warnings)
  }
  placePositionals(rest, { positional, known }, raw)
  return { raw, globals, warnings }
}

type Known = ReadonlyMap<string, Option>

/** A word that stands for itself, or an option as it was written with the value that belongs to it. */
type Token = { readonly word: string } | { readonly flag: string; readonly value?: string | undefined }

/**
 * Joins each option with the value behind it. A value may begin with dashes, as published, unless it is itself an option
 * of this command: then the value was left out. Behind a flag only a word that can be its value is one (`--force true`).
 */
function tokensOf(words: readonly string[], known: Known, warnings: string[]): readonly Token[] {
  const tokens: Token[] = []
  for (let index = 0; index < words.length; index += 1) {
    const [word = '', next] = words.slice(index, index + 2)
    if (word === '--') return [...tokens, ...words.slice(index + 1).map((rest) => ({ word: rest }))]
    const [, flag = word, joined] = /^(--[^=]+)=(.*)$/s.exec(word) ?? []
    const option =
      flag.startsWith('--') && joined === undefined ? known.get(nameOf(flag.slice(2))) : undefined
    if (!word.startsWith('-') || word === '-') tokens.push({ word })
    else if (option === undefined) tokens.push({ flag, value: joined })
    else if (next !== undefined && takes(option, next, known)) {
      tokens.push({ flag, value: next })
      index += 1
    } else {
      tokens.push({ flag })
      if (option.kind !== 'flag' && !option.required)
        warnings.push(`${flagOf(option.name)} came without a value and was left out`)
    }
  }
  return tokens
}

const takes = (option: Option, word: string, known: Known): boolean =>
  option.kind === 'flag' ? isAbsent(option, word) || booleanOf(word) !== undefined : !isOption(word, known)

function isOption(word: string, known: Known): boolean {
  const [, flag = ''] = /^--([^=]+)/.exec(word) ?? []
  const name = nameOf(flag)
  return known.has(name) || (name.startsWith('no_') && known.get(name.slice(3))?.kind === 'flag')
}

const nameOf = (flag: string): string => flag.replaceAll('-', '_')

const isGlobal = (name: string): boolean => GLOBAL_OPTIONS.some((option) => option.name === name)

function meaningOf(
  written: Exclude<Token, { readonly word: string }>,
  known: Known,
): { readonly option: Option; readonly value: string } {
  const flag = written.flag === '-h' ? '--help' : written.flag
  const name = flag.startsWith('--') ? nameOf(flag.slice(2)) : ''
  const option = known.get(name)
  if (option !== undefined) return { option, value: written.value ?? (option.kind === 'flag' ? 'true' : '') }
  const negated = name.startsWith('no_') ? known.get(name.slice(3)) : undefined
  if (negated?.kind === 'flag' && written.value === undefined) return { option: negated, value: 'false' }
  throw unknownOption(written.flag, [...known.keys()].map(flagOf))
}

/** Lists and texts add up when repeated; of anything else the last one counts, as published. */
function gather(option: Option, before: unknown, value: string, warnings: string[]): unknown {
  if (before === undefined) return value
  if (ADDING_UP.includes(option.kind)) return [before, value].flat()
  if (before !== value)
    warnings.push(`${flagOf(option.name)} was given more than once: the last value counts`)
  return value
}

const ADDING_UP: readonly Option['kind'][] = ['texts', 'long_texts', 'list']

/** A list takes every word that is left. */
function placePositionals(
  words: readonly string[],
  { positional, known }: { readonly positional: readonly string[]; readonly known: Known },
  raw: Record<string, unknown>,
): void {
  const free = positional.filter((name) => raw[name] === undefined)
  const last = free.at(-1) ?? ''
  if (words.length > 0 && known.get(last)?.kind === 'list') {
    raw[last] = words.slice(free.length - 1)
    placePositionals(words.slice(0, free.length - 1), { positional: free.slice(0, -1), known }, raw)
    return
  }
  if (words.length > free.length) {
    const word = words[free.length] ?? ''
    const message = `unexpected argument ${JSON.stringify(word.slice(0, 80))}`
    throw new OperationError(
      'UNKNOWN_OPTION',
      message,
      { argument: word.slice(0, 80) },
      'name its option, and quote a value that has spaces in it: see `tkt help <command>`',
    )
  }
  words.forEach((word, index) => (raw[free[index] ?? ''] = word))
}

function unknownOption(flag: string, known: readonly string[]): OperationError {
  const [name = flag] = flag.split('=')
  const close = nearest(name, known)
  const hint = close === undefined ? `options: ${known.join(' ')}` : `did you mean ${close}?`
  return new OperationError(
    'UNKNOWN_OPTION',
    `unknown option ${name.slice(0, 80)}`,
    { option: name.slice(0, 80), known },
    hint,
  )
}
