import { describe, expect, test } from 'vitest'
import { at, expectNoChange, expectRefusal, finish, startBundle } from '../../support/bundles.ts'

const THREE = ['TKT-001', 'TKT-002', 'TKT-003']
const B1 = { bundle: 'B-001' }
const DONE = { ...B1, tickets: THREE, status: 'done', agent: 'alice', evidence: 'npm test: 12 passed' }
const fileOf = (ticket: string): string => `.tkt/bundles/B-001/${ticket}.yaml`

describe('batch-update', () => {
  test('moves several tickets as update moves one, each with its line in the history', async () => {
    const project = await startBundle(3)
    for (const ticket of THREE) await project.ok('claim', { ...B1, ticket, agent: 'alice' })
    expect(await project.ok('batch-update', { ...DONE, summary: 'all three' })).toEqual({
      ...{ ok: true, bundle: 'B-001', new_status: 'done', updated: THREE },
    })
    for (const ticket of THREE)
      expect(project.yaml(fileOf(ticket))).toMatchObject({
        status: 'done',
        result: { summary: 'all three', evidence: DONE.evidence },
      })
    expect(project.yaml('.tkt/bundles/B-001/bundle.yaml').status).toBe('in_progress')
    expect(project.history().filter((line) => line.startsWith('TICKET_UPDATED '))).toHaveLength(3)
  })

  test('moves none when one is refused, and names every one that is', async () => {
    const project = await startBundle(3)
    await finish(project, 'TKT-001', 'bob')
    await project.ok('claim', { ...B1, ticket: 'TKT-002', agent: 'bob' })
    await expectNoChange(project, async () => {
      const refused = await project.run('batch-update', DONE)
      expectRefusal(refused, 'TRANSITION_REFUSED', 'SK-TKT-035', /^none of them is changed: TKT-001 is done/)
      expect(at(refused, 'details.refused')).toMatchObject([
        { error: 'TRANSITION_REFUSED' },
        { error: 'NOT_OWNER', message: expect.stringMatching(/TKT-002/) as string },
      ])
    })
  })

  test('checks what proves them once, and before anything is changed', async () => {
    const project = await startBundle(3)
    const evidence = ['cmd:echo run >> runs.txt; test -f built.txt']
    expectRefusal(await project.run('batch-update', { ...DONE, evidence }), 'EVIDENCE_FAILED', 'SK-TKT-043')
    project.write({ 'built.txt': '' })
    const answer = await project.ok('batch-update', { ...DONE, evidence })
    expect(answer).toMatchObject({ updated: THREE, evidence_checks: { verified: 1 } })
    expect(project.text('runs.txt')).toBe('run\nrun\n')
  })

  test('finds those done that the same request had done, as after a crash', async () => {
    const project = await startBundle(3)
    await project.ok('batch-update', { ...DONE, tickets: ['TKT-001', 'TKT-002'] })
    const again = await project.ok('batch-update', DONE)
    expect(again).toMatchObject({ updated: ['TKT-003'], already: ['TKT-001', 'TKT-002'] })
    await expectNoChange(project, () => project.ok('batch-update', DONE))
    const other = await project.run('batch-update', { ...DONE, agent: 'bob' })
    expectRefusal(other, 'TRANSITION_REFUSED', 'SK-TKT-035')
  })

  test('refuses what is no ticket, is not there, or is not proven; nothing changes', async () => {
    const project = await startBundle(1)
    await expectNoChange(project, async () => {
      const wrong = await project.run('batch-update', { ...DONE, tickets: ['TKT-001', '../x'] })
      expectRefusal(
        wrong,
        'INPUT_INVALID',
        'SK-TKT-014',
        /--tickets must be ticket ids such as TKT-001, got "\.\.\/x"/,
      )
      expectRefusal(await project.run('batch-update', DONE), 'TICKET_NOT_FOUND', 'SK-TKT-002', /TKT-002/)
      const { evidence: _, ...unproven } = { ...DONE, tickets: ['TKT-001', 'TKT-A00'] }
      expectRefusal(await project.run('batch-update', unproven), 'EVIDENCE_REQUIRED', 'SK-TKT-030')
    })
  })
})
