/** The part of the contract of ticket stores that is about what people do to tickets: moves of anybody, edits, who is at work. */
import { describe, expect, test } from 'vitest'
import type { Move } from '../../../src/durable/model/claiming.ts'
import type { Draft } from '../../../src/durable/model/draft.ts'
import type { Edits } from '../../../src/durable/model/editing.ts'
import type { EditWish, Terms, TicketStore } from '../../../src/durable/store/ticket-store.ts'
import { act, draft, HOUR, NOON, TERMS } from './wishes.ts'

interface Stores {
  readonly storeWith: (drafts: readonly Draft[]) => Promise<TicketStore>
  /** Of all tickets that sessions s0, s1 and so on are given, one each. */
  readonly nextKeys: (store: TicketStore) => Promise<readonly string[]>
}

export function describeChanges(name: string, { storeWith, nextKeys }: Stores): void {
  describe(`a move of anybody on ${name}`, () => {
    const moved = async (store: TicketStore, key: string, move: Move, by = 's9') =>
      store.move({ key, move, act: act(by, 60_000, { reason: `why ${move}` }), terms: TERMS })
    const held = async (store: TicketStore, key: string) => store.claim({ key, act: act('s1'), terms: TERMS })

    test('sends work in review back, which stays in hand', async () => {
      const store = await storeWith([draft('A')])
      await held(store, 'A')
      expect(await moved(store, 'A', 'reject')).toMatchObject({ refused: 'TRANSITION_REFUSED' })
      await moved(store, 'A', 'start', 's1')
      expect(await moved(store, 'A', 'reject')).toMatchObject({ refused: 'TRANSITION_REFUSED' })
      await moved(store, 'A', 'submit', 's1')
      expect(await moved(store, 'A', 'reject')).toMatchObject({
        ...{ status: 'IN_PROGRESS', stage: 'active', outcome: 'why reject', last_session: 's1' },
        claim: { session: 's1', claim_no: 1 },
      })
      expect((await store.events('A')).at(-1)).toMatchObject({
        ...{ type: 'ticket.rejected', actor: 's9', from: 'IN_PROGRESS', to: 'IN_PROGRESS' },
        reason: 'why reject',
      })
      expect(await held(store, 'A')).toMatchObject({ isNew: false })
    })

    test.each([
      ['cancel', 'cancelled'],
      ['decline', 'rejected'],
    ] as const)('%s takes it from its holder, who may take other work then', async (move, resolution) => {
      const store = await storeWith([draft('A'), draft('B'), draft('C', { depends_on: ['A'] })])
      await held(store, 'A')
      expect(await moved(store, 'A', move)).toMatchObject({
        ...{ status: 'CLOSED', resolution, claim: undefined, last_session: 's1', outcome: `why ${move}` },
        closed_ms: NOON + 60_000,
      })
      expect(await moved(store, 'A', 'close', 's1')).toMatchObject({
        refused: 'TICKET_NOT_OWNED_BY_SESSION',
        details: { claimed_by_session: 's1', status: 'CLOSED' },
      })
      expect(await moved(store, 'A', move)).toMatchObject({ refused: 'TRANSITION_REFUSED' })
      expect(await nextKeys(store)).toEqual(['B'])
    })

    test('keeps what a ticket was closed with until it is closed again', async () => {
      const store = await storeWith([draft('A')])
      const proof = { evidence: 'attest:“looked”', evidence_checks: [], verification: [] }
      const closed = async (with_proof?: typeof proof) => {
        await held(store, 'A')
        return store.move({ key: 'A', move: 'close', act: act('s1'), terms: TERMS, proof: with_proof })
      }
      expect(await closed(proof)).toMatchObject({ status: 'CLOSED', proof })
      expect((await store.events('A')).at(-1)).toMatchObject({
        data: { proof: { evidence: { verified: 0, recorded: 0 } } },
      })
      expect(await moved(store, 'A', 'reopen')).toMatchObject({ status: 'OPEN', proof })
      expect(await closed()).toMatchObject({ status: 'CLOSED', proof: undefined })
      expect((await store.events('A')).at(-1)).toMatchObject({ data: {} })
    })

    test('opens again what is over: what needs it waits again, and its batch is open', async () => {
      const store = await storeWith([
        draft('A', { batch: 'X' }),
        draft('B', { depends_on: ['A'] }),
        draft('end', { batch: 'X', type: 'INTEGRATOR' }),
      ])
      expect(await moved(store, 'A', 'reopen')).toMatchObject({ refused: 'TRANSITION_REFUSED' })
      await held(store, 'A')
      await moved(store, 'A', 'close', 's1')
      await held(store, 'end')
      await moved(store, 'end', 'close', 's1')
      expect(await moved(store, 'A', 'reopen')).toMatchObject({
        ...{ status: 'OPEN', stage: 'todo', resolution: undefined, closed_ms: undefined, claim_no: 1 },
      })
      expect(await nextKeys(store)).toEqual(['A'])
      await moved(store, 'A', 'fail', 's0')
      expect(await moved(store, 'A', 'reopen')).toMatchObject({ status: 'OPEN' })
      expect(await moved(store, 'end', 'reopen')).toMatchObject({ status: 'OPEN' })
    })

    test('deletes it: it is in no list and nobody waits for it, but its key is taken', async () => {
      const store = await storeWith([
        draft('A', { batch: 'X', noted: 'one' }),
        draft('B', { batch: 'X', wave: 1 }),
        draft('C', { depends_on: ['A'] }),
        draft('end', { batch: 'X', type: 'INTEGRATOR' }),
      ])
      expect(await moved(store, 'A', 'delete')).toMatchObject({ status: 'OPEN', deleted_ms: NOON + 60_000 })
      expect((await store.list({ limit: 9, offset: 0 })).total).toBe(3)
      const classes = await store.overview({ batch: 'X', now_ms: NOON, most: 9 })
      expect(classes.flatMap(({ tickets }) => tickets.map(({ key }) => key)).sort()).toEqual(['B', 'end'])
      const gone = {
        refused: 'UNKNOWN_TICKET',
        details: { ticket_id: 'A', deleted_at: expect.any(String) as unknown },
      }
      expect(await held(store, 'A')).toMatchObject(gone)
      expect(await moved(store, 'A', 'cancel')).toMatchObject(gone)
      const again = draft('A', { noted: 'two', title: 'other' })
      expect(await store.intake([again], { now_ms: NOON })).toMatchObject([
        { isNew: false, isUpdated: false, ticket: { title: 'Title of A', deleted_ms: NOON + 60_000 } },
      ])
      expect(await nextKeys(store)).toEqual(['B', 'C'])
      await moved(store, 'B', 'close', 's0')
      expect(await moved(store, 'A', 'restore')).toMatchObject({ status: 'OPEN', deleted_ms: undefined })
      await store.claim({ key: 'end', act: act('s7'), terms: TERMS })
      expect(await moved(store, 'end', 'close', 's7')).toMatchObject({
        details: { unresolved_workers: 1 },
      })
      expect(await moved(store, 'A', 'restore')).toMatchObject({ refused: 'TRANSITION_REFUSED' })
      expect((await store.events('A')).map(({ type }) => type)).toEqual([
        ...['ticket.created', 'ticket.deleted', 'ticket.restored'],
      ])
    })

    test('deletes nothing under the hands of others, while their lease lasts', async () => {
      const store = await storeWith([draft('A'), draft('B'), draft('C')])
      await held(store, 'A')
      expect(await moved(store, 'A', 'delete')).toMatchObject({
        refused: 'TICKET_CLAIMED_BY_OTHER_SESSION',
        details: { claimed_by_session: 's1' },
      })
      const late = act('s9', HOUR, { reason: 'nobody is at it' })
      expect(await store.move({ key: 'A', move: 'delete', act: late, terms: TERMS })).toMatchObject({
        ...{ status: 'OPEN', claim: undefined },
      })
      await held(store, 'B')
      expect(await moved(store, 'B', 'delete', 's1')).toMatchObject({ status: 'OPEN', claim: undefined })
      await held(store, 'C')
      const closed = await moved(store, 'C', 'close', 's1')
      await store.move({ key: 'C', move: 'delete', act: late, terms: TERMS })
      expect(await store.move({ key: 'C', move: 'restore', act: late, terms: TERMS })).toMatchObject({
        ...{ status: 'CLOSED', resolution: 'done', outcome: 'why close', deleted_ms: undefined },
        closed_ms: 'closed_ms' in closed ? closed.closed_ms : 'none',
      })
    })
  })

  describe(`an edit on ${name}`, () => {
    const edit = async (store: TicketStore, key: string, edits: Edits, more: Partial<EditWish> = {}) =>
      store.edit({ key, edits, act: act('s9'), terms: TERMS, ...more })

    test('changes what a ticket says, and keeps on record what it said', async () => {
      const store = await storeWith([draft('A', { wave: 2, queue_order: 3, batch: 'X' }), draft('B')])
      const edits = {
        ...{ title: "it's \u{1F3AB}", summary: '%_', priority: 0, wave: undefined, queue_order: 0 },
        ...{ batch: 'Y', depends_on: ['nowhere', 'B', 'B'], stage: 'backlog' },
      } satisfies Edits
      const why = { act: act('s9', 5, { reason: 'why' }), if_version: 1 }
      expect(await edit(store, 'A', edits, why)).toMatchObject({
        ok: true,
        ticket: { ...edits, depends_on: ['B', 'nowhere'], version: 2, updated_ms: NOON + 5 },
        changed: [
          ...['title', 'summary', 'priority', 'wave', 'queue_order', 'batch_id', 'depends_on', 'stage'],
        ],
      })
      expect((await store.events('A')).at(-1)).toMatchObject({
        ...{ type: 'ticket.edited', actor: 's9', reason: 'why', from: 'OPEN', to: 'OPEN' },
        data: {
          changed: {
            title: { from: 'Title of A', to: edits.title },
            wave: { from: 2, to: null },
            batch_id: { from: 'X', to: 'Y' },
            depends_on: { from: [], to: ['B', 'nowhere'] },
          },
        },
      })
      expect(await nextKeys(store)).toEqual(['B'])
      expect(await edit(store, 'A', { stage: 'todo', batch: undefined })).toMatchObject({
        ticket: { stage: 'todo', batch: undefined, version: 3 },
      })
      expect(await nextKeys(store)).toEqual(['B'])
      expect(await edit(store, 'A', { depends_on: [] })).toMatchObject({ ok: true })
      expect(await store.claimNext({ act: act('s8'), terms: TERMS })).toMatchObject({ ticket: { key: 'A' } })
    })

    test('is refused by those who read an older version, unless nothing is left to change', async () => {
      const store = await storeWith([draft('A')])
      await edit(store, 'A', { title: 'one' }, { if_version: 1 })
      expect(await edit(store, 'A', { title: 'two' }, { if_version: 1 })).toMatchObject({
        refused: 'VERSION_CONFLICT',
        details: { ticket_id: 'A', version: 2, if_version: 1, status: 'OPEN' },
      })
      expect(await edit(store, 'A', { title: 'one' }, { if_version: 1 })).toMatchObject({
        ticket: { version: 2 },
        changed: [],
      })
      expect(await store.events('A')).toHaveLength(2)
    })

    test('of what others hold needs a reason; what is over, or not there, is not changed', async () => {
      const store = await storeWith([draft('A')])
      await store.claim({ key: 'A', act: act('s1'), terms: TERMS })
      expect(await edit(store, 'A', { title: 'two' })).toMatchObject({
        refused: 'TICKET_CLAIMED_BY_OTHER_SESSION',
      })
      const because = { act: act('s9', 0, { reason: 'it was wrong' }) }
      expect(await edit(store, 'A', { title: 'two' }, because)).toMatchObject({
        ticket: { title: 'two', claim: { session: 's1' }, last_session: 's1' },
      })
      expect(await edit(store, 'A', { stage: 'backlog' }, because)).toMatchObject({
        refused: 'TRANSITION_REFUSED',
      })
      expect(await edit(store, 'A', { title: 'three' }, { act: act('s1') })).toMatchObject({ ok: true })
      expect(await edit(store, 'A', { title: 'four' }, { act: act('s9', HOUR) })).toMatchObject({ ok: true })
      await store.move({ key: 'A', move: 'close', act: act('s1'), terms: TERMS })
      expect(await edit(store, 'A', { title: 'five' })).toMatchObject({ refused: 'TRANSITION_REFUSED' })
      await store.move({ key: 'A', move: 'delete', act: act('s1'), terms: TERMS })
      for (const key of ['A', 'B'])
        expect(await edit(store, key, { title: 'six' })).toMatchObject({ refused: 'UNKNOWN_TICKET' })
    })

    test('makes no circle of tickets that wait for each other, and names the one it would be', async () => {
      const store = await storeWith([
        draft('A'),
        draft('B', { depends_on: ['A'] }),
        draft('C', { depends_on: ['B', 'nowhere'] }),
        draft('loop', { depends_on: ['loop'] }),
      ])
      expect(await edit(store, 'A', { depends_on: ['loop', 'C'] })).toMatchObject({
        refused: 'DEPENDENCY_CYCLE',
        details: { cycle: ['A', 'C', 'B', 'A'] },
      })
      expect(await edit(store, 'A', { depends_on: ['A'] })).toMatchObject({ details: { cycle: ['A', 'A'] } })
      expect(await edit(store, 'A', { depends_on: ['loop'] })).toMatchObject({ ok: true })
    })
  })

  describe(`the agents on ${name}`, () => {
    test('are those who were heard of, holders first, with what they hold', async () => {
      const keys = ['A', 'B', 'C', 'D', 'E', 'F', 'G']
      const store = await storeWith(keys.map((key) => draft(key)))
      const list = async (limit: number, offset: number) => store.agents({ limit, offset })
      expect(await list(9, 0)).toEqual({ agents: [], total: 0 })
      const many: Terms = { lease_ms: undefined, oneAtATime: false }
      for (const [index, key] of keys.slice(0, 6).entries())
        await store.claim({ key, act: act('s1', index), terms: many })
      await store.renew('s3', NOON + 9, TERMS)
      await store.renew('s2', NOON + 20, TERMS)
      await store.claim({ key: 'G', act: act('s4', 8), terms: TERMS })
      const { agents, total } = await list(3, 0)
      expect([total, ...agents.map(({ session }) => session)]).toEqual([4, 's4', 's1', 's2'])
      const lease = { key: 'G', status: 'CLAIMED', leased_until_ms: NOON + 8 + HOUR }
      expect(agents[0]).toEqual({
        ...{ session: 's4', started_ms: NOON + 8, seen_ms: NOON + 8, count: 1, holds: [lease] },
      })
      expect(agents[1]?.count).toBe(6)
      expect(agents[1]?.holds.map(({ key }) => key)).toEqual(keys.slice(0, 5))
      expect((await list(3, 3)).agents).toEqual([
        { session: 's3', started_ms: NOON + 9, seen_ms: NOON + 9, count: 0, holds: [] },
      ])
    })
  })
}
