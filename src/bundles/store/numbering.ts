/**
 * The next free ids: greater than all in use (contracts: filesystem section 4.8), and than those which the cache remembers.
 * The cache stays when git goes to another branch, so two branches of one working copy choose different ones; without the
 * cache, as in another clone, they may choose the same, and git tells so when they are merged.
 */
import { basename, dirname } from 'node:path'
import {
  bundleId,
  expressId,
  isBundleId,
  isExpressId,
  isTicketId,
  nextNumber,
  workerId,
  type BundleId,
  type ExpressId,
  type TicketId,
} from '../model/ids.ts'
import { storeCache, ticketCache } from './caches.ts'
import { listBundleIds, listExpressIds, type StorePlace } from './layout.ts'

/** For a worker, beside those ids of the bundle; the caller holds the lock of the bundle. */
export function freeTicketId(place: StorePlace, bundle: BundleId, inUse: readonly TicketId[]): TicketId {
  const remembered = ticketCache(place, bundle)
    .names()
    .map((name) => name.slice(0, -'.yaml'.length))
  return workerId(nextNumber([...inUse, ...remembered.filter(isTicketId)]))
}

/** The caller holds the lock `bundles`, or only wants to tell. */
export function freeBundleId(place: StorePlace): BundleId {
  const remembered = storeCache(place)
    .names()
    .map((name) => basename(dirname(name)))
  return bundleId(nextNumber([...listBundleIds(place), ...remembered.filter(isBundleId)]))
}

/** The caller holds the lock `express`. */
export function freeExpressId(place: StorePlace): ExpressId {
  const remembered = storeCache(place)
    .names()
    .map((name) => basename(name, '.yaml'))
  return expressId(nextNumber([...listExpressIds(place), ...remembered.filter(isExpressId)]))
}
