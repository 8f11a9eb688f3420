import { describe, expect, test } from 'vitest'
import {
  addBundle,
  expectNoChange,
  expectRefusal,
  finishAll,
  startBundle,
  startProject,
} from '../../support/bundles.ts'

const ROADMAP = '.tkt/roadmap.yaml'

describe('roadmap-goal', () => {
  test('adds goals by number, with what was said of them, and logs who did', async () => {
    const project = await startProject()
    const said = { title: 'Links never break', description: 'none\nof them', track: 'core', agent: 'pia' }
    expect(await project.ok('roadmap-goal', { action: 'add', ...said })).toEqual({ ok: true, goal: 'G-001' })
    await project.ok('roadmap-goal', { action: 'add', title: 'Fast', depends_on: ['G-001'] })
    expect(project.yaml(ROADMAP).goals).toEqual([
      { id: 'G-001', title: said.title, track: 'core', description: 'none\nof them', depends_on: [] },
      { id: 'G-002', title: 'Fast', track: null, description: 'Fast', depends_on: ['G-001'] },
    ])
    expect(project.history().at(-2)).toMatch(/^GOAL_ADDED id=G-001 title="Links never break" agent=pia/)
  })

  test('lists how their bundles stand: open, in progress, done', async () => {
    const project = await startProject()
    for (const title of ['One', 'Two', 'Three']) await project.ok('roadmap-goal', { action: 'add', title })
    await addBundle(project, 1, { goal_ref: 'G-001' })
    await addBundle(project, 1, { goal_ref: 'G-002' })
    await addBundle(project, 1, { goal_ref: 'G-002' })
    for (const bundle of ['B-001', 'B-002']) await finishAll(project, bundle)
    for (const bundle of ['B-001', 'B-002']) await project.ok('close-bundle', { bundle })
    expect(await project.ok('roadmap-goal', {})).toEqual({
      ok: true,
      goals: [
        { id: 'G-001', title: 'One', status: 'done', bundles: 1, finished: 1 },
        { id: 'G-002', title: 'Two', status: 'in_progress', bundles: 2, finished: 1 },
        { id: 'G-003', title: 'Three', status: 'open', bundles: 0, finished: 0 },
      ],
      shown: 'shown 3 of 3',
    })
  })

  test('keeps and shows what people wrote by hand: ids, states, bare sentences', async () => {
    const project = await startBundle()
    const text = project.text(ROADMAP)
    const goals =
      'goals: # ours\n  - id: G-042\n    title: Old\n    status: parked\n    progress: 0.5\n  - Be kind\n'
    project.write({ [ROADMAP]: text.replace('goals: []\n', goals) })
    await project.ok('roadmap-goal', { action: 'add', title: 'New' })
    expect(project.text(ROADMAP)).toContain(goals)
    expect((await project.ok('roadmap-goal', { action: 'list' })).goals).toMatchObject([
      { id: 'G-042', status: 'parked' },
      { id: null, title: 'Be kind', status: 'open' },
      { id: 'G-043', title: 'New' },
    ])
  })

  test('links a bundle with a goal, moves the link, and takes it away; show tells it with each ticket', async () => {
    const project = await startBundle()
    for (const title of ['One', 'Two']) await project.ok('roadmap-goal', { action: 'add', title })
    const link = (goal: string) =>
      project.ok('roadmap-goal', { action: 'link', bundle: 'B-001', goal, agent: 'pia' })
    expect(await link('G-001')).toEqual({ ok: true, bundle: 'B-001', goal: 'G-001', before: null })
    expect(await link('G-002')).toMatchObject({ goal: 'G-002', before: 'G-001' })
    expect(project.history().at(-1)).toMatch(/^BUNDLE_LINKED bundle=B-001 from=G-001 to=G-002 agent=pia/)
    await expectNoChange(project, () => link('G-002'))
    const shown = await project.ok('show', { bundle: 'B-001', ticket: 'TKT-001' })
    expect(shown.about).toEqual({ bundle: 'Ship it', goal: 'Two' })
    const unlinked = await project.ok('roadmap-goal', { action: 'unlink', bundle: 'B-001' })
    expect(unlinked).toMatchObject({ goal: null, before: 'G-002' })
    expect(project.yaml('.tkt/bundles/B-001/bundle.yaml').goal_ref).toBeNull()
  })

  test('refuses what is not there and what is missing, and changes nothing', async () => {
    const project = await startBundle()
    const goal = (raw: object) => project.run('roadmap-goal', { ...raw })
    await expectNoChange(project, async () => {
      expectRefusal(await goal({ action: 'add' }), 'INPUT_INVALID', 'SK-TKT-014', /--title is missing/)
      const before = await goal({ action: 'add', title: 'x', depends_on: ['G-009'] })
      expectRefusal(before, 'GOAL_NOT_FOUND', 'SK-TKT-046', /no goal G-009/)
      const link = { action: 'link', bundle: 'B-001' }
      expectRefusal(await goal(link), 'INPUT_INVALID', 'SK-TKT-014', /--goal is missing/)
      expectRefusal(await goal({ ...link, goal: 'G-001' }), 'GOAL_NOT_FOUND', 'SK-TKT-046')
      expectRefusal(await goal({ action: 'unlink', bundle: 'B-009' }), 'BUNDLE_NOT_FOUND', 'SK-TKT-018')
      expectRefusal(
        await goal({ action: 'drop' }),
        'UNKNOWN_COMMAND',
        'SK-CLI-002',
        /add, list, link, unlink/,
      )
      const unborn = await project.run('create-bundle', { goal: 'x', goal_ref: 'G-001' })
      expectRefusal(unborn, 'GOAL_NOT_FOUND', 'SK-TKT-046')
    })
  })
})
