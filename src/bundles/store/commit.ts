/**
 * One change of the store, whole or not at all: everything is written to scratch files first, then the history gets its
 * lines, then the files are put in place. A full disk is met before anything changed; a crash between two steps leaves
 * history a line ahead, and the same command can be run again.
 */
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { appendLines, tailOf } from '../../system/appended-lines.ts'
import { makeDirectory, stampOf, type Stamp } from '../../system/files.ts'
import {
  commitFile,
  commitNewFile,
  discardDirectory,
  discardFile,
  prepareDirectory,
  prepareFile,
  publishDirectory,
  replaceFile,
  sweepScratch,
} from '../../system/prepared-files.ts'
import { chained } from '../model/history-chain.ts'
import { formatEvent, type HistoryEvent } from '../model/history-event.ts'
import { cachesByFile } from './caches.ts'
import {
  ATTRIBUTES,
  attributesFile,
  historyFile,
  ignoreFile,
  IGNORED,
  scratchFolder,
  type StorePlace,
} from './layout.ts'
import type { Content } from './yaml-file.ts'

export interface StoreChange {
  /** New folders by path, each with its files by name. */
  readonly folders?: Readonly<Record<string, Readonly<Record<string, Content>>>>
  /** New files by path; an existing one is never replaced. */
  readonly creations?: Readonly<Record<string, Content>>
  /** Files that are to be gone, by path; no matter if they are. */
  readonly removals?: readonly string[]
  /** Files by path, put in place in this order; the last one is the commit point. */
  readonly files?: Readonly<Record<string, Content>>
  readonly events: readonly HistoryEvent[]
}

/** Thrown when a file or folder that was to be created is there already: somebody wrote without our locks. */
export class AlreadyThere extends Error {
  override readonly name = 'AlreadyThere'
}

/** One part of a change, safe on disk in the scratch folder. */
interface Step {
  readonly commit: () => void
  readonly discard: () => void
  /** The files that it puts in place. */
  readonly files: readonly {
    readonly path: string
    readonly stamp: Stamp | undefined
    readonly value: unknown
  }[]
}

/** Carries out one change; the caller holds the lock that covers it. */
export async function commitChange(place: StorePlace, change: StoreChange, now: string): Promise<void> {
  prepareScratch(place)
  const created = [...Object.keys(change.folders ?? {}), ...Object.keys(change.creations ?? {})]
  for (const path of created) makeDirectory(dirname(path))
  const hung = hanging(change.events.map((event) => formatEvent(event, now)))
  const hangEarly = (): void => void hung(tailOf(historyFile(place)))
  const steps: Step[] = []
  try {
    for await (const step of prepareSteps(scratchFolder(place), change, hangEarly)) steps.push(step)
    // Asked before the history gets its lines, so that it does not tell what is then refused.
    for (const path of created) assertNew(!existsSync(path), path)
    if (change.events.length > 0) addToHistory(place, hung)
    for (const step of steps) step.commit()
  } catch (error) {
    for (const step of steps) step.discard()
    throw error
  }
  rememberWritten(place, steps)
}

/** Hangs lines behind an end of the history; asked for the same end again, it knows. */
function hanging(texts: readonly string[]): (tail: string) => readonly string[] {
  let known: { readonly tail: string; readonly lines: readonly string[] } | undefined
  return (tail) => (known = known?.tail === tail ? known : { tail, lines: chained(texts, tail) }).lines
}

/**
 * Without a lock, as changes of several parts of the store may come at once: lines that name the same one before them are
 * joined by the next. The first lines come with their file: one made for them alone would stay behind, empty, when the
 * disk is full.
 */
function addToHistory(place: StorePlace, hung: (tail: string) => readonly string[]): void {
  const path = historyFile(place)
  const first = (): string => prepareFile(scratchFolder(place), `${hung('').join('\n')}\n`)
  if (!existsSync(path) && commitNewFile(first(), path)) return
  appendLines(path, hung)
}

async function* prepareSteps(
  scratch: string,
  change: StoreChange,
  meanwhile: () => void,
): AsyncGenerator<Step> {
  for (const [path, contents] of Object.entries(change.folders ?? {}))
    yield await folderStep(scratch, path, contents, meanwhile)
  for (const [path, content] of Object.entries(change.creations ?? {})) {
    yield fileStep(scratch, path, content, (file) => {
      assertNew(commitNewFile(file, path), path)
    })
  }
  for (const path of change.removals ?? []) {
    yield {
      commit: () => {
        discardFile(path)
      },
      discard: () => undefined,
      files: [],
    }
  }
  for (const [path, content] of Object.entries(change.files ?? {})) {
    yield fileStep(scratch, path, content, (file) => {
      commitFile(file, path)
    })
  }
}

async function folderStep(
  scratch: string,
  path: string,
  contents: Readonly<Record<string, Content>>,
  meanwhile: () => void,
): Promise<Step> {
  const entries = Object.entries(contents)
  const folder = await prepareDirectory(
    scratch,
    Object.fromEntries(entries.map(([name, { text }]) => [name, text])),
    meanwhile,
  )
  return {
    commit: () => {
      assertNew(publishDirectory(folder, path), path)
    },
    discard: () => {
      discardDirectory(folder)
    },
    files: entries.map(([name, { value }]) => ({
      path: `${path}/${name}`,
      stamp: stampOf(`${folder}/${name}`),
      value,
    })),
  }
}

function fileStep(scratch: string, path: string, content: Content, commit: (file: string) => void): Step {
  const file = prepareFile(scratch, content.text)
  return {
    commit: () => {
      commit(file)
    },
    discard: () => {
      discardFile(file)
    },
    files: [{ path, stamp: stampOf(file), value: content.value }],
  }
}

/** So that the next command need not parse what this one wrote. */
function rememberWritten(place: StorePlace, steps: readonly Step[]): void {
  const cacheOf = cachesByFile(place)
  const files = steps.flatMap((step) => step.files)
  for (const { path, stamp, value } of files)
    if (stamp !== undefined) cacheOf(path)?.remember(path, stamp, value)
  for (const cache of new Set(files.map(({ path }) => cacheOf(path)))) cache?.save()
}

/** Makes what git is to know of the store, unless somebody wrote their own, and sweeps what crashes left in scratch. */
export function prepareScratch(place: StorePlace): void {
  sweepScratch(scratchFolder(place), LEFT_BEHIND_MS)
  for (const [path, text] of [
    [ignoreFile(place), IGNORED],
    [attributesFile(place), ATTRIBUTES],
  ] as const) {
    if (!existsSync(path)) replaceFile(scratchFolder(place), path, text)
  }
}

// A change takes milliseconds. Names alone do not tell whose a file is: other containers have processes of that number.
const LEFT_BEHIND_MS = 60 * 60_000

function assertNew(isNew: boolean, path: string): void {
  if (!isNew) throw new AlreadyThere(`${path} exists already`)
}
