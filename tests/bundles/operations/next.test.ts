import { describe, expect, test } from 'vitest'
import {
  addBundle,
  expectNoChange,
  expectRefusal,
  type Project,
  startBundle,
  startProject,
} from '../../support/bundles.ts'

const B = { bundle: 'B-001' }

const done = (project: Project, ticket: string, agent: string) =>
  project.ok('update', { ...B, ticket, status: 'done', agent, evidence: 'it works' })

describe('next', () => {
  test('shows the best ticket, and changes nothing', async () => {
    const project = await startBundle(2)
    await expectNoChange(project, async () => {
      expect(await project.ok('next', { agent: 'alice' })).toEqual({
        ok: true,
        ...{
          ticket: 'TKT-001',
          bundle: 'B-001',
          claimed: false,
          title: 'Part 1',
          role: 'worker',
          criteria: 1,
        },
        ...{ ready: 2, waiting: 1, held: 0 },
      })
    })
  })

  test('--claim takes it, and the one after it for the next agent', async () => {
    const project = await startBundle(2)
    expect(await project.ok('next', { agent: 'alice', claim: true })).toMatchObject({
      ...{ ticket: 'TKT-001', claimed: true, ready: 1, held: 1 },
    })
    expect(project.yaml('.tkt/bundles/B-001/TKT-001.yaml')).toMatchObject({
      status: 'claimed',
      claimed_by: 'alice',
    })
    expect(await project.ok('next', { agent: 'bob', claim: true })).toMatchObject({ ticket: 'TKT-002' })
    expect(project.history().filter((line) => line.startsWith('TICKET_CLAIMED'))).toHaveLength(2)
  })

  test('leads through a bundle: work in order, then an audit by somebody else, then nothing', async () => {
    const project = await startBundle(1)
    await project.ok('add', { ...B, title: 'Later', depends_on: 'TKT-001' })
    await project.ok('next', { agent: 'alice', claim: true })
    expect(await project.ok('next', { agent: 'bob', claim: true })).toMatchObject({
      ...{ ticket: null, bundle: null, claimed: false, ready: 0, waiting: 2, held: 1 },
      reason: 'what is open waits for other tickets',
      waiting_on: ['B-001/TKT-001', 'B-001/TKT-002'],
    })
    expect(await project.ok('next', { agent: 'alice' })).toMatchObject({
      ticket: null,
      yours: ['B-001/TKT-001'],
    })
    await done(project, 'TKT-001', 'alice')
    expect(await project.ok('next', { agent: 'bob', claim: true })).toMatchObject({ ticket: 'TKT-002' })
    await done(project, 'TKT-002', 'bob')
    expect(await project.ok('next', { agent: 'alice', claim: true })).toMatchObject({
      ...{ ticket: null, ready: 1 },
      reason: 'what is free is an audit, for somebody who did none of the work',
    })
    expect(await project.ok('next', { agent: 'carol', claim: true })).toMatchObject({
      ticket: 'TKT-A00',
      role: 'audit',
    })
    expect(await project.ok('next', { agent: 'dave' })).toMatchObject({
      reason: "everything is over, or in somebody's hands",
    })
  })

  test('looks into the most urgent bundle first, and into none that waits for another', async () => {
    const project = await startBundle(1)
    await addBundle(project, 1, { priority: 'critical' })
    await addBundle(project, 1, { priority: 'critical', depends_on: 'B-001' })
    expect(await project.ok('next', { agent: 'alice', claim: true })).toMatchObject({ bundle: 'B-002' })
    expect(await project.ok('next', { agent: 'alice', claim: true })).toMatchObject({ bundle: 'B-001' })
    expect(await project.ok('next', { agent: 'alice', claim: true })).toMatchObject({ ticket: null })
    expect(await project.ok('next', { agent: 'alice', bundle: 'B-003' })).toMatchObject({ ticket: null })
  })

  test('answers within 1 KB, whatever the store holds', async () => {
    const project = await startBundle(0)
    for (let number = 0; number < 30; number += 1)
      await project.ok('add', {
        ...B,
        title: '世'.repeat(1000),
        ...(number === 0 ? {} : { depends_on: 'TKT-001' }),
      })
    const size = (answer: unknown): number => Buffer.byteLength(JSON.stringify(answer))
    expect(size(await project.ok('next', { agent: 'a'.repeat(200), claim: true }))).toBeLessThanOrEqual(1024)
    expect(size(await project.ok('next', { agent: 'b' }))).toBeLessThanOrEqual(1024)
  })

  test('is refused without a store, and for a bundle that is not there', async () => {
    const project = await startProject()
    expectRefusal(
      await project.run('next', { agent: 'a', bundle: 'B-009' }),
      'BUNDLE_NOT_FOUND',
      'SK-TKT-018',
    )
    expect(await project.ok('next', { agent: 'a' })).toMatchObject({
      reason: 'no bundle is open, or all of them wait for other bundles',
    })
  })
})
