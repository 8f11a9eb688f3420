import { describe, expect, test } from 'vitest'
import {
  expectNoChange,
  expectRefusal,
  finish,
  finishAll,
  openProject,
  startBundle,
  type Project,
  at,
} from '../../support/bundles.ts'
import { projectFolder } from '../../support/project.ts'

const claim = (project: Project, ticket: string, agent: string, bundle = 'B-001') =>
  project.run('claim', { bundle, ticket, agent })
const TICKET = '.tkt/bundles/B-001/TKT-001.yaml'

describe('claim', () => {
  test('writes holder and time, and tells the history', async () => {
    const project = await startBundle()
    expect(await claim(project, 'TKT-001', 'alice')).toEqual({
      ok: true,
      claimed: true,
      ticket: 'TKT-001',
      role: 'worker',
      agent: 'alice',
      claimed_at: '2026-03-01T12:00:00Z',
      claim_no: 1,
      lease_until: '2026-03-01T13:00:00Z',
    })
    expect(project.yaml(TICKET)).toMatchObject({
      status: 'claimed',
      claimed_by: 'alice',
      claimed_at: '2026-03-01T12:00:00Z',
      started_at: null,
      transition_log: [{ from: 'open', to: 'claimed', timestamp: '2026-03-01T12:00:00Z', agent: 'alice' }],
    })
    expect(project.text(TICKET)).toContain('claimed_at: "2026-03-01T12:00:00Z"\n')
    expect(project.history().at(-1)).toBe(
      'TICKET_CLAIMED bundle=B-001 ticket=TKT-001 agent=alice role=worker claim_no=1 from=open to=claimed',
    )
    expect(project.yaml('.tkt/bundles/B-001/bundle.yaml')).toMatchObject({ status: 'open', main_agent: null })
  })

  test('of TKT-000 makes the main agent; the first one stays on record, as published', async () => {
    const project = await startBundle()
    expect(await claim(project, 'TKT-000', 'maria')).toMatchObject({ role: 'main' })
    await project.ok('update', { bundle: 'B-001', ticket: 'TKT-000', status: 'blocked', reason: 'ill' })
    await claim(project, 'TKT-000', 'mario')
    expect(project.yaml('.tkt/bundles/B-001/bundle.yaml').main_agent).toBe('maria')
    expect(await claim(project, 'TKT-A00', 'bob')).toMatchObject({ role: 'audit' })
  })

  test.each(['team/a', 'a&b', 'o"brien', 'ünï çøde', '{a}', '-x', '1e3'])(
    'takes the name %s as it is',
    async (agent) => {
      const project = await startBundle()
      await claim(project, 'TKT-000', agent)
      expect(await claim(project, 'TKT-001', agent)).toMatchObject({ agent })
      expect(project.yaml(TICKET).claimed_by).toBe(agent)
      expect(project.yaml('.tkt/bundles/B-001/bundle.yaml').main_agent).toBe(agent)
      expect(at(await project.ok('history', { limit: 1 }), 'events.0.fields.agent')).toBe(agent)
    },
  )

  test('takes a blocked ticket over, and says from whom', async () => {
    const project = await startBundle()
    await claim(project, 'TKT-001', 'alice')
    await project.ok('update', { bundle: 'B-001', ticket: 'TKT-001', status: 'blocked', reason: 'no access' })
    project.wait(60)
    expect(await claim(project, 'TKT-001', 'carol')).toMatchObject({
      agent: 'carol',
      taken_over_from: 'alice',
    })
    expect(project.yaml(TICKET)).toMatchObject({
      claimed_by: 'carol',
      claimed_at: '2026-03-01T12:01:00Z',
      result: { notes: 'no access' },
    })
    expect(project.history().at(-1)).toMatch(
      /agent=carol role=worker claim_no=2 taken_over_from=alice from=blocked to=claimed$/,
    )
  })

  test('of a ticket one blocked oneself is no takeover', async () => {
    const project = await startBundle()
    await claim(project, 'TKT-001', 'alice')
    await project.ok('update', { bundle: 'B-001', ticket: 'TKT-001', status: 'blocked', reason: 'no access' })
    expect(await claim(project, 'TKT-001', 'alice')).not.toHaveProperty('taken_over_from')
  })

  test('warns when what the ticket depends on is not done', async () => {
    const project = await startBundle(1)
    await project.ok('add', { bundle: 'B-001', title: 'b', depends_on: 'TKT-001,TKT-077,somewhere' })
    expect(await claim(project, 'TKT-002', 'alice')).toMatchObject({
      claimed: true,
      warnings: [expect.stringMatching(/not done: TKT-001 \(open\)$/)],
    })
    await finish(project, 'TKT-001', 'carol')
    await project.ok('add', { bundle: 'B-001', title: 'c', depends_on: 'TKT-001' })
    expect(await claim(project, 'TKT-003', 'alice')).not.toHaveProperty('warnings')
  })

  test('of the audit by somebody who worked in the bundle is warned of, as close will refuse it', async () => {
    const project = await startBundle(2)
    await finish(project, 'TKT-001', 'alice')
    expect(await claim(project, 'TKT-A00', 'alice')).toMatchObject({
      claimed: true,
      warnings: [expect.stringMatching(/alice worked on TKT-001.*close will refuse/)],
    })
  })

  test('keeps what people wrote in the file', async () => {
    const project = await startBundle()
    project.write({ [TICKET]: `# mind the cache\n${project.text(TICKET)}reviewer: carol # on leave\n` })
    await claim(project, 'TKT-001', 'alice')
    expect(project.text(TICKET)).toMatch(/^# mind the cache\n/)
    expect(project.text(TICKET)).toContain('reviewer: carol # on leave\n')
  })

  describe('refuses, and changes nothing:', () => {
    test('a ticket that is held, and tells by whom and since when', async () => {
      const project = await startBundle()
      await claim(project, 'TKT-001', 'alice')
      await expectNoChange(project, async () => {
        const answer = await claim(project, 'TKT-001', 'carol')
        expectRefusal(answer, 'CLAIM_CONFLICT', 'SK-TKT-006', /held by alice since 2026-03-01T12:00:00Z/)
        expect(answer).toMatchObject({ details: { claimed_by: 'alice', status: 'claimed' } })
        // The same name may be another session: it has to know that it did not win.
        expectRefusal(await claim(project, 'TKT-001', 'alice'), 'CLAIM_CONFLICT', 'SK-TKT-006')
      })
      await project.ok('update', { bundle: 'B-001', ticket: 'TKT-001', status: 'in_progress' })
      expectRefusal(await claim(project, 'TKT-001', 'carol'), 'CLAIM_CONFLICT', 'SK-TKT-006')
    })

    test.each(['done', 'failed'])('a ticket that is %s', async (status) => {
      const project = await startBundle()
      await project.ok('update', { bundle: 'B-001', ticket: 'TKT-001', status, evidence: 'seen' })
      await expectNoChange(project, async () => {
        expectRefusal(
          await claim(project, 'TKT-001', 'alice'),
          'TRANSITION_REFUSED',
          'SK-TKT-035',
          new RegExp(`is ${status}`),
        )
      })
    })

    test.each([
      ['a ticket that is not there', 'B-001', 'TKT-009', /B-001 has no TKT-009/],
      ['a ticket of no bundle', 'B-009', 'TKT-001', /there is no bundle B-009/],
    ])('%s', async (_, bundle, ticket, message) => {
      const project = await startBundle()
      await expectNoChange(project, async () => {
        expectRefusal(
          await claim(project, ticket, 'alice', bundle),
          'TICKET_NOT_FOUND',
          'SK-TKT-002',
          message,
        )
      })
      expect(project.has(`.tkt/locks/${bundle === 'B-009' ? 'B-009' : 'TKT-009'}`)).toBe(false)
    })

    test.each([
      ['no agent', 'TKT-001', '', /missing: --agent/],
      ['a name of two lines', 'TKT-001', 'a\nb', /--agent must be one line/],
      ['a path', '../../x', 'alice', /--ticket must be a ticket id/],
    ])('%s', async (_, ticket, agent, message) => {
      const project = await startBundle()
      expectRefusal(await claim(project, ticket, agent), 'INPUT_INVALID', 'SK-TKT-014', message)
    })

    test('a ticket of a closed bundle', async () => {
      const project = await startBundle()
      await finishAll(project)
      await project.ok('close-bundle', { bundle: 'B-001' })
      expectRefusal(await claim(project, 'TKT-001', 'alice'), 'BUNDLE_CLOSED', 'SK-TKT-039')
    })

    test('a folder that lost its bundle file, and a store that is not there', async () => {
      const project = await startBundle()
      project.write({ '.tkt/bundles/B-002/TKT-001.yaml': 'title: x\nstatus: open\n' })
      expectRefusal(await claim(project, 'TKT-001', 'alice', 'B-002'), 'BUNDLE_NOT_FOUND', 'SK-TKT-018')
      expectRefusal(
        await claim(openProject(projectFolder()), 'TKT-001', 'alice'),
        'NOT_INITIALISED',
        'SK-TKT-018',
      )
    })

    test('while somebody else changes the bundle for too long', async () => {
      const project = await startBundle()
      const answer = await project.whileLocked('B-001', () => claim(project, 'TKT-001', 'alice'))
      expectRefusal(answer, 'LOCK_TIMEOUT', 'SK-TKT-017', /held by process \d+/)
      expect(project.yaml(TICKET).status).toBe('open')
    })
  })
})
