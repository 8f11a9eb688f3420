/** Finds what an operation needs in the store, or throws the error that says what is not there. */
import { existsSync } from 'node:fs'
import { OperationError, type ErrorName } from '../operation/errors.ts'
import { invalid } from '../operation/input.ts'
import { cut } from '../operation/page.ts'
import type { BundleContext } from './context.ts'
import { isFinished, type Bundle } from './model/bundle.ts'
import type { Express } from './model/express.ts'
import { readGoals } from './model/goals.ts'
import {
  INTEGRATE,
  isBundleId,
  isExpressId,
  roleOf,
  type BundleId,
  type ExpressId,
  type TicketId,
} from './model/ids.ts'
import type { Roadmap } from './model/roadmap.ts'
import type { Ticket } from './model/ticket.ts'
import { bundleFile, bundleFolder, expressFile, ticketFile } from './store/layout.ts'
import {
  loadBundle,
  loadExpress,
  loadRoadmap,
  loadTicket,
  type Stored,
  type Unreadable,
} from './store/reading.ts'

export type Found<Thing> = Extract<Stored<Thing>, { readonly state: 'found' }>

/** Throws BUNDLE_NOT_FOUND, or FILE_UNREADABLE with line and reason. */
export function findBundle(context: BundleContext, id: BundleId): Found<Bundle> {
  const missing = existsSync(bundleFolder(context, id))
    ? `${bundleFile(context, id)} is missing: restore it from version control`
    : `there is no bundle ${id}`
  return found(loadBundle(context, id), 'BUNDLE_NOT_FOUND', missing, { bundle: id })
}

/** As findBundle, and throws BUNDLE_CLOSED when it takes no more changes. */
export function findOpenBundle(context: BundleContext, id: BundleId): Found<Bundle> {
  const bundle = findBundle(context, id)
  if (!isFinished(bundle.thing)) return bundle
  throw new OperationError('BUNDLE_CLOSED', `${id} is ${bundle.thing.status}`, {
    bundle: id,
    status: bundle.thing.status,
  })
}

/** What a caller may name. */
export type Named =
  | { readonly kind: 'express ticket'; readonly ticket: ExpressId }
  | { readonly kind: 'bundle'; readonly bundle: BundleId }
  | { readonly kind: 'ticket'; readonly bundle: BundleId; readonly ticket: TicketId }

/** What a bundle and a ticket name together: an express ticket needs no bundle, and a bundle alone is itself. Throws INPUT_INVALID. */
export function namedBy(bundle: BundleId | undefined, ticket: TicketId | ExpressId | undefined): Named {
  if (ticket !== undefined && isExpressId(ticket)) return { kind: 'express ticket', ticket }
  if (bundle === undefined)
    throw invalid('bundle', 'is missing: name a bundle, a bundle and its ticket, or an express ticket')
  return ticket === undefined ? { kind: 'bundle', bundle } : { kind: 'ticket', bundle, ticket }
}

/** Throws TICKET_NOT_FOUND, also for a missing bundle (contracts: filesystem section 3), or FILE_UNREADABLE. */
export function findTicket(context: BundleContext, bundle: BundleId, id: TicketId): Found<Ticket> {
  return found(loadTicket(context, bundle, id), 'TICKET_NOT_FOUND', missingTicket(context, bundle, id), {
    bundle,
    ticket: id,
  })
}

/** Who may act for a worker: the holder of TKT-000 now; the bundle's main_agent only tells who held it first. */
export function coordinatorOf(
  context: BundleContext,
  bundle: BundleId,
  ticket: TicketId,
): string | undefined {
  if (roleOf(ticket) !== 'worker') return undefined
  const integrate = loadTicket(context, bundle, INTEGRATE)
  return integrate.state === 'found' ? integrate.thing.claimed_by : undefined
}

/** Throws as findTicket does when the ticket has no file: asked before its lock is taken, so that no lock is made for it. */
export function requireTicket(context: BundleContext, bundle: BundleId, id: TicketId): void {
  context.requireStore()
  if (existsSync(ticketFile(context, bundle, id))) return
  throw new OperationError('TICKET_NOT_FOUND', missingTicket(context, bundle, id), { bundle, ticket: id })
}

/** As published, lists are empty where there is no store; it may also be the wrong place. */
export function warnWithoutStore(context: BundleContext): void {
  if (!existsSync(context.store))
    context.warn(`there is no ${context.store}: nothing was ever started in this project`)
}

/** Throws NOT_INITIALISED or BUNDLE_NOT_FOUND; asked before the bundle's lock is taken. */
export function requireBundle(context: BundleContext, id: BundleId): void {
  context.requireStore()
  if (!existsSync(bundleFolder(context, id))) {
    throw new OperationError('BUNDLE_NOT_FOUND', `there is no bundle ${id}`, { bundle: id })
  }
}

/** Throws DEPENDENCY_MISSING when one of these is no bundle. */
export function requireBundles(context: BundleContext, ids: readonly string[]): void {
  const missing = ids.filter((id) => !isBundleId(id) || loadBundle(context, id).state === 'absent')
  if (missing.length === 0) return
  throw new OperationError('DEPENDENCY_MISSING', `--depends-on: there is no bundle ${missing.join(', ')}`, {
    missing,
  })
}

/** Throws TICKET_NOT_FOUND or FILE_UNREADABLE. */
export function findExpress(context: BundleContext, id: ExpressId): Found<Express> {
  return found(loadExpress(context, id), 'TICKET_NOT_FOUND', `there is no ${expressFile(context, id)}`, {
    ticket_id: id,
  })
}

/** Throws NOT_INITIALISED or FILE_UNREADABLE. */
export function findRoadmap(context: BundleContext): Found<Roadmap> {
  context.requireStore()
  return found(loadRoadmap(context), 'NOT_INITIALISED', `there is no roadmap.yaml in ${context.store}`, {})
}

/** Throws GOAL_NOT_FOUND with the goals that there are, or as findRoadmap does. */
export function requireGoal(context: BundleContext, id: string): void {
  const goals = readGoals(findRoadmap(context).file.value)
  if (goals.some((one) => one.id === id)) return
  const ids = goals.flatMap((one) => one.id ?? []).slice(0, 20)
  throw new OperationError('GOAL_NOT_FOUND', `the roadmap has no goal ${id}`, { goal: id, goals: ids })
}

/** What an answer says of them: how many, and the first few, or as many as its page has, with their reasons. */
export function reportUnreadable(unreadable: readonly Unreadable[], limit = 5) {
  if (unreadable.length === 0) return {}
  const shown = unreadable.slice(0, limit).map(({ id, reason }) => ({ id, reason: cut(reason) }))
  return { unreadable: shown, unreadable_count: unreadable.length }
}

function found<Thing>(
  stored: Stored<Thing>,
  name: ErrorName,
  message: string,
  details: Readonly<Record<string, unknown>>,
): Found<Thing> {
  if (stored.state === 'found') return stored
  if (stored.state === 'absent') throw new OperationError(name, message, details)
  const { path, reason } = stored
  throw new OperationError('FILE_UNREADABLE', `${path}: ${reason}`, { ...details, path, reason })
}

function missingTicket(context: BundleContext, bundle: BundleId, id: TicketId): string {
  return existsSync(bundleFolder(context, bundle))
    ? `${bundle} has no ${id}`
    : `there is no bundle ${bundle}, so no ${id} in it`
}
