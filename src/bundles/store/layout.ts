/**
 * Where things are in a project (contracts: filesystem section 4). Paths are put together as plain texts: `join` takes
 * 5 µs at first, which lists of a thousand bundles would pay thousands of times.
 */
import {
  isBundleId,
  isExpressId,
  isTicketId,
  byNumber,
  type BundleId,
  type ExpressId,
  type TicketId,
} from '../model/ids.ts'
import { listNames } from '../../system/files.ts'
import { STORE_IGNORED } from '../../system/project-root.ts'

/** `root` is the project, where commands run; `store` its data folder, usually `<root>/.tkt`. Both absolute. */
export interface StorePlace {
  readonly root: string
  readonly store: string
}

export const roadmapFile = (place: StorePlace): string => `${place.store}/roadmap.yaml`
export const historyFile = (place: StorePlace): string => `${place.store}/history.log`
export const bundlesFolder = (place: StorePlace): string => `${place.store}/bundles`
export const bundleFolder = (place: StorePlace, id: BundleId): string => `${bundlesFolder(place)}/${id}`
export const bundleFile = (place: StorePlace, id: BundleId): string =>
  `${bundleFolder(place, id)}/bundle.yaml`
export const ticketFile = (place: StorePlace, bundle: BundleId, id: TicketId): string =>
  `${bundleFolder(place, bundle)}/${id}.yaml`
/** The same of many tickets, whose folder is put together once. */
export const ticketFiles = (place: StorePlace, bundle: BundleId): ((id: TicketId) => string) => {
  const folder = bundleFolder(place, bundle)
  return (id) => `${folder}/${id}.yaml`
}
export const reviewFile = (place: StorePlace, id: BundleId): string =>
  `${bundleFolder(place, id)}/review.yaml`
/** The review as people read it; made of review.yaml, never read. */
export const reviewPage = (place: StorePlace, id: BundleId): string => `${bundleFolder(place, id)}/review.md`
export const carryoverFile = (place: StorePlace, id: BundleId): string =>
  `${bundleFolder(place, id)}/carryover.yaml`
export const expressFolder = (place: StorePlace): string => `${place.store}/express`
export const expressFile = (place: StorePlace, id: ExpressId): string => `${expressFolder(place)}/${id}.yaml`

/** Temporary files and locks: ours, ignored by git, of no worth when no command runs. */
export const scratchFolder = (place: StorePlace): string => `${place.store}/tmp`
export const locksFolder = (place: StorePlace): string => `${place.store}/locks`
/** Holds its own .gitignore, as the cache does. */
export const leasesFolder = (place: StorePlace): string => `${place.store}/leases`
/** Derived from the files; holds its own .gitignore, as trees of older versions do not name it in theirs. */
export const cacheFolder = (place: StorePlace): string => `${place.store}/cache`
export const ignoreFile = (place: StorePlace): string => `${place.store}/.gitignore`
export const attributesFile = (place: StorePlace): string => `${place.store}/.gitattributes`
/** Two branches that both log are merged by keeping the lines of both. */
export const ATTRIBUTES = 'history.log merge=union\n'
export const IGNORED = `# written by tkt\n${STORE_IGNORED.join('\n')}\n`

/** Ids in use, by number. Names of another form (`B-test/`, `TKT-001-notes.yaml`) are none of ours. */
export const listBundleIds = (place: StorePlace): readonly BundleId[] =>
  listNames(bundlesFolder(place)).filter(isBundleId).sort(byNumber)

export const listTicketIds = (place: StorePlace, bundle: BundleId): readonly TicketId[] =>
  yamlNames(bundleFolder(place, bundle), isTicketId).sort(byNumber)

export const listExpressIds = (place: StorePlace): readonly ExpressId[] =>
  yamlNames(expressFolder(place), isExpressId).sort(byNumber)

const yamlNames = <Id extends string>(folder: string, isId: (name: string) => name is Id): Id[] =>
  listNames(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .filter(isId)
