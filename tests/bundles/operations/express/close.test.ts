import { describe, expect, test } from 'vitest'
import {
  expectNoChange,
  expectRefusal,
  startProject,
  type Fields,
  type Project,
  at,
} from '../../../support/bundles.ts'

const TICKET = '.tkt/express/EXP-001.yaml'
const close = (project: Project, raw: Fields = {}, texts = {}) =>
  project.run('express', { action: 'close', ticket_id: 'EXP-001', ...raw }, texts)

async function created(raw: Fields = {}, files?: Readonly<Record<string, string>>): Promise<Project> {
  const project = await startProject(files)
  await project.ok('express', {
    title: 'Fix a typo',
    acceptance: ['it reads well', 'nothing else changed'],
    ...raw,
  })
  return project
}

describe('express close', () => {
  test('finishes a claimed ticket with its evidence', async () => {
    const project = await created()
    await project.ok('express', { action: 'claim', ticket_id: 'EXP-001', agent: 'alice' })
    project.wait(60)
    expect(await close(project, { evidence: 'grep finds none', files_changed: 3 })).toEqual({
      ok: true,
      closed: true,
      ticket_id: 'EXP-001',
      status: 'done',
      files_changed: 3,
    })
    expect(project.yaml(TICKET)).toMatchObject({
      status: 'done',
      claimed_by: 'alice',
      completed_at: '2026-03-01T12:01:00Z',
      result: { evidence: 'grep finds none', summary: null },
    })
    expect(at(project.yaml(TICKET), 'transition_log.-1')).toMatchObject({
      from: 'claimed',
      to: 'done',
      agent: 'alice',
    })
    expect(project.history().at(-1)).toBe(
      'EXPRESS_CLOSED ticket=EXP-001 files_changed=3 agent=alice from=claimed to=done',
    )
  })

  test('finishes a ticket that nobody claimed, and does not know how many files changed', async () => {
    const project = await created()
    const answer = await close(project, { evidence_file: 'out' }, { out: 'two lines\nof proof\n' })
    expect(answer).toEqual({ ok: true, closed: true, ticket_id: 'EXP-001', status: 'done' })
    expect(at(project.yaml(TICKET), 'result.evidence')).toBe('two lines\nof proof')
    expect(project.history().at(-1)).toBe(
      'EXPRESS_CLOSED ticket=EXP-001 files_changed=unknown from=open to=done',
    )
  })

  test('more than three files make it a bundle with one open worker', async () => {
    const fields = {
      category: 'quick',
      effort_estimate: '30m',
      agent_type: 'deep',
      wave: '2',
      source_plan: 'plan.md',
      source_ticket_index: '4',
    }
    const project = await created(fields)
    await project.ok('express', { action: 'claim', ticket_id: 'EXP-001', agent: 'alice' })
    expect(
      await close(project, { evidence: 'touched the parser too', files_changed: 4, agent: 'alice' }),
    ).toEqual({
      ok: true,
      closed: true,
      ticket_id: 'EXP-001',
      status: 'done',
      files_changed: 4,
      upgraded: true,
      bundle_id: 'B-001',
      worker_ticket: 'TKT-001',
    })
    expect(project.yaml(TICKET)).toMatchObject({
      status: 'done',
      result: {
        summary: expect.stringContaining('B-001/TKT-001') as string,
        evidence: 'touched the parser too',
      },
      upgraded_to_bundle: 'B-001',
      upgraded_to_ticket: 'TKT-001',
      upgraded_reason: expect.stringMatching(/4 files.*>3/) as string,
    })
    expect(project.yaml('.tkt/bundles/B-001/bundle.yaml')).toMatchObject({
      title: 'Fix a typo',
      status: 'open',
      ticket_count: 3,
    })
    expect(project.yaml('.tkt/bundles/B-001/TKT-001.yaml')).toMatchObject({
      title: 'Fix a typo',
      description: 'Fix a typo',
      acceptance_criteria: ['it reads well'],
      status: 'open',
      claimed_by: null,
      category: 'quick',
      effort_estimate: '30m',
      agent_type: 'deep',
      wave: 2,
      source_plan: 'plan.md',
      source_ticket_index: 4,
      result: { evidence: null },
    })
    expect(project.has('.tkt/bundles/B-001/TKT-A00.yaml')).toBe(true)
    expect(project.history().slice(-4)).toEqual([
      'BUNDLE_CREATED id=B-001 goal="Fix a typo" agent=alice to=open',
      'TICKET_ADDED bundle=B-001 ticket=TKT-001 title="Fix a typo" agent=alice to=open',
      'EXPRESS_UPGRADED ticket=EXP-001 files_changed=4 bundle=B-001 worker_ticket=TKT-001 agent=alice from=claimed to=done',
      'EXPRESS_CLOSED ticket=EXP-001 files_changed=4 agent=alice from=claimed to=done',
    ])
  })

  test('the bundle of an upgrade has no audit when the project wants none', async () => {
    const project = await created({}, { 'config/tkt.yaml': 'bundle: {auto_audit: false}\n' })
    await close(project, { evidence: 'seen', files_changed: 9 })
    expect(project.has('.tkt/bundles/B-001/TKT-A00.yaml')).toBe(false)
    expect(project.yaml('.tkt/bundles/B-001/bundle.yaml').ticket_count).toBe(2)
  })

  test.each([
    ['no evidence', {}, 'EVIDENCE_REQUIRED', 'SK-TKT-030', /without evidence/],
    ['blank evidence', { evidence: '   ' }, 'EVIDENCE_REQUIRED', 'SK-TKT-030', /./],
    ['an empty evidence file', { evidence_file: 'empty' }, 'EVIDENCE_REQUIRED', 'SK-TKT-030', /./],
    [
      'two evidences',
      { evidence: 'a', evidence_file: 'b' },
      'INPUT_INVALID',
      'SK-TKT-014',
      /--evidence-file/,
    ],
    [
      'a negative count',
      { evidence: 'a', files_changed: '-1' },
      'INPUT_INVALID',
      'SK-TKT-014',
      /--files-changed/,
    ],
    [
      'a count that is none',
      { evidence: 'a', files_changed: 'many' },
      'INPUT_INVALID',
      'SK-TKT-014',
      /whole number/,
    ],
    ['no ticket', { ticket_id: '', evidence: 'a' }, 'INPUT_INVALID', 'SK-TKT-014', /--ticket-id is missing/],
    [
      'an unknown ticket',
      { ticket_id: 'EXP-009', evidence: 'a' },
      'TICKET_NOT_FOUND',
      'SK-TKT-002',
      /EXP-009/,
    ],
    [
      'another agent',
      { evidence: 'a', agent: 'bob' },
      'NOT_OWNER',
      'SK-TKT-010',
      /held by alice, not by bob/,
    ],
  ])('refuses %s, and changes nothing', async (_, raw, error, code, message) => {
    const project = await created()
    await project.ok('express', { action: 'claim', ticket_id: 'EXP-001', agent: 'alice' })
    await expectNoChange(project, async () => {
      expectRefusal(await close(project, raw, { empty: '\n\n' }), error, code, message)
    })
  })

  test('refuses a second time, whatever the evidence', async () => {
    const project = await created()
    await close(project, { evidence: 'seen' })
    await expectNoChange(project, async () => {
      expectRefusal(
        await close(project, { evidence: 'again', files_changed: 9 }),
        'EXPRESS_NOT_OPEN',
        'SK-TKT-019',
        /is done/,
      )
      expectRefusal(await close(project), 'EXPRESS_NOT_OPEN', 'SK-TKT-019')
    })
  })

  test('an upgrade waits for other new bundles, but not for ever', async () => {
    const project = await created()
    const answer = await project.whileLocked('bundles', () =>
      close(project, { evidence: 'seen', files_changed: 9 }),
    )
    expectRefusal(answer, 'LOCK_TIMEOUT', 'SK-TKT-017', /lock bundles/)
    expect(project.yaml(TICKET).status).toBe('open')
    expect(project.has('.tkt/bundles/B-001')).toBe(false)
  })
})
