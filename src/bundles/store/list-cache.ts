/**
 * What the files of a long list were read as, in one document: a list of a thousand then parses once, and reads no file.
 * Derived and never trusted over the files, as in parse-cache.ts; nor over a program of other code, which may read the
 * same file as something else. The stamps stand in columns, as numbers together are quicker to parse than rows.
 */
import { join } from 'node:path'
import { READER } from '../../generated/reader.ts'
import { hasStamp, type Stamp } from '../../system/files.ts'
import { replaceFile } from '../../system/prepared-files.ts'
import { cacheFolder, scratchFolder, type StorePlace } from './layout.ts'
import { exactJson, makeFolder, readQuietly } from './parse-cache.ts'

export interface ListCache<Thing> {
  /** What that file was read as; undefined when it is not the same file any more, or that was never kept. */
  readonly recall: (id: string, path: string) => Thing | undefined
  readonly remember: (stamp: Stamp, thing: Thing) => void
  /** To be called when all of the list was recalled or remembered: what was not is forgotten. */
  readonly save: () => void
}

/** What files were read as, and beside each the stamp that its file had then. */
type Columns<Thing> = readonly [things: Thing[], sizes: number[], mtimes_ms: number[], inodes: number[]]

interface Named {
  readonly id: string
}

/** The cache of the list of that name. What its files are read as is the same for all who name it. */
export function openListCache<Thing extends Named>(place: StorePlace, name: string): ListCache<Thing> {
  const path = join(cacheFolder(place), `${name}.json`)
  let columns: Columns<Thing> | undefined
  let placeOf: (id: string) => number | undefined
  const open = (): Columns<Thing> => {
    if (columns === undefined) placeOf = inTurn((columns = readColumns<Thing>(path))[0])
    return columns
  }
  const kept: number[] = []
  let fresh = 0
  return {
    recall: (id, file) => {
      const [things, sizes, mtimes_ms, inodes] = open()
      const at = placeOf(id)
      if (at === undefined || !hasStamp(file, sizes[at], mtimes_ms[at], inodes[at])) return undefined
      kept.push(at)
      return things[at]
    },
    remember: ({ size, mtime_ms, inode }, thing) => {
      const [things, ...stamps] = open()
      kept.push(things.length)
      things.push(thing)
      ;[size, mtime_ms, inode].forEach((part, index) => stamps[index]?.push(part))
      fresh += 1
    },
    save: () => {
      if (kept.length >= LONG && fresh >= WORTH_WRITING)
        writeColumns(
          path,
          scratchFolder(place),
          open().map((column) => kept.map((at) => column[at])),
        )
    },
  }
}

/** Shorter lists are as quick to read file by file. */
const LONG = 50
/** About where reading so many files each time costs as much as writing a long list once; estimated, not measured. */
const WORTH_WRITING = 12

function readColumns<Thing>(path: string): Columns<Thing> {
  try {
    const [reader, ...columns] = JSON.parse(readQuietly(path)) as readonly [
      unknown,
      ...(readonly unknown[])[],
    ]
    const isWhole = columns.every((one) => Array.isArray(one) && one.length === columns[0]?.length)
    // As it was written below, by the same code.
    if (reader === READER && columns.length === 4 && isWhole) return columns as unknown as Columns<Thing>
  } catch {
    // survived: there is none, or no JSON; the files themselves are read
  }
  return [[], [], [], []]
}

/** Finds the places of things by their ids, which are mostly asked for in the order that they stand in. */
function inTurn(things: readonly (Named | null)[]): (id: string) => number | undefined {
  let [next, byId]: [number, ReadonlyMap<string, number> | undefined] = [0, undefined]
  return (id) => {
    if (things[next]?.id !== id)
      return (byId ??= new Map(things.map((one, at) => [one?.id ?? '', at]))).get(id)
    next += 1
    return next - 1
  }
}

function writeColumns(path: string, scratch: string, columns: readonly (readonly unknown[])[]): void {
  try {
    makeFolder(path)
    replaceFile(scratch, path, exactJson([READER, ...columns]), true)
  } catch {
    // survived: a read-only or a full disk, or what JSON would change; the files themselves are read next time
  }
}
