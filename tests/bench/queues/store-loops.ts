/** Our own loops: the verbs of the store, from its module, as a command would call them. */
import { openAt, isRefusal } from '../../durable/torture/orders.ts'
import type { Loop, Orders } from './loop.ts'

const terms = { lease_ms: 3_600_000, oneAtATime: true }

/** Every claim is by a session that was not heard of before: one that holds a ticket gets no other. */
export async function claiming({ where, worker }: Orders): Promise<Loop> {
  const store = await openAt(where)
  let number = 0
  return {
    act: async () => {
      const session = `${worker}-${(number += 1)}`
      const claimed = await store.claimNext({ act: { session, now_ms: Date.now() }, terms })
      return claimed?.ticket.key
    },
    close: store.close,
  }
}

/** As many in one call as are allowed, by a session that may hold several. */
export async function claimingTwenty({ where, worker }: Orders): Promise<Loop> {
  const store = await openAt(where)
  let number = 0
  return {
    act: async () => {
      const act = { session: `${worker}-${(number += 1)}`, now_ms: Date.now() }
      const claimed = await store.claimSome({ act, terms: { ...terms, oneAtATime: false }, most: 20 })
      return claimed.length === 0 ? undefined : claimed.map(({ ticket }) => ticket.key)
    },
    close: store.close,
  }
}

/** One session that closes what it has and goes on. */
export async function claimingAndClosing({ where, worker: session }: Orders): Promise<Loop> {
  const store = await openAt(where)
  return {
    act: async () => {
      const claimed = await store.claimNext({ act: { session, now_ms: Date.now() }, terms })
      if (claimed === undefined) return undefined
      const { key, claim_no } = claimed.ticket
      const act = { session, now_ms: Date.now(), claim_no }
      const closed = await store.move({ key, move: 'close', act, terms })
      if (isRefusal(closed)) throw new Error(`${key} was not closed`)
      return key
    },
    close: store.close,
  }
}
