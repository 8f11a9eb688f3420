/**
 * Edits of texts that are written plainly (`key: value` in lines, lists with dashes). The library's parser says where
 * things stand; what stands in lines that nothing changes in is not touched.
 */
import { isDeepStrictEqual } from 'node:util'
import { CST, Parser } from 'yaml'
import { mapOf, type RawMap } from '../model/raw.ts'
import { pairEntries } from './yaml-edit-pairs.ts'
import type { Revision } from './yaml-edit.ts'
import { afterKey, renderList, renderMap } from './yaml-write.ts'

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

/** The text with the revision carried out; undefined where it is not written plainly enough. */
export function editPlainly(written: string, { before, after, nameOf }: Revision): string | undefined {
  if (written.includes('\r') || /\n[ \t]+$/.test(written)) return undefined
  const text = written.endsWith('\n') ? written : `${written}\n`
  const tokens = [...new Parser().parse(text)]
  const [document, ...others] = tokens.filter(
    ({ type }) => !['byte-order-mark', ...BLANK_OR_COMMENT].includes(type),
  )
  if (document?.type !== 'document' || document.value?.type !== 'block-map' || others.length > 0)
    return undefined
  try {
    const splices = setFields({ text, nameOf }, document.value, mapOf(before) ?? {}, after)
    return spliced(text, splices)
  } catch (error) {
    if (error instanceof NotPlain) return undefined // survived: the tree takes any file
    throw error
  }
}

function spliced(text: string, splices: readonly Splice[]): string {
  const inOrder = splices.toSorted(
    (one, other) => one.from - other.from || one.to - other.to || other.column - one.column,
  )
  const parts = inOrder.flatMap(({ from, text: own }, index) => [
    text.slice(inOrder[index - 1]?.to ?? 0, from),
    own,
  ])
  return [...parts, text.slice(inOrder.at(-1)?.to ?? 0)].join('')
}

interface Source {
  readonly text: string
  readonly nameOf: Revision['nameOf']
}

function setFields(source: Source, map: CST.BlockMap, before: RawMap, after: RawMap): readonly Splice[] {
  const gone = Object.keys(before).filter((name) => after[name] === undefined)
  const wanted = Object.entries(after).filter(([, value]) => value !== undefined)
  const missing = wanted.filter(([name]) => !Object.hasOwn(before, name))
  const changed = wanted.filter(
    ([name, value]) => Object.hasOwn(before, name) && !isDeepStrictEqual(before[name], value),
  )
  if (gone.length > 0 && gone.length === Object.keys(before).length) throw new NotPlain() // nothing would be left
  return [
    ...gone.map((name) => removal(source, itemOf(map, name))),
    ...changed.flatMap(([name, value]) => setValue(source, map, itemOf(map, name), [before[name], value])),
    ...(missing.length === 0 ? [] : [appendTo(map, Object.fromEntries(missing))]),
  ]
}

type Item = CST.BlockMap['items'][number]

function itemOf(map: CST.BlockMap, name: string): Item {
  const item = map.items.find(({ key }) => CST.isScalar(key) && CST.resolveAsScalar(key).value === name)
  if (item === undefined) throw new NotPlain()
  return item
}

function setValue(
  source: Source,
  map: CST.BlockMap,
  item: Item,
  [before, after]: readonly [unknown, unknown],
): readonly Splice[] {
  const { start, sep = [], value } = item
  const [colon, ...between] = sep
  if (colon?.type !== 'map-value-ind' || !isOnly(start, BLANK_OR_COMMENT)) throw new NotPlain()
  if (!isOnly(between, BLANK_OR_COMMENT)) throw new NotPlain()
  const [inner, wanted] = [mapOf(before), mapOf(after)]
  if (value?.type === 'block-map' && inner !== undefined && wanted !== undefined)
    return setFields(source, value, inner, wanted)
  if (value?.type === 'block-seq' && Array.isArray(before) && Array.isArray(after)) {
    const splices = setEntries(source, value, before, after)
    const at = colon.offset + 1
    return after.length > 0 ? splices : [...splices, { from: at, to: at, text: ' []', column: map.indent }]
  }
  return [replaceValue(map, item, after)]
}

/** Entries that stay keep their lines; a new one follows the one that it follows in the list. */
function setEntries(
  source: Source,
  list: CST.BlockSequence,
  before: readonly unknown[],
  after: readonly unknown[],
): readonly Splice[] {
  const items = list.items.filter(({ start }) => start.some(({ type }) => type === 'seq-item-ind'))
  if (items.length !== before.length) throw new NotPlain()
  const pairs = pairEntries(before, after, source.nameOf)
  const staying = new Set(pairs)
  const column = list.offset - lineStart(source.text, list.offset)
  let at = lineStart(source.text, list.offset)
  const splices = items.flatMap((item, place) => (staying.has(place) ? [] : [removal(source, item)]))
  for (const [index, entry] of after.entries()) {
    const place = pairs[index]
    const item = place === undefined ? undefined : items[place]
    if (place === undefined || item === undefined) {
      splices.push({ from: at, to: at, text: renderList([entry], column), column: column + 1 })
      continue
    }
    at = endOfItem(item)
    splices.push(...setEntry(source, item, [before[place], entry]))
  }
  return splices
}

function setEntry(
  source: Source,
  { start, value }: CST.BlockSequence['items'][number],
  [before, after]: readonly [unknown, unknown],
): readonly Splice[] {
  if (isDeepStrictEqual(before, after)) return []
  const [inner, wanted] = [mapOf(before), mapOf(after)]
  const isPlain = isOnly(start, ['seq-item-ind', ...BLANK_OR_COMMENT])
  if (!isPlain || value?.type !== 'block-map' || inner === undefined || wanted === undefined)
    throw new NotPlain()
  return setFields(source, value, inner, wanted)
}

/** The lines of a key or an entry, with its value; comments above it stay. */
function removal({ text }: Source, item: Item | CST.BlockSequence['items'][number]): Splice {
  const first = item.start.find(({ type }) => type === 'seq-item-ind') ?? item.key
  if (first === undefined || first === null) throw new NotPlain()
  const [from, to] = [lineStart(text, first.offset), endOfItem(item)]
  const isAlone = text.slice(from, first.offset).trim() === ''
  // A name that stands for a value may be used further down.
  if (!isAlone || /(^|[\s-])&\S/m.test(text.slice(from, to))) throw new NotPlain()
  return { from, to, text: '', column: 0 }
}

/** A text, an empty list or nothing: anything else would take words with it. A comment behind it stays on its line. */
function replaceValue(map: CST.BlockMap, { sep = [], value }: Item, own: unknown): Splice {
  const from = (sep[0]?.offset ?? 0) + 1
  const between = sep.slice(1)
  const rest = value === undefined ? between : behindValue(value)
  const newline = rest.findIndex(({ type }) => type === 'newline')
  if (newline === -1 || (value !== undefined && !isOnly(between, ['space', 'newline']))) throw new NotPlain()
  const comment = rest.slice(0, newline).map(({ source }) => source)
  const [line = '', ...lines] = afterKey(own, map.indent).split('\n')
  const to = value?.type === 'block-scalar' ? endOfLines(value) : endOfLine(rest)
  return { from, to, text: [`${line}${comment.join('')}`, ...lines].join('\n'), column: map.indent }
}

const BLANK_OR_COMMENT = ['space', 'newline', 'comment']

const isOnly = (tokens: readonly CST.SourceToken[], types: readonly string[]): boolean =>
  tokens.every(({ type }) => types.includes(type))

/** What stands behind such a value on its line, up to and with the line's end. */
function behindValue(value: CST.Token): readonly CST.SourceToken[] {
  if (value.type === 'flow-collection' && value.items.length === 0) return value.end.slice(1)
  if (value.type === 'block-scalar') return (value.props as CST.SourceToken[]).slice(1)
  if (CST.isScalar(value)) return value.end ?? []
  throw new NotPlain()
}

/** New keys go behind the last line of the map. */
function appendTo(map: CST.BlockMap, fields: RawMap): Splice {
  const at = endOfLines(map)
  return { from: at, to: at, text: renderMap(fields, map.indent), column: map.indent }
}

function endOfItem({ start, key, sep, value }: Partial<CST.CollectionItem>): number {
  const part = value ?? (sep === undefined ? key : undefined)
  return part ? endOfLines(part) : endOfLine(sep ?? start ?? [])
}

/** Where the line after the last one of a token begins. */
function endOfLines(token: CST.Token): number {
  if (token.type === 'block-map' || token.type === 'block-seq') return endOfItem(token.items.at(-1) ?? {})
  if (token.type === 'block-scalar') return endOfLine(token.props as CST.SourceToken[]) + token.source.length
  if (token.type === 'flow-collection' || token.type === 'alias' || CST.isScalar(token))
    return endOfLine([token.type === 'flow-collection' ? token.start : token, ...(token.end ?? [])])
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
