/** How a bundle is collected: the database is read, then the files are changed under the lock of the bundle, all or none. */
import { findOpenBundle, findTicket, requireBundle } from '../bundles/find.ts'
import type { HistoryEvent } from '../bundles/model/history-event.ts'
import type { BundleId, TicketId } from '../bundles/model/ids.ts'
import { bundleLifecycle } from '../bundles/model/lifecycles.ts'
import { mapOf, type RawMap } from '../bundles/model/raw.ts'
import { editYaml, reviseYaml, type Content } from '../bundles/store/yaml-file.ts'
import type { TicketEvent } from '../durable/model/event.ts'
import type { DurableTicket } from '../durable/model/ticket.ts'
import type { TicketStore } from '../durable/store/ticket-store.ts'
import type { BridgeContext } from './context.ts'
import { collected, type Conflict, type Preferred } from './model/collection.ts'
import { endPublication, type Ended } from './end-publication.ts'
import type { Digest } from './model/publication.ts'
import { digestOf, workersOf } from './workers.ts'

interface How {
  readonly prefer: Preferred
  readonly isEnd: boolean
  readonly agent: string | undefined
}

export interface Collection {
  readonly rows: readonly { readonly ticket: string; readonly status: string; readonly by: string | null }[]
  readonly conflicts: readonly (Conflict & { readonly ticket: string })[]
  /** How many of the published workers there are of each status, as the bundle has them now. */
  readonly counts: Readonly<Record<string, number>>
  /** Those that the database does not know, or not any more. */
  readonly missing: readonly string[]
  readonly ended: Ended | undefined
}

/** What the database knows of a worker. */
interface Known {
  readonly id: TicketId
  readonly found: DurableTicket
  readonly events: readonly TicketEvent[]
}

/** Throws BUNDLE_NOT_FOUND, BUNDLE_CLOSED, LOCK_TIMEOUT, DATABASE_UNAVAILABLE. */
export async function collect(context: BridgeContext, id: BundleId, how: How): Promise<Collection> {
  const { bundles, durable } = context
  bundles.requireStore()
  requireBundle(bundles, id)
  findOpenBundle(bundles, id)
  const digest = await digestOf()
  const published = workersOf(bundles, id).filter((one) => one.published !== undefined)
  if (published.length === 0) bundles.warn(`nothing of ${id} is published: \`tkt publish-bundle ${id}\``)
  const isLost = !durable.hasStore() && !(how.isEnd && how.prefer === 'bundle')
  if (published.length === 0 || isLost)
    return nothing(
      published.map((one) => one.published ?? ''),
      how,
    )
  return durable.withStore(async (store) => {
    const [known, missing]: [Known[], string[]] = [[], []]
    for (const { id, published: key = '' } of published) {
      const one = await knownOf(store, id, key)
      if (one === undefined) missing.push(key)
      else known.push(one)
    }
    const { rows, conflicts } = await write(context, id, known, { ...how, digest })
    const counts = countsIn(context, id)
    const isEnded = how.isEnd && conflicts.length === 0
    const ended = isEnded
      ? await endPublication(context, store, { bundle: id, prefer: how.prefer })
      : undefined
    return { rows, conflicts, counts, missing, ended }
  })
}

const nothing = (missing: readonly string[], { isEnd }: How): Collection => ({
  ...{ rows: [], conflicts: [], counts: {}, missing },
  ended: isEnd ? { ended: 0, inHand: [] } : undefined,
})

/** A ticket and all that happened to it; undefined for one that is not there any more. Both are of one moment. */
async function knownOf(store: TicketStore, id: TicketId, key: string): Promise<Known | undefined> {
  for (let events = await store.events(key); ;) {
    const found = await store.find(key)
    if (found === undefined || found.deleted_ms !== undefined) return undefined
    const now = await store.events(key)
    if (now.length === events.length) return { id, found, events }
    events = now
  }
}

async function write(
  { bundles }: BridgeContext,
  bundle: BundleId,
  known: readonly Known[],
  { prefer, agent, digest }: How & { readonly digest: Digest },
): Promise<Pick<Collection, 'rows' | 'conflicts'>> {
  return bundles.locked(bundle, async () => {
    const parent = findOpenBundle(bundles, bundle)
    const [rows, conflicts, events]: [Row[], (Conflict & { ticket: string })[], HistoryEvent[]] = [[], [], []]
    const files: Record<string, Content> = {}
    for (const { id, found, events: happened } of known) {
      const { thing, file } = findTicket(bundles, bundle, id)
      if (thing.published === undefined) continue // ended meanwhile
      const value: RawMap = mapOf(file.value) ?? {}
      const told = collected({ value, ticket: thing, found, events: happened }, prefer, digest)
      if (told.kind === 'conflict') conflicts.push(...told.conflicts.map((one) => ({ ticket: id, ...one })))
      if (told.kind !== 'changed') continue
      files[file.path] = reviseYaml(file, told.after)
      const { status, claimed_by: by } = told.after as { status: string; claimed_by: string | null }
      rows.push({ ticket: id, status, by })
      events.push(...told.transitions.map((one) => eventOf(bundle, id, one)))
    }
    if (rows.length === 0) return { rows, conflicts }
    const started = rows.some(({ status }) => status !== 'open')
      ? bundleLifecycle.next(parent.thing.status, 'start')
      : undefined
    if (started !== undefined) files[parent.file.path] = editYaml(parent.file, { status: started })
    events.push({ event: 'BUNDLE_COLLECTED', fields: { bundle, tickets: rows.length, agent } })
    await bundles.commit({ files, events }, bundles.now())
    return { rows, conflicts }
  })
}

type Row = Collection['rows'][number]

const eventOf = (
  bundle: BundleId,
  ticket: TicketId,
  { from, to, agent, reason }: { from: string; to: string; agent: string | null; reason?: string },
): HistoryEvent => ({
  event: 'TICKET_UPDATED',
  fields: { bundle, ticket, status: to, agent: agent ?? undefined, reason, from, to },
})

function countsIn({ bundles }: BridgeContext, bundle: BundleId): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { status, published } of workersOf(bundles, bundle))
    if (published !== undefined) counts[status] = (counts[status] ?? 0) + 1
  return counts
}
