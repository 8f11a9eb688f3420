/** Reads what stands below the heading of one ticket: its keys, with bullets in front or not, and their lists. */
import { ignore, ignoreAll, type IgnoredLine } from './ignored-lines.ts'
import type { EntryLine, HeadingLine, NoteLine, OtherLine } from './lines.ts'
import { isNothing, isPlaceholder, nameOf, readPair } from './words.ts'
import {
  isSentences,
  entriesOf,
  findTicketKey,
  type ListKey,
  type TextKey,
  type TicketKey,
} from './ticket-keys.ts'

export interface BlockReading {
  readonly texts: ReadonlyMap<TextKey, { readonly value: string; readonly line: EntryLine }>
  readonly lists: Readonly<Record<ListKey, readonly string[]>>
  /** False when no key stands below: then it is no ticket, unless its heading is certain. */
  readonly hasKeys: boolean
  readonly ignored: readonly IgnoredLine[]
}

/** What is read so far; filled in place, as a block may have thousands of lines. */
interface Progress {
  readonly texts: Map<TextKey, { readonly value: string; readonly line: EntryLine }>
  readonly lists: Record<ListKey, string[]>
  readonly ignored: IgnoredLine[]
  open: OpenList | undefined
  /** The column of the bullets that keys stand behind; undefined as long as the first key had none. */
  keyIndent: number | undefined
  hasKeys: boolean
}

/** The list that an entry belongs to. */
interface OpenList {
  readonly list: ListKey
  /** False when its first entry stood behind the colon: bullets below may then be keys again. */
  readonly isBelow: boolean
  /** Where its last entry stands. */
  entryIndent: number | undefined
}

/** Reads any lines; unknown keys and what stands below them are in `ignored`, never in a list. */
export function readBlock(lines: readonly NoteLine[]): BlockReading {
  const lists = {
    summary: [],
    required_work: [],
    acceptance: [],
    scope: [],
    depends_on: [],
    assignable_to: [],
  }
  const progress: Progress = {
    texts: new Map(),
    lists,
    ignored: [],
    open: undefined,
    keyIndent: undefined,
    hasKeys: false,
  }
  for (const line of lines) readLine(line, progress)
  return progress
}

function readLine(line: NoteLine, progress: Progress): void {
  switch (line.kind) {
    case 'heading':
      return readHeading(line, progress)
    case 'entry':
      return readEntry(line, progress)
    case 'fence':
    case 'comment':
    case 'rule':
      return readOther(line, progress)
    default:
      return line satisfies never
  }
}

/** `## OBJECTIVE` opens a list as `objective:` does. */
function readHeading(line: HeadingLine, progress: Progress): void {
  const key = findTicketKey(nameOf(line.text.replace(/:$/, '')))
  progress.open = undefined
  if (key === undefined || !('list' in key)) progress.ignored.push(ignore(line, 'no_section'))
  else openList(key.list, progress, true)
}

/** Code belongs to the words above it. */
function readOther(line: OtherLine, { open, lists, ignored }: Progress): void {
  const isText = open !== undefined && isSentences(open.list)
  if (line.kind === 'fence' && isText) append(lists[open.list], line.written)
  else ignored.push(...ignoreAll([line], 'no_key'))
}

function readEntry(line: EntryLine, progress: Progress): void {
  const pair = readPair(line.text)
  const key = pair && findTicketKey(pair.name)
  if (pair === undefined || (key === undefined && !pair.isKey) || isInList(line, key, progress))
    return readListEntry(line, progress)
  if (key === undefined) {
    progress.open = undefined
    progress.ignored.push(ignore(line, 'unknown_key'))
    return
  }
  if (!progress.hasKeys && line.isBullet) progress.keyIndent = line.indent
  progress.hasKeys = true
  readKey(line, key, pair.value, progress)
}

/** True for `status: shown` that is a line of the objective and no key. */
function isInList(line: EntryLine, key: TicketKey | undefined, { open, keyIndent }: Progress): boolean {
  if (open === undefined) return false
  const { entryIndent, isBelow } = open
  if (!line.isBullet) return entryIndent !== undefined && line.indent > entryIndent
  if (keyIndent !== undefined) return line.indent > keyIndent
  return isBelow || key === undefined
}

function readKey(line: EntryLine, key: TicketKey, value: string, progress: Progress): void {
  if ('list' in key) {
    openList(key.list, progress, value === '')
    if (value !== '') addEntry(line, value, progress)
    return
  }
  progress.open = undefined
  if (progress.texts.has(key.text)) progress.ignored.push(ignore(line, 'repeated'))
  else if (isPlaceholder(value) && !isNothing(value)) progress.ignored.push(ignore(line, 'placeholder'))
  else if (!isNothing(value)) progress.texts.set(key.text, { value, line })
}

function openList(list: ListKey, progress: Progress, isBelow: boolean): void {
  progress.open = { list, isBelow, entryIndent: undefined }
}

function readListEntry(line: EntryLine, progress: Progress): void {
  const { open, lists, ignored } = progress
  if (open === undefined) {
    ignored.push(...ignoreAll([line], 'no_key'))
    return
  }
  const isWrapped = !line.isBullet && open.entryIndent !== undefined && line.indent > open.entryIndent
  if (isWrapped && isSentences(open.list)) append(lists[open.list], line.text)
  else addEntry(line, line.text.replace(/^\[[ xX]?\](?=\s)/, '').trim(), progress)
}

function addEntry(line: EntryLine, value: string, { open, lists, ignored }: Progress): void {
  if (open === undefined) return
  open.entryIndent = undefined
  if (isNothing(value)) return
  if (isPlaceholder(value)) {
    ignored.push(ignore(line, 'placeholder'))
    return
  }
  open.entryIndent = line.indent
  const { entries, isBad } = entriesOf(open.list, value)
  for (const entry of entries) lists[open.list].push(entry)
  if (isBad) ignored.push(ignore(line, 'bad_value'))
}

function append(list: string[], text: string): void {
  const last = list.pop()
  list.push(last === undefined ? text : `${last} ${text}`)
}
