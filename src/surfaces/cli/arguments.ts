/** From the words of a command line to the raw input of one operation; the rules of contracts: skill-packaging section 8. */
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import { OperationError } from '../../operation/errors.ts'
import { flagOf, type Option, type RawInput } from '../../operation/input.ts'
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
  {
    name: 'debug',
    kind: 'flag',
    required: false,
    description: 'show the stack of a fault of this program on standard error',
  },
  { name: 'help', kind: 'flag', required: false, description: 'explain the command' },
] as const satisfies readonly Option[]

type GlobalName = (typeof GLOBAL_OPTIONS)[number]['name']

export interface ParsedArguments {
  readonly raw: RawInput
  readonly globals: Readonly<Partial<Record<GlobalName, string | boolean>>>
  readonly warnings: readonly string[]
}

/** Reads the words behind a command's name. Throws UNKNOWN_OPTION with the nearest match. */
export function parseArguments(
  words: readonly string[],
  options: readonly Option[],
  positional: readonly string[],
): ParsedArguments {
  const known = new Map(
    [...options, ...GLOBAL_OPTIONS].map((option): [string, Option] => [option.name, option]),
  )
  const warnings: string[] = []
  const config: ParseArgsOptionsConfig = {}
  for (const option of known.values()) {
    config[flagOf(option.name).slice(2)] = { type: option.kind === 'flag' ? 'boolean' : 'string' }
  }
  const args = words.map((word, index) => settle(word, words[index + 1], known))
  const { tokens } = parseArgs({ args, options: config, strict: false, allowPositionals: true, tokens: true })
  const raw: Record<string, unknown> = {}
  const globals: Record<string, string | boolean> = {}
  const rest: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') rest.push(token.value)
    if (token.kind !== 'option') continue
    const isNegated = token.rawName.startsWith('--no-') && !known.has(nameOf(token.name))
    const name = nameOf(isNegated ? token.name.slice(3) : token.name)
    const option = known.get(name)
    if (option === undefined || !token.rawName.startsWith('--') || (isNegated && option.kind !== 'flag')) {
      throw unknownOption(token.rawName, [...known.keys()].map(flagOf))
    }
    const value = isNegated ? 'false' : (token.value ?? (option.kind === 'flag' ? 'true' : ''))
    if (token.value === undefined && option.kind !== 'flag' && !option.required)
      warnings.push(`${flagOf(name)} came without a value and was left out`)
    if (isGlobal(name)) globals[name] = option.kind === 'flag' ? value !== 'false' : value
    else raw[name] = gather(option, raw[name], value, warnings)
  }
  placePositionals(rest, positional, raw)
  return { raw, globals, warnings }
}

/**
 * A value may begin with dashes, as published, unless it is itself an option of this command: then the value was left
 * out. A value on its own after a flag (`--force true`) is joined to it.
 */
function settle(word: string, next: string | undefined, known: ReadonlyMap<string, Option>): string {
  const option = word.startsWith('--') && !word.includes('=') ? known.get(nameOf(word.slice(2))) : undefined
  if (option === undefined) return canonical(word, known)
  const isMissing = next === undefined || isKnownOption(next, known)
  return option.kind !== 'flag' && isMissing ? `${flagOf(option.name)}=` : flagOf(option.name)
}

/** snake_case is understood on the command line too. */
function canonical(word: string, known: ReadonlyMap<string, Option>): string {
  const [, name = '', value = ''] = /^--([^=]+)(=.*)$/s.exec(word) ?? []
  return known.has(nameOf(name)) ? `${flagOf(nameOf(name))}${value}` : word
}

function isKnownOption(word: string, known: ReadonlyMap<string, Option>): boolean {
  const [, name] = /^--([^=]+)(=.*)?$/s.exec(word) ?? []
  return name !== undefined && known.has(nameOf(name))
}

const nameOf = (flag: string): string => flag.replaceAll('-', '_')

const isGlobal = (name: string): name is GlobalName => GLOBAL_OPTIONS.some((option) => option.name === name)

/** Lists and texts add up when repeated; of anything else the last one counts, as published. */
function gather(option: Option, before: unknown, value: string | boolean, warnings: string[]): unknown {
  if (before === undefined) return value
  if (option.kind === 'texts' || option.kind === 'list') return [before, value].flat()
  if (before !== value)
    warnings.push(`${flagOf(option.name)} was given more than once: the last value counts`)
  return value
}

function placePositionals(
  words: readonly string[],
  positional: readonly string[],
  raw: Record<string, unknown>,
): void {
  const free = positional.filter((name) => raw[name] === undefined)
  if (words.length > free.length) {
    const word = words[free.length] ?? ''
    const message = `unexpected argument ${JSON.stringify(word.slice(0, 80))}`
    throw new OperationError(
      'UNKNOWN_OPTION',
      message,
      { argument: word.slice(0, 80) },
      'quote a value that has spaces in it',
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
