import { describe, expect, test } from 'vitest'
import { ticketLifecycle, type TicketStatus } from '../../../src/bundles/model/lifecycles.ts'
import type { Ticket } from '../../../src/bundles/model/ticket.ts'
import {
  finishIntegrate,
  judgeClaim,
  judgeReopen,
  judgeUpdate,
  workersOf,
  type ClaimRequest,
} from '../../../src/bundles/model/ticket-moves.ts'
import { NOW, ticket } from './make.ts'

const held = (status: TicketStatus, more: object = {}): Ticket =>
  ticket('TKT-001', { status, claimed_by: 'alice', claimed_at: '2026-02-01T00:00:00Z', ...more })

/** A plain claim, of a ticket whose holder was just heard of. */
const claim = (of: Ticket, agent: string, more: Partial<ClaimRequest> = {}) =>
  judgeClaim(of, { agent, takeOver: false, idle: undefined, ...more }, NOW)

/** What every update needs, so that only the move itself is judged. */
const update = (of: Ticket, status: string, more: object = {}) =>
  judgeUpdate(of, { status, evidence: 'seen', reason: 'stuck', coordinator: undefined, ...more }, NOW)

describe('an update', () => {
  /** Contracts: filesystem section 5.1: what update may ask for in each status; all else is refused. */
  const PUBLISHED: Readonly<Record<TicketStatus, readonly string[]>> = {
    open: ['done', 'failed'],
    claimed: ['in_progress', 'done', 'failed', 'blocked'],
    in_progress: ['done', 'failed', 'blocked'],
    blocked: ['failed'],
    done: [],
    failed: [],
  }
  const requests = [...ticketLifecycle.states, 'closed', 'DONE', 'constructor', '__proto__', '']
  const cases = ticketLifecycle.states.flatMap((from) =>
    requests.map((to) => [from, to, PUBLISHED[from].includes(to) ? 'accepted' : 'refused'] as const),
  )

  test.each(cases)('from %s to %j is %s', (from, to, answer) => {
    const verdict = update(held(from), to)
    expect(verdict.ok).toBe(answer === 'accepted')
    if (verdict.ok) expect(verdict).toMatchObject({ changes: { status: to }, transition: { from, to } })
    else
      expect(verdict).toMatchObject({
        refused: 'TRANSITION_REFUSED',
        details: { ticket: 'TKT-001', from, to },
      })
  })

  test('that is refused says how the ticket stands and what it can become', () => {
    expect(update(held('blocked'), 'done')).toEqual({
      ok: false,
      refused: 'TRANSITION_REFUSED',
      message: 'TKT-001 is blocked: it cannot become done, only claimed or failed or open',
      details: { ticket: 'TKT-001', from: 'blocked', to: 'done', allowed: ['claimed', 'failed', 'open'] },
      hint: 'claim it first, with `tkt claim`',
    })
    expect(update(held('claimed'), 'dne')).toMatchObject({
      hint: '--status is one of in_progress, done, failed, blocked',
    })
    expect(update(held('done'), 'in_progress')).toMatchObject({
      hint: expect.stringMatching(/reopen/) as string,
    })
  })

  test.each(['claimed', 'in_progress', 'open'] as const)('to done from %s needs evidence', (from) => {
    for (const evidence of [undefined, '', ' \n'])
      expect(update(held(from), 'done', { evidence })).toMatchObject({ refused: 'EVIDENCE_REQUIRED' })
    expect(update(held(from), 'done', { evidence: '0' })).toMatchObject({
      changes: { 'result.evidence': '0' },
    })
  })

  test('to blocked needs a reason, and no other move does', () => {
    for (const reason of [undefined, '', ' '])
      expect(update(held('claimed'), 'blocked', { reason })).toMatchObject({
        refused: 'INPUT_INVALID',
        details: { missing: ['reason'] },
      })
    expect(update(held('claimed'), 'failed', { reason: undefined }).ok).toBe(true)
  })

  test.each([
    ['the holder', 'alice', true],
    ['the main agent', 'maria', true],
    ['nobody by name, who counts as the holder', undefined, true],
    ['somebody else', 'bob', false],
    ['the holder in capitals', 'Alice', false],
  ])('is for %s: %s', (_title, agent, allowed) => {
    const verdict = update(held('claimed'), 'in_progress', { agent, coordinator: 'maria' })
    expect(verdict.ok).toBe(allowed)
    if (!verdict.ok)
      expect(verdict).toMatchObject({
        refused: 'NOT_OWNER',
        details: { claimed_by: 'alice', status: 'claimed' },
      })
  })

  test('of a ticket that nobody holds is for everybody', () => {
    expect(update(ticket('TKT-001'), 'done', { agent: 'bob' })).toMatchObject({
      transition: { agent: 'bob' },
    })
    expect(update(ticket('TKT-001'), 'done')).toMatchObject({ transition: { agent: null } })
  })

  test('is judged in the published order: the move, the holder, the evidence', () => {
    const wrong = { agent: 'bob', evidence: '', reason: '' }
    expect(update(held('done'), 'done', wrong)).toMatchObject({ refused: 'TRANSITION_REFUSED' })
    expect(update(held('claimed'), 'done', wrong)).toMatchObject({ refused: 'NOT_OWNER' })
    expect(update(held('claimed'), 'done', { ...wrong, agent: 'alice' })).toMatchObject({
      refused: 'EVIDENCE_REQUIRED',
    })
  })

  test.each([
    ['in_progress', {}, { started_at: NOW }],
    ['in_progress', { started_at: '2026-01-01T00:00:00Z' }, {}],
    ['done', {}, { completed_at: NOW }],
    ['failed', {}, { completed_at: NOW }],
    ['blocked', {}, {}],
  ])('to %s of a ticket with %j sets the times %j', (to, fields, times) => {
    const verdict = update(held('claimed', fields), to)
    const changes = verdict.ok ? verdict.changes : {}
    expect(Object.fromEntries(Object.entries(changes).filter(([name]) => name.endsWith('_at')))).toEqual(
      times,
    )
  })

  test('keeps the words that were given, and leaves the others as they are', () => {
    const request = { status: 'failed', summary: 's', reason: 'r', evidence: 'e', coordinator: undefined }
    expect(judgeUpdate(held('claimed'), request, NOW)).toMatchObject({
      changes: { 'result.summary': 's', 'result.notes': 'r', 'result.evidence': 'e' },
      transition: { from: 'claimed', to: 'failed', timestamp: NOW, agent: 'alice' },
    })
    const silent = judgeUpdate(held('claimed'), { status: 'failed', coordinator: undefined }, NOW)
    expect(silent).toMatchObject({ ok: true })
    expect(silent.ok && Object.keys(silent.changes)).toEqual(['status', 'completed_at'])
  })
})

describe('a claim', () => {
  test.each([
    ['open', 'claimed'],
    ['claimed', 'CLAIM_CONFLICT'],
    ['in_progress', 'CLAIM_CONFLICT'],
    ['blocked', 'claimed'],
    ['done', 'TRANSITION_REFUSED'],
    ['failed', 'TRANSITION_REFUSED'],
  ] as const)('of a ticket that is %s: %s', (status, answer) => {
    const verdict = claim(held(status), 'bob')
    expect(verdict.ok ? verdict.changes.status : verdict.refused).toBe(answer)
  })

  test('that comes second says who was first, and since when', () => {
    expect(claim(held('claimed'), 'alice')).toMatchObject({
      message: 'TKT-001 is held by alice since 2026-02-01T00:00:00Z',
      details: {
        ticket: 'TKT-001',
        status: 'claimed',
        claimed_by: 'alice',
        claimed_at: '2026-02-01T00:00:00Z',
      },
    })
    expect(claim(ticket('TKT-001', { status: 'claimed' }), 'bob')).toMatchObject({
      message: 'TKT-001 is held by somebody who left no name',
      details: { claimed_by: null },
    })
  })

  test.each([
    ['TKT-000', 'main'],
    ['TKT-A00', 'audit'],
    ['TKT-001', 'worker'],
  ])('of %s makes the agent its %s', (id, role) => {
    expect(claim(ticket(id, { type: 'worker' }), 'bob')).toEqual({
      ok: true,
      role,
      claim_no: 1,
      changes: { status: 'claimed', claimed_by: 'bob', claimed_at: NOW, claim_no: 1 },
      transition: { from: 'open', to: 'claimed', timestamp: NOW, agent: 'bob' },
    })
  })

  test('of a blocked ticket tells from whom it was taken over, unless it was the same agent', () => {
    expect(claim(held('blocked'), 'bob')).toMatchObject({ taken_over_from: 'alice' })
    expect(claim(held('blocked'), 'alice')).not.toHaveProperty('taken_over_from')
  })
})

describe('reopening', () => {
  test.each(ticketLifecycle.states.map((status) => [status, status !== 'open'] as const))(
    'a ticket that is %s: %s',
    (status, allowed) => {
      const verdict = judgeReopen(held(status), { reason: 'again', agent: 'maria' }, NOW)
      expect(verdict.ok).toBe(allowed)
      if (verdict.ok)
        expect(verdict).toMatchObject({
          changes: {
            status: 'open',
            claimed_by: null,
            claimed_at: null,
            started_at: null,
            completed_at: null,
          },
          transition: { from: status, to: 'open', timestamp: NOW, agent: 'maria', reason: 'again' },
        })
    },
  )
})

describe('finishing the integration with its bundle', () => {
  test.each(ticketLifecycle.states)('is done from %s, with the gates as evidence', (status) => {
    const move = finishIntegrate(ticket('TKT-000', { status }), 'maria', 'all gates', NOW)
    expect(move.changes).toMatchObject({ status: 'done', completed_at: NOW, 'result.evidence': 'all gates' })
    expect(move.ok).toBe(true)
    expect(move.transition).toEqual({ from: status, to: 'done', timestamp: NOW, agent: 'maria' })
  })

  test('leaves what the main agent said itself', () => {
    const own = ticket('TKT-000', {
      status: 'done',
      completed_at: 'then',
      result: { summary: 's', evidence: 'e' },
    })
    expect(finishIntegrate(own, null, 'all gates', NOW).changes).toEqual({
      status: 'done',
      completed_at: 'then',
    })
    const early = ticket('TKT-000', { result: { evidence: 'half' } })
    expect(finishIntegrate(early, null, 'all gates', NOW).changes).toMatchObject({
      'result.evidence': 'all gates',
    })
  })
})

describe('who worked on a ticket', () => {
  const log = (...moves: readonly string[]) =>
    moves.map((move) => {
      const [to, agent] = move.split(' by ')
      return { from: 'x', to, timestamp: NOW, agent }
    })

  test.each([
    ['nobody', {}, []],
    ['its holder', { claimed_by: 'alice' }, ['alice']],
    [
      'who held it before',
      { claimed_by: 'bob', transition_log: log('claimed by alice', 'claimed by bob') },
      ['bob', 'alice'],
    ],
    ['who finished it without a claim', { transition_log: log('done by carol') }, ['carol']],
    [
      'who worked before it was reopened',
      { transition_log: log('claimed by alice', 'open by maria') },
      ['alice'],
    ],
    ['nobody, when no name was left', { transition_log: log('done') }, []],
  ])('is %s', (_title, fields, workers) => {
    expect(workersOf(ticket('TKT-001', fields))).toEqual(workers)
  })
})
