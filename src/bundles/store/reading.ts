/** Reads what the store holds. A file that cannot be used is an answer with its reason, never a crash. */
import { basename } from 'node:path'
import { readBundle, type Bundle } from '../model/bundle.ts'
import { readExpress, type Express } from '../model/express.ts'
import type { BundleId, ExpressId, TicketId } from '../model/ids.ts'
import type { Read } from '../model/raw.ts'
import { readRoadmap, type Roadmap } from '../model/roadmap.ts'
import { readTicket, type Ticket } from '../model/ticket.ts'
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
  load(bundleFile(place, id), (value) => readBundle(id, value))

export const loadTicket = (place: StorePlace, bundle: BundleId, id: TicketId): Stored<Ticket> =>
  load(ticketFile(place, bundle, id), (value) => readTicket(id, value))

export const loadExpress = (place: StorePlace, id: ExpressId): Stored<Express> =>
  load(expressFile(place, id), (value) => readExpress(id, value))

export const loadRoadmap = (place: StorePlace): Stored<Roadmap> => load(roadmapFile(place), readRoadmap)

export const loadTickets = (place: StorePlace, bundle: BundleId): Listing<Ticket> =>
  gather(listTicketIds(place, bundle), (id) => loadTicket(place, bundle, id))

export const loadBundles = (place: StorePlace): Listing<Bundle> =>
  gather(listBundleIds(place), (id) => loadBundle(place, id))

export const loadExpresses = (place: StorePlace): Listing<Express> =>
  gather(listExpressIds(place), (id) => loadExpress(place, id))

/** What an answer says of them: how many, and the first few with their reasons. Nothing when all could be read. */
export function reportUnreadable(unreadable: readonly Unreadable[], limit = 5) {
  if (unreadable.length === 0) return {}
  return { unreadable: unreadable.slice(0, limit), unreadable_count: unreadable.length }
}

function load<Thing>(path: string, read: (value: unknown) => Read<Thing>): Stored<Thing> {
  const file = readYamlFile(path)
  if (file === undefined) return { state: 'absent' }
  if (!file.ok) return { state: 'unreadable', path, reason: file.reason }
  const thing = read(file.value.value)
  return thing.ok
    ? { state: 'found', thing: thing.value, file: file.value }
    : { state: 'unreadable', path, reason: thing.reason }
}

function gather<Id extends string, Thing>(
  ids: readonly Id[],
  loadOne: (id: Id) => Stored<Thing>,
): Listing<Thing> {
  const things: Thing[] = []
  const unreadable: Unreadable[] = []
  for (const id of ids) {
    const stored = loadOne(id)
    if (stored.state === 'found') things.push(stored.thing)
    if (stored.state === 'absent') unreadable.push({ id, reason: 'its file is missing' })
    if (stored.state === 'unreadable')
      unreadable.push({ id, reason: `${basename(stored.path)}: ${stored.reason}` })
  }
  return { things, unreadable }
}
