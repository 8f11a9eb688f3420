/**
 * Values as YAML in the published style (contracts: filesystem section 4, style pins): keys plain, texts in double
 * quotes, long texts as blocks. Maps and lists are laid out here; every text is written by the library.
 */
import { CST } from 'yaml'
import { mapOf, type RawMap } from '../model/raw.ts'

/** A whole file. */
export const renderDocument = (value: RawMap): string => renderMap(value, 0)

/** The lines of a map whose keys stand in that column; a field that is undefined has none. */
export const renderMap = (map: RawMap, column: number): string =>
  Object.entries(map)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${pad(column)}${renderKey(key)}:${afterKey(value, column)}`)
    .join('')

/** The lines of a list whose dashes stand in that column. */
export const renderList = (list: readonly unknown[], column: number): string =>
  list.map((entry) => `${pad(column)}-${afterDash(entry, column)}`).join('')

/** What follows the colon of a key in that column, up to and with the end of its last line. */
export function afterKey(value: unknown, column: number): string {
  const map = mapOf(value)
  if (Array.isArray(value)) return value.length === 0 ? ' []\n' : `\n${renderList(value, column + STEP)}`
  if (map !== undefined) return isEmpty(map) ? ' {}\n' : `\n${renderMap(map, column + STEP)}`
  return ` ${renderScalar(value, column + STEP)}`
}

/** As afterKey; a map or a list begins on the line of the dash. */
function afterDash(value: unknown, column: number): string {
  const inner = column + STEP
  const map = mapOf(value)
  if (Array.isArray(value) && value.length > 0) return ` ${renderList(value, inner).slice(inner)}`
  if (map !== undefined && !isEmpty(map)) return ` ${renderMap(map, inner).slice(inner)}`
  return afterKey(value, column)
}

const STEP = 2
const pad = (column: number): string => ' '.repeat(column)
const isEmpty = (map: RawMap): boolean => Object.keys(map).length === 0

/** Some readers take a word such as `no` for a truth value, wherever it stands. */
const renderKey = (key: string): string =>
  /^[A-Za-z_][\w-]*$/.test(key) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(key) ? key : quoted(key)

function renderScalar(value: unknown, indent: number): string {
  if (typeof value === 'string') return fitsBlock(value) ? block(value, indent) : `${quoted(value)}\n`
  if (typeof value !== 'number' || Number.isFinite(value))
    return `${Object.is(value, -0) ? '-0' : String(value)}\n`
  return Number.isNaN(value) ? '.nan\n' : `${value < 0 ? '-' : ''}.inf\n`
}

function block(text: string, indent: number): string {
  const token = CST.createScalarToken(text, { type: 'BLOCK_LITERAL', indent })
  return CST.stringify(token)
}

/** Plain characters are written as the library writes them, without loading it. */
const quoted = (text: string): string =>
  /^[ -~]*$/.test(text)
    ? JSON.stringify(text)
    : escapeForEveryReader(
        CST.createScalarToken(text, { type: 'QUOTE_DOUBLE', implicitKey: true, indent: 0, end: [] }).source,
      )

/** Of a text in double quotes: PyYAML refuses some characters, and takes others for line breaks. */
export const escapeForEveryReader = (text: string): string =>
  text.replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, escaped)
const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** A block keeps line breaks readable; only text that a block gives back unchanged may become one. */
export const fitsBlock = (text: string): boolean => text.includes('\n') && !NOT_FOR_BLOCKS.test(text)

const NOT_FOR_BLOCKS =
  /[^\n\t\u0020-\u007e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]|[ \t]\n|^\s|\n[ \t]*$/u
