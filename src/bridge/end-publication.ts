/** Takes workers out of the database again: they are the bundle's alone then. */
import { findOpenBundle, findTicket } from '../bundles/find.ts'
import type { BundleId } from '../bundles/model/ids.ts'
import { mapOf } from '../bundles/model/raw.ts'
import { reviseYaml, type Content } from '../bundles/store/yaml-file.ts'
import type { DurableTicket } from '../durable/model/ticket.ts'
import type { TicketStore } from '../durable/store/ticket-store.ts'
import type { BridgeContext } from './context.ts'
import type { Preferred } from './model/collection.ts'
import { workersOf } from './workers.ts'

export interface Ended {
  readonly ended: number
  /** Those that somebody holds, and that stay where they are. */
  readonly inHand: readonly string[]
}

/**
 * In the database first, and nobody publishes meanwhile, so that no moment lets both sides give a worker out. What is open
 * there is deleted, as nobody has begun it; a crash leaves it deleted, and the next run goes on from there. What this
 * database does not know may be in another one: it stays published, unless the bundle is preferred.
 */
export function endPublication(
  { bundles, durable }: BridgeContext,
  store: TicketStore,
  { bundle, prefer }: { readonly bundle: BundleId; readonly prefer: Preferred },
): Promise<Ended> {
  return bundles.locked(bundle, async () => {
    findOpenBundle(bundles, bundle)
    const files: Record<string, Content> = {}
    const inHand: string[] = []
    for (const { id, published: key } of workersOf(bundles, bundle)) {
      const found = key === undefined ? undefined : await store.find(key)
      if (key === undefined || (found === undefined && prefer !== 'bundle')) continue
      if (found !== undefined && !(await isTakenOut(durable, store, found, bundle))) inHand.push(id)
      else {
        const { file } = findTicket(bundles, bundle, id)
        const { published: _, ...after } = mapOf(file.value) ?? {}
        files[file.path] = reviseYaml(file, after)
      }
    }
    const ended = Object.keys(files).length
    const fields = { bundle, tickets: ended, reason: 'the publication has ended' }
    if (ended > 0)
      await bundles.commit({ files, events: [{ event: 'BUNDLE_COLLECTED', fields }] }, bundles.now())
    return { ended, inHand }
  })
}

/** Whether nobody can be given it there any more. */
async function isTakenOut(
  { now_ms, terms, session }: BridgeContext['durable'],
  store: TicketStore,
  { key, status, deleted_ms }: DurableTicket,
  bundle: BundleId,
): Promise<boolean> {
  if (status === 'CLOSED' || status === 'FAILED' || deleted_ms !== undefined) return true
  if (status !== 'OPEN') return false
  const act = {
    session: session() ?? 'collect-bundle',
    now_ms: now_ms(),
    reason: `${bundle} works on without the database`,
  }
  const moved = await store.move({ key, move: 'delete', act, terms: terms() })
  // Else somebody was faster: then it is in hand.
  return 'deleted_ms' in moved && moved.deleted_ms !== undefined
}
