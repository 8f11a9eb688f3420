/** Where a claim that was got is worked on, also when it is told again. */
import type { Act } from './model/claiming.ts'
import type { Claimed, TicketStore } from './store/ticket-store.ts'
import type { Cut, WithPlace } from './worktree-door.ts'

export interface Asked {
  readonly act: Act
  /** Makes its worktree, where one is wanted. */
  readonly cut: Cut | undefined
}

/** A claim that is told again is told with its ticket as that is now, and as it was then when the claim is over. */
export async function placed(
  store: TicketStore,
  got: Claimed,
  { act, cut = (_, claimed) => Promise.resolve(claimed) }: Asked,
): Promise<WithPlace> {
  if (got.replayed !== true) return cut(store, got, act)
  const { key, claim_no, claim } = got.ticket
  const now = await store.find(key)
  const stands = now?.claim?.claim_no === claim_no && now.claim.session === claim?.session
  if (stands) return cut(store, { ...got, ticket: now, isNew: false }, act)
  const over = `the claim that is told again is over: ${key} is ${now?.status ?? 'gone'}`
  return { ...got, isNew: false, warnings: [over] }
}
