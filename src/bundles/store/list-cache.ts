/**
 * What the files of a long list were read as, in one document: a list of a thousand then parses once, and reads no file.
 * Derived and never trusted over the files, as in parse-cache.ts; nor over a program of another version, which may read
 * the same file as something else.
 */
import { join } from 'node:path'
import packageFile from '../../../package.json' with { type: 'json' }
import { hasStamp, type Stamp } from '../../system/files.ts'
import { replaceFile } from '../../system/prepared-files.ts'
import { cacheFolder, scratchFolder, type StorePlace } from './layout.ts'
import { lineOf, makeFolder, readQuietly } from './parse-cache.ts'

/** What a file was read as when it bore that stamp. */
export type Row<Thing> = readonly [id: string, ...stamp: StampColumns, thing: Thing]
type StampColumns = readonly [size: number, mtime_ms: number, inode: number]

export interface ListCache<Thing> {
  /** The rows by id; none when the list is short, or was never read. */
  readonly rows: () => ReadonlyMap<string, Row<Thing>>
  /** To be called with all rows of the list, and how many of them did not come from here. */
  readonly keep: (rows: readonly Row<Thing>[], fresh: number) => void
}

/** The cache of the list of that name. Whoever asks for its rows gets what the same reader made of the files. */
export function openListCache<Thing>(place: StorePlace, name: string): ListCache<Thing> {
  const path = join(cacheFolder(place), `${name}.json`)
  return {
    rows: () => readRows(path),
    keep: (rows, fresh) => {
      if (rows.length >= LONG && fresh >= WORTH_WRITING) writeRows(path, scratchFolder(place), rows)
    },
  }
}

export const rowOf = <Thing>(id: string, { size, mtime_ms, inode }: Stamp, thing: Thing): Row<Thing> => [
  id,
  size,
  mtime_ms,
  inode,
  thing,
]

/** Whether the file is still the one of that row. */
export const isCurrent = ([, size, mtime_ms, inode]: Row<unknown>, path: string): boolean =>
  hasStamp(path, size, mtime_ms, inode)

/** Shorter lists are as quick to read file by file. */
const LONG = 50
/** About where reading so many files each time costs as much as writing a long list once; estimated, not measured. */
const WORTH_WRITING = 12

function readRows<Thing>(path: string): ReadonlyMap<string, Row<Thing>> {
  try {
    // As it was written below: of this version, by the same reader.
    const [version, ...rows] = JSON.parse(readQuietly(path)) as readonly [string, ...Row<Thing>[]]
    return version === packageFile.version ? byId(rows) : new Map()
  } catch {
    return new Map() // survived: there is none, or no JSON; the files themselves are read
  }
}

function byId<Thing>(rows: readonly Row<Thing>[]): ReadonlyMap<string, Row<Thing>> {
  const found = new Map<string, Row<Thing>>()
  for (const row of rows) found.set(row[0], row)
  return found
}

function writeRows(path: string, scratch: string, rows: readonly Row<unknown>[]): void {
  const lines = rows.flatMap(
    ([id, size, mtime_ms, inode, thing]) => lineOf(id, { size, mtime_ms, inode }, thing) ?? [],
  )
  try {
    makeFolder(path)
    replaceFile(scratch, path, `[${[JSON.stringify(packageFile.version), ...lines].join(',\n')}]\n`)
  } catch {
    // survived: a read-only or a full disk; the files themselves are read next time
  }
}
