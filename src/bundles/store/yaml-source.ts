/** YAML files as they are read: a reason is told where one cannot be. */
import {
  errorCode,
  FileRefused,
  FileTooLarge,
  isSameStamp,
  isSettled,
  isSpecialFile,
  readUtf8IfPresent,
  stampOf,
  type Stamp,
} from '../../system/files.ts'
import type { Read } from '../model/raw.ts'
import type { ParseCache } from './parse-cache.ts'
import { readDocument } from './yaml-read.ts'

/** A file as it was read. */
export interface YamlFile {
  readonly path: string
  readonly value: unknown
  /** What tells that nobody wrote it since; undefined while a later write could bear the same. */
  readonly stamp: Stamp | undefined
  /** Its text; throws when it is no longer what the value came from. */
  readonly text: () => string
}

/** Undefined when the file is absent; a reason with its line when it cannot be read. */
export function readYamlFile(path: string, cache?: ParseCache): Read<YamlFile> | undefined {
  try {
    const stamp = stampOf(path)
    if (stamp === undefined) return undefined
    const value = cache?.recall(path, stamp)
    if (value !== undefined)
      return { ok: true, value: { path, value, stamp, text: () => unchangedText(path, stamp) } }
    return parseFile(path, stamp, cache)
  } catch (error) {
    if (error instanceof FileTooLarge) return { ok: false, reason: `too large: ${error.size} bytes` } // survived: reported
    const reason = UNREADABLE[errorCode(error) ?? '']
    if (reason !== undefined) return { ok: false, reason } // survived: one bad file must not hide the others
    throw error
  }
}

function parseFile(path: string, stamp: Stamp, cache: ParseCache | undefined): Read<YamlFile> | undefined {
  if (isSpecialFile(path)) return { ok: false, reason: 'it is no ordinary file' }
  const text = readUtf8IfPresent(path, largestBytes(path))
  if (text === undefined) return undefined
  const read = readDocument(text)
  if (!read.ok) return read
  const settled = isSettled(stamp) ? stamp : undefined
  if (settled !== undefined) cache?.remember(path, settled, read.value)
  return { ok: true, value: { path, value: read.value, stamp: settled, text: () => text } }
}

function unchangedText(path: string, stamp: Stamp): string {
  const text = readUtf8IfPresent(path, largestBytes(path))
  const now = stampOf(path)
  if (text !== undefined && now !== undefined && isSameStamp(now, stamp)) return text
  throw new FileRefused('ESTALE', path, 'it was changed by somebody else while this command ran')
}

const UNREADABLE: Readonly<Record<string, string>> = {
  EACCES: 'no permission to read it',
  EILSEQ: 'it is not UTF-8 text',
  EISDIR: 'it is a folder',
  ELOOP: 'a link that leads to itself',
}

/** What is read of a file, and so the most that may be written to it. Reports grow with their bundle. */
export const largestBytes = (path: string): number =>
  /(review|carryover)\.yaml$/.test(path) ? 64_000_000 : 4_000_000
