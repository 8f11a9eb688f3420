/** YAML files: read with a reason when they cannot be, written in the published style, edited without losing a word. */
import { errorCode, FileTooLarge, isSpecialFile, readTextIfPresent } from '../../system/files.ts'
import type { Changes } from '../model/ticket-moves.ts'
import { listOf, mapOf, type RawMap, type Read } from '../model/raw.ts'
import { readPlain, writePlain } from './plain-yaml.ts'
import { editDocument, readDocument, renderDocument, type Edit } from './yaml-document.ts'

/** What a file holds: the text it was read from, and its values. */
export interface YamlFile {
  readonly path: string
  readonly text: string
  readonly value: unknown
}

/** Undefined when the file is absent; a reason with its line when it cannot be read. */
export function readYamlFile(path: string): Read<YamlFile> | undefined {
  let text: string | undefined
  try {
    if (isSpecialFile(path)) return { ok: false, reason: 'it is no ordinary file' }
    text = readTextIfPresent(path, largestBytes(path))
  } catch (error) {
    if (error instanceof FileTooLarge) return { ok: false, reason: `too large: ${error.size} bytes` } // survived: reported
    const reason = UNREADABLE[errorCode(error) ?? '']
    if (reason !== undefined) return { ok: false, reason } // survived: one bad file must not hide the others
    throw error
  }
  if (text === undefined) return undefined
  const plain = readPlain(text)
  const read = plain === undefined ? readDocument(text) : ({ ok: true, value: plain } as const)
  return read.ok ? { ok: true, value: { path, text, value: read.value } } : read
}

const UNREADABLE: Readonly<Record<string, string>> = {
  EACCES: 'no permission to read it',
  EISDIR: 'it is a folder',
  ELOOP: 'a link that leads to itself',
}

/** What is read of a file, and so the most that may be written to it. Reports grow with their bundle. */
export const largestBytes = (path: string): number =>
  /(review|carryover)\.yaml$/.test(path) ? 64_000_000 : 4_000_000

/** A new file: keys plain, texts in double quotes, long texts as blocks (contracts: filesystem section 4, style pins). */
export const renderYaml = (value: unknown): string => writePlain(value) ?? renderDocument(value)

/** The text of the file with these fields set, and `entries` added to the lists of those names. All else is kept. */
export function editYaml(
  file: YamlFile,
  changes: Changes,
  entries: RawMap = {},
  order: Edit['order'] = 'append',
): string {
  const edit = { changes, entries, order }
  return editPlain(file, edit) ?? editDocument(file.text, edit)
}

/** Of a text that is word for word what we write, the values are all there is to keep. */
function editPlain({ text, value }: YamlFile, { changes, entries, order }: Edit): string | undefined {
  if (writePlain(value) !== text) return undefined
  let map = mapOf(value) ?? {}
  for (const [path, field] of Object.entries(changes)) map = withField(map, path.split('.'), field)
  for (const [name, entry] of Object.entries(entries)) {
    const list = listOf(map[name])
    map = { ...map, [name]: order === 'append' ? [...list, entry] : [entry, ...list] }
  }
  return writePlain(map)
}

function withField(map: RawMap, [name = '', ...rest]: readonly string[], value: unknown): RawMap {
  return { ...map, [name]: rest.length === 0 ? value : withField(mapOf(map[name]) ?? {}, rest, value) }
}
