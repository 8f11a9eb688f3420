/**
 * What commands were told that may be sent again: a file a command, in a folder a day, of this working copy alone. It is
 * written before the change, and counts when the file that the change puts in place last bears its mark; it is renamed
 * after the change, so that it goes on to count when that file goes another way.
 */
import * as fs from 'node:fs'
import { KNOWN_FOR_MS, type Known, type Request } from '../../operation/request.ts'
import { listNames, makeDirectory, readTextIfPresent } from '../../system/files.ts'
import { discardFile, replaceFile } from '../../system/prepared-files.ts'
import { hashOf } from '../model/history-chain.ts'
import { scratchFolder, type StorePlace } from './layout.ts'
import { largestBytes } from './yaml-source.ts'

export interface Kept extends Known {
  /** What stands nowhere but in the file that this command put in place. */
  readonly mark: string
  /** That file, from the store's folder. */
  readonly file: string
}

/** What was done under that key; undefined when nothing was. The caller holds the lock of the key. */
export function recall(place: StorePlace, { key }: Request): Kept | undefined {
  for (const day of daysOf(place).toReversed()) {
    const { begun, made } = pathsOf(place, day, key)
    const kept = readKept(made, key)
    if (kept !== undefined) return kept
    const cut = readKept(begun, key)
    if (cut === undefined || !isMarked(place, cut)) continue
    confirm(begun, made)
    return cut
  }
  return undefined
}

/** Keeps what is now to be done, and gives what is to be called once it is. The caller holds the lock of the key. */
export function remember(place: StorePlace, kept: Kept): () => void {
  const { begun, made } = pathsOf(place, dayOf(kept.at_ms), kept.key)
  makeDirectory(`${folderIn(place)}/${dayOf(kept.at_ms)}`)
  const ignore = `${folderIn(place)}/.gitignore`
  if (!fs.existsSync(ignore)) replaceFile(scratchFolder(place), ignore, IGNORED)
  replaceFile(scratchFolder(place), begun, JSON.stringify(kept))
  sweep(place, kept.at_ms)
  return () => {
    confirm(begun, made)
  }
}

const IGNORED = '# written by tkt: what commands were told that may be sent again\n*\n'

function confirm(begun: string, made: string): void {
  try {
    fs.renameSync(begun, made)
  } catch {
    // survived: the mark says the same
  }
}

const folderIn = ({ store }: StorePlace): string => `${store}/requests`

const dayOf = (at_ms: number): string => new Date(at_ms).toISOString().slice(0, 10)

const daysOf = (place: StorePlace): readonly string[] =>
  listNames(folderIn(place)).filter((name) => /^\d{4}-\d\d-\d\d$/.test(name))

function pathsOf(place: StorePlace, day: string, key: string) {
  const path = `${folderIn(place)}/${day}/${hashOf(key)}`
  return { begun: `${path}.begun.json`, made: `${path}.json` }
}

function readKept(path: string, key: string): Kept | undefined {
  const text = readTextIfPresent(path) ?? 'null'
  try {
    const kept = JSON.parse(text) as Kept | null // ours alone, and put in place whole
    return kept?.key === key ? kept : undefined
  } catch {
    return undefined // survived: what a person or a disk broke tells nothing
  }
}

const isMarked = ({ store }: StorePlace, { file, mark }: Kept): boolean =>
  readTextIfPresent(`${store}/${file}`, largestBytes(file))?.includes(mark) === true

/** Takes away some of the oldest day that nobody asks for any more: each new one comes here, so that little is left. */
function sweep(place: StorePlace, now_ms: number): void {
  const [day = ''] = daysOf(place)
  if (day >= dayOf(now_ms - KNOWN_FOR_MS)) return
  const folder = `${folderIn(place)}/${day}`
  try {
    const names = listNames(folder)
    for (const name of names.slice(0, SWEPT_AT_ONCE)) discardFile(`${folder}/${name}`)
    if (names.length <= SWEPT_AT_ONCE) fs.rmdirSync(folder)
  } catch {
    // survived: another command sweeps it too, or the next one does
  }
}

const SWEPT_AT_ONCE = 100
