/**
 * One change of the store, whole or not at all: everything is written to scratch files first, then the history gets its
 * lines, then the files are put in place. A full disk is met before anything changed; a crash between two steps leaves
 * history a line ahead, and the same command can be run again.
 */
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import {
  appendLines,
  commitFile,
  commitNewFile,
  discardDirectory,
  discardFile,
  makeDirectory,
  prepareDirectory,
  prepareFile,
  publishDirectory,
  replaceFile,
  sweepScratch,
} from '../../system/files.ts'
import { formatEvent, type HistoryEvent } from '../model/history-event.ts'
import { historyFile, ignoreFile, IGNORED, scratchFolder, type StorePlace } from './layout.ts'

export interface StoreChange {
  /** New folders by path, each with its files by name. */
  readonly folders?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** New files by path; an existing one is never replaced. */
  readonly creations?: Readonly<Record<string, string>>
  /** Files that are to be gone, by path; no matter if they are. */
  readonly removals?: readonly string[]
  /** Files by path, put in place in this order; the last one is the commit point. */
  readonly files?: Readonly<Record<string, string>>
  readonly events: readonly HistoryEvent[]
}

/** Thrown when a file or folder that was to be created is there already: somebody wrote without our locks. */
export class AlreadyThere extends Error {
  override readonly name = 'AlreadyThere'
}

/** Carries out one change; the caller holds the lock that covers it. */
export function commitChange(place: StorePlace, change: StoreChange, now: string): void {
  prepareScratch(place)
  const prepared: { readonly commit: () => void; readonly discard: () => void }[] = []
  try {
    const scratch = scratchFolder(place)
    for (const path of [...Object.keys(change.folders ?? {}), ...Object.keys(change.creations ?? {})]) {
      makeDirectory(dirname(path))
    }
    for (const [path, files] of Object.entries(change.folders ?? {})) {
      const folder = prepareDirectory(scratch, files)
      prepared.push({
        commit: () => assertNew(publishDirectory(folder, path), path),
        discard: () => discardDirectory(folder),
      })
    }
    for (const [path, text] of Object.entries(change.creations ?? {})) {
      const file = prepareFile(scratch, text)
      prepared.push({
        commit: () => assertNew(commitNewFile(file, path), path),
        discard: () => discardFile(file),
      })
    }
    for (const path of change.removals ?? []) {
      prepared.push({ commit: () => discardFile(path), discard: () => undefined })
    }
    for (const [path, text] of Object.entries(change.files ?? {})) {
      const file = prepareFile(scratch, text)
      prepared.push({ commit: () => commitFile(file, path), discard: () => discardFile(file) })
    }
    refuseExisting([...Object.keys(change.folders ?? {}), ...Object.keys(change.creations ?? {})])
    const lines = change.events.map((event) => formatEvent(event, now))
    if (lines.length > 0) appendLines(historyFile(place), lines)
    for (const step of prepared) step.commit()
  } catch (error) {
    for (const step of prepared) step.discard()
    throw error
  }
}

/** Makes the .gitignore that keeps the scratch folder out of the project's history, and sweeps what crashes left in it. */
export function prepareScratch(place: StorePlace): void {
  sweepScratch(scratchFolder(place), LEFT_BEHIND_MS)
  if (existsSync(ignoreFile(place))) return
  replaceFile(scratchFolder(place), ignoreFile(place), IGNORED)
}

// A change takes milliseconds. Names alone do not tell whose a file is: other containers have processes of that number.
const LEFT_BEHIND_MS = 60 * 60_000

/** Asked before the history gets its lines, so that it does not tell what is then refused. */
function refuseExisting(paths: readonly string[]): void {
  for (const path of paths) assertNew(!existsSync(path), path)
}

function assertNew(isNew: boolean, path: string): void {
  if (!isNew) throw new AlreadyThere(`${path} exists already`)
}
