import { describe, expect, test } from 'vitest'
import { glanceOf } from '../../../src/bundles/model/glance.ts'
import {
  idleOf,
  isStale,
  refuseStranger,
  type Actor,
  type Holding,
  type Sighted,
} from '../../../src/bundles/model/holding.ts'
import type { Ticket } from '../../../src/bundles/model/ticket.ts'
import { NOW, ticket } from './make.ts'

const HOUR = 3_600_000
const move = (from: string, to: string, agent: string) => ({ from, to, timestamp: NOW, agent })

const held = (more: object = {}): Ticket =>
  ticket('TKT-001', {
    status: 'claimed',
    claimed_by: 'alice',
    claimed_at: '2026-03-01T10:30:00Z',
    claim_no: 1,
    ...more,
  })

describe('a claim is idle since', () => {
  /** As it is found out in long lists too. */
  const idle = (of: Sighted, heard?: string, timeout_ms = HOUR) => {
    const heard_ms = heard === undefined ? undefined : Date.parse(heard)
    const at = { now: NOW, timeout_ms }
    const found = idleOf(of, heard_ms, at)
    expect(isStale(of, () => heard_ms, at)).toBe(found?.isStale ?? false)
    return found
  }

  test('it was made, or the ticket was moved, or its holder was heard of, whichever was last', () => {
    expect(idle(held())).toEqual({ since: '2026-03-01T10:30:00Z', minutes: 90, isStale: true })
    const moved = { ...move('claimed', 'in_progress', 'alice'), timestamp: '2026-03-01T11:10:00Z' }
    expect(idle(held({ transition_log: [moved] }))).toMatchObject({ minutes: 50, isStale: false })
    expect(idle(glanceOf(held({ transition_log: [moved] })))).toMatchObject({ minutes: 50, isStale: false })
    expect(idle(glanceOf(held()))).toMatchObject({ minutes: 90, isStale: true })
    expect(idle(held(), '2026-03-01T11:59:00.500Z')).toMatchObject({ minutes: 0, isStale: false })
    expect(idle(held(), '2026-02-01T00:00:00Z')).toMatchObject({ since: '2026-03-01T10:30:00Z' })
  })

  test('and stale when that is longer ago than the timeout; never with a timeout of 0', () => {
    expect(idle(held(), '2026-03-01T11:00:00Z')).toMatchObject({ minutes: 60, isStale: false })
    expect(idle(held(), '2026-03-01T10:59:59Z')).toMatchObject({ minutes: 60, isStale: true })
    expect(idle(held(), undefined, 0)).toMatchObject({ isStale: false })
  })

  test('ever when no time is on record, as in trees of other hands; a clock that runs ahead is no trouble', () => {
    expect(idle(held({ claimed_at: 'soon' }))).toEqual({ since: undefined, minutes: 0, isStale: true })
    expect(idle(held({ claimed_at: '2026-04-01T00:00:00Z' }))).toMatchObject({ minutes: 0, isStale: false })
  })

  test('without asking when its holder was heard of, where it moved since', () => {
    const ask = (): never => {
      throw new Error('asked')
    }
    const at = { now: NOW, timeout_ms: HOUR }
    expect(isStale(held({ claimed_at: '2026-03-01T11:30:00Z' }), ask, at)).toBe(false)
    const moved = { ...move('claimed', 'in_progress', 'alice'), timestamp: '2026-03-01T11:10:00Z' }
    expect(isStale(held({ transition_log: [moved] }), ask, at)).toBe(false)
    expect(() => isStale(held(), ask, at)).toThrow('asked')
  })

  test.each(['open', 'blocked', 'done', 'failed'])(
    'and that is nothing for a ticket that is %s',
    (status) => {
      expect(idle(held({ status }))).toBeUndefined()
    },
  )
})

describe('who may act on a ticket', () => {
  const refused = (of: Holding, actor: Actor, coordinator?: string) =>
    refuseStranger(of, actor, coordinator)?.refused
  const inSession = held({ claimed_session: 's1' })
  const taken = held({
    claimed_by: 'bob',
    claim_no: 2,
    transition_log: [move('open', 'claimed', 'alice'), move('in_progress', 'claimed', 'bob')],
  })
  const takenByTwin = held({
    claim_no: 2,
    claimed_session: 's2',
    transition_log: [move('open', 'claimed', 'alice'), move('claimed', 'claimed', 'alice')],
  })

  test.each<readonly [string, Holding, Actor, string | undefined]>([
    ['the holder by name', held(), { agent: 'alice' }, undefined],
    ['somebody else', held(), { agent: 'bob' }, 'NOT_OWNER'],
    ['the coordinator', held(), { agent: 'maria' }, undefined],
    ['nobody by name, as published', held(), {}, undefined],
    ['the holder with the number of the claim', held(), { agent: 'alice', claim_no: 1 }, undefined],
    ['whoever has the number of the claim', held(), { claim_no: 1 }, undefined],
    ['somebody else with the number of the claim', held(), { agent: 'bob', claim_no: 1 }, 'NOT_OWNER'],
    ['the holder with an old number', taken, { agent: 'bob', claim_no: 1 }, 'CLAIM_LOST'],
    ['a number that nobody was given', held(), { claim_no: 7 }, 'CLAIM_LOST'],
    ['the session that claimed', inSession, { agent: 'alice', session_id: 's1' }, undefined],
    ['a twin in another session', inSession, { agent: 'alice', session_id: 's2' }, 'CLAIM_LOST'],
    ['the same agent later, with the number', inSession, { claim_no: 1, session_id: 's2' }, undefined],
    ['the same name without a session', inSession, { agent: 'alice' }, undefined],
    ['who took it over', taken, { agent: 'bob' }, undefined],
    ['who lost it', taken, { agent: 'alice' }, 'NOT_OWNER'],
    ['who lost it, by number', taken, { agent: 'alice', claim_no: 1 }, 'CLAIM_LOST'],
    ['nobody by name, once it was taken over', taken, {}, 'CLAIM_LOST'],
    ['one of two of the same name', takenByTwin, { agent: 'alice' }, 'CLAIM_LOST'],
    ['the right one of them', takenByTwin, { agent: 'alice', session_id: 's2' }, undefined],
    ['anybody, where nobody holds it', held({ claimed_by: null }), { agent: 'bob' }, undefined],
    [
      'whoever was late, where nobody holds it',
      held({ claimed_by: null, claim_no: 3 }),
      { claim_no: 1 },
      'CLAIM_LOST',
    ],
  ])('%s', (_who, of, actor, answer) => {
    expect(refused(of, actor, 'maria')).toBe(answer)
  })

  test('the one who is late is told who has it now, since when, and by which claim', () => {
    expect(refuseStranger(taken, { agent: 'alice', claim_no: 1 })).toMatchObject({
      message: 'claim 1 of TKT-001 is over: bob has it since 2026-03-01T10:30:00Z (claim 2, claimed)',
      details: { claimed_by: 'bob', claim_no: 2 },
    })
    expect(refuseStranger(held({ claimed_by: null, status: 'open' }), { claim_no: 4 })?.message).toBe(
      'claim 4 of TKT-001 is over: it is open, held by nobody (claim 1, open)',
    )
  })
})
