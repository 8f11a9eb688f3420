import { describe, expect, test } from 'vitest'
import { startDurable, type DurableProject } from './project.ts'

const own = { ticket_id: 'TKT-1', session_id: 's1' }

async function startHeld(): Promise<DurableProject> {
  const project = await startDurable({ 'TKT-1': {}, 'TKT-2': { depends_on: 'TKT-1' } })
  await project.ok('claim-ticket', own)
  return project
}

describe('the holder of a ticket', () => {
  test('begins, hands it to review, and closes it: all of it on record', async () => {
    const project = await startHeld()
    expect(await project.ok('start-ticket', own)).toMatchObject({
      ticket: { status: 'IN_PROGRESS', stage: 'active' },
    })
    expect(await project.ok('submit-ticket', own)).toMatchObject({ ticket: { stage: 'review' } })
    expect(
      await project.ok('close-ticket', { session_id: 's1', resolution: 'npm test: 3 passed' }),
    ).toMatchObject({
      ticket: {
        status: 'CLOSED',
        resolution: 'done',
        outcome: 'npm test: 3 passed',
        claimed_by_session: 's1',
        closed_at: '2026-03-01T12:00:00.000Z',
        assignee: null,
      },
    })
    const { events } = await project.ok('show-ticket', { ticket_id: 'TKT-1' })
    expect((events as { type: string }[]).map(({ type }) => type)).toEqual([
      'ticket.closed',
      'ticket.submitted',
      'ticket.started',
      'ticket.claimed',
      'ticket.created',
    ])
    expect(await project.ok('next-ticket', { session_id: 's2' })).toMatchObject({
      ticket: { ticket_id: 'TKT-2' },
    })
  })

  test('says what it waits for, takes other work meanwhile, and goes on', async () => {
    const project = await startDurable({ 'TKT-1': {}, 'TKT-2': {} })
    await project.ok('claim-ticket', own)
    expect(await project.ok('block-ticket', { ...own, reason: 'no access' })).toMatchObject({
      ticket: { status: 'BLOCKED', blocked_reason: 'no access' },
    })
    expect(await project.refused('claim-ticket', { ...own, session_id: 's2' })).toMatchObject({
      error: 'TICKET_CLAIMED_BY_OTHER_SESSION',
    })
    expect(await project.ok('next-ticket', { session_id: 's1' })).toMatchObject({
      ticket: { ticket_id: 'TKT-2' },
    })
    expect(await project.refused('unblock-ticket', own)).toMatchObject({
      error: 'SESSION_ALREADY_HAS_CLAIMED_TICKET',
    })
    expect(await project.refused('close-ticket', { session_id: 's1' })).toMatchObject({
      error: 'NO_ACTIVE_CLAIMED_TICKET',
      details: { held: ['TKT-1', 'TKT-2'] },
    })
    await project.ok('release-ticket', { ticket_id: 'TKT-2', session_id: 's1' })
    const { ticket } = await project.ok('unblock-ticket', own)
    expect(ticket).toMatchObject({ status: 'CLAIMED' })
    expect(ticket).not.toHaveProperty('blocked_reason')
  })

  test('gives it back, or up', async () => {
    const project = await startHeld()
    expect(await project.ok('release-ticket', { ...own, reason: 'too large' })).toMatchObject({
      ticket: { status: 'OPEN', stage: 'todo', assignee: null, claim_no: 1 },
    })
    expect(await project.ok('next-ticket', { session_id: 's2' })).toMatchObject({ claim_no: 2 })
    await project.ok('fail-ticket', { session_id: 's2', reason: 'the service is gone' })
    expect(await project.ok('next-ticket', { session_id: 's2' })).toMatchObject({ ticket: null }) // TKT-2 needs it
  })

  test('is proved by the number of the claim, where it is given', async () => {
    const project = await startHeld()
    await project.ok('release-ticket', own)
    await project.ok('claim-ticket', own)
    expect(await project.refused('close-ticket', { ...own, claim_no: 1 })).toMatchObject({
      error: 'CLAIM_LOST',
    })
    await project.ok('close-ticket', { ...own, claim_no: 2 })
  })
})

describe('nobody else', () => {
  test.each(['start', 'submit', 'block', 'unblock', 'release', 'fail', 'close'])(
    'may %s a ticket: not a stranger, not who holds nothing, not one that is not there',
    async (move) => {
      const project = await startHeld()
      const name = `${move}-ticket`
      const refusal = async (raw: object) => (await project.refused(name, { ...raw })).error
      expect(await refusal({ ...own, session_id: 's2' })).toBe('TICKET_NOT_OWNED_BY_SESSION')
      expect(await refusal({ session_id: 's2' })).toBe('NO_ACTIVE_CLAIMED_TICKET')
      expect(await refusal({ ticket_id: 'TKT-9', session_id: 's1' })).toBe('UNKNOWN_TICKET')
      expect(await refusal({ ticket_id: 'TKT-1' })).toBe('MISSING_SESSION_ID')
    },
  )
})

test('a move that leads nowhere is refused, and changes nothing', async () => {
  const project = await startHeld()
  expect(await project.refused('unblock-ticket', own)).toMatchObject({
    error: 'TRANSITION_REFUSED',
    details: { ticket_id: 'TKT-1', status: 'CLAIMED' },
  })
  expect(await project.ok('show-ticket', { ticket_id: 'TKT-1' })).toMatchObject({ shown: 'shown 2 of 2' })
})
