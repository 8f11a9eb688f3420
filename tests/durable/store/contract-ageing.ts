/** How what waits for long becomes more urgent, on every database. */
import { describe, expect, test } from 'vitest'
import type { Draft } from '../../../src/durable/model/draft.ts'
import type { TicketStore } from '../../../src/durable/store/ticket-store.ts'
import { act, draft, HOUR, TERMS } from './wishes.ts'

export function describeAgeing(
  name: string,
  storeWith: (drafts: readonly Draft[]) => Promise<TicketStore>,
): void {
  describe(`ageing on ${name}`, () => {
    test('lifts what nobody took, step by step, on record, and nothing else', async () => {
      const store = await storeWith([
        ...[draft('old', { priority: 25 }), draft('first', { priority: 0 })],
        ...[draft('later', { stage: 'backlog' }), draft('end', { type: 'INTEGRATOR' })],
      ])
      const terms = { ...TERMS, ageing_ms: 10 * HOUR }
      // It is not there: nobody takes anything, and each claim looks.
      const look = (hours: number) => store.claimNext({ batch: 'none', act: act('s1', hours * HOUR), terms })
      const priority = async (key: string) => (await store.find(key))?.priority
      const wait = async (hours: number, wanted: number) => {
        await look(hours)
        expect([hours, await priority('old')]).toEqual([hours, wanted])
      }
      for (const [hours, wanted] of [
        ...[[9, 25] as const, [10, 15] as const, [11, 15] as const, [19, 15] as const],
        ...[[20, 5] as const, [40, 0] as const, [80, 0] as const],
      ])
        await wait(hours, wanted)
      expect([await priority('first'), await priority('later'), await priority('end')]).toEqual([0, 50, 50])
      expect(
        (await store.events('old')).slice(1).map(({ type, actor, data }) => [type, actor, data]),
      ).toEqual(
        [
          [25, 15],
          [15, 5],
          [5, 0],
        ].map(([from, to]) => ['ticket.aged', undefined, { changed: { priority: { from, to } } }]),
      )
      expect(await store.find('old')).toMatchObject({ version: 1, status: 'OPEN' })
    })

    test('comes before newer work of the same urgency, and is not done without being wanted', async () => {
      const store = await storeWith([draft('old', { priority: 40 })])
      await store.intake([draft('new', { priority: 35 })], { now_ms: act('s', 10 * HOUR).now_ms })
      const next = (session: string, ageing_ms?: number) =>
        store.claimNext({ act: act(session, 10 * HOUR), terms: { ...TERMS, ageing_ms } })
      expect(await next('s1')).toMatchObject({ ticket: { key: 'new' } })
      await store.move({ key: 'new', move: 'release', act: act('s1', 10 * HOUR), terms: TERMS })
      expect(await next('s2', 10 * HOUR)).toMatchObject({ ticket: { key: 'old', priority: 30 } })
    })
  })
}
