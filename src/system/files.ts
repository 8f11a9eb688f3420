/** Reading files, and adding lines to them. Paths are absolute. Errors of the file system come out unchanged. */
import * as fs from 'node:fs'
import { dirname } from 'node:path'

/** Thrown in place of reading a file that is larger than its reader is ready for. */
export class FileTooLarge extends Error {
  override readonly name = 'FileTooLarge'
  /** As the system names its own refusals. */
  readonly code = 'EFBIG'
  readonly syscall = 'read'
  readonly path: string
  readonly size: number
  readonly limit: number

  constructor(path: string, size: number, limit: number) {
    super(`${path}: ${size} bytes, at most ${limit} are read`)
    this.path = path
    this.size = size
    this.limit = limit
  }
}

/** Somebody wrote a file without our locks, between our reading it and our changing it. */
export class FileChanged extends Error {
  override readonly name = 'FileChanged'
  /** As the system names a file that is no longer the one that was opened. */
  readonly code = 'ESTALE'
  readonly syscall = 'read'
  readonly path: string

  constructor(path: string) {
    super(`${path} was changed by somebody else while this command ran`)
    this.path = path
  }
}

/** The text of a file, undefined when there is none. Throws FileTooLarge, without reading, above `maxBytes`. */
export function readTextIfPresent(path: string, maxBytes = 1_000_000): string | undefined {
  const found = unlessAbsent(() => fs.statSync(path, { throwIfNoEntry: false }))
  if (found === undefined) return undefined
  // Node names no path when a folder is read.
  if (found.isDirectory())
    throw Object.assign(new Error(`${path} is a folder`), { code: 'EISDIR', syscall: 'read', path })
  if (found.size > maxBytes) throw new FileTooLarge(path, found.size, maxBytes)
  return unlessAbsent(() => (found.isFile() ? fs.readFileSync(path, 'utf8') : readStream(path, maxBytes)))
}

/** A pipe such as `<(command)`, or a device, tells no size: it is read until it ends or is too much. */
function readStream(path: string, maxBytes: number): string {
  const file = fs.openSync(path, 'r')
  try {
    const chunks: Buffer[] = []
    for (let size = 0; ;) {
      const chunk = Buffer.alloc(65_536)
      const read = fs.readSync(file, chunk)
      size += read
      if (size > maxBytes) throw new FileTooLarge(path, size, maxBytes)
      if (read === 0) return Buffer.concat(chunks).toString('utf8')
      chunks.push(chunk.subarray(0, read))
    }
  } finally {
    fs.closeSync(file)
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
 * After the torn line of a crash a fresh one is started, so readers skip lines they cannot use. Refuses a line with a
 * newline in it.
 */
export function appendLines(path: string, lines: readonly string[]): void {
  const broken = lines.find((line) => line.includes('\n'))
  if (broken !== undefined)
    throw new TypeError(`one line expected, found a newline in ${JSON.stringify(broken)}`)
  const file = fs.openSync(path, 'a+')
  try {
    const { size } = fs.fstatSync(file)
    const bytes = Buffer.from(
      (endsInNewline(file, size) ? '' : '\n') + lines.map((line) => `${line}\n`).join(''),
    )
    const written = fs.writeSync(file, bytes)
    // A short write means a full disk: writing the rest brings out the error that says so.
    if (written < bytes.length) fs.writeFileSync(file, bytes.subarray(written))
    fs.fdatasyncSync(file)
    if (size === 0) syncDirectory(dirname(path))
  } finally {
    fs.closeSync(file)
  }
}

/** The code of a system error such as ENOENT; undefined for anything else. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

function endsInNewline(file: number, size: number): boolean {
  if (size === 0) return true
  const last = Buffer.alloc(1)
  fs.readSync(file, last, 0, 1, size - 1)
  return last.toString() === '\n'
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
