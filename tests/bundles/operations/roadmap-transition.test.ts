import { describe, expect, test } from 'vitest'
import {
  addBundle,
  expectNoChange,
  expectRefusal,
  finishAll,
  openProject,
  startBundle,
  startProject,
  type Project,
  at,
} from '../../support/bundles.ts'
import { projectFolder } from '../../support/project.ts'

const enter = (project: Project, stage: string, raw = {}) =>
  project.run('roadmap-transition', { stage, reason: 'because', ...raw })

async function closedBundle(raw = {}): Promise<Project> {
  const project = await startProject()
  await addBundle(project, 1, raw)
  await finishAll(project)
  await project.ok('close', { bundle: 'B-001' })
  return project
}

describe('roadmap-transition', () => {
  test('enters a stage: roadmap, newest entry first, one line of history', async () => {
    const project = await startBundle()
    project.wait(60)
    expect(await enter(project, 'active')).toEqual({
      ok: true,
      transition: 'planning→active',
      new_stage: 'active',
      reason: 'because',
      track: 'all',
      gated: true,
    })
    expect(project.yaml('.tkt/roadmap.yaml')).toMatchObject({
      stage: 'active',
      updated_at: '2026-03-01T12:01:00Z',
      stage_history: [
        { stage: 'active', entered_at: '2026-03-01T12:01:00Z', reason: 'because', from: 'planning' },
        { stage: 'planning', entered_at: '2026-03-01T12:00:00Z', reason: 'initial' },
      ],
    })
    expect(project.history().at(-1)).toBe(
      'ROADMAP_TRANSITION from=planning to=active reason="because" track=all',
    )
  })

  test('into the stage it is in already is no move and changes nothing', async () => {
    const project = await startProject()
    await expectNoChange(project, async () => {
      expect(await enter(project, 'planning')).toMatchObject({
        ok: true,
        transition: 'no-op',
        stage: 'planning',
        message: expect.stringContaining('planning already') as string,
      })
    })
  })

  test('keeps what people wrote in the roadmap: comments, unknown keys, order', async () => {
    const project = await startBundle()
    const own =
      'goals:\n  # the one that counts\n  - {id: G-001, title: Ship}\ntracks: {core: {goals: [G-001]}}\n'
    const text = project.text('.tkt/roadmap.yaml').replace('goals: []\n', own)
    project.write({ '.tkt/roadmap.yaml': `# ours\n${text}` })
    await project.ok('roadmap-transition', { stage: 'active', reason: 'go' })
    const after = project.text('.tkt/roadmap.yaml')
    expect(after).toMatch(/^# ours\nproject: /)
    expect(after).toContain('  # the one that counts\n')
    expect(project.yaml('.tkt/roadmap.yaml')).toMatchObject({
      goals: [{ id: 'G-001', title: 'Ship' }],
      tracks: { core: { goals: ['G-001'] } },
    })
    expect(Object.keys(project.yaml('.tkt/roadmap.yaml')).indexOf('tracks')).toBe(7)
  })

  test('a reason of several lines stays one line of history', async () => {
    const project = await startBundle()
    await project.ok('roadmap-transition', {
      stage: 'active',
      reason: 'go\n[2026-01-01T00:00:00Z] INIT project=forged',
    })
    expect(project.history()).toHaveLength(4)
    expect(at(project.yaml('.tkt/roadmap.yaml'), 'stage_history.0.reason')).toContain('\n')
  })

  describe('refuses, and changes nothing:', () => {
    test.each([
      ['an unknown stage', 'flying', {}, 'STAGE_UNKNOWN', 'SK-TKT-022', /no stage "flying"/],
      ['an unknown stage under --force', 'flying', { force: true }, 'STAGE_UNKNOWN', 'SK-TKT-022', /./],
      [
        'a stage that does not follow',
        'review',
        {},
        'STAGE_REFUSED',
        'SK-TKT-023',
        /active or archived, not review/,
      ],
      ['active without a bundle', 'active', {}, 'BUNDLES_MISSING', 'SK-TKT-025', /no bundle/],
      ['no reason', 'active', { reason: '' }, 'INPUT_INVALID', 'SK-TKT-014', /missing: --reason/],
      ['no stage', '', {}, 'INPUT_INVALID', 'SK-TKT-014', /missing: --stage/],
    ])('%s', async (_, stage, raw, error, code, message) => {
      const project = await startProject()
      await expectNoChange(project, async () => {
        expectRefusal(await enter(project, stage, raw), error, code, message)
      })
    })

    test('an unknown stage before a missing store', async () => {
      const project = openProject(projectFolder())
      expectRefusal(await enter(project, 'flying'), 'STAGE_UNKNOWN', 'SK-TKT-022')
      expectRefusal(await enter(project, 'active'), 'NOT_INITIALISED', 'SK-TKT-018')
    })

    test('anything after the end', async () => {
      const project = await startProject()
      await enter(project, 'archived')
      expectRefusal(await enter(project, 'planning'), 'STAGE_REFUSED', 'SK-TKT-023', /nothing: it is the end/)
    })

    test('when somebody else holds the roadmap', async () => {
      const project = await startBundle()
      const answer = await project.whileLocked('roadmap', () => enter(project, 'active'))
      expectRefusal(answer, 'LOCK_TIMEOUT', 'SK-TKT-017')
    })
  })

  describe('done', () => {
    const toReview = async (project: Project): Promise<Project> => {
      for (const stage of ['active', 'review'])
        await project.ok('roadmap-transition', { stage, reason: 'go' })
      return project
    }

    test('needs every bundle closed, and names those that are not', async () => {
      const project = await toReview(await startBundle())
      const answer = await enter(project, 'done')
      expectRefusal(answer, 'BUNDLES_UNFINISHED', 'SK-TKT-024', /not closed: B-001/)
      expect(answer).toMatchObject({ details: { unfinished: ['B-001'] } })
      await finishAll(project)
      await project.ok('close', { bundle: 'B-001' })
      expect(await enter(project, 'done')).toMatchObject({ transition: 'review→done', gated: true })
    })

    test('looks only at the track that is named; the stage itself is for all', async () => {
      const project = await toReview(await closedBundle({ track: 'core' }))
      await addBundle(project, 1, { track: 'docs' })
      expectRefusal(await enter(project, 'done', { track: 'docs' }), 'BUNDLES_UNFINISHED', 'SK-TKT-024')
      expect(await enter(project, 'done', { track: 'core' })).toMatchObject({
        track: 'core',
        new_stage: 'done',
      })
      expect(project.history().at(-1)).toMatch(/track=core$/)
      expect((await project.ok('roadmap-status')).stage).toBe('done')
    })

    test('passes when no bundle has the track, but tells: the track may be misspelt', async () => {
      const project = await toReview(await closedBundle({ track: 'core' }))
      expect(await enter(project, 'done', { track: 'coer' })).toMatchObject({
        ok: true,
        warnings: [expect.stringMatching(/no bundle has the track "coer"/)],
      })
    })

    test('is refused while a bundle cannot be read', async () => {
      const project = await toReview(await closedBundle())
      project.write({ '.tkt/bundles/B-005/bundle.yaml': 'a: "\n' })
      expectRefusal(await enter(project, 'done'), 'BUNDLES_UNFINISHED', 'SK-TKT-024', /cannot be read: B-005/)
    })

    test.each([
      ['pending', false],
      ['open', false],
      ['met', true],
      ['approved', true],
      ['done', true],
    ])('a decision gate marked %s lets pass: %s', async (status, passes) => {
      const project = await toReview(await closedBundle())
      const gates = `decision_gates:\n  - gate: "legal has agreed"\n    status: ${status}\n`
      project.write({
        '.tkt/roadmap.yaml': project.text('.tkt/roadmap.yaml').replace('decision_gates: []\n', gates),
      })
      const answer = await enter(project, 'done')
      if (passes) expect(answer).toMatchObject({ ok: true })
      else expectRefusal(answer, 'BUNDLES_UNFINISHED', 'SK-TKT-024', /not met: legal has agreed/)
    })

    test('a decision gate without a status blocks nothing, and is told', async () => {
      const project = await toReview(await closedBundle())
      const gates = 'decision_gates:\n  - {gate: "p95 is met", condition: "< 50 ms"}\n'
      project.write({
        '.tkt/roadmap.yaml': project.text('.tkt/roadmap.yaml').replace('decision_gates: []\n', gates),
      })
      expect(await enter(project, 'done')).toMatchObject({
        ok: true,
        warnings: [expect.stringContaining('p95 is met') as string],
      })
    })
  })

  test('--force passes table and gates, and says that nothing was checked', async () => {
    const project = await startBundle()
    expect(await enter(project, 'done', { force: true })).toMatchObject({
      transition: 'planning→done',
      gated: false,
    })
  })
})
