/** Commands that may be sent again, on every database. */
import { describe, expect, test } from 'vitest'
import { KNOWN_FOR_MS, type Request } from '../../../src/operation/request.ts'
import type { Draft } from '../../../src/durable/model/draft.ts'
import type { TicketStore } from '../../../src/durable/store/ticket-store.ts'
import type { OpenStore } from './contract.ts'
import { act, draft, NOON, TERMS } from './wishes.ts'

const request = (key: string, print = 'p'): Request => ({ key, print, operation: 'claim-ticket' })
const MANY = { ...TERMS, oneAtATime: false }

export function describeRequests(
  name: string,
  storeWith: (drafts: readonly Draft[]) => Promise<TicketStore>,
  makeOpener: () => OpenStore,
): void {
  const claimNext = (store: TicketStore, session: string, of: Request, after_ms = 0) =>
    store.claimNext({ act: act(session, after_ms, { request: of }), terms: MANY })

  describe(`commands that are sent again on ${name}`, () => {
    test('are done once, and told what they were told first, whatever came after', async () => {
      const store = await storeWith([draft('A'), draft('B'), draft('C')])
      const first = await claimNext(store, 's1', request('k'))
      expect(first).toMatchObject({ ticket: { key: 'A', status: 'CLAIMED' }, isNew: true })
      await store.move({ key: 'A', move: 'close', act: act('s1', 5), terms: MANY })
      const again = await claimNext(store, 's1', request('k'), 9)
      expect(again).toEqual({ ...JSON.parse(JSON.stringify(first)), replayed: true })
      expect(await claimNext(store, 's1', request('l'), 9)).toMatchObject({ ticket: { key: 'B' } })
      const claim = { key: 'C', act: act('s2', 0, { request: request('m') }), terms: MANY }
      expect(await store.claim(claim)).toMatchObject({ isNew: true, ticket: { claim_no: 1 } })
      expect(await store.claim(claim)).toMatchObject({ isNew: true, ticket: { claim_no: 1 }, replayed: true })
      expect(await store.events('C')).toHaveLength(2)
    })

    test('are tickets that are taken in, and what is said, as well', async () => {
      const store = await storeWith([])
      const bring = () => store.intake([draft('A'), draft('B')], { now_ms: NOON, request: request('i') })
      const isNew = [{ isNew: true }, { isNew: true }]
      expect(await bring()).toMatchObject(isNew)
      expect(await bring()).toMatchObject(isNew.map((one) => ({ ...one, replayed: true })))
      const say = () =>
        store.tell({
          ...{ key: 'A', act: act('s1', 0, { request: request('t') }), type: 'ticket.said', data: {} },
          byHolder: false,
        })
      const said = await say()
      expect(said).toMatchObject({ ok: true, ticket: { key: 'A' } })
      expect(await say()).toMatchObject({ event: 'event' in said ? said.event : -1, replayed: true })
      const [event] = await store.events('A', 'ticket.said')
      expect([event?.seq, (await store.events('A')).length]).toEqual(['event' in said && said.event, 2])
      expect(await store.recall(request('t'))).toMatchObject({ replayed: true })
      expect(await store.recall(request('u'))).toBeUndefined()
    })

    test('are another command when they say something else', async () => {
      const store = await storeWith([draft('A')])
      await claimNext(store, 's1', request('k'), 7)
      for (const asked of [
        () => claimNext(store, 's2', request('k', 'q')),
        () => store.recall(request('k', 'q')),
      ])
        await expect(asked()).rejects.toMatchObject({
          name: 'KeyReused',
          known: { key: 'k', operation: 'claim-ticket', at_ms: NOON + 7 },
        })
      const other = await makeOpener()()
      expect(await claimNext(other, 's1', request('k', 'q'))).toBeUndefined()
      await other.close()
    })

    test('are asked anew when nothing came of them, or it was undone, and after a long time', async () => {
      const store = await storeWith([draft('A')])
      const claim = (session: string, after_ms = 0) =>
        store.claim({ key: 'A', act: act(session, after_ms, { request: request(session) }), terms: TERMS })
      await claim('s1')
      expect(await claim('s2')).toMatchObject({ refused: 'TICKET_CLAIMED_BY_OTHER_SESSION' })
      expect(await claimNext(store, 's3', request('s3'))).toBeUndefined()
      await store.move({ key: 'A', move: 'release', act: act('s1'), terms: TERMS })
      expect(await claim('s1')).toMatchObject({ ticket: { claim_no: 1 }, replayed: true })
      expect(await claimNext(store, 's3', request('s3'))).toMatchObject({ ticket: { claim_no: 2 } })
      await store.move({ key: 'A', move: 'release', act: act('s3'), terms: TERMS })
      await store.forget(request('s3'))
      expect(await claim('s2')).toMatchObject({ ticket: { claim_no: 3 } })
      await store.move({ key: 'A', move: 'release', act: act('s2'), terms: TERMS })
      expect(await claimNext(store, 's3', request('s3'))).toMatchObject({ ticket: { claim_no: 4 } })
      await store.move({ key: 'A', move: 'release', act: act('s3'), terms: TERMS })
      expect(await claim('s9', KNOWN_FOR_MS + 1)).toMatchObject({ ticket: { claim_no: 5 } })
      expect(await store.recall(request('s1'))).toBeUndefined()
      expect(await store.recall(request('s9'))).toMatchObject({ ok: true })
    })
  })
}
