import { describe, expect, test } from 'vitest'
import { projectFolder } from '../../support/project.ts'
import { run, worldIn } from '../../support/operations.ts'

async function busyWorld() {
  const world = worldIn(projectFolder())
  for (const [ticket_id, batch_id] of [
    ['A', 'X'],
    ['B', 'X'],
    ['C', 'Y'],
  ])
    await run(world, 'intake-ticket', { ticket_id, title: 'T', summary: 'S', batch_id })
  world.now = new Date('2026-03-03T12:00:00Z')
  await run(world, 'claim-ticket', { ticket_id: 'A', session_id: 's1' })
  await run(world, 'claim-ticket', { ticket_id: 'C', session_id: 's2' })
  await run(world, 'block-ticket', { ticket_id: 'C', session_id: 's2', reason: 'waits for a key' })
  world.emitted.length = 0
  return world
}

describe('watch --once', () => {
  test('tells what there is, by position, and what was asked for only', async () => {
    const world = await busyWorld()
    expect(await run(world, 'watch', { once: true, limit: 4 })).toMatchObject({
      ...{ ok: true, told: 4, more: true, position: '4', next: '--after=4' },
    })
    expect(await run(world, 'watch', { once: true, after: '4' })).toMatchObject({ told: 2, more: false })
    expect(world.emitted).toMatchObject([
      { position: '1', event: 'ticket.created', ticket_id: 'A', batch_id: 'X', to: 'OPEN' },
      { position: '2' },
      { position: '3' },
      {
        position: '4',
        at: '2026-03-03T12:00:00.000Z',
        event: 'ticket.claimed',
        session_id: 's1',
        claim_no: 1,
      },
      { position: '5' },
      { position: '6', event: 'ticket.blocked', reason: 'waits for a key', from: 'CLAIMED', to: 'BLOCKED' },
    ])
    world.emitted.length = 0
    const wanted = { once: true, type: ['TICKET_CLAIMED', 'blocked'], session: 's2' }
    expect(await run(world, 'watch', wanted)).toMatchObject({ told: 2 })
    expect(await run(world, 'watch', { once: true, ticket_id: '1' })).toMatchObject({ told: 2 })
    expect(await run(world, 'watch', { once: true, batch_id: 'Y' })).toMatchObject({ told: 3 })
  })

  test('makes no database, and refuses what it cannot go on from', async () => {
    const world = worldIn(projectFolder())
    expect(await run(world, 'watch', { once: true })).toMatchObject({ ok: true, told: 0, position: '0' })
    expect(await run(world, 'wait', { until: 'over', timeout: 0 })).toMatchObject({ met: false, counts: {} })
    expect(await run(world, 'digest')).toMatchObject({ ok: true, events: 0, shown: 'shown 0 of 0' })
    expect(await run(world, 'list-tickets')).toMatchObject({ shown: 'shown 0 of 0' })
    const busy = await busyWorld()
    expect(await run(busy, 'watch', { once: true, ticket_id: 'none' })).toMatchObject({
      error: 'UNKNOWN_TICKET',
    })
    expect(await run(busy, 'watch', { once: true, after: '8.1' })).toMatchObject({
      ...{ error: 'INPUT_INVALID', details: { field: 'after', value: '8.1' } },
    })
  })
})

test('wait tells whether it is so, of a batch, a ticket or all', async () => {
  const world = await busyWorld()
  const asked = async (until: string, of = {}): Promise<unknown> =>
    ({ met: undefined, ...(await run(world, 'wait', { until, timeout: 0, ...of })) }).met
  expect(await asked('stuck')).toBe(true)
  expect(await asked('stuck', { batch_id: 'X' })).toBe(false)
  expect(await asked('held', { batch_id: 'X' })).toBe(true)
  expect(await asked('idle', { batch_id: 'Y' })).toBe(true)
  expect(await asked('claimable', { ticket_id: 'B' })).toBe(true)
  expect(await asked('claimable', { ticket_id: 'A' })).toBe(false)
  expect(await asked('over', { batch_id: 'none yet'.replace(/ /g, '-') })).toBe(false)
  await run(world, 'close-ticket', { ticket_id: 'A', session_id: 's1' })
  expect(await asked('closed', { ticket_id: 'A' })).toBe(true)
  expect(await run(world, 'wait', { until: 'over', ticket_id: 'none', timeout: 0 })).toMatchObject({
    error: 'UNKNOWN_TICKET',
  })
})

test('digest tells numbers, sessions, and what nobody has dealt with', async () => {
  const world = await busyWorld()
  const told = await run(world, 'digest', { since: '1d' })
  expect(told).toMatchObject({
    ...{ since: '2026-03-02T12:00:00.000Z', events: 3, tickets: 2, counts: { claimed: 2, blocked: 1 } },
    ...{ now: { OPEN: 1, CLAIMED: 1, BLOCKED: 1 }, session_count: 2 },
    sessions: [
      { session_id: 's2', events: 2 },
      { session_id: 's1', events: 1 },
    ],
    attention: [{ ticket_id: 'C', event: 'blocked', session_id: 's2', reason: 'waits for a key' }],
    shown: 'shown 1 of 1',
  })
  expect(await run(world, 'digest', { since: '2026-03-01', batch_id: 'X' })).toMatchObject({ events: 3 })
  await run(world, 'unblock-ticket', { ticket_id: 'C', session_id: 's2' })
  expect(await run(world, 'digest')).toMatchObject({ attention: [], shown: 'shown 0 of 0' })
  expect(await run(world, 'digest', { since: '2026-13-40' })).toMatchObject({ error: 'INPUT_INVALID' })
  expect(await run(world, 'digest', { since: 'yesterday' })).toMatchObject({ error: 'INPUT_INVALID' })
})
