/**
 * Atomic work on files: a reader sees the old text or the new one, never a torn or an empty file, and what was
 * committed outlives a power cut. Paths are absolute. Errors of the file system come out unchanged.
 */
import * as fs from 'node:fs'
import { dirname, join } from 'node:path'

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

/** The text of a file, undefined when there is none. Throws FileTooLarge, without reading, above `maxBytes`. */
export function readTextIfPresent(path: string, maxBytes = 1_000_000): string | undefined {
  const found = unlessAbsent(() => fs.statSync(path, { throwIfNoEntry: false }))
  if (found === undefined) return undefined
  // Node names no path when a folder is read.
  if (found.isDirectory())
    throw Object.assign(new Error(`${path} is a folder`), { code: 'EISDIR', syscall: 'read', path })
  if (found.size > maxBytes) throw new FileTooLarge(path, found.size, maxBytes)
  return unlessAbsent(() => fs.readFileSync(path, 'utf8'))
}

/** Whether it is a pipe, a socket or a device, which may be read without an end. */
export function isSpecialFile(path: string): boolean {
  const found = unlessAbsent(() => fs.statSync(path, { throwIfNoEntry: false }))
  return found !== undefined && !found.isFile() && !found.isDirectory()
}

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
 * Writes a new file into the scratch directory (made on demand, on the file system of the later target), safe on disk,
 * and returns its path for one of the commits below. Leaves nothing behind when it throws.
 */
export function prepareFile(scratchDirectory: string, text: string): string {
  makeDirectory(scratchDirectory)
  const path = join(scratchDirectory, uniqueName())
  try {
    writeNew(path, text)
    syncFile(path)
  } catch (error) {
    discardFile(path)
    throw error
  }
  return path
}

/** Puts a prepared file in the place of `target`, whether that exists or not. When it throws, the caller discards. */
export function commitFile(prepared: string, target: string): void {
  fs.renameSync(prepared, target)
  syncDirectory(dirname(target))
}

/** Puts a prepared file at `target` if nothing is there: of many callers one gets true. Uses the prepared file up. */
export function commitNewFile(prepared: string, target: string): boolean {
  try {
    fs.linkSync(prepared, target) // unlike rename, link never replaces
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false // survived: somebody was first, which is an answer
    throw error
  } finally {
    discardFile(prepared)
  }
  syncDirectory(dirname(target))
  return true
}

/** Removes a prepared file that will not be committed; no matter if it is gone. */
export function discardFile(prepared: string): void {
  unlessAbsent(() => fs.unlinkSync(prepared))
}

/** Gives `target` a new text in one step. When it throws before that step, nothing has changed. */
export function replaceFile(scratchDirectory: string, target: string, text: string): void {
  const prepared = prepareFile(scratchDirectory, text)
  try {
    commitFile(prepared, target)
  } catch (error) {
    discardFile(prepared)
    throw error
  }
}

/**
 * Writes a new directory of files (plain names, at least one) below the scratch directory, safe on disk, and returns
 * its path for publishDirectory. Leaves nothing behind when it throws.
 */
export function prepareDirectory(scratchDirectory: string, files: Readonly<Record<string, string>>): string {
  // An empty directory can be renamed over an empty one, so publishing it could have two winners.
  if (Object.keys(files).length === 0) throw new TypeError('a directory is prepared with at least one file')
  const directory = join(scratchDirectory, uniqueName())
  makeDirectory(directory)
  try {
    for (const [name, text] of Object.entries(files)) writeNew(join(directory, name), text)
    // Not one by one: when all are written the disk takes them together, in four fifths of the time.
    for (const name of Object.keys(files)) syncFile(join(directory, name))
    syncDirectory(directory)
  } catch (error) {
    discardDirectory(directory)
    throw error
  }
  return directory
}

/** Puts a prepared directory at `target` if nothing is there: of many callers one gets true, the others are cleaned up. */
export function publishDirectory(prepared: string, target: string): boolean {
  try {
    fs.renameSync(prepared, target)
  } catch (error) {
    discardDirectory(prepared)
    const code = errorCode(error)
    // Windows says EPERM where others say ENOTEMPTY or EEXIST.
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || (code === 'EPERM' && fs.existsSync(target))) return false
    throw error
  }
  syncDirectory(dirname(target))
  return true
}

/** Removes a prepared directory (or file) that will not be published; no matter if it is gone. */
export function discardDirectory(prepared: string): void {
  fs.rmSync(prepared, { recursive: true, force: true })
}

/** Removes what is older than `age_ms` from the scratch directory: its makers ended before they committed. Never throws. */
export function sweepScratch(scratchDirectory: string, age_ms: number): void {
  try {
    for (const name of listNames(scratchDirectory)) {
      const path = join(scratchDirectory, name)
      const changed = fs.lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity
      if (Date.now() - changed > age_ms) discardDirectory(path)
    }
  } catch {
    // survived: what is left takes room, and is tried again with the next change
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

const writeNew = (path: string, text: string): void => fs.writeFileSync(path, text, { flag: 'wx' })

function syncFile(path: string): void {
  const file = fs.openSync(path, 'r+')
  try {
    fs.fdatasyncSync(file) // with the size, which is all that reading it back needs
  } finally {
    fs.closeSync(file)
  }
}

/** Makes a rename or a link in `directory` outlive a power cut, where the platform can. */
function syncDirectory(directory: string): void {
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

function unlessAbsent<T>(work: () => T): T | undefined {
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
