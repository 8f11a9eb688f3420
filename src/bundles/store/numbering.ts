/**
 * The next free ids: greater than all in use (contracts: filesystem section 4.8), and than those which the cache remembers.
 * The cache stays when git goes to another branch, so two branches of one working copy choose different ones; without the
 * cache, as in another clone, they may choose the same, and git tells so when they are merged.
 */
import {
  bundleId,
  expressId,
  nextNumber,
  workerId,
  type BundleId,
  type ExpressId,
  type TicketId,
} from '../model/ids.ts'
import { greatestGiven } from './given-numbers.ts'
import { listBundleIds, listExpressIds, type StorePlace } from './layout.ts'

/** For a worker, beside those ids of the bundle; the caller holds the lock of the bundle. */
export const freeTicketId = (place: StorePlace, bundle: BundleId, inUse: readonly TicketId[]): TicketId =>
  workerId(Math.max(nextNumber(inUse), 1 + greatestGiven(place, bundle, 'TKT')))

/** The caller holds the lock `bundles`, or only wants to tell. */
export const freeBundleId = (place: StorePlace): BundleId =>
  bundleId(Math.max(nextNumber(listBundleIds(place)), 1 + greatestGiven(place, 'store', 'B')))

/** The caller holds the lock `express`. */
export const freeExpressId = (place: StorePlace): ExpressId =>
  expressId(Math.max(nextNumber(listExpressIds(place)), 1 + greatestGiven(place, 'store', 'EXP')))
