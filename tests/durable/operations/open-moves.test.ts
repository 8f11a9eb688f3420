import { describe, expect, test } from 'vitest'
import { startDurable, type DurableProject } from './project.ts'

const own = { ticket_id: 'TKT-1', session_id: 's1' }
const other = { ticket_id: 'TKT-1', session_id: 's9', reason: 'because' }

async function startHeld(): Promise<DurableProject> {
  const project = await startDurable({ 'TKT-1': {}, 'TKT-2': { depends_on: 'TKT-1' } })
  await project.ok('claim-ticket', own)
  return project
}

const lastEvent = async (project: DurableProject): Promise<unknown> =>
  ((await project.ok('show-ticket', { ticket_id: 'TKT-1' })).events as readonly unknown[])[0]

describe('any session', () => {
  test('sends back what is in review, and show-ticket tells who and why', async () => {
    const project = await startHeld()
    expect(await project.refused('reject-ticket', other)).toMatchObject({
      error: 'TRANSITION_REFUSED',
      message: 'TKT-1 is CLAIMED: reject leads nowhere from there',
    })
    await project.ok('submit-ticket', own)
    expect(await project.ok('reject-ticket', other)).toMatchObject({
      ticket: { status: 'IN_PROGRESS', stage: 'active', assignee: 's1', outcome: 'because' },
    })
    expect(await lastEvent(project)).toMatchObject({
      ...{ type: 'ticket.rejected', actor: 's9', reason: 'because', from: 'IN_PROGRESS', to: 'IN_PROGRESS' },
    })
    expect(await project.ok('reject-ticket', { ...other, final: true })).toMatchObject({
      ticket: { status: 'CLOSED', resolution: 'rejected', assignee: null, claimed_by_session: 's1' },
    })
  })

  test('cancels a ticket under the hands of its holder, whose close is refused', async () => {
    const project = await startHeld()
    expect(await project.ok('cancel-ticket', other)).toMatchObject({
      ticket: { status: 'CLOSED', resolution: 'cancelled', outcome: 'because' },
    })
    expect(await project.refused('close-ticket', { ...own, claim_no: 1 })).toMatchObject({
      error: 'TICKET_NOT_OWNED_BY_SESSION',
      details: { status: 'CLOSED' },
    })
    expect(await project.ok('next-ticket', { session_id: 's1' })).toMatchObject({ ticket: null })
  })

  test('opens again what is over', async () => {
    const project = await startHeld()
    expect(await project.refused('reopen-ticket', other)).toMatchObject({ error: 'TRANSITION_REFUSED' })
    await project.ok('close-ticket', own)
    expect(await project.ok('reopen-ticket', other)).toMatchObject({
      ticket: { status: 'OPEN', closed_at: null, outcome: 'because' },
    })
    expect(await project.ok('next-ticket', { session_id: 's1' })).toMatchObject({
      ticket: { ticket_id: 'TKT-1' },
      claim_no: 2,
    })
  })

  test('deletes a ticket nobody is at: it is told only to those who name it, and can come back', async () => {
    const project = await startHeld()
    expect(await project.refused('delete-ticket', other)).toMatchObject({
      error: 'TICKET_CLAIMED_BY_OTHER_SESSION',
      details: { claimed_by_session: 's1' },
    })
    await project.ok('release-ticket', own)
    const deleted_at = '2026-03-01T12:00:00.000Z'
    expect(await project.ok('delete-ticket', other)).toMatchObject({ ticket: { status: 'OPEN', deleted_at } })
    expect(await project.ok('list-tickets')).toMatchObject({ tickets: [{ ticket_id: 'TKT-2' }] })
    expect(await project.ok('show-ticket', { ticket_id: 'TKT-1' })).toMatchObject({ ticket: { deleted_at } })
    expect(await lastEvent(project)).toMatchObject({ type: 'ticket.deleted', actor: 's9', reason: 'because' })
    expect(await project.refused('claim-ticket', own)).toMatchObject({
      error: 'UNKNOWN_TICKET',
      details: { ticket_id: 'TKT-1', deleted_at },
    })
    const intake = { ticket_id: 'TKT-1', title: 'again', summary: 'S' }
    expect(await project.ok('intake-ticket', intake)).toMatchObject({
      created: false,
      ticket: { title: 'Title of TKT-1', deleted_at },
      warnings: [expect.stringContaining('TKT-1 was deleted')],
    })
    expect(await project.ok('next-ticket', { session_id: 's2' })).toMatchObject({
      ticket: { ticket_id: 'TKT-2' },
    })
    const { ticket } = await project.ok('delete-ticket', { ...other, restore: true })
    expect(ticket).not.toHaveProperty('deleted_at')
    expect(await project.ok('claim-ticket', own)).toMatchObject({ claimed: true })
  })

  test.each(['reject-ticket', 'cancel-ticket', 'reopen-ticket', 'delete-ticket'])(
    '%s: says why, says who it is, and names a ticket that is there',
    async (name) => {
      const project = await startHeld()
      const refusal = async (raw: object) => (await project.refused(name, { ...raw })).error
      expect(await refusal({ ticket_id: 'TKT-1', session_id: 's9' })).toBe('INPUT_INVALID')
      expect(await refusal({ ticket_id: 'TKT-1', reason: 'because' })).toBe('MISSING_SESSION_ID')
      expect(await refusal({ ...other, ticket_id: 'TKT-9' })).toBe('UNKNOWN_TICKET')
    },
  )
})

describe('edit-ticket', () => {
  const edit = { ticket_id: 'TKT-1', session_id: 's9' }

  test('changes what is named, clears what is to hold nothing, and tells the holder', async () => {
    const project = await startDurable({ 'TKT-1': { wave: '2', batch_id: 'X' }, 'TKT-2': {} })
    const { changed } = await project.ok('edit-ticket', { ...edit, title: 'other', clear: 'wave,batch_id' })
    expect(changed).toEqual(['title', 'wave', 'batch_id'])
    expect(await lastEvent(project)).toMatchObject({
      type: 'ticket.edited',
      changed: { title: { from: 'Title of TKT-1', to: 'other' }, batch_id: { from: 'X', to: null } },
    })
    await project.ok('claim-ticket', own)
    expect(await project.refused('edit-ticket', { ...edit, title: 'third' })).toMatchObject({
      error: 'TICKET_CLAIMED_BY_OTHER_SESSION',
    })
    expect(
      await project.ok('edit-ticket', { ...edit, title: 'third', reason: 'it was wrong' }),
    ).toMatchObject({
      ticket: { title: 'third', version: 3, assignee: 's1' },
      warnings: [expect.stringContaining('session s1 holds TKT-1')],
    })
  })

  test('is refused by those who read an older version, and where tickets would wait for each other', async () => {
    const project = await startDurable({ 'TKT-1': {}, 'TKT-2': { depends_on: 'TKT-1' } })
    await project.ok('edit-ticket', { ...edit, priority: '1', if_version: '1' })
    expect(await project.refused('edit-ticket', { ...edit, priority: '2', if_version: '1' })).toMatchObject({
      error: 'VERSION_CONFLICT',
      error_code: 'SK-TKT-065',
      details: { version: 2, status: 'OPEN' },
    })
    expect(await project.refused('edit-ticket', { ...edit, depends_on: 'TKT-2' })).toMatchObject({
      error: 'DEPENDENCY_CYCLE',
      details: { cycle: ['TKT-1', 'TKT-2', 'TKT-1'] },
    })
  })

  test('wants something to change, and refuses to set and clear it at once', async () => {
    const project = await startDurable({ 'TKT-1': {} })
    for (const raw of [{}, { clear: 'title' }, { clear: 'wave', wave: '1' }])
      expect(await project.refused('edit-ticket', { ...edit, ...raw })).toMatchObject({
        error: 'INPUT_INVALID',
      })
    expect(await project.ok('edit-ticket', { ...edit, title: 'Title of TKT-1' })).toMatchObject({
      changed: [],
      ticket: { version: 1 },
    })
  })
})

describe('agents', () => {
  test('makes no database, and tells who is at work, stale or not', async () => {
    const project = await startDurable()
    expect(await project.ok('agents')).toMatchObject({ agents: [], shown: 'shown 0 of 0' })
    const busy = await startDurable({ 'TKT-1': {} })
    await busy.ok('claim-ticket', own)
    busy.wait(60)
    await busy.ok('heartbeat', { session_id: 's2' })
    const [noon, one] = ['2026-03-01T12:00:00.000Z', '2026-03-01T13:00:00.000Z']
    const held = { ticket_id: 'TKT-1', status: 'CLAIMED', lease_until: one }
    expect((await busy.ok('agents')).agents).toEqual([
      { session_id: 's1', first_seen: noon, last_seen: noon, stale: true, holding: 1, holds: [held] },
      { session_id: 's2', first_seen: one, last_seen: one, stale: false, holding: 0, holds: [] },
    ])
  })

  test('shows a page of at most 2 KB, and how to see the rest', async () => {
    const project = await startDurable()
    for (let number = 0; number < 30; number += 1)
      await project.ok('heartbeat', { session_id: `${number}-${'s'.repeat(90)}` })
    const page = await project.ok('agents')
    expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThanOrEqual(2048)
    const shown = (page.agents as unknown[]).length
    expect(page).toMatchObject({ shown: `shown ${shown} of 30`, next: `--offset=${shown}` })
    expect(await project.ok('agents', { offset: '28', limit: '5' })).toMatchObject({ shown: 'shown 2 of 30' })
  })
})
