/**
 * A lock between processes without flock: one winner, and no crash leaves it shut.
 *
 * A lock is a folder of numbered files, its generations. The highest decides: with a record = held, empty = released.
 * To take it, when the highest is free, create the next number together with its record (link): only one can.
 * The highest is never deleted, so whoever created a number from an outdated listing sees a higher one when listing
 * again, and withdraws. To release, empty the own file, never unlink it. Released and dead are for good, so judging
 * first and creating later is safe. Numbers only grow: to break a dead owner's lock is to create the next one.
 */
import * as fs from 'node:fs'
import { join } from 'node:path'
import { elapsed_ms } from './clock.ts'
import { errorCode, listNames, makeDirectory, readTextIfPresent, uniqueName } from './files.ts'
import { currentOwner, isOwner, ownerState, type Owner } from './owner.ts'

export interface LockRequest {
  /** Where all locks live; not to be deleted while anything runs. */
  readonly directory: string
  readonly name: string
  readonly wait_ms: number
  readonly purpose?: string | undefined
}

export interface LockHolder extends Owner {
  readonly purpose: string
  readonly since: string
}

/** The lock was not to be had in time. The holder is undefined when there was no reading its record. */
export class LockTimeout extends Error {
  override readonly name = 'LockTimeout'
  readonly lock: string
  readonly holder: LockHolder | undefined
  readonly waited_ms: number

  constructor(lock: string, holder: LockHolder | undefined, waited_ms: number) {
    const { pid = 'unknown', purpose = '', since = 'just now' } = holder ?? {}
    const who = `process ${pid}${purpose && ` (${purpose})`}`
    super(
      `lock ${lock} is held by ${who} since ${since}; waited ${waited_ms} ms: try again when it has ended`,
    )
    this.lock = lock
    this.holder = holder
    this.waited_ms = waited_ms
  }
}

/**
 * Runs `work` while nobody else holds the lock of that name, in this process or another, and releases it however
 * `work` ends. Throws LockTimeout after `wait_ms`. Not reentrant: taken again inside `work` it waits for itself.
 * A holder on another host or in another container counts as dead when its event loop stood still for two minutes.
 */
export async function withLock<T>(request: LockRequest, work: () => Promise<T> | T): Promise<T> {
  if (!LOCK_NAME.test(request.name)) throw new TypeError(`${JSON.stringify(request.name)} cannot name a lock`)
  const file = await take(request)
  const refreshing = setInterval(refresh, REFRESH_MS, file).unref()
  try {
    return await work()
  } finally {
    clearInterval(refreshing)
    release(file)
  }
}

const LOCK_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/
const GENERATION = /^[1-9]\d*$/
const ATTEMPT = 'attempt-'
const REFRESH_MS = 20_000
/** How old a record must be to count as released, by what is known of its owner. */
const STALE_MS = { gone: 0, running: Infinity, unknown: 120_000, unreadable: 10_000 } as const

/** Returns the generation file, open: so it stays ours whatever happens to its name. */
async function take(request: LockRequest): Promise<number> {
  const folder = join(request.directory, request.name)
  const self = currentOwner()
  const begun = elapsed_ms()
  for (let round = 0; ; round += 1) {
    const { number, free, holder } = look(folder, self)
    const file = free ? claim(folder, number + 1, { ...self, purpose: request.purpose ?? '' }) : undefined
    if (file !== undefined) return file
    const waited = elapsed_ms() - begun
    if (!(waited < request.wait_ms)) throw new LockTimeout(request.name, holder, Math.round(waited))
    const delay = 2 + Math.random() * (Math.min(50, 15 + 5 * round) - 2)
    await new Promise((resolve) => setTimeout(resolve, Math.min(delay, request.wait_ms - waited)))
  }
}

export interface DeadLock {
  readonly name: string
  readonly holder: LockHolder
}

/** The locks whose owners are gone for good without having released them. Nobody waits for them: the next taker sees it too. */
export function deadLocks(directory: string): readonly DeadLock[] {
  const self = currentOwner()
  return listNames(directory).flatMap((name) => {
    const { free, holder } = look(join(directory, name), self)
    return free && holder !== undefined ? [{ name, holder }] : []
  })
}

/** Releases such a lock in the place of its owner. */
export function releaseDead(directory: string, name: string): void {
  const folder = join(directory, name)
  const { number, free, holder } = look(folder, currentOwner())
  // Numbers only grow: whoever takes the lock meanwhile holds a higher one.
  if (free && holder !== undefined) fs.truncateSync(join(folder, String(number)))
}

/** Judges the highest generation. */
function look(
  folder: string,
  self: Owner,
): { number: number; free: boolean; holder?: LockHolder | undefined } {
  const number = highest(listNames(folder))
  if (number === 0) return { number, free: true }
  const path = join(folder, String(number))
  const text = readTextIfPresent(path)
  if (text === undefined) return { number, free: false } // outdated already: look again
  if (text === '') return { number, free: true }
  const holder = parseHolder(text)
  const stale_ms = STALE_MS[holder === undefined ? 'unreadable' : ownerState(holder, self)]
  if (stale_ms === 0 || stale_ms === Infinity) return { number, free: stale_ms === 0, holder }
  const changed = fs.statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity
  return { number, free: Date.now() - changed > stale_ms, holder }
}

/** Makes that generation ours and returns it open; undefined when somebody else was first. */
function claim(folder: string, number: number, owner: Omit<LockHolder, 'since'>): number | undefined {
  if (number === 1) makeDirectory(folder)
  const attempt = join(folder, ATTEMPT + uniqueName())
  const file = fs.openSync(attempt, 'wx')
  let isOurs = false
  try {
    fs.writeFileSync(file, JSON.stringify({ ...owner, since: new Date().toISOString() }) + '\n')
    isOurs = linkNew(attempt, join(folder, String(number))) && isNewest(folder, number)
  } finally {
    if (!isOurs) release(file)
    sweep(attempt)
  }
  return isOurs ? file : undefined
}

function linkNew(attempt: string, path: string): boolean {
  try {
    fs.linkSync(attempt, path)
    return true
  } catch (error) {
    const code = errorCode(error)
    if (code === 'EEXIST' || code === 'ENOENT') return false // survived: a winner was first, or swept our attempt
    throw error
  }
}

/** Whether the generation just made is the highest: then what came before it is swept, else it is withdrawn. */
function isNewest(folder: string, number: number): boolean {
  const names = listNames(folder)
  const newest = highest(names) === number
  const isSpent = (name: string): boolean => name.startsWith(ATTEMPT) || generationOf(name) < number
  const spent = newest ? names.filter(isSpent) : [String(number)]
  for (const name of spent) sweep(join(folder, name))
  return newest
}

function highest(names: readonly string[]): number {
  return Math.max(0, ...names.map(generationOf).filter(Number.isFinite))
}

/** NaN for a name that is not ours, which so is neither the highest nor spent. */
function generationOf(name: string): number {
  return GENERATION.test(name) ? Number(name) : NaN
}

function parseHolder(text: string): LockHolder | undefined {
  try {
    const record: unknown = JSON.parse(text)
    return isHolder(record) ? record : undefined
  } catch {
    return undefined // survived: half a record, after a power cut
  }
}

function isHolder(record: unknown): record is LockHolder {
  if (!isOwner(record) || !('purpose' in record) || !('since' in record)) return false
  return typeof record.purpose === 'string' && typeof record.since === 'string'
}

/** Through the open file, and so never another's generation. */
function release(file: number): void {
  try {
    fs.ftruncateSync(file)
  } finally {
    fs.closeSync(file)
  }
}

/** Shows holders on other hosts' waiters that we live. */
function refresh(file: number): void {
  try {
    fs.futimesSync(file, new Date(), new Date())
  } catch {
    // survived: on this host the lock does not depend on it
  }
}

function sweep(path: string): void {
  try {
    fs.unlinkSync(path)
  } catch {
    // survived: gone already, or left for the next taker to sweep
  }
}
