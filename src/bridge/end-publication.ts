/** Takes workers out of the database again: they are the bundle's alone then. */
import { findOpenBundle, findTicket } from '../bundles/find.ts'
import type { BundleId } from '../bundles/model/ids.ts'
import { mapOf } from '../bundles/model/raw.ts'
import { reviseYaml } from '../bundles/store/yaml-file.ts'
import type { DurableTicket } from '../durable/model/ticket.ts'
import type { TicketStore } from '../durable/store/ticket-store.ts'
import type { BridgeContext } from './context.ts'
import { workersOf } from './workers.ts'

export interface Ended {
  readonly ended: number
  /** Those that somebody holds, and that stay where they are. */
  readonly inHand: readonly string[]
}

/**
 * In the database first, so that no moment lets both sides give a worker out. What is open there is deleted, as nobody has
 * begun it; a crash leaves it deleted, and the next run goes on from there.
 */
export async function endPublication(
  { bundles, durable }: BridgeContext,
  store: TicketStore,
  bundle: BundleId,
): Promise<Ended> {
  const [free, inHand]: [string[], string[]] = [[], []]
  for (const { id, published } of workersOf(bundles, bundle)) {
    if (published === undefined) continue
    const isFree = await takenOut(durable, store, published, bundle)
    ;(isFree ? free : inHand).push(id)
  }
  if (free.length > 0)
    await bundles.locked(bundle, async () => {
      findOpenBundle(bundles, bundle)
      const found = workersOf(bundles, bundle).filter(({ id }) => free.includes(id))
      const files = found.map(({ id }) => {
        const { file } = findTicket(bundles, bundle, id)
        const { published: _, ...after } = mapOf(file.value) ?? {}
        return [file.path, reviseYaml(file, after)] as const
      })
      const fields = { bundle, tickets: free.length, reason: 'the publication has ended' }
      await bundles.commit(
        { files: Object.fromEntries(files), events: [{ event: 'BUNDLE_COLLECTED', fields }] },
        bundles.now(),
      )
    })
  return { ended: free.length, inHand }
}

async function takenOut(
  { now_ms, terms, session }: BridgeContext['durable'],
  store: TicketStore,
  key: string,
  bundle: BundleId,
): Promise<boolean> {
  const found = await store.find(key)
  if (found === undefined || isOver(found)) return true
  if (found.status !== 'OPEN') return false
  const act = {
    session: session() ?? 'collect-bundle',
    now_ms: now_ms(),
    reason: `${bundle} works on without the database`,
  }
  const moved = await store.move({ key, move: 'delete', act, terms: terms() })
  // Somebody was faster: then it is in hand.
  return 'deleted_ms' in moved && moved.deleted_ms !== undefined
}

const isOver = ({ status, deleted_ms }: DurableTicket): boolean =>
  status === 'CLOSED' || status === 'FAILED' || deleted_ms !== undefined
