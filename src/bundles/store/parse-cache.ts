/**
 * What files held when they were last read or written, so that a short command parses none of them again. Derived, and
 * never trusted over the files: an entry counts only while its file has the same size, time and inode. It may be deleted
 * at any time, two processes may add to it at once, and no failure to keep it is told to anybody.
 *
 * A file of lines, the newest entry of a name last: `["TKT-001.yaml",size,mtime_ms,inode,value]`.
 */
import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import { isSameStamp, readTextIfPresent, type Stamp } from '../../system/files.ts'
import { replaceFile } from '../../system/prepared-files.ts'

export interface ParseCache {
  /** What the file at that path held when it bore this stamp; undefined when that is not known. */
  readonly recall: (path: string, stamp: Stamp) => unknown
  readonly remember: (path: string, stamp: Stamp, value: unknown) => void
  /** Of all files that were remembered, as their paths below the folder: also of those that are gone. */
  readonly names: () => readonly string[]
  /** Keeps what was remembered since the last time. */
  readonly save: () => void
}

interface CachePlaces {
  readonly path: string
  /** The files that it is for lie in this folder and below. */
  readonly folder: string
  readonly scratch: string
}

export function openParseCache({ path, folder, scratch }: CachePlaces): ParseCache {
  const nameOf = (file: string): string =>
    file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : file
  let known: Known | undefined
  let fresh: string[] = []
  return {
    recall: (file, stamp) => recallFrom((known ??= readKnown(path)).lines.get(nameOf(file)), stamp),
    remember: (file, stamp, value) => {
      const line = lineOf(nameOf(file), stamp, value)
      if (line !== undefined) fresh.push(line)
    },
    names: () => [...(known?.lines.keys() ?? linesIn(readQuietly(path)).map(nameIn))],
    save: () => {
      const lines = fresh
      fresh = []
      if (lines.length > 0) append(path, lines)
      if (known?.isBloated === true) compact(path, scratch)
    },
  }
}

interface Known {
  /** The newest line of each name. */
  readonly lines: ReadonlyMap<string, string>
  /** Whether most of it was replaced by newer lines. */
  readonly isBloated: boolean
}

function recallFrom(line: string | undefined, stamp: Stamp): unknown {
  if (line === undefined) return undefined
  try {
    const [, size, mtime_ms, inode, value] = JSON.parse(line) as readonly [
      string,
      number,
      number,
      number,
      unknown,
    ]
    return isSameStamp({ size, mtime_ms, inode }, stamp) ? value : undefined
  } catch {
    return undefined // survived: a line torn by a crash; the file itself is read
  }
}

/** A line of such a file; undefined for what JSON would not give back as it was. */
export function lineOf(name: string, { size, mtime_ms, inode }: Stamp, value: unknown): string | undefined {
  try {
    return JSON.stringify([name, size, mtime_ms, inode, value], refuseInfinite)
  } catch {
    return undefined // survived: such a file is parsed each time
  }
}

function refuseInfinite(_key: string, part: unknown): unknown {
  if (typeof part === 'number' && !Number.isFinite(part)) throw new RangeError('JSON has no such number')
  return part
}

function readKnown(path: string): Known {
  const text = readQuietly(path)
  const lines = new Map<string, string>()
  let live = 0
  for (const line of linesIn(text)) {
    const name = nameIn(line)
    live += line.length - (lines.get(name)?.length ?? 0)
    lines.set(name, line)
  }
  return { lines, isBloated: text.length > WORTH_COMPACTING && text.length > 3 * live }
}

function linesIn(text: string): readonly string[] {
  const lines: string[] = []
  for (let from = 0, to = text.indexOf('\n'); to >= 0; from = to + 1, to = text.indexOf('\n', from))
    if (text.startsWith('["', from)) lines.push(text.slice(from, to)) // else half a line of a crash
  return lines
}

const nameIn = (line: string): string => line.slice(2, line.indexOf('"', 2))

/** The text of a cache; empty when there is none that can be read. */
export function readQuietly(path: string): string {
  try {
    return readTextIfPresent(path, LARGEST) ?? ''
  } catch {
    return '' // survived: the files themselves are read
  }
}

/** More than any store needs; a larger one is not read, and is no loss. */
const LARGEST = 256_000_000
const WORTH_COMPACTING = 64_000

function append(path: string, lines: readonly string[]): void {
  try {
    makeFolder(path)
    // A line break in front too, as a crash may have left half a line.
    fs.appendFileSync(path, `\n${lines.join('\n')}\n`)
  } catch {
    // survived: a read-only or a full disk; the files themselves are read next time
  }
}

/** Makes the folder of a cache. */
export function makeFolder(path: string): void {
  const folder = dirname(path)
  if (fs.existsSync(folder)) return
  fs.mkdirSync(folder)
  fs.writeFileSync(join(folder, '.gitignore'), '# written by tkt: may be deleted at any time\n*\n')
}

/** Leaves out what newer lines replaced. What another process adds meanwhile may be lost, and is read from its file again. */
function compact(path: string, scratch: string): void {
  try {
    replaceFile(scratch, path, `${[...readKnown(path).lines.values()].join('\n')}\n`)
  } catch {
    // survived: as above
  }
}
