import { describe, expect, test } from 'vitest'
import { projectFolder } from '../../support/project.ts'
import { run, worldIn } from '../../support/operations.ts'
import { KINDS } from './databases.ts'
import { startDurable } from './project.ts'

describe.each(KINDS)('stats on %s', (_name, start) => {
  test('tell how much was done, and how long it took and waited, altogether and by group', async () => {
    const batch_id = 'X'
    const project = await start({
      A: { batch_id },
      B: { batch_id },
      C: {},
      D: {},
      I: { ticket_type: 'INTEGRATOR' },
    })
    const act = (name: string, ticket_id: string, session_id: string) =>
      project.ok(name, { ticket_id, session_id, ...(name.startsWith('c') ? {} : { reason: 'why' }) })
    project.wait(10)
    await act('claim-ticket', 'A', 's1')
    project.wait(20)
    await act('close-ticket', 'A', 's1')
    await act('claim-ticket', 'B', 's1')
    project.wait(90) // over its lease
    await act('claim-ticket', 'B', 's2')
    project.wait(10)
    await act('close-ticket', 'B', 's2')
    await act('claim-ticket', 'C', 's2')
    await act('fail-ticket', 'C', 's2')
    await act('claim-ticket', 'I', 's3')
    const told = await project.ok('stats', { since: '1d' })
    const minutes = (median: number, p90: number, longest = p90) => ({
      ...{ median: 60 * median, p90: 60 * p90, longest: 60 * longest },
    })
    expect(told).toMatchObject({
      ...{ ok: true, closed_per_day: 2, cycle_seconds: minutes(20, 100), waiting_seconds: minutes(30, 130) },
      counts: { created: 4, claimed: 3, taken_over: 1, failed: 1, closed: 2 },
    })
    expect(told).not.toHaveProperty('groups')
    expect((await project.ok('stats', { since: '1d', by: 'session' })).groups).toEqual([
      {
        session_id: 's1',
        ...{
          counts: { claimed: 2, closed: 1 },
          cycle_seconds: minutes(20, 20),
          waiting_seconds: minutes(10, 30),
        },
      },
      {
        session_id: 's2',
        counts: { claimed: 1, taken_over: 1, failed: 1, closed: 1 },
        ...{ cycle_seconds: minutes(100, 100), waiting_seconds: minutes(130, 130) },
      },
      { session_id: null, counts: { created: 4 }, cycle_seconds: {}, waiting_seconds: {} },
    ])
    expect(await project.ok('stats', { by: 'batch' })).toMatchObject({
      groups: [
        { batch_id: 'X', counts: { closed: 2 } },
        { batch_id: null, counts: { failed: 1 } },
      ],
    })
    expect(await project.ok('stats', { by: 'batch', limit: 1, offset: 1 })).toMatchObject({
      ...{ groups: [{ batch_id: null }], shown: 'shown 1 of 2' },
    })
    expect(await project.ok('stats', { by: 'batch', offset: 5 })).toMatchObject({ shown: 'shown 0 of 2' })
    expect(await project.ok('stats', { since: '15m' })).toMatchObject({ counts: { closed: 1, claimed: 1 } })
    expect(await project.ok('stats', { batch_id, session_id: 's1', by: 'channel' })).toMatchObject({
      ...{ counts: { claimed: 2, closed: 1 }, groups: [{ channel: 'default' }] },
    })
  })
})

describe('stats', () => {
  test('tell of nothing, make no store, and refuse a moment that is none', async () => {
    const world = worldIn(projectFolder())
    expect(await run(world, 'stats', { by: 'batch' })).toMatchObject({
      ...{ ok: true, closed_per_day: 0, counts: {}, cycle_seconds: {}, shown: 'shown 0 of 0' },
    })
    expect(await run(world, 'list-tickets')).toMatchObject({ shown: 'shown 0 of 0' })
    for (const since of ['2026-13-45', '2027-01-01'])
      expect(await run(world, 'stats', { since })).toMatchObject({ error: 'INPUT_INVALID' })
  })

  test('by many sessions are a page of 2 KB', async () => {
    const project = await startDurable()
    for (let number = 0; number < 40; number += 1)
      await project.ok('intake-ticket', {
        ...{ ticket_id: `T${number}`, title: 'T', summary: 'S', session_id: `session-${number}` },
      })
    const page = await project.ok('stats', { by: 'session' })
    expect(page).toMatchObject({
      counts: { created: 40 },
      next: expect.stringMatching(/^--offset=/) as unknown,
    })
    expect(JSON.stringify(page).length).toBeLessThan(2048)
  })
})
