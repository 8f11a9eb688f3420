/** YAML files: read with a reason when they cannot be, written in the published style, edited without losing a word. */
import {
  Document,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  Scalar,
  visit,
  type Document as YamlDocument,
  type ToStringOptions,
} from 'yaml'
import { FileTooLarge, readTextIfPresent } from '../../system/files.ts'
import type { Changes } from '../model/ticket-moves.ts'
import type { Read } from '../model/raw.ts'

/** What a file holds: the text it was read from, its values, and the tree that edits keep whole. */
export interface YamlFile {
  readonly path: string
  readonly text: string
  readonly value: unknown
  readonly document: YamlDocument
}

/** Undefined when the file is absent; a reason with its line when it cannot be read. */
export function readYamlFile(path: string): Read<YamlFile> | undefined {
  let text: string | undefined
  try {
    text = readTextIfPresent(path)
  } catch (error) {
    if (error instanceof FileTooLarge) return { ok: false, reason: `too large: ${error.size} bytes` } // survived: reported
    throw error
  }
  return text === undefined ? undefined : parseYaml(path, text)
}

function parseYaml(path: string, text: string): Read<YamlFile> {
  const document = parseDocument(text, { prettyErrors: false, logLevel: 'silent' })
  const [error] = document.errors
  if (error !== undefined) {
    const line = text.slice(0, error.pos[0]).split('\n').length
    return { ok: false, reason: `line ${line}: ${error.message}` }
  }
  try {
    return {
      ok: true,
      value: { path, text, document, value: document.toJS({ maxAliasCount: 20 }) as unknown },
    }
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : 'not readable' } // survived: an alias bomb
  }
}

/** A new file: keys plain, texts in double quotes, long texts as blocks (contracts: filesystem section 4, style pins). */
export function renderYaml(value: unknown): string {
  const document = new Document(value)
  styleTexts(document)
  return document.toString(STYLE)
}

const STYLE: ToStringOptions = { lineWidth: 0, minContentWidth: 0 }

/** The text of the file with these fields set, and `entries` added to the lists of those names. All else is kept. */
export function editYaml(
  file: YamlFile,
  changes: Changes,
  entries: Readonly<Record<string, unknown>> = {},
  order: 'append' | 'prepend' = 'append',
): string {
  const document = parseDocument(file.text)
  for (const [path, value] of Object.entries(changes)) setField(document, path.split('.'), value)
  for (const [name, entry] of Object.entries(entries)) addEntry(document, name, entry, order)
  return document.toString(STYLE)
}

function setField(document: YamlDocument, path: readonly string[], value: unknown): void {
  const parent = path.slice(0, -1)
  if (parent.length > 0 && !isMap(document.getIn(parent))) document.setIn(parent, document.createNode({}))
  document.setIn(path, styled(document, value))
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
function styleScalar(node: Scalar): void {
  if (typeof node.value !== 'string') return
  const fitsBlock =
    node.value.includes('\n') &&
    !/[^\n\t\u0020-\u007e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]|[ \t]\n|^\s|\n$/u.test(
      node.value,
    )
  node.type = fitsBlock ? Scalar.BLOCK_LITERAL : Scalar.QUOTE_DOUBLE
}
