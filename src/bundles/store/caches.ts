/** Which cache a file of the store belongs to: the tickets of a bundle have their own, so that a large one slows no other. */
import { basename, dirname, join } from 'node:path'
import { isBundleId, isExpressId, isTicketId, type BundleId } from '../model/ids.ts'
import { bundleFolder, cacheFolder, scratchFolder, type StorePlace } from './layout.ts'
import { openParseCache, type ParseCache } from './parse-cache.ts'

export const ticketCache = (place: StorePlace, bundle: BundleId): ParseCache =>
  openParseCache({ ...placesIn(place, bundle), folder: bundleFolder(place, bundle) })

export const storeCache = (place: StorePlace): ParseCache =>
  openParseCache({ ...placesIn(place, 'store'), folder: place.store })

/** That of a bundle's tickets has the name of the bundle; the other one is `store`. */
export const cacheFile = (place: StorePlace, name: string): string =>
  join(cacheFolder(place), `${name}.jsonl`)

const placesIn = (place: StorePlace, name: string) => ({
  path: cacheFile(place, name),
  scratch: scratchFolder(place),
})

/** Opens each cache once. Undefined for files that no short command reads, such as reviews. */
export function cachesByFile(place: StorePlace): (path: string) => ParseCache | undefined {
  const opened = new Map<string, ParseCache>()
  const once = (name: string, open: () => ParseCache): ParseCache => {
    const cache = opened.get(name) ?? open()
    opened.set(name, cache)
    return cache
  }
  return (path) => {
    const [bundle, name] = [basename(dirname(path)), basename(path, '.yaml')]
    if (isTicketId(name) && isBundleId(bundle)) return once(bundle, () => ticketCache(place, bundle))
    if (name === 'bundle' || name === 'roadmap' || isExpressId(name))
      return once('store', () => storeCache(place))
    return undefined
  }
}
