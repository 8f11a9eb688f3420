import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { expectNoChange, expectRefusal, startProject, type Project } from '../../../support/bundles.ts'

const PLAN = `# Ship the URL shortener

Some words.

## Wave 1
- [ ] Slugs [quick] (effort: 30m)
  - acceptance: 7 characters
  - acceptance: {type: command, run: "npm test"}
  - skills: typescript, testing
- [x] Choose a name

## Wave 2
- [ ] Redirects (depends on Slugs)
`

const planned = (text = PLAN): Promise<Project> => startProject({ 'plan.md': text })

describe('create-bundle --source-plan', () => {
  test('makes a ticket of every open checkbox, in one step', async () => {
    const project = await planned()
    expect(await project.run('create-bundle', { source_plan: 'plan.md' })).toEqual({
      ok: true,
      bundle_id: 'B-001',
      path: join(project.root, '.tkt/bundles/B-001'),
      tickets: ['TKT-000', 'TKT-A00', 'TKT-001', 'TKT-002'],
      ticket_count: 4,
    })
    expect(project.yaml('.tkt/bundles/B-001/bundle.yaml')).toMatchObject({
      title: 'Ship the URL shortener',
      source_plan: 'plan.md',
      ticket_count: 4,
    })
    expect(project.yaml('.tkt/bundles/B-001/TKT-001.yaml')).toMatchObject({
      title: 'Slugs',
      category: 'quick',
      effort_estimate: '30m',
      wave: 1,
      skills: ['typescript', 'testing'],
      acceptance_criteria: ['7 characters', { type: 'command', run: 'npm test', expect_exit_code: 0 }],
      source_plan: 'plan.md',
      source_ticket_index: 1,
    })
    expect(project.yaml('.tkt/bundles/B-001/TKT-002.yaml')).toMatchObject({
      title: 'Redirects',
      wave: 2,
      depends_on: ['TKT-001'],
    })
    expect(project.history().slice(-3)).toEqual([
      'BUNDLE_CREATED id=B-001 goal="Ship the URL shortener" to=open',
      'TICKET_ADDED bundle=B-001 ticket=TKT-001 title="Slugs" to=open',
      'TICKET_ADDED bundle=B-001 ticket=TKT-002 title="Redirects" to=open',
    ])
  })

  test('a goal that is named counts more than the heading', async () => {
    const project = await planned()
    await project.ok('create-bundle', { goal: 'Ship v2', source_plan: 'plan.md' })
    expect(project.yaml('.tkt/bundles/B-001/bundle.yaml').title).toBe('Ship v2')
  })

  test('--dry-run tells what would be made, and makes nothing', async () => {
    const project = await planned()
    await expectNoChange(project, async () => {
      expect(await project.run('create-bundle', { source_plan: 'plan.md', dry_run: true })).toEqual({
        ok: true,
        dry_run: true,
        bundle_id: 'B-001',
        tickets: ['TKT-000', 'TKT-A00', 'TKT-001', 'TKT-002'],
        goal: 'Ship the URL shortener',
        route: 'bundle',
        skipped: 1,
        ticket_count: 4,
        planned: [
          { ticket: 'TKT-001', title: 'Slugs', wave: 1, criteria: 2 },
          { ticket: 'TKT-002', title: 'Redirects', wave: 2, depends_on: ['TKT-001'], criteria: 0 },
        ],
        shown: 'shown 2 of 2',
      })
    })
  })

  test('--dry-run shows a page of a long plan, and the rest on request', async () => {
    const boxes = Array.from({ length: 100 }, (_, index) => `- [ ] Part ${index + 1}`).join('\n')
    const project = await planned(`# Many\n${boxes}\n`)
    const dry = { source_plan: 'plan.md', dry_run: true }
    const first = await project.ok('create-bundle', dry)
    const length = (first.planned as readonly unknown[]).length
    expect([first.shown, first.next]).toEqual([`shown ${length} of 100`, `--offset=${length}`])
    const rest = await project.ok('create-bundle', { ...dry, limit: 100, offset: length })
    expect(rest.planned).toHaveLength(100 - length)
  })

  test('the text of a plan stays text: nothing of it is run or ends in another field', async () => {
    const evil = 'Do `touch pwned` $(touch pwned) "x" \\ && touch pwned'
    const project = await planned(`# ${evil}\n- [ ] ${evil}\n  - acceptance: ${evil}\n`)
    await project.ok('create-bundle', { source_plan: 'plan.md' })
    expect(project.yaml('.tkt/bundles/B-001/TKT-001.yaml')).toMatchObject({
      title: evil,
      acceptance_criteria: [evil],
      status: 'open',
    })
    expect(project.has('pwned')).toBe(false)
  })

  test('makes a bundle of a large plan, and names as many tickets as one can read', async () => {
    const boxes = Array.from({ length: 90 }, (_, index) => `- [ ] Part ${index + 1}\n`).join('')
    const project = await planned(`# Many\n${boxes}`)
    const answer = await project.ok('create-bundle', { source_plan: 'plan.md' })
    expect(answer.ticket_count).toBe(92)
    expect(answer.tickets).toHaveLength(60)
    expect(answer.warnings).toEqual([expect.stringMatching(/90 workers.*max_tickets \(6\)/)])
    expect(JSON.stringify(answer).length).toBeLessThan(2048)
    expect(project.has('.tkt/bundles/B-001/TKT-090.yaml')).toBe(true)
  })

  test('finds the plan from the working directory, or from the project', async () => {
    const project = await startProject({ 'docs/plan.md': PLAN })
    expect((await project.ok('create-bundle', { source_plan: 'docs/plan.md' })).ticket_count).toBe(4)
    expect(
      (await project.ok('create-bundle', { source_plan: join(project.root, 'docs/plan.md') })).ticket_count,
    ).toBe(4)
  })

  test('warns of what it could not understand', async () => {
    const project = await planned('# Goal\n- [ ] One (depends on nothing there is)\n')
    expect((await project.ok('create-bundle', { source_plan: 'plan.md' })).warnings).toEqual([
      expect.stringMatching(/^plan: line 2/),
    ])
  })

  test('with a goal, a plan that is not there or holds no checkbox is only told, as published', async () => {
    const project = await planned('# Only words\n')
    const missing = await project.ok('create-bundle', { goal: 'g', source_plan: 'gone.md' })
    expect(missing).toMatchObject({
      ticket_count: 2,
      warnings: [expect.stringMatching(/gone\.md: no such file/)],
    })
    expect(project.yaml('.tkt/bundles/B-001/bundle.yaml').source_plan).toBe('gone.md')
    const wordy = await project.ok('create-bundle', { goal: 'g', source_plan: 'plan.md' })
    expect(wordy).toMatchObject({ ticket_count: 2, warnings: [expect.stringMatching(/no open checkbox/)] })
  })

  test('without a goal, a plan that is not there is refused by its name', async () => {
    const project = await startProject()
    await expectNoChange(project, async () => {
      expectRefusal(
        await project.run('create-bundle', { source_plan: 'plna.md' }),
        'FILE_NOT_FOUND',
        'SK-SYS-004',
        /no file plna\.md/,
      )
    })
  })

  test('refuses a folder, and a file that is too large to be a plan', async () => {
    const project = await startProject({ 'docs/x.md': '', 'large.md': 'x'.repeat(1_100_000) })
    await expectNoChange(project, async () => {
      expectRefusal(
        await project.run('create-bundle', { source_plan: 'docs' }),
        'FILE_UNREADABLE',
        'SK-SYS-004',
        /it is a folder/,
      )
      expectRefusal(
        await project.run('create-bundle', { source_plan: 'large.md' }),
        'FILE_UNREADABLE',
        'SK-SYS-004',
        /1100000 bytes/,
      )
    })
  })
})
