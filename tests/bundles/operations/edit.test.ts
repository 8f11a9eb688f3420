import { describe, expect, test } from 'vitest'
import {
  addBundle,
  expectNoChange,
  expectRefusal,
  finish,
  finishAll,
  startBundle,
  startProject,
} from '../../support/bundles.ts'

const T1 = { bundle: 'B-001', ticket: 'TKT-001' }
const FILE = '.tkt/bundles/B-001/TKT-001.yaml'

describe('edit', () => {
  test('changes a ticket, keeps what it said, and logs who changed what and why', async () => {
    const project = await startBundle(2)
    const said = { title: 'Count: "hits"', description: 'line\n\n- two', depends_on: ['TKT-002'], wave: 2 }
    const answer = await project.ok('edit', { ...T1, ...said, agent: 'pia', reason: 'too vague' })
    expect(answer).toEqual({
      ...{ ok: true, edited: 'B-001/TKT-001' },
      changed: ['title', 'description', 'wave', 'depends_on'],
    })
    expect(project.yaml(FILE)).toMatchObject({
      ...said,
      edit_log: [
        {
          ...{ agent: 'pia', reason: 'too vague' },
          was: { title: 'Part 1', description: 'Part 1', depends_on: [], wave: null },
        },
      ],
    })
    expect(project.history().at(-1)).toMatch(
      /^TICKET_EDITED bundle=B-001 ticket=TKT-001 fields=title,description,wave,depends_on agent=pia reason="too vague"/,
    )
  })

  test('says which files a ticket may change', async () => {
    const project = await startBundle()
    const scope = ['src/**', '!src/gen/**']
    expect(await project.ok('edit', { ...T1, scope })).toMatchObject({ changed: ['scope'] })
    expect(project.yaml(FILE)).toMatchObject({ scope })
    expect(await project.ok('edit', { ...T1, clear: ['scope'] })).toMatchObject({ changed: ['scope'] })
    expect(project.yaml(FILE)).toMatchObject({ scope: [] })
  })

  test('puts criteria in the place of the old ones, and clears what may be empty', async () => {
    const project = await startBundle()
    await project.ok('edit', {
      ...T1,
      acceptance: ['it counts'],
      run: ['npm test'],
      skills: ['a', 'b'],
      wave: 3,
    })
    await project.ok('edit', { ...T1, clear: ['skills', 'wave'] })
    const { edit_log, ...ticket } = project.yaml(FILE)
    expect(ticket).toMatchObject({
      acceptance_criteria: ['it counts', { type: 'command', run: 'npm test', expect_exit_code: 0 }],
      skills: [],
      wave: null,
    })
    expect(edit_log).toMatchObject([{}, { agent: null, was: { skills: ['a', 'b'], wave: 3 } }])
  })

  test('changes nothing that is so already, as when a command that was cut is run again', async () => {
    const project = await startBundle()
    await project.ok('edit', { ...T1, title: 'New' })
    await expectNoChange(project, async () => {
      expect(await project.ok('edit', { ...T1, title: 'New' })).toMatchObject({ changed: [] })
    })
  })

  test('leaves every other line as people wrote it', async () => {
    const project = await startBundle()
    const text = project.text(FILE).replace('skills: []', "skills: [] # none\nreviewer: 'carol'")
    project.write({ [FILE]: text })
    await project.ok('edit', { ...T1, category: 'quick' })
    const after = project.text(FILE).split('\n')
    expect(text.split('\n').filter((line) => !after.includes(line))).toEqual(['category: null'])
  })

  test('edits a bundle and an express ticket, with the fields that they have', async () => {
    const project = await startBundle()
    await addBundle(project)
    const bundle = { priority: 'high', context: 'for the fair', depends_on: ['B-002'] }
    await project.ok('edit', { bundle: 'B-001', ...bundle })
    expect(project.yaml('.tkt/bundles/B-001/bundle.yaml')).toMatchObject(bundle)
    await project.ok('express', { title: 'Fix', acceptance: 'it reads well' })
    await project.ok('edit', { ticket: 'EXP-001', title: 'Fix both' })
    expect(project.yaml('.tkt/express/EXP-001.yaml')).toMatchObject({
      title: 'Fix both',
      edit_log: [{ was: { title: 'Fix' } }],
    })
    expect(
      project
        .history()
        .slice(-3)
        .map((line) => line.split(' ')[0]),
    ).toEqual([...['BUNDLE_EDITED', 'EXPRESS_CREATED', 'EXPRESS_EDITED']])
  })

  test('tells that somebody works on it, of dependencies that are not there, and of circles', async () => {
    const project = await startBundle(2)
    await project.ok('claim', { ...T1, agent: 'alice' })
    expect(await project.ok('edit', { ...T1, title: 'Other', agent: 'pia' })).toMatchObject({
      warnings: ['alice holds B-001/TKT-001: tell them what has changed'],
    })
    expect(await project.ok('edit', { ...T1, title: 'Mine', agent: 'alice' })).not.toHaveProperty('warnings')
    await project.ok('edit', { ...T1, ticket: 'TKT-002', depends_on: ['TKT-001'] })
    const circle = await project.ok('edit', { ...T1, agent: 'alice', depends_on: ['TKT-002', 'TKT-077'] })
    expect(circle.warnings).toMatchObject(
      [/do not exist yet: TKT-077/, /circle: TKT-001 -> TKT-002 -> TKT-001/].map(
        (words) => expect.stringMatching(words) as string,
      ),
    )
  })

  test('refuses what is finished, what it has no field for, and what is not there; nothing changes', async () => {
    const project = await startBundle(2)
    await finish(project, 'TKT-002', 'alice')
    await addBundle(project)
    await finishAll(project, 'B-002')
    await project.ok('close-bundle', { bundle: 'B-002' })
    const edit = (raw: object) => project.run('edit', { ...raw })
    await expectNoChange(project, async () => {
      const done = await edit({ ...T1, ticket: 'TKT-002', title: 'x' })
      expectRefusal(done, 'TRANSITION_REFUSED', 'SK-TKT-035', /TKT-002 is done/)
      expectRefusal(await edit({ bundle: 'B-002', title: 'x' }), 'BUNDLE_CLOSED', 'SK-TKT-039')
      const track = await edit({ ...T1, track: 'core' })
      expectRefusal(track, 'INPUT_INVALID', 'SK-TKT-014', /a ticket has no track to edit: it has title/)
      expectRefusal(
        await edit({ ...T1, clear: ['title'] }),
        'INPUT_INVALID',
        'SK-TKT-014',
        /must say something/,
      )
      expectRefusal(await edit({ ...T1, clear: ['wave'], wave: 1 }), 'INPUT_INVALID', 'SK-TKT-014', /at once/)
      expectRefusal(await edit({ ...T1, ticket: 'TKT-009', title: 'x' }), 'TICKET_NOT_FOUND', 'SK-TKT-002')
      const missing = await edit({ bundle: 'B-001', depends_on: ['B-009'] })
      expectRefusal(missing, 'DEPENDENCY_MISSING', 'SK-TKT-026', /B-009/)
      expectRefusal(await edit({ title: 'x' }), 'INPUT_INVALID', 'SK-TKT-014', /--bundle is missing/)
    })
  })

  test('starts no store', async () => {
    const project = await startProject()
    expectRefusal(
      await project.run('edit', { ticket: 'EXP-001', title: 'x' }),
      'TICKET_NOT_FOUND',
      'SK-TKT-002',
    )
  })
})
