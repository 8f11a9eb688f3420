import { describe, expect, test } from 'vitest'
import { expectNoChange, expectRefusal, finish, openProject, startBundle } from '../../support/bundles.ts'
import { projectFolder } from '../../support/project.ts'

describe('show', () => {
  test('shows a ticket with every field of its file', async () => {
    const project = await startBundle(0)
    await project.ok('add', {
      bundle: 'B-001',
      title: 'Count hits',
      description: 'line one\nline two',
      acceptance: ['it counts', '{type: command, run: npm test}'],
    })
    await finish(project, 'TKT-001', 'alice', { summary: 'counted' })
    await expectNoChange(project, async () => {
      const { ticket } = await project.ok('show', { bundle: 'B-001', ticket: 'TKT-001' })
      expect(ticket).toMatchObject({ ...project.yaml('.tkt/bundles/B-001/TKT-001.yaml') })
      expect(ticket).toMatchObject({
        description: 'line one\nline two',
        status: 'done',
        result: { summary: 'counted', evidence: 'TKT-001 works', artifacts: [] },
        acceptance_criteria: ['it counts', { type: 'command', run: 'npm test', expect_exit_code: 0 }],
      })
    })
  })

  test('shows a bundle by its id alone, and an express ticket without a bundle', async () => {
    const project = await startBundle()
    await project.ok('express', { title: 'Fix a typo', acceptance: 'it reads well' })
    expect((await project.ok('show', { bundle: 'B-001' })).bundle).toMatchObject({
      id: 'B-001',
      ticket_count: 3,
      closed_at: null,
    })
    expect((await project.ok('show', { ticket: 'EXP-001' })).ticket).toMatchObject({
      id: 'EXP-001',
      type: 'express',
    })
  })

  test('shows older files under the names of today, and keeps what people added', async () => {
    const project = await startBundle()
    project.write({
      '.tkt/bundles/B-001/TKT-001.yaml':
        'ticket_id: TKT-001\ntitle: old\nstatus: completed\nacceptance:\n  - it works\nresult: null\nreviewer: carol\n',
    })
    expect((await project.ok('show', { bundle: 'B-001', ticket: 'TKT-001' })).ticket).toMatchObject({
      id: 'TKT-001',
      bundle: 'B-001',
      status: 'done',
      acceptance_criteria: ['it works'],
      claimed_by: null,
      reviewer: 'carol',
    })
  })

  test.each([
    [
      'a ticket that is not there',
      { bundle: 'B-001', ticket: 'TKT-009' },
      'TICKET_NOT_FOUND',
      'SK-TKT-002',
      /B-001 has no TKT-009/,
    ],
    [
      'a ticket of no bundle',
      { bundle: 'B-009', ticket: 'TKT-001' },
      'TICKET_NOT_FOUND',
      'SK-TKT-002',
      /no bundle B-009/,
    ],
    ['a bundle that is not there', { bundle: 'B-009' }, 'BUNDLE_NOT_FOUND', 'SK-TKT-018', /B-009/],
    [
      'an express ticket that is not there',
      { ticket: 'EXP-009' },
      'TICKET_NOT_FOUND',
      'SK-TKT-002',
      /EXP-009/,
    ],
    ['a ticket without its bundle', { ticket: 'TKT-001' }, 'INPUT_INVALID', 'SK-TKT-014', /name a bundle/],
    ['nothing named', {}, 'INPUT_INVALID', 'SK-TKT-014', /name a bundle/],
    [
      'a path for an id',
      { bundle: 'B-001', ticket: '../TKT-001' },
      'INPUT_INVALID',
      'SK-TKT-014',
      /ticket id such as/,
    ],
  ])('refuses %s', async (_, raw, error, code, message) => {
    const project = await startBundle()
    expectRefusal(await project.run('show', raw), error, code, message)
  })

  test('refuses without a store', async () => {
    const project = openProject(projectFolder())
    expectRefusal(await project.run('show', { bundle: 'B-001' }), 'NOT_INITIALISED', 'SK-TKT-018')
  })

  test('says in which line a ticket cannot be read', async () => {
    const project = await startBundle()
    project.write({
      '.tkt/bundles/B-001/TKT-001.yaml': 'title: a\ndescription: |\n  one\ntwo: three: four\n',
    })
    const answer = await project.run('show', { bundle: 'B-001', ticket: 'TKT-001' })
    expectRefusal(answer, 'FILE_UNREADABLE', 'SK-SYS-004', /TKT-001\.yaml: line 4/)
  })
})
