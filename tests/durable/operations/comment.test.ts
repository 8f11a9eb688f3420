import { describe, expect, test } from 'vitest'
import { projectFolder } from '../../support/project.ts'
import { run, worldIn } from '../../support/operations.ts'

async function withTicket() {
  const world = worldIn(projectFolder())
  await run(world, 'intake-ticket', { ticket_id: 'A', title: 'T', summary: 'S', batch_id: 'X' })
  return world
}

describe('comment', () => {
  test('is kept word for word, told in order, and followed as an event', async () => {
    const world = await withTicket()
    const texts = ['first', 'two\nlines — "quoted"', 'x'.repeat(5000)]
    for (const [index, body] of texts.entries())
      expect(await run(world, 'comment', { ticket_id: 'A', body, session_id: `s${index}` })).toMatchObject({
        ...{ ok: true, ticket_id: 'A', comments: index + 1 },
      })
    const told = await run(world, 'comments', { ticket_id: '1', limit: 9 })
    expect(told).toMatchObject({
      ...{ ticket_id: 'A', shown: 'shown 3 of 3' },
      comments: texts.map((body, index) => ({
        body,
        session_id: `s${index}`,
        at: '2026-03-01T12:00:00.000Z',
      })),
    })
    expect(
      await run(world, 'comments', { ticket_id: 'A', newest_first: true, limit: 1, offset: 1 }),
    ).toMatchObject({
      ...{ comments: [{ body: texts[1] }], shown: 'shown 1 of 3', next: '--offset=2' },
    })
    const page = await run(world, 'comments', { ticket_id: 'A' })
    expect(JSON.stringify(page).length).toBeLessThan(2000)
    await run(world, 'watch', { once: true, type: 'commented' })
    expect(world.emitted).toHaveLength(3)
    expect(JSON.stringify(world.emitted[2]).length).toBeLessThan(1000)
    expect(await run(world, 'show-ticket', { ticket_id: 'A' })).toMatchObject({
      ticket: { status: 'OPEN', version: 1 },
    })
  })

  test('is for tickets that are over too, for none that is not there, and from somebody', async () => {
    const world = await withTicket()
    await run(world, 'cancel-ticket', { ticket_id: 'A', session_id: 's1', reason: 'x' })
    const said = { ticket_id: 'A', body: 'why?' }
    expect(await run(world, 'comment', { ...said, session_id: 's2' })).toMatchObject({ ok: true })
    expect(await run(world, 'comment', said)).toMatchObject({ error: 'MISSING_SESSION_ID' })
    expect(await run(world, 'comment', { ...said, ticket_id: 'B', session_id: 's2' })).toMatchObject({
      error: 'UNKNOWN_TICKET',
    })
    expect(await run(world, 'comments', { ticket_id: 'B' })).toMatchObject({ error: 'UNKNOWN_TICKET' })
    const halved = { ...said, body: 'half \ud83d', session_id: 's2' }
    expect(await run(world, 'comment', halved)).toMatchObject({ error: 'INPUT_INVALID' })
    expect(await run(worldIn(projectFolder()), 'comments', { ticket_id: 'A' })).toMatchObject({
      error: 'UNKNOWN_TICKET',
    })
  })

  test('keeps the claim of who speaks alive', async () => {
    const world = await withTicket()
    await run(world, 'claim-ticket', { ticket_id: 'A', session_id: 's1' })
    world.now = new Date('2026-03-01T12:50:00Z')
    await run(world, 'comment', { ticket_id: 'A', body: 'at it', session_id: 's1' })
    world.now = new Date('2026-03-01T13:30:00Z')
    expect(await run(world, 'claim-ticket', { ticket_id: 'A', session_id: 's2' })).toMatchObject({
      error: 'TICKET_CLAIMED_BY_OTHER_SESSION',
    })
  })
})

test("record-subagent is told by the reports of the session, and is the holder's alone", async () => {
  const world = await withTicket()
  const use = { subagent_name: 'explorer', purpose: 'read the parsers' }
  const s1 = { session_id: 's1' }
  expect(await run(world, 'record-subagent', { ...use, ...s1 })).toMatchObject({
    error: 'NO_ACTIVE_CLAIMED_TICKET',
  })
  await run(world, 'claim-ticket', { ticket_id: 'A', ...s1 })
  expect(await run(world, 'claim-summary', s1)).toMatchObject({
    claim_summary: {
      subagent_usage: [],
      why_subagent_was_needed_or_not_needed: expect.stringContaining('No subagent was needed') as unknown,
    },
  })
  expect(await run(world, 'record-subagent', { ...use, ...s1 })).toMatchObject({
    ticket: { ticket_id: 'A', status: 'CLAIMED' },
    recorded_subagent_usage: {
      parent_ticket_id: 'A',
      ...use,
      ticket_scope: 'A',
      write_capability_used: false,
    },
  })
  const why = { why_subagent_was_needed: 'three parsers at once', write_capability_used: true }
  await run(world, 'record-subagent', {
    ticket_id: 'A',
    subagent_name: 'writer',
    purpose: 'tests',
    ...why,
    ...s1,
  })
  const told = { subagent_usage: [use, { subagent_name: 'writer', write_capability_used: true }] }
  expect(await run(world, 'claim-summary', s1)).toMatchObject({
    claim_summary: { ...told, why_subagent_was_needed_or_not_needed: 'three parsers at once' },
  })
  expect(await run(world, 'session-loop', s1)).toMatchObject({ loop_state: told })
  const stranger = { ticket_id: 'A', ...use, session_id: 's2' }
  expect(await run(world, 'record-subagent', stranger)).toMatchObject({
    error: 'TICKET_NOT_OWNED_BY_SESSION',
  })
})
