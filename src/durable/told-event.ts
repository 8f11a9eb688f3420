/** An event as it is told, to programs and to people. */
import { cut, cutTexts } from '../operation/page.ts'
import type { FollowedEvent } from './model/event.ts'
import type { HeldBack } from './store/ticket-store.ts'

/** Where to go on comes first; what does not hold is left out. */
export function eventRecord(event: FollowedEvent) {
  const { position, at_ms, type, key, batch, actor, from, to, reason, claim_no, data } = event
  const told = {
    ...{ position, at: new Date(at_ms).toISOString(), event: type, ticket_id: key, batch_id: batch },
    ...{ session_id: actor, from, to, reason, claim_no },
  }
  const present = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined))
  return cutTexts(Object.keys(data).length === 0 ? present : { ...present, data })
}

/** No event: it has no position, and is not counted. */
export const heldRecord = ({ pid, since_ms }: HeldBack) => ({
  event: 'delivery.held',
  ...(pid === undefined ? {} : { pid }),
  ...(since_ms === undefined ? {} : { since: new Date(since_ms).toISOString() }),
})

export function heldLine({ pid, since_ms }: HeldBack): string {
  const by = pid === undefined ? 'a process that the server does not tell us' : `pid ${pid} of the server`
  const since = since_ms === undefined ? '' : ` since ${new Date(since_ms).toISOString().slice(11, 19)}`
  return `          delivery held by ${by}${since}: it has a transaction open`
}

/** In UTC. */
export function eventLine({ at_ms, type, key, actor, from, to, reason, data }: FollowedEvent): string {
  const moved = to === undefined || to === from ? '' : from === undefined ? to : `${from} → ${to}`
  const parts = [
    new Date(at_ms).toISOString().slice(11, 19),
    type.replace(/^ticket\./, '').padEnd(11),
    key.padEnd(12),
    (actor ?? '-').padEnd(12),
    moved === '' ? changedIn(data) : moved,
    reason === undefined ? '' : `"${cut(reason.replaceAll(/\s+/g, ' '), 120)}"`,
  ]
  return parts.join('  ').trimEnd()
}

/** What an edit changed: numbers from what to what, of anything longer the name. */
function changedIn({ changed }: FollowedEvent['data']): string {
  const fields = Object.entries((changed ?? {}) as Readonly<Record<string, { from: unknown; to: unknown }>>)
  return fields
    .map(([name, { from, to }]) => {
      const isShort = typeof from === 'number' && typeof to === 'number'
      return isShort ? `${name} ${from} → ${to}` : name
    })
    .join(', ')
}

/** TICKET_CLAIMED, as `history` tells it, and `claimed` mean the same as ticket.claimed. */
export const typesOf = (words: readonly string[]): readonly string[] =>
  words.map((word) => {
    const type = word.toLowerCase().replace(/^ticket_/, 'ticket.')
    return type.includes('.') ? type : `ticket.${type}`
  })
