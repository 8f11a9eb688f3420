/**
 * Edits through the library's tree of a document: for files written in ways that yaml-edit.ts leaves alone, such as maps
 * on one line or names for values. Keeps every word, comment and the order; spaces and indents become the library's.
 */
import { isDeepStrictEqual } from 'node:util'
import {
  isMap,
  isNode,
  isScalar,
  isSeq,
  parseDocument,
  Scalar,
  visit,
  YAMLMap,
  type Node,
  type Document as YamlDocument,
  type ScalarTag,
  type Tags,
  type ToStringOptions,
  type YAMLSeq,
} from 'yaml'
import { mapOf, type RawMap } from '../model/raw.ts'
import { pairEntries } from './yaml-edit-pairs.ts'
import type { Revision } from './yaml-edit.ts'
import { escapeForEveryReader, fitsBlock } from './yaml-write.ts'

const STYLE: ToStringOptions = { lineWidth: 0, minContentWidth: 0 }

/** The text with the revision carried out, all else kept. */
export function editTree(text: string, { before, after, nameOf }: Revision): string {
  const document: YamlDocument = parseDocument(text, { customTags })
  writeOutAliases(document)
  const map = isMap(document.contents) ? document.contents : new YAMLMap(document.schema)
  document.contents = map
  setFields({ document, nameOf }, map, mapOf(before) ?? {}, after)
  return document.toString(STYLE)
}

interface Tree {
  readonly document: YamlDocument
  readonly nameOf: Revision['nameOf']
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

function setFields(tree: Tree, map: YAMLMap, before: RawMap, after: RawMap): void {
  for (const name of Object.keys(before)) if (after[name] === undefined) map.delete(name)
  for (const [name, value] of Object.entries(after)) {
    if (value === undefined || (Object.hasOwn(before, name) && isDeepStrictEqual(before[name], value)))
      continue
    const node = map.get(name, true)
    map.set(name, revised(tree, node, before[name], value))
  }
}

/** The node itself where its parts can be changed, or a new one with its comments. */
function revised(tree: Tree, node: unknown, before: unknown, after: unknown): Node {
  const [inner, wanted] = [mapOf(before), mapOf(after)]
  if (isMap(node) && inner !== undefined && wanted !== undefined) setFields(tree, node, inner, wanted)
  else if (isSeq(node) && Array.isArray(before) && Array.isArray(after)) setEntries(tree, node, before, after)
  else {
    const fresh = styled(tree.document, after)
    if (isScalar(node) && node.comment) fresh.comment = node.comment
    if (isNode(node) && node.commentBefore) fresh.commentBefore = node.commentBefore
    return fresh
  }
  return node
}

function setEntries(tree: Tree, list: YAMLSeq, before: readonly unknown[], after: readonly unknown[]): void {
  const pairs = pairEntries(before, after, tree.nameOf)
  const items = [...list.items]
  list.flow = false
  list.items = after.map((entry, index) => {
    const place = pairs[index]
    if (place === undefined) return styled(tree.document, entry)
    return isDeepStrictEqual(before[place], entry)
      ? items[place]
      : revised(tree, items[place], before[place], entry)
  })
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
