/** A ticket is named by its key; its number, its uuid and the beginning of that are understood as well. */
import { OperationError } from '../operation/errors.ts'
import { refuseUnstorable } from './storable.ts'
import type { TicketStore } from './store/ticket-store.ts'

const NUMBER = /^\d{1,15}$/
const UUID = /^[0-9a-f]{8}(-[0-9a-f-]{0,27})?$/i

/** The same store, whose verbs take any of these names. Throws INPUT_INVALID for the beginning of several, and for texts that it cannot hold. */
export function namedStore(store: TicketStore): TicketStore {
  const keyOf = async (name: string): Promise<string> => {
    const number = NUMBER.test(name) ? Number(name) : undefined
    const uuid = UUID.test(name) ? name.toLowerCase() : undefined
    if (number === undefined && uuid === undefined) return name
    if ((await store.find(name)) !== undefined) return name
    const [key = name, ...others] = await store.lookUp({ number, uuid })
    if (others.length === 0) return key
    throw new OperationError('INPUT_INVALID', `${name} may mean ${[key, ...others].join(', ')}`, {
      field: 'ticket_id',
      value: name,
      reason: 'name the key, or more of the uuid',
    })
  }
  const named = async <Wish extends { readonly key: string }>(wish: Wish): Promise<Wish> => {
    refuseUnstorable(wish)
    return { ...wish, key: await keyOf(wish.key) }
  }
  return {
    ...store,
    intake: async (drafts, act) => {
      refuseUnstorable(drafts)
      return store.intake(drafts, act)
    },
    find: async (name) => store.find(await keyOf(name)),
    events: async (name, type) => store.events(await keyOf(name), type),
    claim: async (wish) => store.claim(await named(wish)),
    move: async (wish) => store.move(await named(wish)),
    tell: async (wish) => store.tell(await named(wish)),
    edit: async (wish) => store.edit(await named(wish)),
  }
}
