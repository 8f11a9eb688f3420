import { describe, expect, test } from 'vitest'
import { addBundle, expectNoChange, expectRefusal, finishAll, startBundle } from '../../support/bundles.ts'

const B1 = { bundle: 'B-001' }
const FILE = '.tkt/bundles/B-001/bundle.yaml'

describe('archive-bundle', () => {
  test('puts a closed bundle aside, and finds it done when asked again', async () => {
    const project = await startBundle()
    await finishAll(project)
    await project.ok('close-bundle', B1)
    const answer = { ok: true, archived: 'B-001', from: 'closed' }
    expect(await project.ok('archive-bundle', { ...B1, agent: 'pia' })).toEqual(answer)
    expect(project.yaml(FILE)).toMatchObject({
      status: 'archived',
      archived_at: expect.stringMatching(/Z$/) as string,
      closed_at: expect.stringMatching(/Z$/) as string,
    })
    expect(project.history().at(-1)).toMatch(
      /^BUNDLE_ARCHIVED bundle=B-001 from=closed to=archived agent=pia/,
    )
    await expectNoChange(project, async () => {
      expect(await project.ok('archive-bundle', B1)).toMatchObject({ already_archived: true })
    })
  })

  test('gives up an unfinished one with a reason, and says who is concerned', async () => {
    const project = await startBundle()
    await addBundle(project, 1, { depends_on: ['B-001'] })
    await project.ok('claim', { ...B1, ticket: 'TKT-001', agent: 'alice' })
    await expectNoChange(project, async () => {
      expectRefusal(await project.run('archive-bundle', B1), 'INPUT_INVALID', 'SK-TKT-014', /B-001 is open/)
    })
    expect(await project.ok('archive-bundle', { ...B1, reason: 'no\nmoney' })).toMatchObject({
      from: 'open',
      warnings: ['tell those who work on it: alice (TKT-001)', 'B-002 came after it, and can be closed now'],
    })
    expect(project.yaml(FILE).ticket_count).toBe(3)
    const late = await project.run('update', {
      ...{ ...B1, ticket: 'TKT-001', status: 'done' },
      ...{ agent: 'alice', evidence: 'x' },
    })
    expectRefusal(late, 'BUNDLE_CLOSED', 'SK-TKT-039', /archived/)
    expect((await project.ok('next', { agent: 'bob' })).bundle).toBe('B-002')
  })

  test('is undone by reopen', async () => {
    const project = await startBundle()
    await project.ok('archive-bundle', { ...B1, reason: 'not now' })
    const reopened = await project.ok('reopen', { ...B1, reason: 'now' })
    expect(reopened).toMatchObject({ from: 'archived', status: 'in_progress' })
    expect(project.yaml(FILE)).toMatchObject({ status: 'in_progress', archived_at: null })
    await project.ok('claim', { ...B1, ticket: 'TKT-001', agent: 'alice' })
  })

  test('refuses a bundle that is not there', async () => {
    const project = await startBundle()
    const absent = await project.run('archive-bundle', { bundle: 'B-009' })
    expectRefusal(absent, 'BUNDLE_NOT_FOUND', 'SK-TKT-018')
  })
})
