/**
 * Atomic work on files: a reader sees the old text or the new one, never a torn or an empty file, and what was
 * committed outlives a power cut. Paths are absolute. Errors of the file system come out unchanged.
 */
import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import { elapsed_ms } from './clock.ts'
import { errorCode, listNames, makeDirectory, syncDirectory, uniqueName, unlessAbsent } from './files.ts'

/**
 * Writes a new file into the scratch directory (made on demand, on the file system of the later target), safe on disk,
 * and returns its path for one of the commits below. Leaves nothing behind when it throws. What is derived does not wait
 * for the disk, so a power cut may leave rubbish in it.
 */
export function prepareFile(scratchDirectory: string, text: string, isDerived = false): string {
  makeDirectory(scratchDirectory)
  const path = join(scratchDirectory, uniqueName())
  try {
    const file = createFile(path, text)
    try {
      if (!isDerived) fs.fdatasyncSync(file)
    } finally {
      fs.closeSync(file)
    }
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
export function replaceFile(scratchDirectory: string, target: string, text: string, isDerived = false): void {
  const prepared = prepareFile(scratchDirectory, text, isDerived)
  try {
    if (isDerived) fs.renameSync(prepared, target)
    else commitFile(prepared, target)
  } catch (error) {
    discardFile(prepared)
    throw error
  }
}

/**
 * Writes a new directory of files (plain names, at least one) below the scratch directory, safe on disk, and returns
 * its path for publishDirectory. Leaves nothing behind when it throws. `meanwhile` is done while the disk works.
 */
export async function prepareDirectory(
  scratchDirectory: string,
  files: Readonly<Record<string, string>>,
  meanwhile?: () => void,
): Promise<string> {
  // An empty directory can be renamed over an empty one, so publishing it could have two winners.
  const entries = Object.entries(files)
  if (entries.length === 0) throw new TypeError('a directory is prepared with at least one file')
  const directory = join(scratchDirectory, uniqueName())
  makeDirectory(directory)
  try {
    for (let from = 0; from < entries.length; from += OPEN_AT_ONCE) {
      await writeFiles(
        directory,
        entries.slice(from, from + OPEN_AT_ONCE),
        from === 0 ? meanwhile : undefined,
      )
    }
    syncDirectory(directory)
  } catch (error) {
    discardDirectory(directory)
    throw error
  }
  return directory
}

/** Fewer than a process may have open on any system. */
const OPEN_AT_ONCE = 64

/** All are written before the first goes to the disk, which would hold the next one up. */
async function writeFiles(
  directory: string,
  entries: readonly (readonly [string, string])[],
  meanwhile?: () => void,
): Promise<void> {
  const files: number[] = []
  const synced: Promise<void>[] = []
  try {
    for (const [name, text] of entries) files.push(createFile(`${directory}/${name}`, text))
    synced.push(...files.map(syncAside))
    meanwhile?.()
    await Promise.all(synced)
  } finally {
    await Promise.allSettled(synced) // none may be under way when its file is closed
    for (const file of files) fs.closeSync(file)
  }
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

/** Removes what is older than `age_ms` from the scratch directory, or of that name: its makers ended before they committed. Never throws. */
export function sweepScratch(scratchDirectory: string, age_ms: number, named?: RegExp): void {
  try {
    for (const name of listNames(scratchDirectory).filter((name) => named?.test(name) !== false)) {
      const path = join(scratchDirectory, name)
      const changed = fs.lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity
      if (Date.now() - changed > age_ms) discardDirectory(path)
    }
  } catch {
    // survived: what is left takes room, and is tried again with the next change
  }
}

/**
 * A new file with its text, open. Its time is a little before the one it got: whoever writes to it later, and be it in
 * the same tick of the clock of its file system, gives it another. No two files of a process have the same, as long
 * as the clock goes on; nor, but by a rare chance, those of several.
 */
function createFile(path: string, text: string): number {
  const file = fs.openSync(path, 'wx')
  try {
    fs.writeFileSync(file, text)
    given_ms = earlierThan(fs.fstatSync(file).mtimeMs)
    fs.futimesSync(file, given_ms / 1000, given_ms / 1000)
    return file
  } catch (error) {
    fs.closeSync(file)
    throw error
  }
}

/** Earlier by 1 to 3 ms, and later than the last one given, unless the clock went back since. */
function earlierThan(time_ms: number): number {
  const [own_ms, next_ms] = [time_ms - 3 + OWN_MS, given_ms + APART_MS]
  return next_ms < time_ms - 1 ? Math.max(own_ms, next_ms) : own_ms
}

/** The time that the last file got. */
let given_ms = 0
/** The share of this process in its times, below 1, and the least between two: file systems may count microseconds. */
const OWN_MS = elapsed_ms() % 1
const APART_MS = 0.002

/** Brings a file to the disk, with its size, which is all that reading it needs. */
const syncAside = (file: number): Promise<void> =>
  new Promise((resolve, reject) => {
    fs.fdatasync(file, (error) => {
      if (error === null) resolve()
      else reject(error)
    })
  })
