/** How events are followed on every database. */
import { describe, expect, test, vi } from 'vitest'
import type { Draft } from '../../../src/durable/model/draft.ts'
import type { FollowWanted, TicketStore } from '../../../src/durable/store/ticket-store.ts'
import type { OpenStore } from './contract.ts'
import { act, draft, NOON, TERMS } from './wishes.ts'

export function describeEvents(
  name: string,
  storeWith: (drafts: readonly Draft[]) => Promise<TicketStore>,
  makeOpener: () => OpenStore,
): void {
  const told = async (store: TicketStore, wanted: Partial<FollowWanted> = {}) => {
    const { events } = await store.follow({ after: '0', limit: 100, ...wanted })
    return events.map(({ key, type }) => `${key} ${type.replace('ticket.', '')}`)
  }

  describe(`the events on ${name}`, () => {
    test('are told in their order, page by page, from any position', async () => {
      const store = await storeWith([draft('A', { batch: 'X' }), draft('B')])
      await settled(store, 2)
      const before = await store.follow({ limit: 100 })
      expect(before).toMatchObject({ events: [], isCut: false })
      await store.claim({ key: 'A', act: act('s1'), terms: TERMS })
      await store.move({ key: 'A', move: 'block', act: { ...act('s1', 5), reason: 'why' }, terms: TERMS })
      await settled(store, 4)
      const all = ['A created', 'B created', 'A claimed', 'A blocked']
      expect(await told(store)).toEqual(all)
      expect(await told(store, { after: before.position })).toEqual(all.slice(2))
      const pages: string[] = []
      for (let after = '0'; ;) {
        const page = await store.follow({ after, limit: 3 })
        expect(page.events.length === 3).toBe(page.isCut)
        pages.push(...page.events.map(({ key, type }) => `${key} ${type.replace('ticket.', '')}`))
        after = page.position
        if (!page.isCut) break
      }
      expect(pages).toEqual(all)
      const { events } = await store.follow({ after: '0', limit: 100 })
      expect(events.at(-1)).toMatchObject({
        ...{ key: 'A', batch: 'X', type: 'ticket.blocked', actor: 's1', reason: 'why', claim_no: 1 },
        ...{ from: 'CLAIMED', to: 'BLOCKED', at_ms: NOON + 5 },
      })
      for (const [at, { position }] of events.entries())
        expect(await told(store, { after: position })).toEqual(all.slice(at + 1))
    })

    test('are chosen by ticket, batch, session, type and time', async () => {
      const store = await storeWith([draft('A', { batch: 'X' }), draft('B', { batch: 'Y' })])
      await store.claim({ key: 'A', act: act('s1'), terms: TERMS })
      await store.claim({ key: 'B', act: act('s2', 9), terms: TERMS })
      await settled(store, 4)
      expect(await told(store, { key: 'B' })).toEqual(['B created', 'B claimed'])
      expect(await told(store, { batch: 'X' })).toEqual(['A created', 'A claimed'])
      expect(await told(store, { session: 's2' })).toEqual(['B claimed'])
      expect(await told(store, { types: ['ticket.claimed', 'ticket.closed'] })).toEqual([
        'A claimed',
        'B claimed',
      ])
      expect(await told(store, { since_ms: NOON + 1 })).toEqual(['B claimed'])
      expect(await told(store, { batch: 'X', session: 's2' })).toEqual([])
      expect(await told(await makeOpener()().then(closing))).toEqual([])
    })

    test('also tell what was said of a ticket: by anybody, or by its holder alone', async () => {
      const store = await storeWith([draft('A'), draft('B')])
      const say = (key: string, session: string, byHolder: boolean, claim_no?: number) =>
        store.tell({
          key,
          act: { ...act(session), claim_no },
          type: 'ticket.said',
          data: { session },
          byHolder,
        })
      expect(await say('A', 's1', true)).toMatchObject({ refused: 'TICKET_NOT_OWNED_BY_SESSION' })
      expect(await say('none', 's1', false)).toMatchObject({ refused: 'UNKNOWN_TICKET' })
      await store.claim({ key: 'A', act: act('s1'), terms: TERMS })
      expect(await say('A', 's1', true)).toMatchObject({
        ticket: { key: 'A', status: 'CLAIMED', version: 1 },
      })
      expect(await say('A', 's1', true, 2)).toMatchObject({ refused: 'CLAIM_LOST' })
      expect(await say('A', 's2', true)).toMatchObject({ refused: 'TICKET_NOT_OWNED_BY_SESSION' })
      expect(await say('A', 's2', false)).toMatchObject({ ticket: { key: 'A' } })
      await store.move({ key: 'A', move: 'close', act: act('s1'), terms: TERMS })
      expect(await say('A', 's3', false)).toMatchObject({ ticket: { status: 'CLOSED' } })
      await store.move({ key: 'B', move: 'delete', act: { ...act('s1'), reason: 'x' }, terms: TERMS })
      expect(await say('B', 's3', false)).toMatchObject({ refused: 'UNKNOWN_TICKET' })
      expect(await store.events('A', 'ticket.said')).toHaveLength(3)
      expect(await store.events('A')).toHaveLength(6)
      await settled(store, 8)
      const { events } = await store.follow({ after: '0', limit: 99, types: ['ticket.said'] })
      expect(events.map(({ key, actor, data }) => [key, actor, data])).toEqual(
        ['s1', 's2', 's3'].map((session) => ['A', session, { session }]),
      )
    })

    test('have positions that nobody makes up', async () => {
      const store = await storeWith([])
      for (const after of ['.', '1.2.3', '9'.repeat(40)])
        await expect(store.follow({ after, limit: 1 })).rejects.toThrow(/is no position/)
    })

    test('wake who waits for them, and let him go when nobody wants to know any more', async () => {
      const open = makeOpener()
      const [store, other] = [closing(await open()), closing(await open())]
      await store.woken(1)
      await store.woken(1)
      const waiting = store.woken(60_000)
      await other.intake([draft('A')], { now_ms: NOON })
      await waiting
      await settled(store, 1)
      await store.woken(60_000, AbortSignal.timeout(20))
      await store.woken(60_000, AbortSignal.abort())
    })
  })
}

/**
 * Until so many events are told: on a server nothing is, while an older transaction of whomever may still write, and other
 * tests have some.
 */
export const settled = (store: TicketStore, count: number): Promise<void> =>
  vi.waitFor(
    async () => {
      const { events } = await store.follow({ after: '0', limit: count + 1 })
      expect(events).toHaveLength(count)
    },
    { timeout: 30_000, interval: 5 },
  )

const toClose: TicketStore[] = []
const closing = (store: TicketStore): TicketStore => {
  toClose.push(store)
  return store
}
/** Those that the tests above opened by themselves. */
export const closeOpened = async (): Promise<void> => {
  for (const store of toClose.splice(0)) await store.close()
}
