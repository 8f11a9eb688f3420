/** What every ticket store must do, whatever database is below: the same tests for each. */
import { afterEach, describe, expect, test } from 'vitest'
import type { Draft } from '../../../src/durable/model/draft.ts'
import type { Terms, TicketStore } from '../../../src/durable/store/ticket-store.ts'
import { describeAgeing } from './contract-ageing.ts'
import { describeChanges } from './contract-changes.ts'
import { closeOpened, describeEvents } from './contract-events.ts'
import { describeRequests } from './contract-requests.ts'
import { describeSeveral } from './contract-several.ts'
import { act, draft, HOUR, NOON, TERMS } from './wishes.ts'

/** Opens the same new store as often as it is called; each is closed at the end of the test. */
export type OpenStore = () => Promise<TicketStore>

export function describeStore(name: string, makeOpener: () => OpenStore): void {
  const opened: TicketStore[] = []
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close()
    await closeOpened()
  })
  async function storeWith(drafts: readonly Draft[]): Promise<TicketStore> {
    const store = await makeOpener()()
    opened.push(store)
    await store.intake(drafts, { now_ms: NOON })
    return store
  }
  const nextKeys = async (store: TicketStore, batch?: string): Promise<readonly string[]> => {
    const keys: string[] = []
    for (let number = 0; number < 10; number += 1) {
      const claimed = await store.claimNext({ batch, act: act(`s${number}`), terms: TERMS })
      if (claimed === undefined) return keys
      keys.push(claimed.ticket.key)
    }
    return keys
  }

  describeEvents(name, storeWith, makeOpener)
  describeAgeing(name, storeWith)
  describeRequests(name, storeWith, makeOpener)
  describeSeveral(name, storeWith, makeOpener)

  describe(`intake on ${name}`, () => {
    test('keeps any text, and what is known stays as it is', async () => {
      const texts = {
        title: `'; DROP TABLE tickets; -- "${'é'.repeat(50)}`,
        summary: '\n\t🎫 \\ % _'.repeat(9),
      }
      const store = await storeWith([draft('TKT-1', { ...texts, batch: 'B', queue_order: 3, wave: 2 })])
      const found = await store.find('TKT-1')
      expect(found).toMatchObject({
        ...texts,
        batch: 'B',
        queue_order: 3,
        wave: 2,
        status: 'OPEN',
        claim_no: 0,
      })
      const [again] = await store.intake([draft('TKT-1', { title: 'other' })], { now_ms: NOON })
      expect(again).toEqual({ ticket: found, isNew: false, isUpdated: false })
      expect((await store.events('TKT-1')).map(({ type }) => type)).toEqual(['ticket.created'])
    })

    test('follows a note while nobody has begun, and nothing else', async () => {
      const noted = draft('A', {
        noted: 'one',
        batch: 'X',
        queue_order: 4,
        scope: { allow: ['src/'], deny: [] },
      })
      const store = await storeWith([noted, draft('by-hand')])
      const again = async (more: Partial<Draft>) => {
        const [taken] = await store.intake([{ ...noted, ...more }], { now_ms: NOON + 1, session: 's1' })
        return taken
      }
      expect(await again({ title: 'late', noted: 'two', if_version: 2 })).toMatchObject({ isUpdated: false })
      expect(await again({ title: 'unread' })).toMatchObject({ isUpdated: false, ticket: noted })
      const other = { title: 'other', noted: 'two', queue_order: 9, required_work: ['a'], acceptance: ['b'] }
      expect(await again({ ...other, depends_on: ['by-hand'], scope: undefined })).toMatchObject({
        isNew: false,
        isUpdated: true,
        ticket: {
          ...other,
          queue_order: 4,
          version: 2,
          depends_on: ['by-hand'],
          scope: { allow: [], deny: [] },
        },
      })
      expect((await store.events('A')).at(-1)).toMatchObject({ type: 'ticket.edited', actor: 's1' })
      expect(await store.claimNext({ batch: 'X', act: act('s1'), terms: TERMS })).toBeUndefined()
      const byHand = draft('by-hand', { title: 'other', noted: 'one' })
      expect(await store.intake([byHand], { now_ms: NOON })).toMatchObject([{ isUpdated: false }])
      await store.claim({ key: 'A', act: act('s2'), terms: TERMS })
      expect(await again({ title: 'third', noted: 'three' })).toMatchObject({
        isUpdated: false,
        ticket: { title: 'other' },
      })
    })

    test('puts behind its batch what is to be last', async () => {
      const store = await storeWith([
        draft('A', { batch: 'X', queue_order: 7 }),
        draft('B', { queue_order: 20 }),
      ])
      const last = ['C', 'D'].map((key) => draft(key, { batch: 'X', queue_order: 'last' }))
      const taken = await store.intake([...last, draft('E', { queue_order: 'last' })], { now_ms: NOON })
      expect(taken.map(({ ticket }) => ticket.queue_order)).toEqual([8, 9, 21])
    })

    test('takes in again, after the others, a key that comes again', async () => {
      const store = await storeWith([draft('A', { noted: 'one' })])
      const drafts = [
        draft('A', { noted: 'two', title: 'second' }),
        draft('B', { noted: 'one' }),
        draft('A', { noted: 'three', title: 'third', depends_on: ['B'] }),
        draft('B', { noted: 'two', title: 'other', batch: 'X' }),
      ]
      const taken = await store.intake(drafts, { now_ms: NOON + 1 })
      expect(taken.map(({ ticket, isNew, isUpdated }) => [ticket.key, isNew, isUpdated])).toEqual([
        ['A', false, true],
        ['B', true, false],
        ['A', false, true],
        ['B', false, true],
      ])
      expect(await store.find('A')).toMatchObject({ title: 'third', version: 3, depends_on: ['B'] })
      expect(await store.find('B')).toMatchObject({ title: 'other', version: 2, batch: undefined })
    })

    test('a thousand at once, in their order, that wait for each other and for what was there', async () => {
      const keys = Array.from({ length: 1000 }, (_, index) => `T-${index}`)
      const store = await storeWith([draft('before', { depends_on: ['T-1'] })])
      const drafts = keys.map((key, index) =>
        draft(key, {
          batch: `B-${index % 3}`,
          queue_order: 'last',
          depends_on: [keys[index + 1] ?? 'before'],
        }),
      )
      const last = draft('free', { batch: 'B-1', queue_order: 'last' })
      const taken = await store.intake([...drafts, last], { now_ms: NOON, session: 's1' })
      expect(taken.map(({ ticket }) => ticket.key)).toEqual([...keys, 'free'])
      expect(taken.map(({ ticket }) => ticket.queue_order)).toEqual([
        ...keys.map((_, index) => Math.floor(index / 3) + 1),
        334,
      ])
      const numbers = taken.map(({ ticket }) => ticket.seq)
      expect(numbers).toEqual(numbers.toSorted((one, other) => one - other))
      expect(await store.events('T-999')).toMatchObject([{ type: 'ticket.created', actor: 's1', to: 'OPEN' }])
      const next = () => store.claimNext({ act: act('s1'), terms: TERMS })
      expect(await next()).toMatchObject({ ticket: { key: 'free' } })
    })

    test('takes all or none', async () => {
      const store = await storeWith([])
      const wrong = [draft('TKT-1'), draft('TKT-2', { priority: 101 })]
      await expect(store.intake(wrong, { now_ms: NOON })).rejects.toThrow(/priority/)
      expect(await store.find('TKT-1')).toBeUndefined()
    })
  })

  describe(`a list on ${name}`, () => {
    test('goes by queue order, then by age, page by page', async () => {
      const store = await storeWith([
        draft('A'),
        draft('B', { queue_order: 2, batch: 'X' }),
        draft('C', { queue_order: 1, batch: 'X' }),
      ])
      const list = async (wanted: object) => {
        const { tickets, total } = await store.list({ limit: 10, offset: 0, ...wanted })
        return [total, ...tickets.map(({ key }) => key)]
      }
      expect(await list({})).toEqual([3, 'C', 'B', 'A'])
      expect(await list({ limit: 1, offset: 1 })).toEqual([3, 'B'])
      expect(await list({ batch: 'X' })).toEqual([2, 'C', 'B'])
      await store.claim({ key: 'C', act: act('s1'), terms: TERMS })
      await store.move({ key: 'C', move: 'close', act: act('s1'), terms: TERMS })
      expect(await list({ unresolvedOnly: true })).toEqual([2, 'B', 'A'])
    })

    test('is narrowed to what is asked for, and tells how much is hidden', async () => {
      const store = await storeWith([
        draft('A', { queue_order: 1, batch: 'X' }),
        draft('B', { queue_order: 2, provenance: 'verification' }),
        draft('C', { queue_order: 3, provenance: 'verification', batch: 'X' }),
        draft('D', { queue_order: 4, type: 'INTEGRATOR' }),
      ])
      for (const [key, session] of [
        ['A', 's1'],
        ['C', 's2'],
      ] as const)
        await store.claim({ key, act: act(session), terms: TERMS })
      await store.move({ key: 'A', move: 'block', act: act('s1', 0, { reason: 'no access' }), terms: TERMS })
      const list = async (wanted: object) => {
        const { tickets, total, hidden } = await store.list({ limit: 1, offset: 0, ...wanted })
        return [total, hidden, ...tickets.map(({ key }) => key)]
      }
      expect(await list({ statuses: ['BLOCKED', 'CLAIMED'] })).toEqual([2, 0, 'A'])
      expect(await list({ session: 's2' })).toEqual([1, 0, 'C'])
      expect(await list({ session: "'; --" })).toEqual([0, 0])
      expect(await list({ provenances: ['verification'], batch: 'X' })).toEqual([1, 0, 'C'])
      expect(await list({ type: 'INTEGRATOR' })).toEqual([1, 0, 'D'])
      expect(await list({ visibleOnly: true })).toEqual([2, 2, 'A'])
      expect(await list({ visibleOnly: true, batch: 'X', offset: 1 })).toEqual([1, 1])
    })
  })

  describe(`an overview on ${name}`, () => {
    test('counts every ticket once, by what may be done with it', async () => {
      const store = await storeWith([
        draft('stale', { batch: 'X' }),
        draft('mine', { batch: 'X' }),
        draft('done', { batch: 'X' }),
        ...['c', 'b', 'a'].map((key, index) => draft(key, { batch: 'X', queue_order: 3 - index, wave: 1 })),
        draft('later', { batch: 'X', wave: 2 }),
        draft('end', { batch: 'X', type: 'INTEGRATOR', depends_on: ['a'] }),
        draft('elsewhere'),
      ])
      await store.claim({ key: 'done', act: act('s1'), terms: TERMS })
      await store.move({ key: 'done', move: 'close', act: act('s1'), terms: TERMS })
      await store.claim({ key: 'stale', act: act('s2', -HOUR), terms: TERMS })
      await store.claim({ key: 'mine', act: act('s1'), terms: TERMS })
      await store.claim({ key: 'elsewhere', act: act('s3'), terms: TERMS })
      await store.move({ key: 'elsewhere', move: 'release', act: act('s3'), terms: TERMS })
      const overview = async (batch?: string, keys?: readonly string[]) => {
        const classes = await store.overview({ batch, keys, session: 's1', now_ms: NOON, most: 2 })
        return classes
          .map(({ tickets, ...of }) => [...Object.values(of), ...tickets.map(({ key }) => key)].join(' '))
          .sort()
      }
      const before = [
        'INTEGRATOR OPEN nobody no 1 end',
        'WORKER CLAIMED me no 1 mine',
        'WORKER CLAIMED other stale 1 stale',
        'WORKER CLOSED me no 1 done',
        'WORKER OPEN nobody no 4 a b',
      ]
      expect(await overview('X')).toEqual(before)
      expect(await overview()).toEqual([...before, 'WORKER OPEN nobody free 1 elsewhere'].sort())
      expect(await overview('none')).toEqual([])
      expect(await overview('X', ['done', 'elsewhere', 'none'])).toEqual(['WORKER CLOSED me no 1 done'])
      for (const [key, session] of [
        ['stale', 's4'],
        ['mine', 's1'],
      ] as const) {
        await store.claim({ key, act: act(session), terms: TERMS })
        await store.move({ key, move: 'fail', act: act(session), terms: TERMS })
      }
      expect(await overview('X')).toEqual([
        'INTEGRATOR OPEN nobody no 1 end',
        'WORKER CLOSED me no 1 done',
        'WORKER FAILED me no 1 mine',
        'WORKER FAILED other no 1 stale',
        'WORKER OPEN nobody free 3 a b',
        'WORKER OPEN nobody no 1 later',
      ])
      await store.claim({ key: 'elsewhere', act: act('s1'), terms: TERMS })
      await store.move({ key: 'elsewhere', move: 'cancel', act: act('s9'), terms: TERMS })
      expect(await overview(undefined, ['elsewhere'])).toEqual(['WORKER CLOSED nobody no 1 elsewhere'])
    })
  })

  describe(`the end of a batch on ${name}`, () => {
    test('is refused while work is left, but for what is stuck and accepted', async () => {
      const store = await storeWith([
        draft('A', { batch: 'X' }),
        draft('B', { batch: 'Y' }),
        draft('end', { batch: 'X', type: 'INTEGRATOR' }),
      ])
      const close = async (accepted?: string) =>
        store.move({ key: 'end', move: 'close', act: act('s9'), terms: TERMS, accepted })
      await store.claim({ key: 'end', act: act('s9'), terms: TERMS })
      expect(await close('all')).toMatchObject({
        refused: 'INTEGRATOR_CLOSE_NOT_READY',
        details: { unresolved_workers: 1, blocked_or_failed_workers: 0 },
      })
      await store.claim({ key: 'A', act: act('s1'), terms: TERMS })
      await store.move({ key: 'A', move: 'fail', act: act('s1'), terms: TERMS })
      expect(await close()).toMatchObject({
        details: { unresolved_workers: 0, blocked_or_failed_workers: 1 },
      })
      expect(await close('known')).toMatchObject({ status: 'CLOSED', resolution: 'done' })
    })
  })

  describeChanges(name, { storeWith, nextKeys })

  describe(`the readings of a note on ${name}`, () => {
    test('are kept a batch each, the last one whole', async () => {
      const store = await storeWith([])
      const of = { source: 'note/note_tasks.md', batch: undefined }
      const log = async (text: string, outcome: string, batch?: string) =>
        store.logReading({ ...of, batch, text, outcome }, { now_ms: NOON, trigger: 'manual', session: 's1' })
      expect(await store.lastReading(of)).toBeUndefined()
      await log('one', '{"a":1}')
      await log('one', '{"a":1}')
      await log('other', '{"a":2}', 'X')
      expect(await store.lastReading(of)).toEqual({ text: 'one', outcome: '{"a":1}' })
      await log('two', '{}')
      expect(await store.lastReading(of)).toEqual({ text: 'two', outcome: '{}' })
      expect(await store.lastReading({ ...of, batch: 'X' })).toEqual({ text: 'other', outcome: '{"a":2}' })
      expect(await store.lastReading({ ...of, source: 'elsewhere' })).toBeUndefined()
    })
  })

  describe(`names on ${name}`, () => {
    test('are numbers, uuids and the beginnings of those', async () => {
      const store = await storeWith([draft('A'), draft('B')])
      const { seq = 0, uuid = '' } = (await store.find('A')) ?? {}
      for (const wanted of [
        { number: seq },
        { uuid },
        { uuid: uuid.slice(0, 8) },
        { number: seq, uuid: '0000' },
      ])
        expect([wanted, await store.lookUp(wanted)]).toEqual([wanted, ['A']])
      expect(await store.lookUp({ uuid: '' })).toEqual([])
      expect(await store.lookUp({ number: 99999, uuid: '00000000-0000' })).toEqual([])
    })
  })

  describe(`a claim on ${name}`, () => {
    test('has a number and a lease, is on record, and is answered the same when it is repeated', async () => {
      const store = await storeWith([draft('A')])
      const claimed = await store.claim({ key: 'A', act: act('s1', 0, { base: 'c0ffee' }), terms: TERMS })
      expect(claimed).toMatchObject({
        ok: true,
        isNew: true,
        ticket: { status: 'CLAIMED', claim_no: 1, claim: { session: 's1', claim_no: 1, base: 'c0ffee' } },
      })
      const again = await store.claim({ key: 'A', act: act('s1', 60_000), terms: TERMS })
      expect(again).toMatchObject({ ok: true, isNew: false, ticket: { claim_no: 1 } })
      expect((await store.find('A'))?.claim?.leased_until_ms).toBe(NOON + 60_000 + HOUR)
      expect(await store.events('A')).toMatchObject([
        { type: 'ticket.created' },
        { type: 'ticket.claimed', actor: 's1', from: 'OPEN', to: 'CLAIMED', claim_no: 1 },
      ])
    })

    test('is told to other sessions, with its scope', async () => {
      const scope = { allow: ['src/'], deny: ['src/db/'] }
      const store = await storeWith([draft('A', { scope }), draft('B'), draft('C')])
      for (const [key, session] of [
        ['A', 's1'],
        ['B', 's2'],
      ] as const)
        await store.claim({ key, act: act(session), terms: TERMS })
      expect(await store.heldByOthers('s2')).toEqual([{ key: 'A', session: 's1', scope }])
      expect(await store.heldByOthers('s3')).toMatchObject([
        { key: 'A' },
        { key: 'B', scope: { allow: [], deny: [] } },
      ])
    })

    test('is refused in the published order', async () => {
      const store = await storeWith([draft('A'), draft('B'), draft('C')])
      const refusal = async (key: string, session: string) =>
        store.claim({ key, act: act(session), terms: TERMS })
      await store.claim({ key: 'A', act: act('s1'), terms: TERMS })
      expect(await refusal('missing', 's1')).toMatchObject({ refused: 'SESSION_ALREADY_HAS_CLAIMED_TICKET' })
      expect(await refusal('missing', 's2')).toMatchObject({ refused: 'UNKNOWN_TICKET' })
      expect(await refusal('A', 's2')).toMatchObject({
        refused: 'TICKET_CLAIMED_BY_OTHER_SESSION',
        details: { ticket_id: 'A', claimed_by_session: 's1', status: 'CLAIMED' },
      })
      await store.move({ key: 'A', move: 'close', act: act('s1'), terms: TERMS })
      expect(await refusal('A', 's2')).toMatchObject({ refused: 'TICKET_ALREADY_CLOSED' })
    })

    test('of several at once only where that is allowed; what is blocked does not count', async () => {
      const store = await storeWith([draft('A'), draft('B'), draft('C')])
      const many: Terms = { ...TERMS, oneAtATime: false }
      for (const key of ['A', 'B'])
        expect(await store.claim({ key, act: act('s1'), terms: many })).toMatchObject({ ok: true })
      await store.claim({ key: 'C', act: act('s2'), terms: TERMS })
      await store.move({ key: 'C', move: 'block', act: act('s2', 0, { reason: 'no access' }), terms: TERMS })
      expect(await store.find('C')).toMatchObject({ status: 'BLOCKED', blocked_reason: 'no access' })
      await store.move({ key: 'A', move: 'release', act: act('s1'), terms: many })
      expect(await store.claimNext({ act: act('s2'), terms: TERMS })).toMatchObject({ ticket: { key: 'A' } })
      expect(await store.move({ key: 'C', move: 'unblock', act: act('s2'), terms: TERMS })).toMatchObject({
        refused: 'SESSION_ALREADY_HAS_CLAIMED_TICKET',
      })
    })
  })

  describe(`a blocked ticket that counts on ${name}`, () => {
    test('is the one ticket of its session, and is what that is given', async () => {
      const store = await storeWith([draft('A'), draft('B')])
      const terms: Terms = { ...TERMS, blockedCounts: true }
      await store.claim({ key: 'A', act: act('s1'), terms })
      await store.move({ key: 'A', move: 'block', act: act('s1', 0, { reason: 'no access' }), terms })
      expect(await store.claim({ key: 'B', act: act('s1'), terms })).toMatchObject({
        refused: 'SESSION_ALREADY_HAS_CLAIMED_TICKET',
      })
      expect(await store.claimNext({ act: act('s1'), terms })).toMatchObject({
        isNew: false,
        ticket: { key: 'A', status: 'BLOCKED' },
      })
      expect(await store.move({ key: 'A', move: 'unblock', act: act('s1'), terms })).toMatchObject({
        status: 'CLAIMED',
      })
    })
  })

  describe(`a ticket for some sessions on ${name}`, () => {
    test('is claimed by those only, whole names or beginnings, also when its lease is over', async () => {
      const store = await storeWith([
        draft('A', { queue_order: 1, assignable_to: ['impl-*', 'ada'] }),
        draft('B', { queue_order: 2, assignable_to: [] }),
      ])
      expect(await store.find('A')).toMatchObject({ assignable_to: ['impl-*', 'ada'] })
      const claim = async (session: string, after = 0) =>
        store.claim({ key: 'A', act: act(session, after), terms: TERMS })
      for (const session of ['adam', 'im', 'impl', '%', 'IMPL-1'])
        expect([session, await claim(session)]).toMatchObject([session, { refused: 'TICKET_NOT_ASSIGNABLE' }])
      expect(await store.claimNext({ act: act('bob'), terms: TERMS })).toMatchObject({ ticket: { key: 'B' } })
      expect(await store.claimNext({ act: act('impl-7'), terms: TERMS })).toMatchObject({
        ticket: { key: 'A' },
      })
      expect(await claim('eve')).toMatchObject({ refused: 'TICKET_CLAIMED_BY_OTHER_SESSION' })
      expect(await claim('eve', HOUR)).toMatchObject({ refused: 'TICKET_NOT_ASSIGNABLE' })
      expect(await store.claimNext({ act: act('eve', HOUR), terms: TERMS })).toMatchObject({
        ticket: { key: 'B' },
      })
      expect(await store.claimNext({ act: act('ada', HOUR), terms: TERMS })).toMatchObject({
        ticket: { key: 'A' },
        taken_over_from: 'impl-7',
      })
    })

    test('is for others when it is edited, and counts as claimable for whom it is', async () => {
      const store = await storeWith([draft('A')])
      const edit = async (assignable_to: readonly string[]) =>
        store.edit({ key: 'A', edits: { assignable_to }, act: act('pm'), terms: TERMS })
      expect(await edit(['ada'])).toMatchObject({
        changed: ['assignable_to'],
        ticket: { assignable_to: ['ada'] },
      })
      const claimableTo = async (session: string | undefined) =>
        (await store.overview({ session, now_ms: NOON, most: 1 })).map(({ claimable }) => claimable)
      expect([await claimableTo('ada'), await claimableTo('bob'), await claimableTo(undefined)]).toEqual([
        ['free'],
        ['no'],
        ['free'],
      ])
      expect(await store.claimNext({ act: act('bob'), terms: TERMS })).toBeUndefined()
      await edit([])
      expect(await store.claimNext({ act: act('bob'), terms: TERMS })).toMatchObject({ ticket: { key: 'A' } })
    })
  })

  describe(`the worktree of a ticket on ${name}`, () => {
    const worktree = { path: 'w/A', branch: 'tkt/A', target: 'main', base: 'c0ffee', host: 'here' }

    test('is put on record by its holder, and stays when the ticket is given back', async () => {
      const store = await storeWith([draft('A')])
      await store.claim({ key: 'A', act: act('s1'), terms: TERMS })
      const kept = await store.keepWorktree({ key: 'A', act: act('s1', 5, { claim_no: 1 }), worktree })
      expect(kept).toMatchObject({
        key: 'A',
        status: 'CLAIMED',
        version: 1,
        worktree,
        claim: { session: 's1' },
      })
      await store.move({ key: 'A', move: 'release', act: act('s1'), terms: TERMS })
      expect(await store.find('A')).toMatchObject({ status: 'OPEN', worktree })
      expect((await store.events('A')).at(-2)).toMatchObject({
        ...{ type: 'ticket.worktree_made', actor: 's1', claim_no: 1, at_ms: NOON + 5 },
        data: { worktree },
      })
    })

    test('is of nobody else, and of no earlier claim', async () => {
      const store = await storeWith([draft('A')])
      await store.claim({ key: 'A', act: act('s1'), terms: TERMS })
      const keep = async (session: string, claim_no?: number, key = 'A') =>
        store.keepWorktree({ key, act: act(session, 0, { claim_no }), worktree })
      expect(await keep('s2')).toMatchObject({ refused: 'TICKET_NOT_OWNED_BY_SESSION' })
      expect(await keep('s1', 7)).toMatchObject({ refused: 'CLAIM_LOST' })
      expect(await keep('s1', 1, 'B')).toMatchObject({ refused: 'UNKNOWN_TICKET' })
      expect(await store.find('A')).toHaveProperty('worktree', undefined)
    })
  })

  describe(`the next ticket on ${name}`, () => {
    test('is the most urgent, then the first in the queue; integrators are claimed by name', async () => {
      const store = await storeWith([
        draft('late', { queue_order: 9 }),
        draft('unordered'),
        draft('first', { queue_order: 1 }),
        draft('urgent', { queue_order: 8, priority: 10 }),
        draft('last-of-all', { type: 'INTEGRATOR', queue_order: 0 }),
      ])
      expect(await nextKeys(store)).toEqual(['urgent', 'first', 'late', 'unordered'])
      expect(await store.claim({ key: 'last-of-all', act: act('s9'), terms: TERMS })).toMatchObject({
        ok: true,
      })
    })

    test('waits for what it needs, and for earlier waves of its batch', async () => {
      const store = await storeWith([
        draft('needs', { depends_on: ['base', 'nowhere'], queue_order: 1, batch: 'X' }),
        draft('base', { queue_order: 2, batch: 'X' }),
        draft('wave', { queue_order: 3, batch: 'Y', wave: 2 }),
        draft('before', { queue_order: 4, batch: 'Y', wave: 1 }),
      ])
      expect(await nextKeys(store)).toEqual(['base', 'before'])
      await store.move({ key: 'base', move: 'close', act: act('s0'), terms: TERMS })
      await store.move({ key: 'before', move: 'fail', act: act('s1'), terms: TERMS })
      expect(await nextKeys(store)).toEqual(['needs', 'wave'])
    })

    test('of a batch is of that batch, and what is held is given again', async () => {
      const store = await storeWith([draft('A'), draft('B', { batch: 'X' })])
      expect(await store.claimNext({ batch: 'X', act: act('s1'), terms: TERMS })).toMatchObject({
        ticket: { key: 'B' },
      })
      expect(await store.claimNext({ act: act('s1'), terms: TERMS })).toMatchObject({
        isNew: false,
        ticket: { key: 'B' },
      })
      expect(await store.claimNext({ batch: 'X', act: act('s2'), terms: TERMS })).toBeUndefined()
    })
  })

  describe(`a lease on ${name}`, () => {
    test('that is over lets another session take over, on record, and the late holder is refused', async () => {
      const store = await storeWith([draft('A')])
      await store.claim({ key: 'A', act: act('s1'), terms: TERMS })
      expect(await store.claim({ key: 'A', act: act('s2', HOUR - 1), terms: TERMS })).toMatchObject({
        ok: false,
      })
      expect(await store.claim({ key: 'A', act: act('s2', HOUR), terms: TERMS })).toMatchObject({
        ok: true,
        taken_over_from: 's1',
        ticket: { claim_no: 2, claim: { session: 's2' } },
      })
      expect(
        await store.move({ key: 'A', move: 'close', act: act('s1', HOUR + 1), terms: TERMS }),
      ).toMatchObject({
        refused: 'TICKET_NOT_OWNED_BY_SESSION',
        details: { claimed_by_session: 's2' },
      })
      expect((await store.events('A')).at(-1)).toMatchObject({
        type: 'ticket.taken_over',
        actor: 's2',
        claim_no: 2,
      })
    })

    test('is renewed by any act of its session, and a late close counts while nobody took over', async () => {
      const store = await storeWith([draft('A')])
      await store.claim({ key: 'A', act: act('s1'), terms: TERMS })
      expect(await store.renew('s1', NOON + HOUR - 1, TERMS)).toMatchObject([{ key: 'A' }])
      expect(await store.claimNext({ act: act('s2', HOUR + 1), terms: TERMS })).toBeUndefined()
      const closed = await store.move({
        key: 'A',
        move: 'close',
        act: act('s1', 9 * HOUR, { reason: 'done' }),
        terms: TERMS,
      })
      expect(closed).toMatchObject({
        status: 'CLOSED',
        resolution: 'done',
        outcome: 'done',
        last_session: 's1',
      })
      expect(closed).toHaveProperty('claim', undefined)
    })

    test('a number of an earlier claim of the same session is refused', async () => {
      const store = await storeWith([draft('A')])
      await store.claim({ key: 'A', act: act('s1'), terms: TERMS })
      await store.move({ key: 'A', move: 'release', act: act('s1'), terms: TERMS })
      await store.claim({ key: 'A', act: act('s1'), terms: TERMS })
      const late = act('s1', 0, { claim_no: 1 })
      expect(await store.move({ key: 'A', move: 'close', act: late, terms: TERMS })).toMatchObject({
        refused: 'CLAIM_LOST',
      })
      expect(
        await store.move({ key: 'A', move: 'close', act: { ...late, claim_no: 2 }, terms: TERMS }),
      ).toMatchObject({
        status: 'CLOSED',
      })
    })
  })
}
