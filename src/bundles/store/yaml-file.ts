/** YAML files: read with a reason when they cannot be, written in the published style, edited without losing a word. */
import { errorCode, FileTooLarge, isSpecialFile, readTextIfPresent } from '../../system/files.ts'
import type { Changes } from '../model/ticket-moves.ts'
import type { RawMap, Read } from '../model/raw.ts'
import { editDocument, readDocument, renderDocument, type Edit, type YamlContent } from './yaml-document.ts'

/** A file as it was read. */
export interface YamlFile extends YamlContent {
  readonly path: string
  readonly text: string
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
  const read = readDocument(text)
  return read.ok ? { ok: true, value: { path, text, ...read.value } } : read
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
export const renderYaml = (value: unknown): string => renderDocument(value)

/** The text of the file with these fields set, and `entries` added to the lists of those names. All else is kept. */
export function editYaml(
  file: YamlFile,
  changes: Changes,
  entries: RawMap = {},
  order: Edit['order'] = 'append',
): string {
  return editDocument(file.document, { changes, entries, order })
}
