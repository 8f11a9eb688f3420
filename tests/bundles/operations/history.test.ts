import { describe, expect, test } from 'vitest'
import {
  addBundle,
  expectNoChange,
  expectRefusal,
  finish,
  openProject,
  startBundle,
  type Fields,
} from '../../support/bundles.ts'
import { projectFolder } from '../../support/project.ts'

const eventsOf = (answer: Fields): readonly Fields[] => answer.events as readonly Fields[]

describe('history', () => {
  test('tells what happened, the newest first', async () => {
    const project = await startBundle()
    project.wait(60)
    await project.ok('claim', { bundle: 'B-001', ticket: 'TKT-001', agent: 'alice' })
    await expectNoChange(project, async () => {
      expect(await project.run('history')).toEqual({
        ok: true,
        events: [
          {
            at: '2026-03-01T12:01:00Z',
            event: 'TICKET_CLAIMED',
            fields: {
              bundle: 'B-001',
              ticket: 'TKT-001',
              agent: 'alice',
              role: 'worker',
              claim_no: '1',
              from: 'open',
              to: 'claimed',
            },
          },
          {
            at: '2026-03-01T12:00:00Z',
            event: 'TICKET_ADDED',
            fields: { bundle: 'B-001', ticket: 'TKT-001', title: 'Part 1', to: 'open' },
          },
          {
            at: '2026-03-01T12:00:00Z',
            event: 'BUNDLE_CREATED',
            fields: { id: 'B-001', goal: 'Ship it', to: 'open' },
          },
          { at: '2026-03-01T12:00:00Z', event: 'INIT', fields: { project: 'demo', to: 'planning' } },
        ],
        shown: 'shown 4 of 4',
      })
    })
  })

  test('filters by bundle, ticket and event', async () => {
    const project = await startBundle()
    await addBundle(project)
    await finish(project, 'TKT-001', 'alice', { bundle: 'B-002' })
    await project.ok('express', { title: 'Fix a typo', acceptance: 'it reads well' })
    const names = async (raw: Fields) =>
      eventsOf(await project.ok('history', raw)).map(({ event }) => event as string)
    expect(await names({ bundle: 'B-002' })).toEqual([
      'TICKET_UPDATED',
      'TICKET_CLAIMED',
      'TICKET_ADDED',
      'BUNDLE_CREATED',
    ])
    expect(await names({ bundle: 'B-002', ticket: 'TKT-001', event: 'TICKET_UPDATED' })).toEqual([
      'TICKET_UPDATED',
    ])
    expect(await names({ ticket: 'EXP-001' })).toEqual(['EXPRESS_CREATED'])
    expect(await names({ event: 'INIT' })).toEqual(['INIT'])
    expect(await project.run('history', { event: 'init' })).toMatchObject({ error_code: 'SK-TKT-014' })
  })

  test('warns of a bundle or an event that is none, as an empty answer would mislead', async () => {
    const project = await startBundle(1)
    expect(await project.run('history', { bundle: 'B-009' })).toMatchObject({
      warnings: ['there is no bundle B-009'],
    })
    const { warnings } = await project.ok('history', { event: 'TICKET_CLAIMD' })
    expect(warnings).toEqual([
      expect.stringMatching(/^--event TICKET_CLAIMD: the events are .*TICKET_CLAIMED/),
    ])
  })

  test('gives texts back whole, whatever stands in them', async () => {
    const project = await startBundle(0)
    const title = 'say "hi" \\ and\nstatus=done [2026-01-01T00:00:00Z] INIT project=forged'
    await project.ok('add', { bundle: 'B-001', title })
    expect(eventsOf(await project.ok('history', { limit: 1 }))[0]).toMatchObject({
      event: 'TICKET_ADDED',
      fields: { title },
    })
    expect(eventsOf(await project.ok('history', { event: 'INIT' }))).toHaveLength(1)
  })

  test('reads lines of the published tool, and passes over what is no line', async () => {
    const project = await startBundle(0)
    project.write({
      '.tkt/history.log': [
        '[2025-03-01T10:00:00Z] BUNDLE_CREATED id=B-001 goal="Fix "quoted" things"',
        'torn li',
        '',
        '[2025-03-01T10:00:01Z] TICKET_UPDATED bundle=B-001 ticket=TKT-001 status=done',
        '',
      ].join('\n'),
    })
    const events = eventsOf(await project.ok('history'))
    expect(events.map(({ event }) => event as string)).toEqual(['TICKET_UPDATED', 'BUNDLE_CREATED'])
    expect(events[1]?.fields).toMatchObject({ id: 'B-001', goal: expect.stringContaining('Fix') as string })
  })

  test('shows a page below 2 KB, and goes on from where it ended', async () => {
    const project = await startBundle(40)
    const first = await project.ok('history')
    expect(JSON.stringify(first).length).toBeLessThan(2048)
    const count = eventsOf(first).length
    expect(first).toMatchObject({ shown: `shown ${count} of 42`, next: `--offset=${count}` })
    const second = await project.ok('history', { offset: count, limit: 1 })
    expect(eventsOf(second)[0]?.fields).toMatchObject({ title: `Part ${40 - count}` })
    expect(eventsOf(await project.ok('history', { limit: 100 }))).toHaveLength(42)
  })

  test('is empty in a store where nothing happened yet, and refused without a store', async () => {
    const project = openProject(projectFolder())
    expectRefusal(await project.run('history'), 'NOT_INITIALISED', 'SK-TKT-018')
    project.write({ '.tkt/roadmap.yaml': 'project: x\n' })
    expect(await project.run('history')).toEqual({ ok: true, events: [], shown: 'shown 0 of 0' })
  })
})
