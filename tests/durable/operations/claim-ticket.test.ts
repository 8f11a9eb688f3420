import { describe, expect, test } from 'vitest'
import { git } from '../../support/project.ts'
import { startDurable, startInRepository } from './project.ts'

const LONG = { title: 'é'.repeat(500), summary: 'long '.repeat(20_000) }

const SEVERAL = { 'config/tkt.yaml': 'durable: { one_ticket_at_a_time: false }\n' }

describe('next-ticket --count', () => {
  test('claims so many at once, or as many as there are, and tells them within 2 KB', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 25 }, (_, number) => [`T-${String(number).padStart(48, '0')}`, LONG]),
    )
    const project = await startDurable(many, SEVERAL)
    const asked = { session_id: 's'.repeat(100), count: 20 }
    const first = await project.ok('next-ticket', asked)
    expect(first).toMatchObject({ claimed: true, ticket: Object.keys(many)[0] })
    expect(first.claims).toHaveLength(20)
    expect(Buffer.byteLength(JSON.stringify(first))).toBeLessThan(2048)
    const rest = await project.ok('next-ticket', { ...asked, session_id: 's2' })
    expect(rest).toMatchObject({ reason: 'nothing else is free', lease_until: '2026-03-01T13:00:00.000Z' })
    expect(rest.claims).toHaveLength(5)
    expect(await project.ok('next-ticket', { session_id: 's3', count: 1 })).toMatchObject({
      ...{ ticket: null, claimed: false, claims: [] },
    })
  })

  test('is refused where a session may hold one ticket, which is what --count 1 asks for', async () => {
    const project = await startDurable({ A: {}, B: {} })
    const asked = { session_id: 's1', count: 2 }
    expect(await project.refused('next-ticket', asked)).toMatchObject({
      ...{ error: 'INPUT_INVALID', hint: expect.stringMatching(/one_ticket_at_a_time: false/) as unknown },
    })
    const claims = [{ ticket_id: 'A', claim_no: 1, title: 'Title of A' }]
    expect(await project.ok('next-ticket', { ...asked, count: 1 })).toMatchObject({ ticket: 'A', claims })
    expect(await project.ok('next-ticket', { ...asked, count: 1 })).toMatchObject({ ticket: 'A', claims })
  })

  test('gives back what gets no worktree, and keeps the others', async () => {
    const project = await startInRepository({ A: {}, B: {} }, SEVERAL)
    git(project.root, 'branch', 'tkt/A/below') // no branch can have that name
    const asked = { session_id: 's1', worktree: true, count: 2 }
    const keyed = { ...asked, idempotency_key: 'k' }
    const B = { ticket_id: 'B', claim_no: 1, worktree: '.tkt/worktrees/B' }
    expect(await project.ok('next-ticket', keyed)).toMatchObject({
      ...{ claims: [B], warnings: [expect.stringMatching(/^A was given back: .*worktree/)] },
    })
    // Sent again it claims nothing, as B is in hand; where none was got it is done anew.
    expect(await project.ok('next-ticket', keyed)).toMatchObject({
      ...{ replayed: true, claims: [{ ticket_id: 'A', claim_no: 1 }, B] },
      warnings: ['the claim that is told again is over: A is OPEN'],
    })
    const other = { ...asked, idempotency_key: 'l' }
    for (let time = 0; time < 2; time += 1)
      expect(await project.refused('next-ticket', other)).toMatchObject({ error: 'WORKTREE_FAILED' })
    git(project.root, 'branch', '-D', 'tkt/A/below')
    expect(await project.ok('next-ticket', other)).toMatchObject({ claims: [{ ticket_id: 'A' }] })
  })
})

describe('claim-ticket and next-ticket', () => {
  test('answer within 1 KB, with the number and the end of the lease', async () => {
    const project = await startDurable({ 'TKT-1': LONG, 'TKT-2': LONG })
    const claimed = await project.ok('claim-ticket', { ticket_id: 'TKT-1', session_id: 's'.repeat(100) })
    expect(claimed).toMatchObject({
      claimed: true,
      claim_no: 1,
      lease_until: '2026-03-01T13:00:00.000Z',
      ticket: { ticket_id: 'TKT-1', status: 'CLAIMED' },
    })
    const next = await project.ok('next-ticket', { session_id: 's2' })
    for (const answer of [claimed, next])
      expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(1024)
  })

  test('know the session by its name in the environment, never by that of a login', async () => {
    const project = await startDurable({ 'TKT-1': {} })
    project.world.environment.XDG_SESSION_ID = '7'
    expect(await project.refused('next-ticket')).toMatchObject({ error: 'MISSING_SESSION_ID' })
    project.world.environment.CLAUDE_CODE_SESSION_ID = 'from-outside'
    expect(await project.ok('next-ticket')).toMatchObject({ ticket: { claimed_by_session: 'from-outside' } })
  })

  test('take over when the lease is over, and say from whom; stale work is shown as such before', async () => {
    const project = await startDurable({ 'TKT-1': {} })
    await project.ok('claim-ticket', { ticket_id: 'TKT-1', session_id: 's1' })
    project.wait(60)
    expect(await project.ok('list-tickets')).toMatchObject({
      tickets: [{ status: 'CLAIMED', workflow_state: 'STALE' }],
    })
    expect(await project.ok('next-ticket', { session_id: 's2' })).toMatchObject({
      claim_no: 2,
      taken_over_from: 's1',
    })
    const late = { ticket_id: 'TKT-1', session_id: 's1', resolution: 'done' }
    expect(await project.refused('close-ticket', late)).toMatchObject({
      error: 'TICKET_NOT_OWNED_BY_SESSION',
      error_code: 'SK-TKT-010',
      details: { claimed_by_session: 's2' },
    })
  })

  test('leave a claim for ever where the configuration says so', async () => {
    const project = await startDurable(
      { 'TKT-1': {} },
      { 'config/tkt.yaml': 'stale: { idle_timeout_minutes: 0 }\n' },
    )
    const claimed = await project.ok('claim-ticket', { ticket_id: 'TKT-1', session_id: 's1' })
    expect(claimed).not.toHaveProperty('lease_until')
    project.wait(1_000_000)
    expect(await project.ok('next-ticket', { session_id: 's2' })).toMatchObject({
      ticket: null,
      claimed: false,
    })
  })

  test('give a session a second ticket only where the configuration allows it', async () => {
    const two = { 'TKT-1': {}, 'TKT-2': {} }
    const one = await startDurable(two)
    const claim = { ticket_id: 'TKT-2', session_id: 's1' }
    await one.ok('next-ticket', { session_id: 's1' })
    expect(await one.refused('claim-ticket', claim)).toMatchObject({
      error: 'SESSION_ALREADY_HAS_CLAIMED_TICKET',
      details: { session_id: 's1', existing_ticket_id: 'TKT-1' },
    })
    const many = await startDurable(two, { 'config/tkt.yaml': 'durable: { one_ticket_at_a_time: false }\n' })
    await many.ok('next-ticket', { session_id: 's1' })
    expect(await many.ok('claim-ticket', claim)).toMatchObject({ claimed: true })
  })
})

test('heartbeat renews the leases of a session', async () => {
  const project = await startDurable({ 'TKT-1': {} })
  await project.ok('next-ticket', { session_id: 's1' })
  project.wait(59)
  expect(await project.ok('heartbeat', { session_id: 's1' })).toEqual({
    ...{ ok: true, status: 'ok', db_target: '.tkt/tickets.db', target_source: 'default:embedded' },
    ...{ session_id: 's1', holds: ['TKT-1'], lease_until: '2026-03-01T13:59:00.000Z' },
  })
  project.wait(59)
  expect(await project.ok('next-ticket', { session_id: 's2' })).toMatchObject({ claimed: false })
})
