import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { run } from '../../support/operations.ts'
import { KINDS } from './databases.ts'
import { startDurable, type DurableProject } from './project.ts'

const TICKET = { title: 'T', summary: 'S' }

describe.each(KINDS)('the history of both engines, with %s', (_name, start) => {
  const told = async (project: DurableProject, raw = {}) => {
    const { events, shown, next } = await project.ok('history', raw)
    const lines = (events as { event: string; fields: { ticket?: string } }[]).map(
      ({ event, fields: { ticket = '' } }) => `${event} ${ticket}`.trim(),
    )
    return { lines, shown, next }
  }

  test('is one list, the newest first, of which one may ask for a part', async () => {
    const project = await start()
    await project.ok('init-roadmap', { project: 'p' })
    project.wait(1)
    await project.ok('intake-ticket', { ticket_id: 'TKT-001', ...TICKET })
    project.wait(1)
    await project.ok('create-bundle', { goal: 'g' })
    project.wait(1)
    await project.ok('claim-ticket', { ticket_id: 'TKT-001', session_id: 's1' })
    expect(await told(project)).toEqual({
      lines: ['TICKET_CLAIMED TKT-001', 'BUNDLE_CREATED', 'TICKET_CREATED TKT-001', 'INIT'],
      shown: 'shown 4 of 4',
      next: undefined,
    })
    expect(await told(project, { limit: '1', offset: '2' })).toEqual({
      lines: ['TICKET_CREATED TKT-001'],
      shown: 'shown 1 of 4',
      next: '--offset=3',
    })
    expect((await told(project, { engine: 'bundles' })).lines).toEqual(['BUNDLE_CREATED', 'INIT'])
    expect((await told(project, { engine: 'durable', limit: '1' })).shown).toBe('shown 1 of 2')
    expect((await told(project, { bundle: 'B-001' })).lines).toEqual(['BUNDLE_CREATED'])
    expect((await told(project, { event: 'TICKET_CREATED' })).lines).toEqual(['TICKET_CREATED TKT-001'])
    expect((await told(project, { ticket: 'TKT-002' })).lines).toEqual([])
    const { events } = await project.ok('history', { ticket: 'TKT-001', limit: '1' })
    expect(events).toEqual([
      {
        ...{ at: '2026-03-01T12:03:00.000Z', event: 'TICKET_CLAIMED' },
        fields: {
          ...{ engine: 'durable', ticket: 'TKT-001', session: 's1' },
          ...{ from: 'OPEN', to: 'CLAIMED', claim_no: '1' },
        },
      },
    ])
  })
})

test('what a broken database would tell is warned of, and makes no database', async () => {
  const project = await startDurable({ 'TKT-1': {} })
  await project.ok('init-roadmap', { project: 'p' })
  writeFileSync(join(project.root, '.tkt/tickets.db'), 'no database')
  expect(await project.ok('history')).toMatchObject({
    shown: 'shown 1 of 1',
    warnings: [expect.stringContaining('it is no database')],
  })
  rmSync(join(project.root, '.tkt'), { recursive: true })
  mkdirSync(join(project.root, '.tkt'))
  expect(await run(project.world, 'history')).toMatchObject({ ok: true, shown: 'shown 0 of 0' })
})
