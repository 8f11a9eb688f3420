/** Reading files, and adding lines to them. Paths are absolute. Errors of the file system come out unchanged. */
import { isUtf8 } from 'node:buffer'
import * as fs from 'node:fs'
import { dirname } from 'node:path'

/** A file that is not read, or not as it is; with a code as the system gives its own refusals. */
export class FileRefused extends Error {
  override readonly name: string = 'FileRefused'
  readonly syscall = 'read'
  readonly code: 'EFBIG' | 'EILSEQ' | 'EISDIR' | 'ESTALE' | 'ETIMEDOUT'
  readonly path: string

  constructor(code: FileRefused['code'], path: string, reason: string) {
    super(`${path}: ${reason}`)
    this.code = code
    this.path = path
  }
}

/** Thrown in place of reading a file that is larger than its reader is ready for. */
export class FileTooLarge extends FileRefused {
  override readonly name = 'FileTooLarge'
  readonly size: number
  readonly limit: number

  constructor(path: string, size: number, limit: number) {
    super('EFBIG', path, `${size} bytes, at most ${limit} are read`)
    this.size = size
    this.limit = limit
  }
}

/** The text of a file, undefined when there is none. Throws FileTooLarge, without reading, above `maxBytes`. */
export function readTextIfPresent(path: string, maxBytes = 1_000_000): string | undefined {
  const found = unlessAbsent(() => fs.statSync(path, { throwIfNoEntry: false }))
  if (found === undefined) return undefined
  if (found.isDirectory()) throw new FileRefused('EISDIR', path, 'it is a folder') // node would name no path
  if (found.size > maxBytes) throw new FileTooLarge(path, found.size, maxBytes)
  return unlessAbsent(() =>
    found.isFile()
      ? fs.readFileSync(path, 'utf8')
      : readStream(path, maxBytes, found.isFIFO() ? WRITER_MS : 0),
  )
}

/** As readTextIfPresent, and refuses rather than giving other characters than the file has. */
export function readUtf8IfPresent(path: string, maxBytes?: number): string | undefined {
  const text = readTextIfPresent(path, maxBytes)
  // What cannot be decoded becomes this character; a file may also hold it.
  if (text?.includes('\ufffd') === true && stampOf(path) !== undefined && !isUtf8(fs.readFileSync(path)))
    throw new FileRefused('EILSEQ', path, 'it is not UTF-8 text')
  return text
}

/** A pipe such as `<(command)`, or a device, tells no size: it is read until it ends, is too much, or nobody writes. */
function readStream(path: string, maxBytes: number, writer_ms: number): string {
  const file = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)
  try {
    const chunks: Buffer[] = []
    const begun = performance.now()
    for (let size = 0; ;) {
      const chunk = Buffer.alloc(65_536)
      const read = readSome(file, chunk)
      size += read ?? 0
      if (size > maxBytes) throw new FileTooLarge(path, size, maxBytes)
      const waited = performance.now() - begun
      if (read === 0 && (size > 0 || waited >= writer_ms)) return Buffer.concat(chunks).toString('utf8')
      if (waited > STREAM_MS) throw new FileRefused('ETIMEDOUT', path, 'its writer did not end')
      if (read === undefined || read === 0) Atomics.wait(PAUSE, 0, 0, 5)
      else chunks.push(chunk.subarray(0, read))
    }
  } finally {
    fs.closeSync(file)
  }
}

const PAUSE = new Int32Array(new SharedArrayBuffer(4))
/** How long nobody needs to have begun writing, and how long writing may take. */
const WRITER_MS = 1_000
const STREAM_MS = 60_000

/** Undefined when there is nothing yet. */
function readSome(file: number, chunk: Buffer): number | undefined {
  try {
    return fs.readSync(file, chunk)
  } catch (error) {
    if (errorCode(error) === 'EAGAIN') return undefined // survived: its writer is not ready
    throw error
  }
}

/** Whether it is a pipe, a socket or a device, which may be read without an end. */
export function isSpecialFile(path: string): boolean {
  const found = unlessAbsent(() => fs.statSync(path, { throwIfNoEntry: false }))
  return found !== undefined && !found.isFile() && !found.isDirectory()
}

/** What tells whether a file is still the one that was read: any write to it gives it another. */
export interface Stamp {
  readonly size: number
  readonly mtime_ms: number
  readonly inode: number
}

/** Undefined when there is no such file. */
export function stampOf(path: string): Stamp | undefined {
  const found = unlessAbsent(() => fs.statSync(path, { throwIfNoEntry: false }))
  return found && { size: found.size, mtime_ms: found.mtimeMs, inode: found.ino }
}

/** Whether the file at that path bears it. As short as can be: lists ask it of each of their files. */
export function hasStamp(path: string, size: number, mtime_ms: number, inode: number): boolean {
  try {
    const found = fs.statSync(path, IF_PRESENT)
    return found?.mtimeMs === mtime_ms && found.size === size && found.ino === inode
  } catch {
    return false // survived: reading the file tells what is wrong with it
  }
}

const IF_PRESENT = { throwIfNoEntry: false } as const

export const isSameStamp = (one: Stamp, other: Stamp): boolean =>
  one.mtime_ms === other.mtime_ms && one.size === other.size && one.inode === other.inode

/** Whether a later write is sure to bear another time: clocks of file systems tick in hundredths of seconds, or in seconds. */
export const isSettled = (stamp: Stamp): boolean => Date.now() - stamp.mtime_ms > 2_000

/** The names in a directory in sorted order; none when the directory is absent. */
export function listNames(directory: string): readonly string[] {
  try {
    return fs.readdirSync(directory).sort()
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [] // survived: nothing was ever put there
    throw error
  }
}

/** Makes a folder and those above it; no matter if they are there. */
export function makeDirectory(path: string): void {
  try {
    fs.mkdirSync(path, { recursive: true })
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
    fs.mkdirSync(path) // Node says ENOENT of the call above where the file system is read-only; this one tells the truth
  }
}

/**
 * Adds lines to a file (made on demand) in one write and has them safe on disk. Those of several processes never mix.
 * After the torn line of a crash a fresh one is started, so readers skip lines they cannot use. `compose` gets the end
 * of the file, its last line whole, and may not give a line with a newline in it.
 */
export function appendLines(path: string, compose: (tail: string) => readonly string[]): void {
  const file = fs.openSync(path, 'a+')
  try {
    const isNew = fs.fstatSync(file).size === 0
    const tail = readWholeTail(file)
    const lines = compose(tail)
    const broken = lines.find((line) => line.includes('\n'))
    if (broken !== undefined)
      throw new TypeError(`one line expected, found a newline in ${JSON.stringify(broken)}`)
    const isTorn = tail !== '' && !tail.endsWith('\n')
    const [first = '', ...others] = lines.map((line) => `${line}\n`)
    const before = fs.fstatSync(file).size
    append(file, `${isTorn ? '\n' : ''}${first}${others.join('')}`)
    // Somebody may have died in the middle of a line since the tail was read: then ours stands behind half of theirs.
    if (first !== '' && !isOnItsOwn(file, before, first)) append(file, `\n${first}`)
    fs.fdatasyncSync(file)
    if (isNew) syncDirectory(dirname(path))
  } finally {
    fs.closeSync(file)
  }
}

function append(file: number, text: string): void {
  const bytes = Buffer.from(text)
  const written = fs.writeSync(file, bytes)
  // A short write means a full disk: writing the rest brings out the error that says so.
  if (written < bytes.length) fs.writeFileSync(file, bytes.subarray(written))
}

/** Whether the line begins where another has ended, in what came behind the first `before` bytes. */
function isOnItsOwn(file: number, before: number, line: string): boolean {
  const from = Math.max(0, before - 1)
  const chunk = Buffer.alloc(fs.fstatSync(file).size - from)
  fs.readSync(file, chunk, 0, chunk.length, from)
  const text = (before === 0 ? '\n' : '') + chunk.toString()
  return text.includes(`\n${line}`)
}

/** Half a line may be one that another process is just writing: it is looked at again, and is then of a crash. */
function readWholeTail(file: number): string {
  const tail = readTail(file, fs.fstatSync(file).size)
  if (tail === '' || tail.endsWith('\n')) return tail
  Atomics.wait(PAUSE, 0, 0, 10)
  return readTail(file, fs.fstatSync(file).size)
}

/** The lines that begin in the last 64 KiB, or in as much as holds a whole one. */
function readTail(file: number, size: number): string {
  for (let length = 65_536; ; length *= 2) {
    const chunk = Buffer.alloc(Math.min(length, size))
    fs.readSync(file, chunk, 0, chunk.length, size - chunk.length)
    const text = chunk.toString()
    if (chunk.length === size) return text
    const begin = text.indexOf('\n') + 1
    if (begin > 0 && begin < text.length) return text.slice(begin)
  }
}

/** The code of a system error such as ENOENT; undefined for anything else. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** Makes a rename or a link in `directory` outlive a power cut, where the platform can. */
export function syncDirectory(directory: string): void {
  try {
    const file = fs.openSync(directory, 'r')
    try {
      fs.fsyncSync(file)
    } finally {
      fs.closeSync(file)
    }
  } catch (error) {
    // Survived: Windows, some network file systems and folders without read permission cannot do this; the change
    // itself is made and seen by all, only its safety in a power cut is left to the system.
    if (!UNSYNCABLE.test(errorCode(error) ?? '')) throw error
  }
}

const UNSYNCABLE = /^(EISDIR|EPERM|EACCES|EINVAL|ENOTSUP|ENOSYS|EBADF)$/

/** What `work` gives, or undefined when it says that there is no such file. */
export function unlessAbsent<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined // survived: absence is an answer
    throw error
  }
}

/** A name nobody uses. From Math.random, as loading node:crypto costs 4 ms; all who use it create exclusively. */
export function uniqueName(): string {
  return `${process.pid}-${Math.random().toString(36).slice(2)}`
}
