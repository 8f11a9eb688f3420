/** YAML by the library: for files that people wrote or touched, whose words, comments and order an edit keeps. */
import {
  Document,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  Scalar,
  visit,
  type Node,
  type Document as YamlDocument,
  type ScalarTag,
  type Tags,
  type ToStringOptions,
} from 'yaml'
import type { RawMap, Read } from '../model/raw.ts'
import type { Changes } from '../model/ticket-moves.ts'

/** What a text holds: its values, and the tree that edits keep whole. */
export interface YamlContent {
  readonly value: unknown
  readonly document: YamlDocument
}

/** The content of a text; a reason with its line when it has none. */
export function readDocument(text: string): Read<YamlContent> {
  // Not 'silent': that takes the first of several documents, and an edit would lose the others.
  const document = parseDocument(text, { prettyErrors: false, logLevel: 'error', customTags })
  const [error] = document.errors
  if (error !== undefined) {
    const line = text.slice(0, error.pos[0]).split('\n').length
    return { ok: false, reason: `line ${line}: ${error.message}` }
  }
  try {
    const anchors: unknown[] = []
    const value: unknown = document.toJS({ maxAliasCount: 20, onAnchor: (node) => anchors.push(node) })
    JSON.stringify(anchors) // an anchor that holds itself has no end
    return { ok: true, value: { value, document } }
  } catch (error) {
    const [reason = 'not readable'] = error instanceof Error ? error.message.split('\n') : []
    return { ok: false, reason } // survived: an alias bomb, or a circle
  }
}

/** A value as a new text, in the style of yaml-file.ts. */
export function renderDocument(value: unknown): string {
  const document = new Document(value, { customTags })
  styleTexts(document)
  return document.toString(STYLE)
}

const STYLE: ToStringOptions = { lineWidth: 0, minContentWidth: 0 }

/** Fields to set by dotted path, and entries to add to the lists of those names. */
export interface Edit {
  readonly changes: Changes
  readonly entries: RawMap
  readonly order: 'append' | 'prepend'
}

/** The text with the edit carried out, all else kept. */
export function editDocument(read: YamlDocument, { changes, entries, order }: Edit): string {
  const document = read.clone() // half the time of reading the text again
  writeOutAliases(document)
  for (const [path, value] of Object.entries(changes)) setField(document, path.split('.'), value)
  for (const [name, entry] of Object.entries(entries)) addEntry(document, name, entry, order)
  return document.toString(STYLE)
}

/** What a name stands for, in each place: an edit may take the node away that bears the name, or be meant for one place. */
function writeOutAliases(document: YamlDocument): void {
  visit(document, {
    Alias: (_, alias) => {
      const copy = alias.resolve(document)?.clone() as { anchor?: string } & Node // a clone is of its own kind
      delete copy.anchor
      return copy
    },
  })
}

function setField(document: YamlDocument, path: readonly string[], value: unknown): void {
  const parent = path.slice(0, -1)
  if (parent.length > 0 && !isMap(document.getIn(parent))) document.setIn(parent, document.createNode({}))
  const [before, node] = [document.getIn(path, true), styled(document, value)]
  if (isScalar(before) && before.comment) node.comment = before.comment
  document.setIn(path, node)
}

function addEntry(document: YamlDocument, name: string, entry: unknown, order: 'append' | 'prepend'): void {
  const found = document.get(name)
  const list = isSeq(found) ? found : document.createNode([])
  if (list !== found) document.set(name, list)
  list.flow = false
  const node = styled(document, entry)
  if (order === 'append') list.add(node)
  else list.items.unshift(node)
}

function styled(document: YamlDocument, value: unknown) {
  const node = document.createNode(value)
  if (isScalar(node)) styleScalar(node)
  else styleTexts(node)
  return node
}

function styleTexts(tree: Parameters<typeof visit>[0]): void {
  visit(tree, {
    Pair: (_, pair) => {
      if (isScalar(pair.key)) pair.key.type = Scalar.PLAIN
    },
    Scalar: (key, node) => {
      if (key !== 'key') styleScalar(node)
    },
  })
}

/** A block keeps line breaks readable; only text that a block gives back unchanged may become one. */
const fitsBlock = (text: string): boolean => text.includes('\n') && !NOT_FOR_BLOCKS.test(text)

const NOT_FOR_BLOCKS =
  /[^\n\t\u0020-\u007e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]|[ \t]\n|^\s|\n[ \t]*$/u

function styleScalar(node: Scalar): void {
  if (typeof node.value !== 'string') return
  node.type = fitsBlock(node.value) ? Scalar.BLOCK_LITERAL : Scalar.QUOTE_DOUBLE
}

/** Texts are written as every YAML reader takes them: PyYAML refuses some characters, and takes others for line breaks. */
const customTags = (tags: Tags): Tags =>
  tags.map((tag) =>
    typeof tag === 'object' && tag.tag === 'tag:yaml.org,2002:str' ? escaping(tag as ScalarTag) : tag,
  )

const escaping = (tag: ScalarTag): ScalarTag => ({
  ...tag,
  stringify: (...written) => {
    const text = tag.stringify?.(...written) ?? ''
    return text.startsWith('"') ? text.replace(NOT_FOR_EVERY_READER, escaped) : text
  },
})

const NOT_FOR_EVERY_READER = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g
const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
