/**
 * What files held when they were last read or written, so that a short command parses none of them again. Derived, and
 * never trusted over the files: an entry counts only while its file has the same size, time and inode. It may be deleted
 * at any time, two processes may add to it at once, and no failure to keep it is told to anybody.
 *
 * A file of lines, the newest entry of a name last: `["TKT-001.yaml",size,mtime_ms,inode,value]`. Each begins after a
 * line break; a compacted file begins with its size.
 */
import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import { isSameStamp, readTextIfPresent, type Stamp } from '../../system/files.ts'
import { replaceFile } from '../../system/prepared-files.ts'

export interface ParseCache {
  /** What the file at that path held when it bore this stamp; undefined when that is not known. */
  readonly recall: (path: string, stamp: Stamp) => unknown
  readonly remember: (path: string, stamp: Stamp, value: unknown) => void
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
  const fresh = new Map<string, string>()
  return {
    recall: (file, stamp) => recallFrom((known ??= readKnown(path)).newest(nameOf(file)), stamp),
    remember: (file, { size, mtime_ms, inode }, value) => {
      const name = nameOf(file)
      try {
        fresh.set(name, exactJson([name, size, mtime_ms, inode, value]))
      } catch {
        // survived: such a file is parsed each time
      }
    },
    save: () => {
      // Of many the first stands last, where it is found first: the work of a plan is done from its beginning.
      if (fresh.size > 0) append(path, [...fresh.values()].reverse())
      fresh.clear()
      if (known?.isBloated === true) compact(path, scratch)
    },
  }
}

interface Known {
  /** The newest line of that name. */
  readonly newest: (name: string) => string | undefined
  /** Whether it has become much larger than it was when it was last compacted. */
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

/** Throws for what JSON would not give back as it was. */
export const exactJson = (value: unknown): string => JSON.stringify(value, refuseInfinite)

function refuseInfinite(_key: string, part: unknown): unknown {
  if (typeof part === 'number' && !Number.isFinite(part)) throw new RangeError('JSON has no such number')
  return part
}

/**
 * Lines are sought from the end, where the newest are, in the bytes, which are not even decoded, and no more of them are
 * read than it takes; who asks for so much that this would take long gets all of them put in order.
 */
function readKnown(path: string): Known {
  const [tail, { size }] = readTail(path, TAIL)
  let [reach, bytes] = [TAIL, tail]
  let left = 4 * size
  let lines: ReadonlyMap<string, string> | undefined
  const lineIn = (name: string): string | undefined => {
    const found = bytes.lastIndexOf(`\n[${JSON.stringify(name)},`)
    left -= bytes.length - Math.max(found, 0)
    const end = bytes.indexOf('\n', found + 1)
    return found < 0 || end < 0 ? undefined : bytes.toString('utf8', found + 1, end)
  }
  return {
    newest: (name) => {
      if (left <= 0) return (lines ??= newestLines(readBytes(path))).get(name)
      for (let line = lineIn(name); ; line = lineIn(name)) {
        if (line !== undefined || reach >= size) return line
        reach *= 4
        ;[bytes] = readTail(path, reach)
      }
    },
    isBloated: size > TAIL && size > 3 * compactedSize(path),
  }
}

function newestLines(bytes: Buffer): ReadonlyMap<string, string> {
  const lines = new Map<string, string>()
  const text = bytes.toString()
  for (let from = 0, to = text.indexOf('\n'); to >= 0; from = to + 1, to = text.indexOf('\n', from))
    if (text.startsWith('["', from))
      // else half a line of a crash
      lines.set(text.slice(from + 2, text.indexOf('"', from + 2)), text.slice(from, to))
  lines.delete('')
  return lines
}

/** Up to where such a file was looked through. It is another file when it was put in order since. */
export interface Looked {
  readonly file: string
  readonly bytes: number
}

/** The names of all files that were remembered since then, gone ones too, and how far this look came. For ASCII names. */
export function namesSince(path: string, last: Looked): readonly [Looked, readonly string[]] {
  let from = 0
  const [bytes, { file }] = readPart(path, (found) => {
    if (last.file === found.file && last.bytes <= found.size) from = last.bytes
    return from
  })
  const text = bytes.toString('latin1')
  const names = Array.from(text.matchAll(/^\["([^"\n]+)",/gm), ([, name = '']) => name)
  return [{ file, bytes: from + Math.max(0, text.lastIndexOf('\n')) }, names]
}

/** As the first line of a compacted cache tells: `["",bytes]`. */
const compactedSize = (path: string): number =>
  Number(/^\["",(\d+)\]\n/.exec(readPart(path, () => 0, 40)[0].toString('latin1'))?.[1] ?? 0)

const readBytes = (path: string): Buffer => readPart(path, () => 0)[0]

const readTail = (path: string, most: number): readonly [Buffer, Found] =>
  readPart(path, ({ size }) => Math.max(0, size - most))

interface Found {
  /** Its inode and its birth, as an inode may be given again. */
  readonly file: string
  readonly size: number
}

/** The bytes of a cache from there on, `most` of them, and what file they are of; none of one that cannot be read. */
function readPart(path: string, from: (found: Found) => number, most = LARGEST): readonly [Buffer, Found] {
  try {
    const open = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)
    try {
      const stat = fs.fstatSync(open)
      if (!stat.isFile() || stat.size > LARGEST) return NOTHING
      const found = { file: `${stat.ino}-${stat.birthtimeMs}`, size: stat.size }
      const start = from(found)
      const bytes = Buffer.allocUnsafe(Math.min(stat.size - start, most))
      return [bytes.subarray(0, fs.readSync(open, bytes, 0, bytes.length, start)), found]
    } finally {
      fs.closeSync(open)
    }
  } catch {
    return NOTHING // survived: the files themselves are read
  }
}

const NOTHING: readonly [Buffer, Found] = [Buffer.alloc(0), { file: '', size: 0 }]

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
/** Bytes in which the newest lines are mostly found, else in four times as many; a file of no more is not put in order. */
const TAIL = 64_000

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
    const text = [...newestLines(readBytes(path)).values()].join('\n')
    replaceFile(scratch, path, `["",${text.length}]\n${text}\n`)
  } catch {
    // survived: as above
  }
}
