import { describe, expect, test } from 'vitest'
import { expectNoChange, expectRefusal, finish, finishAll, startBundle } from '../../../support/bundles.ts'

const FOLDER = '.tkt/bundles/B-001'

describe('create-bundle --carryover', () => {
  test('takes over what failed, with the checks that failed, and names where it came from', async () => {
    const project = await startBundle(0)
    await project.ok('add', {
      bundle: 'B-001',
      title: 'Count hits',
      description: 'line one\n\tline two',
      acceptance: ['a sentence'],
      run: ['echo looked >&2; test -e never', 'true'],
    })
    await project.ok('add', { bundle: 'B-001', title: 'Load test' })
    await finish(project, 'TKT-001', 'alice')
    await project.ok('update', { bundle: 'B-001', ticket: 'TKT-002', status: 'failed', reason: 'no machine' })
    await finish(project, 'TKT-A00', 'bob')
    expect(await project.run('close-bundle', { bundle: 'B-001' })).toMatchObject({ carryover_count: 2 })
    expect(await project.run('create-bundle', { goal: 'Second try', carryover: 'B-001' })).toMatchObject({
      bundle_id: 'B-002',
      tickets: ['TKT-000', 'TKT-A00', 'TKT-001', 'TKT-002'],
      ticket_count: 4,
    })
    expect(project.yaml('.tkt/bundles/B-002/TKT-001.yaml')).toMatchObject({
      title: 'Count hits',
      description: [
        'carryover_from: B-001/TKT-001 | line one line two',
        '',
        'Why B-001/TKT-001 was left behind:',
        '- `echo looked >&2; test -e never`: exit code 1, expected 0',
        '    looked',
      ].join('\n'),
      status: 'open',
      acceptance_criteria: [{ type: 'command', run: 'echo looked >&2; test -e never', expect_exit_code: 0 }],
    })
    expect(project.yaml('.tkt/bundles/B-002/TKT-002.yaml').description).toBe(
      'carryover_from: B-001/TKT-002 | Load test\n\nWhy B-001/TKT-002 was left behind:\n- it failed: no machine',
    )
    expect(project.history().slice(-3)).toEqual([
      'BUNDLE_CREATED id=B-002 goal="Second try" to=open',
      'TICKET_ADDED bundle=B-002 ticket=TKT-001 title="Count hits" to=open',
      'TICKET_ADDED bundle=B-002 ticket=TKT-002 title="Load test" to=open',
    ])
  })

  test('takes over the whole check: what exit code and what words are expected', async () => {
    const project = await startBundle(0)
    const criterion = {
      type: 'command',
      run: 'echo red; exit 1',
      expect_exit_code: 3,
      expect_contains: 'green',
    }
    await project.ok('add', { bundle: 'B-001', title: 'a', acceptance: [JSON.stringify(criterion)] })
    await finishAll(project)
    await project.ok('close-bundle', { bundle: 'B-001' })
    await project.ok('create-bundle', { goal: 'Second try', carryover: 'B-001' })
    expect(project.yaml('.tkt/bundles/B-002/TKT-001.yaml').acceptance_criteria).toEqual([criterion])
  })

  test('keeps how the tickets were planned, and their order, behind the tickets of a plan', async () => {
    const project = await startBundle(1, { 'plan.md': '# Again\n\n- [ ] Rent a machine\n' })
    const plan = { category: 'deep', effort_estimate: '2h', agent_type: 'coder', wave: 2, skills: ['sql'] }
    await project.ok('add', { bundle: 'B-001', title: 'Table', ...plan, acceptance: ['it holds'] })
    await project.ok('add', { bundle: 'B-001', title: 'Index', wave: 3, depends_on: ['TKT-001', 'TKT-002'] })
    await finish(project, 'TKT-001', 'alice')
    for (const ticket of ['TKT-002', 'TKT-003'])
      await project.ok('update', { bundle: 'B-001', ticket, status: 'failed', reason: 'no machine' })
    await finish(project, 'TKT-A00', 'bob')
    await project.ok('close-bundle', { bundle: 'B-001' })
    await project.ok('create-bundle', { source_plan: 'plan.md', carryover: 'B-001' })
    expect(project.yaml('.tkt/bundles/B-002/TKT-002.yaml')).toMatchObject({
      title: 'Table',
      ...plan,
      acceptance_criteria: ['it holds'],
      depends_on: [],
    })
    expect(project.yaml('.tkt/bundles/B-002/TKT-003.yaml')).toMatchObject({
      title: 'Index',
      wave: 3,
      depends_on: ['TKT-002'],
    })
  })

  test('warns of the bundle that took the same tickets up before, also in a dry run', async () => {
    const project = await startBundle(1)
    await project.ok('update', { bundle: 'B-001', ticket: 'TKT-001', status: 'failed', reason: 'no machine' })
    await finish(project, 'TKT-A00', 'bob')
    await project.ok('close-bundle', { bundle: 'B-001' })
    await project.ok('create-bundle', { goal: 'Something else' })
    const again = { goal: 'Second try', carryover: 'B-001' }
    expect(await project.ok('create-bundle', again)).not.toHaveProperty('warnings')
    const warnings = [expect.stringMatching(/^--carryover B-001: B-003 took up B-001\/TKT-001 already: /)]
    expect((await project.ok('create-bundle', { ...again, dry_run: true })).warnings).toEqual(warnings)
    expect((await project.ok('create-bundle', again)).warnings).toEqual(warnings)
    expect((await project.ok('create-bundle', again)).warnings).toEqual([
      expect.stringMatching(/B-003 took up B-001\/TKT-001 already; B-004 took up/),
    ])
  })

  test('of several at once only the first goes unwarned', async () => {
    const project = await startBundle(1)
    await project.ok('update', { bundle: 'B-001', ticket: 'TKT-001', status: 'failed' })
    await finish(project, 'TKT-A00', 'bob')
    await project.ok('close-bundle', { bundle: 'B-001' })
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((goal) => project.ok('create-bundle', { goal, carryover: 'B-001' })),
    )
    expect(answers.filter(({ warnings }) => warnings === undefined)).toHaveLength(1)
  })

  test('refuses a bundle that left nothing, and a file that cannot be read', async () => {
    const project = await startBundle()
    await finishAll(project)
    await project.ok('close-bundle', { bundle: 'B-001' })
    await expectNoChange(project, async () => {
      expectRefusal(
        await project.run('create-bundle', { goal: 'g', carryover: 'B-001' }),
        'CARRYOVER_MISSING',
        'SK-TKT-038',
        /B-001 has no carryover/,
      )
      expectRefusal(
        await project.run('create-bundle', { goal: 'g', carryover: 'B-009' }),
        'CARRYOVER_MISSING',
        'SK-TKT-038',
      )
    })
    project.write({ [`${FOLDER}/carryover.yaml`]: 'bundle: "B-001\n' })
    expectRefusal(
      await project.run('create-bundle', { goal: 'g', carryover: 'B-001' }),
      'FILE_UNREADABLE',
      'SK-SYS-004',
      /carryover\.yaml: line \d/,
    )
  })
})
