/** From what a caller handed over (texts, or JSON values) to the input of an operation: one normaliser for every door. */
import type { TObject } from 'typebox'
import { OperationError } from './errors.ts'
import { KIND, requiredOf, type FieldKind } from './schema.ts'

/** One way to give one input. Long text has two: its own, and `<name>_file`. */
export interface Option {
  readonly name: string
  readonly kind: FieldKind
  readonly required: boolean
  readonly description: string
  readonly choices?: readonly string[]
  /** The long text that this option reads from a file. */
  readonly fileOf?: string
}

export type RawInput = Readonly<Record<string, unknown>>

/** Reads the text of `--x-file PATH`, or standard input for `-`. */
export type ReadText = (source: string) => Promise<string>

interface FieldSchema {
  readonly [KIND]: FieldKind
  readonly description: string
  readonly enum?: readonly string[]
}

/** Every option of an operation, in the order its input declares them. */
export function optionsOf(input: TObject): readonly Option[] {
  return Object.entries(input.properties).flatMap(([name, schema]): Option[] => {
    const field = schema as unknown as FieldSchema // every field comes from schema.ts
    const option: Option = {
      name,
      kind: field[KIND],
      required: requiredOf(input).includes(name),
      description: field.description,
      ...(field.enum === undefined ? {} : { choices: field.enum }),
    }
    if (option.kind !== 'long_text' && option.kind !== 'long_texts') return [option]
    const file: Option = {
      name: `${name}_file`,
      kind: 'path',
      required: false,
      description: `the same, read from a file`,
      fileOf: name,
    }
    return [option, file]
  })
}

/** `source_plan` as one types it: `--source-plan`. */
export const flagOf = (name: string): string => `--${name.replaceAll('_', '-')}`

/**
 * Applies the rules of contracts: skill-packaging section 8. Empty values and a loader's own placeholder count as
 * absent; texts become booleans, numbers and lists. Throws INPUT_INVALID naming option and value.
 */
export async function normaliseInput(
  options: readonly Option[],
  raw: RawInput,
  readText: ReadText,
): Promise<Record<string, unknown>> {
  const given = options.filter((option) => !isAbsent(option, raw[option.name]))
  const input: Record<string, unknown> = {}
  for (const option of given) {
    const target = option.fileOf ?? option.name
    if (option.fileOf !== undefined && given.some(({ name }) => name === target)) {
      throw invalid(target, `and ${flagOf(option.name)} are the same input: give one of them`)
    }
    const value = await read(option, raw[option.name], readText)
    if (value === '') continue
    const isList = options.find(({ name }) => name === target)?.kind === 'long_texts'
    input[target] = isList ? [value].flat() : value
  }
  const absent = options.filter((option) => option.required && !(option.name in input))
  if (absent.length > 0) throw missing(absent)
  return input
}

/**
 * Whether a value counts as not given: empty, the option's own placeholder, or a loader's word for nothing. Only a text
 * that must be there may be such a word: else `--evidence=None` would prove something, and `--reason=None` overwrite one.
 */
export function isAbsent(option: Option, value: unknown): boolean {
  if (value === undefined || value === null) return true
  if (Array.isArray(value)) return value.length === 0
  if (typeof value !== 'string') return false
  const trimmed = value.trim()
  if (trimmed === '' || placeholders(option.name).includes(trimmed)) return true
  const keepsWords = option.kind === 'text' && option.required
  return !keepsWords && ABSENT_WORDS.includes(trimmed)
}

const ABSENT_WORDS: readonly string[] = ['null', 'None', 'undefined']

const placeholders = (name: string): readonly string[] =>
  [name, name.replaceAll('_', '-')].flatMap((word) => [
    `{${word}}`,
    `\${${word}}`,
    `<${word}>`,
    `{{${word}}}`,
  ])

async function read(option: Option, value: unknown, readText: ReadText): Promise<unknown> {
  const { kind, fileOf } = option
  switch (kind) {
    case 'long_text':
      return longText(option, value === '-' ? await readText('-') : value)
    case 'long_texts':
      return longTexts(option, value, readText)
    case 'path':
    case 'text':
    case 'word': {
      const text = clean(option, value).trim()
      return fileOf === undefined ? text : longText(option, await readText(text))
    }
    case 'texts':
      return asTexts(value).map((entry) => clean(option, entry).trim())
    case 'list':
      return asList(value).map((entry) => clean(option, entry))
    case 'flag':
      return asFlag(option, value)
    case 'integer':
      return asInteger(option, value)
    default:
      return kind satisfies never
  }
}

/** Those that are there; an empty text when none is. */
async function longTexts(
  option: Option,
  value: unknown,
  readText: ReadText,
): Promise<'' | readonly string[]> {
  const texts: string[] = []
  for (const entry of entriesOf(value).filter((one) => !isAbsent(option, one)))
    texts.push(longText(option, entry === '-' ? await readText('-') : entry))
  const given = texts.filter((text) => text !== '')
  return given.length === 0 ? '' : given
}

/** Without the line breaks at its end; nothing but white space is an empty text. */
function longText(option: Option, value: unknown): string {
  // The look-behind keeps this linear: without it a long run of empty lines is tried from each of its places.
  const text = clean(option, value).replace(/(?<![\r\n])[\r\n]+$/, '')
  return text.trim() === '' ? '' : text
}

function clean(option: Option, value: unknown): string {
  const text = typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined
  if (text === undefined) throw invalid(option.name, 'must be text', value)
  if (text.includes('\0')) throw invalid(option.name, 'must not contain a NUL character', value)
  return text
}

const asTexts = (value: unknown): readonly unknown[] =>
  entriesOf(value).flatMap((entry) => parseArray(entry) ?? [entry])

const asList = (value: unknown): readonly unknown[] => entriesOf(value).flatMap(asWords)

/** One level only: a list in a list is no text. */
const entriesOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value])

function asWords(value: unknown): readonly unknown[] {
  if (typeof value !== 'string') return [value]
  const entries = parseArray(value) ?? value.split(COMMA)
  return entries
    .map((entry) => (typeof entry === 'string' ? entry.trim() : entry))
    .filter((entry) => entry !== '')
}

/** One in braces belongs to a glob: src/{a,b}.ts is one word. */
const COMMA = /,(?![^{}]{0,200}\})/

function parseArray(value: unknown): readonly unknown[] | undefined {
  if (typeof value !== 'string' || !value.trimStart().startsWith('[')) return undefined
  try {
    const parsed: unknown = JSON.parse(value)
    return Array.isArray(parsed) && parsed.every((entry) => typeof entry === 'string') ? parsed : undefined
  } catch {
    return undefined // text that only begins like an array stays text
  }
}

function asFlag(option: Option, value: unknown): boolean {
  if (typeof value === 'boolean') return value
  const text = typeof value === 'number' ? String(value) : value
  const meant = typeof text === 'string' ? booleanOf(text) : undefined
  if (meant === undefined) throw invalid(option.name, 'must be true or false (or 1/0, yes/no, on/off)', value)
  return meant
}

/** What a word says about a flag; undefined for any other word. */
export function booleanOf(text: string): boolean | undefined {
  const word = text.trim().toLowerCase()
  if (['true', '1', 'yes', 'on'].includes(word)) return true
  return ['false', '0', 'no', 'off'].includes(word) ? false : undefined
}

function asInteger(option: Option, value: unknown): number {
  const number = typeof value === 'string' && /^[+-]?\d{1,15}$/.test(value.trim()) ? Number(value) : value
  if (typeof number === 'number' && Number.isInteger(number)) return number
  throw invalid(option.name, 'must be a whole number', value)
}

function missing(options: readonly Option[]): OperationError {
  const flags = options.map((option) => flagOf(option.name)).join(', ')
  return new OperationError('INPUT_INVALID', `missing: ${flags}`, {
    missing: options.map((option) => option.name),
  })
}

/** INPUT_INVALID about one field; the value is quoted, shortened. */
export function invalid(field: string, rule: string, value?: unknown): OperationError {
  const shown = value === undefined ? undefined : shorten(typeof value === 'string' ? value : jsonOf(value))
  const found = shown === undefined ? '' : `, got ${JSON.stringify(shown)}`
  const details = shown === undefined ? { field } : { field, value: shown }
  return new OperationError('INPUT_INVALID', `${flagOf(field)} ${rule}${found}`, details)
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    return 'a tower of brackets' // survived: nested too deeply to be written out
  }
}

const shorten = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)}…` : text)
