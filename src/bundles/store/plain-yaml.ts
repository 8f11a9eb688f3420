/**
 * The plain part of YAML that this program writes: read and written in a tenth of the library's time. Whatever is not
 * surely the same to every reader is left to the library: both functions then answer undefined.
 */

interface Lines {
  readonly all: string[]
  at: number
}

type Fields = Record<string, unknown>

/** Thrown, and caught in here, where a text or a value is more than plain. */
const NOT_PLAIN = new Error('not plain')

/** The map that a text of plain lines holds, as the library reads it; undefined for any other text. */
export function readPlain(text: string): Readonly<Fields> | undefined {
  if (!text.endsWith('\n') || text.includes('\r')) return undefined
  const lines: Lines = { all: text.slice(0, -1).split('\n'), at: 0 }
  return unlessNotPlain(() => {
    skipEmpty(lines)
    const map = readMap(lines, '')
    return lines.at === lines.all.length && isFields(map) ? map : fail()
  })
}

/** The text of a map as the library writes it in our style; undefined when it holds more than plain values. */
export function writePlain(value: unknown): string | undefined {
  return unlessNotPlain(() => {
    refuseTwins(value, new Set())
    return `${isFields(value) ? writeMap(value, '') : fail()}\n`
  })
}

/** A block keeps line breaks readable; only text that a block gives back unchanged may become one. */
export const fitsBlock = (text: string): boolean => text.includes('\n') && !NOT_FOR_BLOCKS.test(text)

const NOT_FOR_BLOCKS =
  /[^\n\t\u0020-\u007e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]|[ \t]\n|^\s|\n[ \t]*$/u

const ENTRY = /^([A-Za-z_][\w-]*):(?: (.+))?$/
const WORDS_OF_YAML = /^(?:null|true|false|y|n|yes|no|on|off|__proto__)$/i

function readMap(lines: Lines, indent: string): Fields {
  const map: Fields = {}
  for (let rest = lineAt(lines, indent); rest !== undefined; rest = lineAt(lines, indent)) {
    const [, name, value] = ENTRY.exec(rest) ?? fail()
    if (name === undefined || WORDS_OF_YAML.test(name) || Object.hasOwn(map, name)) return fail()
    lines.at += 1
    map[name] = value === undefined ? readBelow(lines, `${indent}  `) : readValue(value, lines, indent)
    skipEmpty(lines)
  }
  return map
}

/** What stands below `name:`. */
function readBelow(lines: Lines, indent: string): unknown {
  skipEmpty(lines)
  const first = lineAt(lines, indent) ?? fail()
  return first.startsWith('- ') ? readList(lines, indent) : readMap(lines, indent)
}

function readList(lines: Lines, indent: string): readonly unknown[] {
  const list: unknown[] = []
  for (let rest = lineAt(lines, indent); rest !== undefined; rest = lineAt(lines, indent)) {
    if (!rest.startsWith('- ')) return fail()
    const value = rest.slice(2)
    if (ENTRY.test(value)) {
      lines.all[lines.at] = `${indent}  ${value}` // its further fields stand below its first one
      list.push(readMap(lines, `${indent}  `))
    } else {
      lines.at += 1
      list.push(readValue(value, lines, indent))
    }
    skipEmpty(lines)
  }
  return list
}

function readValue(text: string, lines: Lines, indent: string): unknown {
  if (text.startsWith('"')) return readQuoted(text)
  if (text === '|-') return readBlock(lines, `${indent}  `)
  if (text === '[]') return []
  if (CONSTANTS.has(text)) return CONSTANTS.get(text)
  return INTEGER.test(text) ? Number(text) : fail()
}

const INTEGER = /^(?:0|-?[1-9][0-9]{0,14})$/
const CONSTANTS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['null', null],
  ['true', true],
  ['false', false],
])

/** The escapes of JSON mean the same in YAML; JSON refuses the others, and we with it. */
function readQuoted(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return fail() // survived: the library knows more escapes
  }
}

function readBlock(lines: Lines, indent: string): string {
  const first = lines.at
  if (lines.all[first]?.startsWith(indent) !== true || lines.all[first][indent.length] === ' ') return fail()
  while (lines.all[lines.at] === '' || lines.all[lines.at]?.startsWith(indent) === true) lines.at += 1
  const block = lines.all.slice(first, lines.at)
  if (block.some((line) => /^[ \t]+$/.test(line))) return fail()
  return block
    .map((line) => line.slice(indent.length))
    .join('\n')
    .replace(/\n+$/, '')
}

/** The rest of the present line when it is indented so; undefined when it is indented less, or the text has ended. */
function lineAt(lines: Lines, indent: string): string | undefined {
  const line = lines.all[lines.at]
  if (line === undefined || !line.startsWith(indent)) return undefined
  return line[indent.length] === ' ' ? fail() : line.slice(indent.length)
}

/** Comments and empty lines between entries say nothing. */
function skipEmpty(lines: Lines): void {
  while (/^(?: *#.*)?$/.test(lines.all[lines.at] ?? '-')) lines.at += 1
}

/** The library gives a name to what occurs twice. */
function refuseTwins(value: unknown, seen: Set<object>): void {
  if (typeof value !== 'object' || value === null) return
  if (seen.has(value)) fail()
  seen.add(value)
  for (const field of Object.values(value)) refuseTwins(field, seen)
}

function writeMap(map: Readonly<Fields>, indent: string): string {
  const entries = Object.entries(map).filter(([, value]) => value !== undefined)
  return entries.map(([name, value]) => `${writeName(name)}${writeBelow(value, indent)}`).join(`\n${indent}`)
}

function writeName(name: string): string {
  return ENTRY.test(`${name}:`) && name.length < 100 && !WORDS_OF_YAML.test(name) ? `${name}:` : fail()
}

/** What follows `name:`, on the same line or below. */
function writeBelow(value: unknown, indent: string): string {
  const deeper = `${indent}  `
  if (isFields(value)) return `\n${deeper}${writeMap(value, deeper)}`
  if (!Array.isArray(value) || value.length === 0) return ` ${writeValue(value, deeper)}`
  return value.map((entry: unknown) => `\n${deeper}- ${writeEntry(entry, `${deeper}  `)}`).join('')
}

const writeEntry = (value: unknown, indent: string): string =>
  isFields(value) ? writeMap(value, indent) : writeValue(value, indent)

function writeValue(value: unknown, indent: string): string {
  if (typeof value === 'string') return fitsBlock(value) ? writeBlock(value, indent) : writeQuoted(value)
  if (value === null) return 'null'
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'number' && INTEGER.test(String(value)) && !Object.is(value, -0)) return String(value)
  return Array.isArray(value) && value.length === 0 ? '[]' : fail()
}

const writeBlock = (text: string, indent: string): string =>
  ['|-', ...text.split('\n').map((line) => (line === '' ? '' : `${indent}${line}`))].join('\n')

function writeQuoted(text: string): string {
  return /^[\u0020-\u007e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]*$/u.test(
    text,
  )
    ? JSON.stringify(text)
    : fail()
}

/** A map with something in it, made by a literal or a reader. */
function isFields(value: unknown): value is Readonly<Fields> {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return false
  return Object.values(value).some((field) => field !== undefined)
}

function fail(): never {
  throw NOT_PLAIN
}

function unlessNotPlain<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error === NOT_PLAIN) return undefined // survived: the library takes over
    throw error
  }
}
