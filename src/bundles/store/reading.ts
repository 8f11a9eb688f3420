/** Reads what the store holds. A file that cannot be used is an answer with its reason, never a crash. */
import { basename } from 'node:path'
import { readBundle, type Bundle } from '../model/bundle.ts'
import { readExpress, type Express } from '../model/express.ts'
import type { BundleId, ExpressId, TicketId } from '../model/ids.ts'
import type { Read } from '../model/raw.ts'
import { readRoadmap, type Roadmap } from '../model/roadmap.ts'
import { glanceOf, glanceOfBundle, type BundleGlance, type Glance } from '../model/glance.ts'
import { readTicket, type Ticket } from '../model/ticket.ts'
import { readTextIfPresent } from '../../system/files.ts'
import { storeCache, ticketCache } from './caches.ts'
import {
  bundleFile,
  expressFile,
  historyFile,
  listBundleIds,
  listExpressIds,
  listTicketIds,
  roadmapFile,
  ticketFiles,
  type StorePlace,
} from './layout.ts'
import { openListCache, type ListCache } from './list-cache.ts'
import type { ParseCache } from './parse-cache.ts'
import { readYamlFile, type YamlFile } from './yaml-source.ts'

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

export const loadBundle = (place: StorePlace, id: BundleId): Stored<Bundle> => loadOne(bundles(place), id)

export const loadTicket = (place: StorePlace, bundle: BundleId, id: TicketId): Stored<Ticket> =>
  loadOne(tickets(place, bundle), id)

export const loadExpress = (place: StorePlace, id: ExpressId): Stored<Express> =>
  loadOne(expresses(place), id)

export const loadRoadmap = (place: StorePlace): Stored<Roadmap> =>
  loadOne({ cache: storeCache(place), fileOf: roadmapFile, read: (_, value) => readRoadmap(value) }, place)

export const loadBundles = (place: StorePlace): Listing<Bundle> =>
  loadAll(bundles(place), listBundleIds(place))

/** The same with less of each. */
export const glanceAtBundles = (place: StorePlace): Listing<BundleGlance> =>
  loadAll(bundleGlances(place), listBundleIds(place))

/** All tickets of a bundle, or those named. */
export const loadTickets = (
  place: StorePlace,
  bundle: BundleId,
  ids = listTicketIds(place, bundle),
): Listing<Ticket> => loadAll(tickets(place, bundle), ids)

/** The same tickets with less of each, which is all that most commands ask of those they do not name. */
export const glanceAtTickets = (
  place: StorePlace,
  bundle: BundleId,
  ids = listTicketIds(place, bundle),
): Listing<Glance> => loadAll(glances(place, bundle), ids)

export const loadExpresses = (place: StorePlace): Listing<Express> =>
  loadAll(expresses(place), listExpressIds(place))

/** Empty where nothing was ever done. */
export const readHistory = (place: StorePlace): string =>
  readTextIfPresent(historyFile(place), LARGEST_HISTORY) ?? ''

const LARGEST_HISTORY = 256_000_000

/** Things of one kind: where their files are, how they are read, and what is remembered of them. */
interface Kind<Id, Thing> {
  readonly fileOf: (id: Id) => string
  readonly read: (id: Id, value: unknown) => Read<Thing>
  readonly cache: ParseCache
}

interface ListedKind<Id, Thing extends { readonly id: Id }> extends Kind<Id, Thing> {
  readonly list: ListCache<Thing>
}

const bundles = (place: StorePlace): ListedKind<BundleId, Bundle> => ({
  fileOf: (id) => bundleFile(place, id),
  read: readBundle,
  cache: storeCache(place),
  list: openListCache(place, 'bundles'),
})

const bundleGlances = (place: StorePlace): ListedKind<BundleId, BundleGlance> => ({
  ...bundles(place),
  read: (id, value) => changed(readBundle(id, value), glanceOfBundle),
  list: openListCache(place, 'bundles-glance'),
})

const tickets = (place: StorePlace, bundle: BundleId): ListedKind<TicketId, Ticket> => ({
  fileOf: ticketFiles(place, bundle),
  read: readTicket,
  cache: ticketCache(place, bundle),
  list: openListCache(place, bundle),
})

const glances = (place: StorePlace, bundle: BundleId): ListedKind<TicketId, Glance> => ({
  ...tickets(place, bundle),
  read: (id, value) => changed(readTicket(id, value), glanceOf),
  list: openListCache(place, `${bundle}-glance`),
})

const changed = <Thing, Other>(read: Read<Thing>, to: (thing: Thing) => Other): Read<Other> =>
  read.ok ? { ok: true, value: to(read.value) } : read

const expresses = (place: StorePlace): ListedKind<ExpressId, Express> => ({
  fileOf: (id) => expressFile(place, id),
  read: readExpress,
  cache: storeCache(place),
  list: openListCache(place, 'express'),
})

function loadOne<Id, Thing>(kind: Kind<Id, Thing>, id: Id): Stored<Thing> {
  const stored = load(kind, id)
  kind.cache.save()
  return stored
}

function load<Id, Thing>({ fileOf, read, cache }: Kind<Id, Thing>, id: Id): Stored<Thing> {
  const path = fileOf(id)
  const file = readYamlFile(path, cache)
  if (file === undefined) return { state: 'absent' }
  if (!file.ok) return { state: 'unreadable', path, reason: file.reason }
  const thing = read(id, file.value.value)
  return thing.ok
    ? { state: 'found', thing: thing.value, file: file.value }
    : { state: 'unreadable', path, reason: thing.reason }
}

function loadAll<Id extends string, Thing extends { readonly id: Id }>(
  kind: ListedKind<Id, Thing>,
  ids: readonly Id[],
): Listing<Thing> {
  const { list, cache, fileOf } = kind
  const [things, unreadable]: [Thing[], Unreadable[]] = [[], []]
  for (const id of ids) {
    const known = list.recall(id, fileOf(id))
    if (known !== undefined) {
      things.push(known)
      continue
    }
    const stored = load(kind, id)
    if (stored.state === 'absent') unreadable.push({ id, reason: 'its file is missing' })
    if (stored.state === 'unreadable')
      unreadable.push({ id, reason: `${basename(stored.path)}: ${stored.reason}` })
    if (stored.state !== 'found') continue
    things.push(stored.thing)
    if (stored.file.stamp !== undefined) list.remember(stored.file.stamp, stored.thing)
  }
  cache.save()
  list.save()
  return { things, unreadable }
}
