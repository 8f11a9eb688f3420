/** What must be true of a store at any time, asked of its files alone. Faults are told in words: a script asks as well as a test. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parse } from 'yaml'
import { expressLifecycle, ticketLifecycle } from '../../src/bundles/model/lifecycles.ts'
import type { Lifecycle } from '../../src/lifecycle.ts'
import { withLock } from '../../src/system/lock.ts'
import { isSameStamp, stampOf, type Stamp } from '../../src/system/files.ts'
import type { Fields } from '../support/bundles.ts'

/** A line of the history that nothing cut or mixed with another; also the empty one behind the last. */
export const WHOLE_LINE =
  /^(\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\] [A-Z_]+( [a-z_]+=("([^"\\]|\\.)*"|[^" ]+))*)?$/

interface ReadFile {
  readonly text: string
  readonly value: unknown
  readonly faults: readonly string[]
}

/** Reads the YAML files of a store by their paths below it; again only those that changed. */
export function storeReader(store: string): () => ReadonlyMap<string, ReadFile> {
  const known = new Map<string, { readonly stamp: Stamp; readonly file: ReadFile }>()
  return () => {
    const paths = yamlPaths(store)
    for (const path of paths) {
      const stamp = stampOf(join(store, path))
      const before = known.get(path)
      if (stamp === undefined || (before !== undefined && isSameStamp(before.stamp, stamp))) continue
      known.set(path, { stamp, file: readFile(store, path) })
    }
    return new Map(paths.flatMap((path) => mapEntry(path, known.get(path)?.file)))
  }
}

const mapEntry = (path: string, file: ReadFile | undefined): readonly (readonly [string, ReadFile])[] =>
  file === undefined ? [] : [[path, file]]

const yamlPaths = (store: string): readonly string[] =>
  readdirSync(store, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /^(bundles|express)\/.*\.yaml$|^roadmap\.yaml$/.test(name),
  )

function readFile(store: string, path: string): ReadFile {
  const text = readFileSync(join(store, path), 'utf8')
  try {
    const value: unknown = parse(text)
    const faults = isMap(value) ? faultsOf(path, value) : ['holds no fields']
    return { text, value, faults: faults.map((fault) => `${path}: ${fault}`) }
  } catch (error) {
    return { text, value: undefined, faults: [`${path} cannot be read: ${String(error)}`] }
  }
}

const isMap = (value: unknown): value is Fields => typeof value === 'object' && value !== null

function faultsOf(path: string, value: Fields): readonly string[] {
  const name = basename(path, '.yaml')
  if (name.startsWith('TKT-')) return chainFaults(ticketLifecycle, value, name === 'TKT-000')
  if (name.startsWith('EXP-')) return chainFaults(expressLifecycle, value)
  return []
}

/**
 * The moves of a ticket lead from one to the next, each by an event of its lifecycle, up to what the ticket is now: so
 * nobody claimed what somebody else held. `isMain`: closing a bundle finishes its TKT-000 whatever it was.
 */
export function chainFaults(
  lifecycle: Lifecycle<string, string>,
  ticket: Fields,
  isMain = false,
): readonly string[] {
  const { status, claimed_by, transition_log } = ticket as {
    readonly status: string
    readonly claimed_by: string | null
    readonly transition_log: readonly {
      readonly from: string
      readonly to: string
      readonly agent: string | null
    }[]
  }
  const states = [lifecycle.initial, ...transition_log.map(({ to }) => to)]
  const isMove = ({ from, to }: { readonly from: string; readonly to: string }): boolean =>
    (isMain && to === 'done') || lifecycle.eventNames.some((event) => lifecycle.next(from, event) === to)
  const holder = transition_log.findLast(({ to }) => to === 'claimed' || to === 'open')
  return [
    ...transition_log
      .filter(({ from }, index) => from !== states[index])
      .map(({ from, to }) => `no way to ${from} before ${to}`),
    ...transition_log.filter((move) => !isMove(move)).map(({ from, to }) => `${from} -> ${to} is no move`),
    ...(status === states.at(-1) ? [] : [`is ${status}, its log says ${String(states.at(-1))}`]),
    ...(holder?.to !== 'claimed' || holder.agent === claimed_by
      ? []
      : [`is held by ${String(claimed_by)}, its log says ${String(holder.agent)}`]),
  ]
}

/** The faults of the files together: those of each, and bundles that count tickets which are not there. */
export function faultsIn(files: ReadonlyMap<string, ReadFile>): readonly string[] {
  const tickets = [...files.keys()].filter((path) => basename(path).startsWith('TKT-'))
  const counts = [...files].flatMap(([path, { value }]) => {
    if (basename(path) !== 'bundle.yaml') return []
    const there = tickets.filter((ticket) => dirname(ticket) === dirname(path)).length
    const { ticket_count } = value as Fields
    return Number(ticket_count) <= there ? [] : [`${path} counts ${String(ticket_count)} tickets of ${there}`]
  })
  return [...[...files.values()].flatMap(({ faults }) => faults), ...counts]
}

/** Locks that are not to be had at once, though nobody is left who may hold them. */
export async function stuckLocks(store: string): Promise<readonly string[]> {
  const directory = join(store, 'locks')
  const stuck: string[] = []
  for (const name of readdirSync(directory)) {
    try {
      await withLock({ directory, name, wait_ms: 0 }, () => undefined)
    } catch (error) {
      stuck.push(`lock ${name}: ${String(error)}`)
    }
  }
  return stuck
}
