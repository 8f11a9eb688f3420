/** Reads what the store holds. A file that cannot be used is an answer with its reason, never a crash. */
import { basename } from 'node:path'
import { readBundle, type Bundle } from '../model/bundle.ts'
import { readExpress, type Express } from '../model/express.ts'
import type { BundleId, ExpressId, TicketId } from '../model/ids.ts'
import type { Read } from '../model/raw.ts'
import { readRoadmap, type Roadmap } from '../model/roadmap.ts'
import { readTicket, type Ticket } from '../model/ticket.ts'
import { storeCache, ticketCache } from './caches.ts'
import {
  bundleFile,
  expressFile,
  listBundleIds,
  listExpressIds,
  listTicketIds,
  roadmapFile,
  ticketFile,
  type StorePlace,
} from './layout.ts'
import type { ParseCache } from './parse-cache.ts'
import { readYamlFile, type YamlFile } from './yaml-file.ts'

export type Stored<Thing> =
  | { readonly state: 'found'; readonly thing: Thing; readonly file: YamlFile }
  | { readonly state: 'absent' }
  | { readonly state: 'unreadable'; readonly path: string; readonly reason: string }

/** A file of a list that could not be read: reported beside the ones that could. */
export interface Unreadable {
  readonly id: string
  readonly reason: string
}

export interface Listing<Thing> {
  readonly things: readonly Thing[]
  readonly unreadable: readonly Unreadable[]
}

export const loadBundle = (place: StorePlace, id: BundleId): Stored<Bundle> =>
  withCache(storeCache(place), bundleAt(place, id))

export const loadTicket = (place: StorePlace, bundle: BundleId, id: TicketId): Stored<Ticket> =>
  withCache(ticketCache(place, bundle), ticketAt(place, bundle, id))

export const loadExpress = (place: StorePlace, id: ExpressId): Stored<Express> =>
  withCache(storeCache(place), expressAt(place, id))

export const loadRoadmap = (place: StorePlace): Stored<Roadmap> =>
  withCache(storeCache(place), (cache) => load(cache, roadmapFile(place), readRoadmap))

export const loadBundles = (place: StorePlace): Listing<Bundle> =>
  withCache(
    storeCache(place),
    gather(listBundleIds(place), (id) => bundleAt(place, id)),
  )

export const loadTickets = (place: StorePlace, bundle: BundleId): Listing<Ticket> =>
  withCache(
    ticketCache(place, bundle),
    gather(listTicketIds(place, bundle), (id) => ticketAt(place, bundle, id)),
  )

export const loadExpresses = (place: StorePlace): Listing<Express> =>
  withCache(
    storeCache(place),
    gather(listExpressIds(place), (id) => expressAt(place, id)),
  )

type FromCache<Answer> = (cache: ParseCache) => Answer

const bundleAt =
  (place: StorePlace, id: BundleId): FromCache<Stored<Bundle>> =>
  (cache) =>
    load(cache, bundleFile(place, id), (value) => readBundle(id, value))

const ticketAt =
  (place: StorePlace, bundle: BundleId, id: TicketId): FromCache<Stored<Ticket>> =>
  (cache) =>
    load(cache, ticketFile(place, bundle, id), (value) => readTicket(id, value))

const expressAt =
  (place: StorePlace, id: ExpressId): FromCache<Stored<Express>> =>
  (cache) =>
    load(cache, expressFile(place, id), (value) => readExpress(id, value))

function withCache<Answer>(cache: ParseCache, read: FromCache<Answer>): Answer {
  const answer = read(cache)
  cache.save()
  return answer
}

function load<Thing>(cache: ParseCache, path: string, read: (value: unknown) => Read<Thing>): Stored<Thing> {
  const file = readYamlFile(path, cache)
  if (file === undefined) return { state: 'absent' }
  if (!file.ok) return { state: 'unreadable', path, reason: file.reason }
  const thing = read(file.value.value)
  return thing.ok
    ? { state: 'found', thing: thing.value, file: file.value }
    : { state: 'unreadable', path, reason: thing.reason }
}

const gather =
  <Id extends string, Thing>(
    ids: readonly Id[],
    at: (id: Id) => FromCache<Stored<Thing>>,
  ): FromCache<Listing<Thing>> =>
  (cache) => {
    const things: Thing[] = []
    const unreadable: Unreadable[] = []
    for (const id of ids) {
      const stored = at(id)(cache)
      if (stored.state === 'found') things.push(stored.thing)
      if (stored.state === 'absent') unreadable.push({ id, reason: 'its file is missing' })
      if (stored.state === 'unreadable')
        unreadable.push({ id, reason: `${basename(stored.path)}: ${stored.reason}` })
    }
    return { things, unreadable }
  }
