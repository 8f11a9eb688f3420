import { describe, expect, test } from 'vitest'
import {
  expectNoChange,
  expectRefusal,
  finishAll,
  openProject,
  startBundle,
  startProject,
  at,
} from '../../support/bundles.ts'
import { projectFolder } from '../../support/project.ts'

const B = { bundle: 'B-001' }
const TICKET = '.tkt/bundles/B-001/TKT-001.yaml'

describe('add', () => {
  test('writes the ticket, leaves the bundle alone, and tells the history', async () => {
    const project = await startBundle(0)
    const bundle = project.text('.tkt/bundles/B-001/bundle.yaml')
    expect(await project.run('add', { ...B, title: 'Count hits' })).toEqual({
      ok: true,
      ticket_id: 'TKT-001',
      bundle: 'B-001',
    })
    expect(project.text('.tkt/bundles/B-001/bundle.yaml')).toBe(bundle)
    expect(project.history().at(-1)).toBe(
      'TICKET_ADDED bundle=B-001 ticket=TKT-001 title="Count hits" to=open',
    )
    expect(Object.entries(project.yaml(TICKET))).toEqual([
      ['id', 'TKT-001'],
      ['bundle', 'B-001'],
      ['type', 'worker'],
      ['title', 'Count hits'],
      ['description', 'Count hits'],
      ['acceptance_criteria', [expect.stringMatching(/done as the description says/)]],
      ['status', 'open'],
      ['claimed_by', null],
      ['claimed_at', null],
      ['started_at', null],
      ['completed_at', null],
      ['category', null],
      ['effort_estimate', null],
      ['agent_type', null],
      ['skills', []],
      ['wave', null],
      ['qa_scenarios', []],
      ['source_plan', null],
      ['source_ticket_index', null],
      ['result', { summary: null, artifacts: [], notes: null, evidence: null }],
      ['depends_on', []],
      ['transition_log', []],
    ])
  })

  test('keeps every field in the published style of text', async () => {
    const project = await startBundle(0)
    await project.ok('add', {
      ...B,
      title: 'Count hits',
      type: 'spike',
      category: 'quick',
      effort_estimate: '30m',
      agent_type: 'deep',
      skills: 'skill-system-tkt, skill-system-review,,',
      wave: '2',
      qa_scenarios: 'happy path,empty',
      depends_on: 'TKT-001,TKT-003',
      source_plan: 'plan.md',
      source_ticket_index: '2',
    })
    const text = project.text(TICKET)
    for (const line of [
      'type: "spike"',
      'category: "quick"',
      'effort_estimate: "30m"',
      'agent_type: "deep"',
      'skills:\n  - "skill-system-tkt"\n  - "skill-system-review"',
      'wave: 2',
      'qa_scenarios:\n  - "happy path"\n  - "empty"',
      'depends_on:\n  - "TKT-001"\n  - "TKT-003"',
      'source_plan: "plan.md"',
      'source_ticket_index: 2',
    ])
      expect(text).toContain(`${line}\n`)
  })

  test.each([
    ['several lines', 'one\n  two: "x"\nstatus: done\n- three'],
    ['quotes and backslashes', '"a" \\ \'b\' `c` $(d)'],
    ['words YAML would take for something else', 'no'],
    ['a text that looks like a map', '{a: b}'],
    ['trailing spaces and tabs', 'a \n\tb  \nc'],
    ['other scripts', 'Grüße, 世界 🎉\u2028next'],
  ])('keeps %s as they are, in title and description', async (_, text) => {
    const project = await startBundle(0)
    await project.ok('add', { ...B, title: text, description: text, category: text })
    expect(project.yaml(TICKET)).toMatchObject({
      title: text,
      description: text,
      category: text,
      status: 'open',
    })
    expect(at(await project.ok('bundle-status', B), 'tickets.1')).toMatchObject({
      title: text,
      status: 'open',
    })
    expect(project.history()).toHaveLength(3)
  })

  test('takes criteria as sentences, as commands, and by --run', async () => {
    const project = await startBundle(0)
    await project.ok('add', {
      ...B,
      title: 'Count hits',
      acceptance: ['50 requests count 50', '{type: command, run: npm test, expect_contains: "ok"}'],
      run: ['npm run lint'],
    })
    expect(project.yaml(TICKET).acceptance_criteria).toEqual([
      '50 requests count 50',
      { type: 'command', run: 'npm test', expect_exit_code: 0, expect_contains: 'ok' },
      { type: 'command', run: 'npm run lint', expect_exit_code: 0 },
    ])
  })

  test('numbers after the greatest number there is, and fills no gap', async () => {
    const project = await startBundle(0)
    project.write({
      '.tkt/bundles/B-001/TKT-041.yaml': 'title: x\nstatus: open\n',
      '.tkt/bundles/B-001/TKT-041-notes.yaml': 'not ours',
    })
    expect((await project.ok('add', { ...B, title: 'next' })).ticket_id).toBe('TKT-042')
    project.write({ '.tkt/bundles/B-001/TKT-999.yaml': 'title: x\nstatus: open\n' })
    expect((await project.ok('add', { ...B, title: 'next' })).ticket_id).toBe('TKT-1000')
    expect((await project.ok('add', { ...B, title: 'next' })).ticket_id).toBe('TKT-1001')
    expect(await project.ok('show', B)).toMatchObject({ bundle: { ticket_count: 7 } })
  })

  test('never refuses dependencies, but warns of unknown ones and of circles', async () => {
    const project = await startBundle(0)
    const first = await project.ok('add', { ...B, title: 'a', depends_on: 'TKT-001,TKT-003' })
    expect(first.warnings).toEqual([
      expect.stringMatching(/do not exist yet: TKT-003$/),
      expect.stringMatching(/circle: TKT-001 -> TKT-001/),
    ])
    const second = await project.ok('add', { ...B, title: 'b', depends_on: 'TKT-001' })
    expect(second).not.toHaveProperty('warnings')
  })

  test('warns when a bundle grows beyond bundle.max_tickets', async () => {
    const project = await startBundle(1, { 'config/tkt.yaml': 'bundle: {max_tickets: 1}\n' })
    expect((await project.ok('add', { ...B, title: 'b' })).warnings).toEqual([
      expect.stringMatching(/2 workers.*max_tickets \(1\)/),
    ])
  })

  describe('refuses, and changes nothing:', () => {
    test.each([
      ['no title', {}, /missing: --title/],
      ['a blank title', { title: '  ' }, /missing: --title/],
      ['a second audit', { title: 'x', type: 'audit' }, /--type audit/],
      ['a second integration', { title: 'x', type: 'integrate' }, /--type integrate/],
      ['a type that is no word', { title: 'x', type: 'worker\nstatus: done' }, /--type must be/],
      ['a wave that is no number', { title: 'x', wave: '1\nstatus: done' }, /--wave must be a whole number/],
      ['a half command criterion', { title: 'x', acceptance: '{type: command}' }, /run must be a command/],
      ['a bundle id with a path in it', { title: 'x', bundle: '../B-001' }, /--bundle must be a bundle id/],
    ])('%s', async (_, raw, message) => {
      const project = await startBundle(1)
      await expectNoChange(project, async () => {
        expectRefusal(await project.run('add', { ...B, ...raw }), 'INPUT_INVALID', 'SK-TKT-014', message)
      })
    })

    test('no store, no bundle, no bundle file', async () => {
      expectRefusal(
        await openProject(projectFolder()).run('add', { ...B, title: 'x' }),
        'NOT_INITIALISED',
        'SK-TKT-018',
      )
      const project = await startProject({ '.tkt/bundles/B-002/notes.txt': '' })
      await expectNoChange(project, async () => {
        expectRefusal(
          await project.run('add', { ...B, title: 'x' }),
          'BUNDLE_NOT_FOUND',
          'SK-TKT-018',
          /B-001/,
        )
        expectRefusal(
          await project.run('add', { bundle: 'B-002', title: 'x' }),
          'BUNDLE_NOT_FOUND',
          'SK-TKT-018',
          /B-002/,
        )
      })
    })

    test('a closed bundle', async () => {
      const project = await startBundle(1)
      await finishAll(project)
      await project.ok('close-bundle', B)
      await expectNoChange(project, async () => {
        expectRefusal(
          await project.run('add', { ...B, title: 'late' }),
          'BUNDLE_CLOSED',
          'SK-TKT-039',
          /B-001 is closed/,
        )
      })
    })

    test('a bundle that somebody else changes for too long', async () => {
      const project = await startBundle(1)
      const answer = await project.whileLocked('B-001', () => project.run('add', { ...B, title: 'x' }))
      expectRefusal(answer, 'LOCK_TIMEOUT', 'SK-TKT-017', /lock B-001/)
    })

    test('a file in the way of the new one', async () => {
      const project = await startBundle(0)
      // Nine digits are the longest number an id has, so the file after the last one is not counted, but is there.
      project.write({
        '.tkt/bundles/B-001/TKT-999999999.yaml': 'title: x\nstatus: open\n',
        '.tkt/bundles/B-001/TKT-1000000000.yaml': 'mine',
      })
      await expectNoChange(project, async () => {
        const history = project.history()
        expectRefusal(
          await project.run('add', { ...B, title: 'x' }),
          'CHANGED_MEANWHILE',
          'SK-TKT-041',
          /exists already/,
        )
        expect(project.history()).toEqual(history)
      })
    })
  })
})
