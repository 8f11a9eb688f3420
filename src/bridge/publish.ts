/** How a bundle is published. Its files are marked first: a crash leaves workers that nobody can claim until it is run again. */
import { findOpenBundle, findTicket, requireBundle } from '../bundles/find.ts'
import type { BundleId } from '../bundles/model/ids.ts'
import type { Ticket } from '../bundles/model/ticket.ts'
import { reviseYaml, type Content } from '../bundles/store/yaml-file.ts'
import { mapOf } from '../bundles/model/raw.ts'
import { accept } from '../operation/accept.ts'
import { OperationError } from '../operation/errors.ts'
import { cut } from '../operation/page.ts'
import type { Move } from '../durable/model/claiming.ts'
import { saysSomethingElse } from '../durable/model/draft.ts'
import type { DurableTicket } from '../durable/model/ticket.ts'
import type { TakenIn, TicketStore } from '../durable/store/ticket-store.ts'
import type { BridgeContext } from './context.ts'
import { markOf } from './model/collection.ts'
import {
  chosen,
  draftOf,
  durableKey,
  wantedIn,
  type Digest,
  type Kept,
  type Wanted,
} from './model/publication.ts'
import { digestOf, workersOf } from './workers.ts'

interface How {
  readonly isDryRun: boolean
  readonly agent: string | undefined
}

export interface Published {
  readonly published: number
  readonly updated: number
  readonly unchanged: number
  readonly kept: readonly Kept[]
  /** What the database says otherwise than the bundle, and keeps. */
  readonly differences: readonly object[]
}

/** Throws BUNDLE_NOT_FOUND, BUNDLE_CLOSED, LOCK_TIMEOUT, DATABASE_UNAVAILABLE. */
export async function publish(context: BridgeContext, id: BundleId, how: How): Promise<Published> {
  const { bundles, durable } = context
  bundles.requireStore()
  requireBundle(bundles, id)
  findOpenBundle(bundles, id)
  await refuseUnusableScopes(id, chosen(workersOf(bundles, id)).published)
  const digest = await digestOf()
  if (how.isDryRun && !durable.hasStore()) return toldOf(wantedOf(context, id, digest, new Map()), undefined)
  // Opened before anything is marked: a database that cannot be reached changes nothing.
  return durable.withStore(async (store) => {
    if (!how.isDryRun) await handOver(context, store, { bundle: id, digest, agent: how.agent })
    const wanted = wantedOf(context, id, digest, await knownIn(store, id, workersOf(bundles, id)))
    if (how.isDryRun) return toldOf(wanted, undefined)
    const drafts = wanted.tickets.map(({ draft }) => draft)
    return toldOf(wanted, await store.intake(drafts, { now_ms: durable.now_ms() }))
  })
}

/** Throws INPUT_INVALID about the first entry that no path can meet: nobody could close such a ticket where scopes are enforced. */
async function refuseUnusableScopes(bundle: BundleId, workers: readonly Ticket[]): Promise<void> {
  if (workers.every(({ scope }) => scope.length === 0)) return
  const { refusedEntry } = await import('../durable/model/scope/scope-entry.ts')
  for (const { id, scope } of workers)
    for (const value of scope) {
      const reason = refusedEntry(value.replace(/^!/, ''))
      if (reason === undefined) continue
      const details = { ticket: id, field: 'scope', value: cut(value, 80), reason }
      throw new OperationError('INPUT_INVALID', `scope of ${bundle}/${id}: ${reason}`, details)
    }
}

/** From here on the workers are claimed in the database alone. */
const handOver = (context: BridgeContext, store: TicketStore, of: Marking): Promise<void> =>
  context.bundles.locked(of.bundle, async () => {
    findOpenBundle(context.bundles, of.bundle)
    await mark(context, store, of)
    await revive(context, store, of.bundle)
  })

interface Marking {
  readonly bundle: BundleId
  readonly digest: Digest
  readonly agent: string | undefined
}

async function mark(
  { bundles }: BridgeContext,
  store: TicketStore,
  { bundle, digest, agent }: Marking,
): Promise<void> {
  const fresh = chosen(workersOf(bundles, bundle)).published.filter(
    ({ published }) => published === undefined,
  )
  if (fresh.length === 0) return
  const files: [string, Content][] = []
  for (const { id } of fresh) {
    const { thing, file } = findTicket(bundles, bundle, id)
    const key = durableKey(bundle, id)
    const published = markOf(key, thing, (await store.events(key)).length, digest)
    files.push([file.path, reviseYaml(file, { ...mapOf(file.value), published })])
  }
  const fields = { bundle, tickets: fresh.length, agent }
  await bundles.commit(
    { files: Object.fromEntries(files), events: [{ event: 'BUNDLE_PUBLISHED', fields }] },
    bundles.now(),
  )
}

/**
 * What was deleted there is restored, and what came to an end before it was published this time is open again, as its file
 * says. The file is read first, the ticket's events last: whatever happens in between is an event behind the mark, and so no
 * matter of this.
 */
async function revive(
  { bundles, durable }: BridgeContext,
  store: TicketStore,
  bundle: BundleId,
): Promise<void> {
  for (const { id } of workersOf(bundles, bundle)) {
    const { thing, file } = findTicket(bundles, bundle, id)
    const { published: key, status } = thing
    const found = key === undefined || status !== 'open' ? undefined : await store.find(key)
    if (found === undefined) continue
    const isAsMarked = (await store.events(found.key)).length === mapOf(mapOf(file.value)?.published)?.events
    const isOver = found.status === 'CLOSED' || found.status === 'FAILED'
    const moves: Move[] = [
      ...(found.deleted_ms === undefined ? [] : ['restore' as const]),
      ...(isOver && isAsMarked ? ['reopen' as const] : []),
    ]
    const act = { session: durable.session() ?? 'publish-bundle', now_ms: durable.now_ms() }
    for (const move of moves) {
      const reason = `${bundle} was published again`
      accept(await store.move({ key: found.key, move, act: { ...act, reason }, terms: durable.terms() }))
    }
  }
}

type Known = ReadonlyMap<string, DurableTicket>

async function knownIn(store: TicketStore, bundle: BundleId, workers: readonly Ticket[]): Promise<Known> {
  const known = new Map<string, DurableTicket>()
  for (const { id } of workers) {
    const found = await store.find(durableKey(bundle, id))
    if (found !== undefined) known.set(found.key, found)
  }
  return known
}

interface AllWanted {
  readonly tickets: readonly (Wanted & { readonly known: DurableTicket | undefined })[]
  readonly kept: readonly Kept[]
}

function wantedOf({ bundles }: BridgeContext, id: BundleId, digest: Digest, known: Known): AllWanted {
  const bundle = findOpenBundle(bundles, id).thing
  const workers = workersOf(bundles, id)
  const { published, kept } = chosen(workers)
  const there = new Set<string>([
    ...published.map((one) => one.id),
    ...workers.flatMap((one) => (one.published === undefined ? [] : [one.id])),
  ])
  const tickets = published.map((ticket) => {
    const draft = draftOf(bundle, ticket, there)
    const found = known.get(draft.key)
    return { ...wantedIn(draft, found, digest), known: found }
  })
  return { tickets, kept }
}

/** What was taken in, or would be. */
function toldOf({ tickets, kept }: AllWanted, taken: readonly TakenIn[] | undefined): Published {
  const all = taken ?? tickets.map(foreseen)
  const [published, updated] = [
    all.filter(({ isNew }) => isNew).length,
    all.filter(({ isUpdated }) => isUpdated).length,
  ]
  const differences = tickets.flatMap(({ draft, differences }) =>
    differences.map((difference) => ({ ticket: draft.key, ...difference })),
  )
  return { published, updated, unchanged: all.length - published - updated, kept, differences }
}

const foreseen = ({ draft, known }: AllWanted['tickets'][number]): Pick<TakenIn, 'isNew' | 'isUpdated'> => ({
  isNew: known === undefined,
  isUpdated: known !== undefined && saysSomethingElse(known, draft),
})
