/** `kill -9` between any two steps of a command that edits, links, archives or reviews, and many of them at once. */
import { describe, expect, test } from 'vitest'
import { at, finishAll, rowsAt, startBundle, type Project } from '../support/bundles.ts'
import { killAtEveryStep } from './killing.ts'
import { crowd, numbered } from './race.ts'
import { watched } from './watching.ts'

const PROCESSES = 16
const TICKET = '.tkt/bundles/B-001/TKT-001.yaml'
const BUNDLE = '.tkt/bundles/B-001/bundle.yaml'
const REVIEW = '.tkt/bundles/B-001/review.yaml'
const PAGE = '.tkt/bundles/B-001/review.md'
const POINTS = "# of Monday\ndiscussion_points:\n  - 'Do we keep it?' # ann\nmine: [1,  2]"
const ROADMAP = '.tkt/roadmap.yaml'

describe('a command killed at each of its steps, and run again', () => {
  test('edit: the new text is there once, and so is the old one', async () => {
    const project = await startBundle(1)
    const steps = await killAtEveryStep(project, ['edit', 'B-001', 'TKT-001', '--title', 'New'], (again) => {
      expect(again.code).toBe(0)
      expect(project.yaml(TICKET)).toMatchObject({ title: 'New', edit_log: [{ was: { title: 'Part 1' } }] })
      expect(project.yaml(TICKET).edit_log).toHaveLength(1)
    })
    expect(steps).toBeGreaterThan(10)
  })

  test('batch-update: every ticket is done on that evidence, whatever was cut', async () => {
    const project = await startBundle(2)
    const words = ['--bundle', 'B-001', '--status', 'done', '--agent', 'alice', '--evidence', 'seen']
    const steps = await killAtEveryStep(
      project,
      ['batch-update', ...words, 'TKT-001', 'TKT-002'],
      (again) => {
        expect(again.code).toBe(0)
        for (const name of ['TKT-001', 'TKT-002'])
          expect(project.yaml(`.tkt/bundles/B-001/${name}.yaml`)).toMatchObject({
            status: 'done',
            result: { evidence: 'seen' },
            transition_log: [{ to: 'done' }],
          })
      },
    )
    expect(steps).toBeGreaterThan(10)
  })

  test('release: the ticket is open, and was put down once', async () => {
    const project = await startBundle(1)
    await project.ok('claim', { bundle: 'B-001', ticket: 'TKT-001', agent: 'alice' })
    const steps = await killAtEveryStep(project, ['release', 'B-001', 'TKT-001', 'alice'], (again) => {
      expect([undefined, 'TRANSITION_REFUSED', 'NOT_OWNER']).toContain(again.json.error)
      expect(project.yaml(TICKET)).toMatchObject({
        status: 'open',
        claimed_by: null,
        transition_log: [{ to: 'claimed' }, { to: 'open' }],
      })
      expect(rowsAt(project.yaml(TICKET), 'transition_log')).toHaveLength(2)
    })
    expect(steps).toBeGreaterThan(10)
  })

  test('archive: the bundle is archived, whoever asked how often', async () => {
    const project = await startBundle(1)
    await killAtEveryStep(project, ['archive', 'B-001', '--reason', 'over'], (again) => {
      expect(again.code).toBe(0)
      expect(project.yaml(BUNDLE).status).toBe('archived')
    })
  })

  test('roadmap-goal add and link: each goal that was told is there', async () => {
    const project = await startBundle(1)
    await killAtEveryStep(project, ['roadmap-goal', 'add', '--title', 'Fast'], (again) => {
      const ids = rowsAt(project.yaml(ROADMAP), 'goals').map(({ id }) => id)
      expect(ids).toContain(again.json.goal)
      expect([numbered('G', 1, 1), numbered('G', 1, 2)]).toContainEqual(ids)
    })
    const link = ['roadmap-goal', 'link', '--bundle', 'B-001', '--goal', 'G-001']
    await killAtEveryStep(project, link, (again) => {
      expect(again.json).toMatchObject({ ok: true, goal: 'G-001' })
      expect(project.yaml(BUNDLE).goal_ref).toBe('G-001')
    })
  })

  test.each([
    ['generate-review', () => undefined],
    ['close', (project: Project) => project.ok('reopen', { bundle: 'B-001', reason: 'again' })],
  ])('%s: what people wrote in the review stays, and stands on its page', async (command, prepare) => {
    const project = await startBundle(1)
    await finishAll(project)
    await project.ok('close-bundle', { bundle: 'B-001' })
    const byHand = project
      .text(REVIEW)
      .replace(/^summary: .*$/m, 'summary: "It ran for a week."')
      .replace(/^discussion_points: .*$/m, POINTS)
    project.write({ [REVIEW]: `# read by Ann\n${byHand}` })
    await prepare(project)
    const steps = await killAtEveryStep(project, [command, 'B-001'], (again) => {
      expect(again.json).toMatchObject({
        ok: true,
        bundle: 'B-001',
        review_path: expect.any(String) as string,
      })
      expect(project.text(REVIEW)).toMatch(/^# read by Ann\n/)
      expect(project.text(REVIEW)).toContain(POINTS)
      expect(project.yaml(REVIEW).summary).toBe('It ran for a week.')
      for (const words of ['It ran for a week.', 'Do we keep it?'])
        expect(project.text(PAGE)).toContain(words)
    })
    expect(steps).toBeGreaterThan(10)
  })
})

describe(`${PROCESSES} processes at once`, () => {
  test('edit one ticket: every text that it ever had is kept', async () => {
    const project = await startBundle(1)
    const titles = numbered('Title', 1, PROCESSES)
    const answers = await watched(
      project,
      crowd(PROCESSES, (number) => ['edit', 'B-001', 'TKT-001', '--title', titles[number] ?? '']),
    )
    expect(answers.map(({ code }) => code)).toEqual(answers.map(() => 0))
    const ticket = project.yaml(TICKET)
    const was = rowsAt(ticket, 'edit_log').map((entry) => at(entry, 'was.title'))
    expect([...was, ticket.title].toSorted()).toEqual(['Part 1', ...titles].toSorted())
  })

  test('add goals: as many as they say, each with its own id', async () => {
    const project = await startBundle(1)
    const answers = await watched(
      project,
      crowd(PROCESSES, (number) => ['roadmap-goal', 'add', '--title', `Goal ${number}`]),
    )
    expect(answers.map(({ json }) => json.goal).toSorted()).toEqual(numbered('G', 1, PROCESSES))
    expect(project.yaml(ROADMAP).goals).toHaveLength(PROCESSES)
  })
})
