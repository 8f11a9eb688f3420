/**
 * Edits of YAML files that leave every other character alone. The library's parser says where things stand; what is not
 * written plainly (`key: value` in lines, lists with dashes) is left to the library's tree of the document.
 */
import { CST, Parser } from 'yaml'
import { mapOf, type RawMap } from '../model/raw.ts'
import type { Changes } from '../model/ticket-moves.ts'
import { editTree } from './yaml-edit-tree.ts'
import { afterKey, renderList, renderMap } from './yaml-write.ts'

/** Fields to set by dotted path, and entries to add to the lists of those names. */
export interface Edit {
  readonly changes: Changes
  readonly entries: RawMap
  readonly order: 'append' | 'prepend'
}

/** The text with the edit carried out, all else kept. */
export const editDocument = (text: string, edit: Edit): string =>
  editPlainly(text, edit) ?? editTree(text, edit)

/** What a file holds once the edit is carried out. */
export function editValue(value: unknown, { changes, entries, order }: Edit): RawMap {
  let edited: RawMap = mapOf(value) ?? {}
  for (const [path, field] of Object.entries(changes)) edited = withField(edited, path.split('.'), field)
  for (const [name, entry] of Object.entries(entries)) {
    const list: readonly unknown[] = Array.isArray(edited[name]) ? edited[name] : []
    edited = { ...edited, [name]: order === 'append' ? [...list, entry] : [entry, ...list] }
  }
  return edited
}

function withField(map: RawMap, [name = '', ...deeper]: readonly string[], value: unknown): RawMap {
  return { ...map, [name]: deeper.length === 0 ? value : withField(mapOf(map[name]) ?? {}, deeper, value) }
}

/** Text to put in the place of what stands from one character to another. */
interface Splice {
  readonly from: number
  readonly to: number
  readonly text: string
  /** Of two that are put in at the same place, the one further in comes first; a list is further in than its key. */
  readonly column: number
}

/** Thrown where a file is not written plainly enough. */
class NotPlain extends Error {}

function editPlainly(text: string, edit: Edit): string | undefined {
  const tokens = [...new Parser().parse(text)]
  const [document, ...others] = tokens.filter(
    ({ type }) => !['byte-order-mark', ...BLANK_OR_COMMENT].includes(type),
  )
  if (document?.type !== 'document' || document.value?.type !== 'block-map' || others.length > 0)
    return undefined
  if (text.includes('\r') || !text.endsWith('\n')) return undefined
  try {
    const map = document.value
    const splices = [...setFields(map, nested(edit.changes)), ...addEntries(text, map, edit)]
    const fromTheEnd = splices
      .reverse()
      .sort((one, other) => other.from - one.from || one.column - other.column)
    return fromTheEnd.reduce(spliced, text)
  } catch (error) {
    if (error instanceof NotPlain) return undefined // survived: the tree takes any file
    throw error
  }
}

const spliced = (text: string, { from, to, text: own }: Splice): string =>
  text.slice(0, from) + own + text.slice(to)

/** Dotted paths as maps in maps. */
function nested(changes: Changes): RawMap {
  let fields: RawMap = {}
  for (const [path, value] of Object.entries(changes)) fields = withField(fields, path.split('.'), value)
  return fields
}

function setFields(map: CST.BlockMap, fields: RawMap): readonly Splice[] {
  const missing = Object.entries(fields).filter(([name]) => itemOf(map, name) === undefined)
  const splices = Object.entries(fields).flatMap(([name, value]) => {
    const item = itemOf(map, name)
    const inner = mapOf(value)
    if (item === undefined) return []
    return inner !== undefined && item.value?.type === 'block-map'
      ? setFields(item.value, inner)
      : [replaceValue(map, item, value)]
  })
  return missing.length === 0 ? splices : [...splices, appendTo(map, Object.fromEntries(missing))]
}

function addEntries(text: string, map: CST.BlockMap, { entries, order }: Edit): readonly Splice[] {
  return Object.entries(entries).map(([name, entry]) => {
    const item = itemOf(map, name)
    if (item === undefined) return appendTo(map, { [name]: [entry] })
    const list = item.value
    if (list?.type === 'flow-collection' && list.items.length > 0) throw new NotPlain()
    if (list?.type !== 'block-seq') return replaceValue(map, item, [entry])
    const column = list.offset - lineStart(text, list.offset)
    const at = order === 'append' ? endOfLines(list) : lineStart(text, list.offset)
    return { from: at, to: at, text: renderList([entry], column), column: column + 1 }
  })
}

type Item = CST.BlockMap['items'][number]

function itemOf(map: CST.BlockMap, name: string): Item | undefined {
  return map.items.find(({ key }) => CST.isScalar(key) && CST.resolveAsScalar(key).value === name)
}

/** A scalar, an empty list or nothing, on the line of its key: anything else would take words with it. */
function replaceValue(map: CST.BlockMap, { start, sep = [], value }: Item, own: unknown): Splice {
  const [colon, ...between] = sep
  const blank = value === undefined ? BLANK_OR_COMMENT : ['space']
  if (colon?.type !== 'map-value-ind' || !isOnly(between, blank) || !isOnly(start, BLANK_OR_COMMENT))
    throw new NotPlain()
  const text = afterKey(own, map.indent).slice(0, -1)
  const [to, rest] = value === undefined ? [colon.offset + 1, between] : endOfPlain(value)
  if (text.includes('\n') && rest[0]?.type !== 'newline') throw new NotPlain() // a comment would slip behind it
  return { from: colon.offset + 1, to, text, column: map.indent }
}

const BLANK_OR_COMMENT = ['space', 'newline', 'comment']

const isOnly = (tokens: readonly CST.SourceToken[], types: readonly string[]): boolean =>
  tokens.every(({ type }) => types.includes(type))

/** Where such a value ends, and what follows it. */
function endOfPlain(value: CST.Token): readonly [number, readonly CST.SourceToken[]] {
  if (value.type === 'flow-collection' && value.items.length === 0) {
    const [bracket, ...rest] = value.end
    if (bracket !== undefined) return [bracket.offset + 1, rest]
  }
  if (CST.isScalar(value) && value.type !== 'block-scalar') {
    return [value.offset + value.source.length, value.end ?? []]
  }
  throw new NotPlain()
}

/** New keys go behind the last line of the map. */
function appendTo(map: CST.BlockMap, fields: RawMap): Splice {
  const at = endOfLines(map)
  return { from: at, to: at, text: renderMap(fields, map.indent), column: map.indent }
}

/** Where the line after the last one of a token begins. */
function endOfLines(token: CST.Token | null | undefined): number {
  if (token?.type === 'block-map' || token?.type === 'block-seq') {
    const { start = [], key, sep, value }: Partial<CST.CollectionItem> = token.items.at(-1) ?? {}
    const part = value ?? (sep === undefined ? key : undefined)
    return part ? endOfLines(part) : endOfLine(sep ?? start)
  }
  if (token?.type === 'block-scalar') return endOfLine(token.props as CST.SourceToken[]) + token.source.length
  if (token?.type === 'flow-collection' || token?.type === 'alias' || CST.isScalar(token)) {
    return endOfLine([token.type === 'flow-collection' ? token.start : token, ...(token.end ?? [])])
  }
  throw new NotPlain()
}

/** Behind the first line break, or the last of the tokens. */
function endOfLine(
  tokens: readonly { readonly type: string; readonly offset: number; readonly source: string }[],
): number {
  const last = tokens.find(({ type }) => type === 'newline') ?? tokens.at(-1)
  if (last === undefined) throw new NotPlain()
  return last.offset + last.source.length
}

const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1
