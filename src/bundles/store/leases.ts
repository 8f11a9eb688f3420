/**
 * When an agent was last heard of: an empty file for each, whose time says when. Kept out of git; a lost one only makes a
 * claim look as idle as its ticket's own moves say.
 */
import * as fs from 'node:fs'
import { join } from 'node:path'
import { errorCode } from '../../system/files.ts'
import { leasesFolder, type StorePlace } from './layout.ts'

export interface Who {
  readonly agent: string
  /** Of several sessions under one name, this one alone. */
  readonly session_id?: string | undefined
}

/** Notes that somebody was heard of, at that moment in milliseconds since 1970. Never throws. */
export function noteLife(place: StorePlace, who: Who, at_ms: number): void {
  const seconds = at_ms / 1000
  for (const path of new Set([fileOf(place, { agent: who.agent }), fileOf(place, who)])) {
    try {
      if (!touched(path, seconds)) {
        makeFolder(leasesFolder(place))
        fs.closeSync(fs.openSync(path, 'a'))
        fs.utimesSync(path, seconds, seconds)
      }
    } catch {
      // survived: a read-only or a full disk, where no claim can be made either
    }
  }
}

/** Undefined for somebody who was never heard of. */
export const heardOf = (place: StorePlace, who: Who): number | undefined =>
  fs.statSync(fileOf(place, who), { throwIfNoEntry: false })?.mtimeMs

function touched(path: string, seconds: number): boolean {
  try {
    fs.utimesSync(path, seconds, seconds)
    return true
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false // survived: heard of for the first time
    throw error
  }
}

function makeFolder(folder: string): void {
  if (fs.existsSync(folder)) return
  fs.mkdirSync(folder)
  fs.writeFileSync(join(folder, '.gitignore'), '# written by tkt: when agents were last heard of\n*\n')
}

/** Names may be long, and differ in what a file system takes for the same: the sum tells them apart. */
function fileOf(place: StorePlace, { agent, session_id }: Who): string {
  const name = session_id === undefined ? agent : `${agent}\n${session_id}`
  const sum = Array.from(name).reduce(
    (sum, character) => Math.imul(31, sum) + (character.codePointAt(0) ?? 0),
    7,
  )
  return join(leasesFolder(place), `${agent.replaceAll(/[^\w-]/g, '_').slice(0, 60)}.${sum >>> 0}`)
}
