/** Reading files, and what else is done with them at once. Paths are absolute. Errors of the file system come out unchanged. */
import { isUtf8 } from 'node:buffer'
import * as fs from 'node:fs'

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

/** What nobody wakes: to wait on it is to let time pass. */
export const PAUSE = new Int32Array(new SharedArrayBuffer(4))
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
export function hasStamp(path: string, size?: number, mtime_ms?: number, inode?: number): boolean {
  try {
    const found = fs.statSync(path, IF_PRESENT)
    return found !== undefined && found.mtimeMs === mtime_ms && found.size === size && found.ino === inode
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
