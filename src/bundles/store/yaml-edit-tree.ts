/**
 * Edits through the library's tree of a document: for files written in ways that yaml-edit.ts leaves alone, such as maps
 * on one line or names for values. Keeps every word, comment and the order; spaces and indents become the library's.
 */
import {
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
import type { Edit } from './yaml-edit.ts'
import { escapeForEveryReader, fitsBlock } from './yaml-write.ts'

const STYLE: ToStringOptions = { lineWidth: 0, minContentWidth: 0 }

/** The text with the edit carried out, all else kept. */
export function editTree(text: string, { changes, entries, order }: Edit): string {
  const document = parseDocument(text, { customTags })
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
    return text.startsWith('"') ? escapeForEveryReader(text) : text
  },
})
