/** Several claims at once, on every database. */
import { describe, expect, test } from 'vitest'
import type { Draft } from '../../../src/durable/model/draft.ts'
import type { TicketStore } from '../../../src/durable/store/ticket-store.ts'
import type { OpenStore } from './contract.ts'
import { act, draft, HOUR, NOON, TERMS } from './wishes.ts'

const MANY = { ...TERMS, oneAtATime: false }

export function describeSeveral(
  name: string,
  storeWith: (drafts: readonly Draft[]) => Promise<TicketStore>,
  makeOpener: () => OpenStore,
): void {
  describe(`what a claim tells on ${name}`, () => {
    test('is the ticket as whoever asks next will read it, whatever happened to it before', async () => {
      const full = {
        ...{
          batch: 'X',
          wave: 1,
          queue_order: 3,
          scope: { allow: ['src/'], deny: [] },
          kind: 'k',
          payload: [1],
        },
        ...{ required_work: ['a'], acceptance: ['b'], assignable_to: ['s*'], depends_on: ['none'] },
      }
      const store = await storeWith([draft('A', full)])
      const expectAsRead = async (claimed: unknown) => {
        expect(claimed).toMatchObject({ ok: true, isNew: true })
        expect(claimed).toMatchObject({ ticket: await store.find('A') })
        expect(await store.find('A')).toEqual((claimed as { ticket: unknown }).ticket)
      }
      const by = (session: string, hours: number) => ({
        act: act(session, hours * HOUR, { reason: 'why', base: 'abc' }),
        terms: TERMS,
      })
      await expectAsRead(await store.claimNext(by('s1', 0)))
      await store.move({ key: 'A', move: 'block', ...by('s1', 0) })
      await store.move({ key: 'A', move: 'unblock', ...by('s1', 0) })
      await expectAsRead(await store.claim({ key: 'A', ...by('s2', 1) }))
      await store.move({ key: 'A', move: 'close', outputs: [1], ...by('s2', 1) })
      await store.move({ key: 'A', move: 'reopen', ...by('s9', 1) })
      await expectAsRead(await store.claim({ key: 'A', ...by('s3', 2) }))
      await store.move({ key: 'A', move: 'fail', ...by('s3', 2) })
      await store.move({ key: 'A', move: 'reopen', ...by('s9', 2) })
      await store.move({ key: 'A', move: 'delete', ...by('s9', 2) })
      await store.move({ key: 'A', move: 'restore', ...by('s9', 2) })
      await expectAsRead(
        await store.claimNext({ ...by('s4', 3), terms: { lease_ms: undefined, oneAtATime: false } }),
      )
    })
  })

  describe(`several claims at once on ${name}`, () => {
    test('are of the best tickets in their order, those whose lease is over among them, and no more', async () => {
      const store = await storeWith([
        ...[draft('late'), draft('first', { priority: 1 }), draft('second', { queue_order: 1 })],
        ...[draft('stale', { priority: 2 }), draft('waits', { priority: 0, depends_on: ['late'] })],
        draft('other', { batch: 'X', priority: 0 }),
      ])
      await store.claim({ key: 'stale', act: act('s1'), terms: MANY })
      const some = (most: number, batch?: string) =>
        store.claimSome({ batch, most, act: act('s2', HOUR), terms: MANY })
      expect(await some(2, 'X')).toMatchObject([{ ticket: { key: 'other', claim_no: 1 }, isNew: true }])
      expect((await some(3)).map(({ ticket, taken_over_from }) => [ticket.key, taken_over_from])).toEqual([
        ['first', undefined],
        ['stale', 's1'],
        ['second', undefined],
      ])
      expect(await some(20)).toMatchObject([{ ticket: { key: 'late', status: 'CLAIMED' } }])
      expect(await some(20)).toEqual([])
      expect(await store.renew('s2', NOON + HOUR, MANY)).toHaveLength(5)
      expect((await store.events('stale')).at(-1)).toMatchObject({ type: 'ticket.taken_over', claim_no: 2 })
    })

    test('are one where a session may hold no more, and that which it holds when it asks again', async () => {
      const store = await storeWith([draft('A'), draft('B')])
      const some = () => store.claimSome({ most: 5, act: act('s1'), terms: TERMS })
      expect(await some()).toMatchObject([{ ticket: { key: 'A' }, isNew: true }])
      expect(await some()).toMatchObject([{ ticket: { key: 'A' }, isNew: false }])
    })

    test('of many at once are of different tickets', async () => {
      const open = makeOpener()
      const stores = await Promise.all(Array.from({ length: 4 }, () => open()))
      await stores[0]?.intake(
        Array.from({ length: 30 }, (_, number) => draft(`T${number}`)),
        { now_ms: NOON },
      )
      const claimed = await Promise.all(
        stores.map((store, number) => store.claimSome({ most: 9, act: act(`s${number}`), terms: MANY })),
      )
      const keys = claimed.flat().map(({ ticket }) => ticket.key)
      expect([keys.length, new Set(keys).size]).toEqual([30, 30])
      // Who lost some to others, and looked again, holds no more than it was told.
      for (const [number, store] of stores.entries()) {
        expect(await store.renew(`s${number}`, NOON, MANY)).toHaveLength(claimed[number]?.length ?? 0)
        await store.close()
      }
    })
  })
}
