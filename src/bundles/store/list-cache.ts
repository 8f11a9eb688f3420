/**
 * What the files of a long list were read as, in one document: a list of a thousand then parses once, and reads no file.
 * Derived and never trusted over the files, as in parse-cache.ts; nor over a program of other code, which may read the
 * same file as something else.
 */
import { join } from 'node:path'
import { READER } from '../../generated/reader.ts'
import { hasStamp, type Stamp } from '../../system/files.ts'
import { replaceFile } from '../../system/prepared-files.ts'
import { cacheFolder, scratchFolder, type StorePlace } from './layout.ts'
import { lineOf, makeFolder, readQuietly } from './parse-cache.ts'

export interface ListCache<Thing> {
  /** What that file was read as; undefined when it is not the same file any more, or that was never kept. */
  readonly recall: (id: string, path: string) => Thing | undefined
  readonly remember: (id: string, stamp: Stamp, thing: Thing) => void
  /** To be called when all of the list was recalled or remembered: what was not is forgotten. */
  readonly save: () => void
}

/** What a file was read as when it bore that stamp. */
type Row<Thing> = readonly [id: string, size: number, mtime_ms: number, inode: number, thing: Thing]

/** The cache of the list of that name. What its files are read as is the same for all who name it. */
export function openListCache<Thing>(place: StorePlace, name: string): ListCache<Thing> {
  const path = join(cacheFolder(place), `${name}.json`)
  const rows: Row<Thing>[] = []
  let known: ((id: string) => Row<Thing> | undefined) | undefined
  let fresh = 0
  return {
    recall: (id, file) => {
      const row = (known ??= inTurn(readRows<Thing>(path)))(id)
      if (row === undefined || !hasStamp(file, row[1], row[2], row[3])) return undefined
      rows.push(row)
      return row[4]
    },
    remember: (id, { size, mtime_ms, inode }, thing) => {
      rows.push([id, size, mtime_ms, inode, thing])
      fresh += 1
    },
    save: () => {
      if (rows.length >= LONG && fresh >= WORTH_WRITING) writeRows(path, scratchFolder(place), rows)
    },
  }
}

/** Shorter lists are as quick to read file by file. */
const LONG = 50
/** About where reading so many files each time costs as much as writing a long list once; estimated, not measured. */
const WORTH_WRITING = 12

function readRows<Thing>(path: string): readonly Row<Thing>[] {
  try {
    const [reader, rows] = JSON.parse(readQuietly(path)) as readonly [unknown, readonly Row<Thing>[]]
    return reader === READER && rows.every(Array.isArray) ? rows : [] // as it was written below, by the same code
  } catch {
    return [] // survived: there is none, or no JSON; the files themselves are read
  }
}

/** Finds rows by their ids, which are mostly asked for in the order that they stand in. */
function inTurn<Thing>(rows: readonly Row<Thing>[]): (id: string) => Row<Thing> | undefined {
  let [at, byId]: [number, ReadonlyMap<string, Row<Thing>> | undefined] = [0, undefined]
  return (id) => {
    const row = rows[at]
    if (row?.[0] !== id) return (byId ??= new Map(rows.map((one) => [one[0], one]))).get(id)
    at += 1
    return row
  }
}

function writeRows(path: string, scratch: string, rows: readonly Row<unknown>[]): void {
  const lines = rows.flatMap(
    ([id, size, mtime_ms, inode, thing]) => lineOf(id, { size, mtime_ms, inode }, thing) ?? [],
  )
  try {
    makeFolder(path)
    replaceFile(scratch, path, `[${JSON.stringify(READER)},[\n${lines.join(',\n')}\n]]\n`, true)
  } catch {
    // survived: a read-only or a full disk; the files themselves are read next time
  }
}
