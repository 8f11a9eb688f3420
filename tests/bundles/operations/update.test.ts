import { describe, expect, test } from 'vitest'
import {
  expectNoChange,
  expectRefusal,
  finishAll,
  openProject,
  startBundle,
  type Fields,
  type Project,
  at,
} from '../../support/bundles.ts'
import { projectFolder } from '../../support/project.ts'

const TICKET = '.tkt/bundles/B-001/TKT-001.yaml'
const T = { bundle: 'B-001', ticket: 'TKT-001' }
const update = (project: Project, status: string, raw: Fields = {}, texts = {}) =>
  project.run('update', { ...T, status, ...raw }, texts)

async function claimed(): Promise<Project> {
  const project = await startBundle()
  await project.ok('claim', { ...T, agent: 'alice' })
  return project
}

describe('update', () => {
  test('starts, then finishes a ticket; the first update starts the bundle', async () => {
    const project = await claimed()
    project.wait(60)
    expect(await update(project, 'in_progress', { agent: 'alice' })).toEqual({
      ok: true,
      ticket_id: 'TKT-001',
      new_status: 'in_progress',
    })
    expect(project.yaml(TICKET)).toMatchObject({ started_at: '2026-03-01T12:01:00Z', completed_at: null })
    expect(project.yaml('.tkt/bundles/B-001/bundle.yaml').status).toBe('in_progress')
    project.wait(60)
    expect(await update(project, 'done', { summary: 'it counts', evidence: '50 of 50' })).toEqual({
      ok: true,
      ticket_id: 'TKT-001',
      new_status: 'done',
    })
    expect(project.yaml(TICKET)).toMatchObject({
      status: 'done',
      claimed_by: 'alice',
      started_at: '2026-03-01T12:01:00Z',
      completed_at: '2026-03-01T12:02:00Z',
      result: { summary: 'it counts', artifacts: [], notes: null, evidence: '50 of 50' },
    })
    expect(project.yaml(TICKET).transition_log).toEqual([
      { from: 'open', to: 'claimed', timestamp: '2026-03-01T12:00:00Z', agent: 'alice' },
      { from: 'claimed', to: 'in_progress', timestamp: '2026-03-01T12:01:00Z', agent: 'alice' },
      { from: 'in_progress', to: 'done', timestamp: '2026-03-01T12:02:00Z', agent: 'alice' },
    ])
    expect(project.history().at(-1)).toBe(
      'TICKET_UPDATED bundle=B-001 ticket=TKT-001 status=done agent=alice from=in_progress to=done',
    )
  })

  test('finishes an open ticket that nobody claimed, as published', async () => {
    const project = await startBundle()
    await project.ok('update', { ...T, status: 'done', evidence: 'seen' })
    expect(project.yaml(TICKET)).toMatchObject({
      status: 'done',
      claimed_by: null,
      transition_log: [{ from: 'open', agent: null }],
    })
    expect(project.history().at(-1)).toBe(
      'TICKET_UPDATED bundle=B-001 ticket=TKT-001 status=done from=open to=done',
    )
  })

  test('keeps evidence word for word, without the line breaks at its end', async () => {
    const project = await claimed()
    const output = '  ✓ 50 of 50\n\n\tcolons: "quotes" \\ # no comment\nlast line'
    await update(project, 'done', { evidence_file: 'out.txt' }, { 'out.txt': `${output}\n\n` })
    expect(at(project.yaml(TICKET), 'result.evidence')).toBe(output)
  })

  test('keeps what was said before when nothing new is said', async () => {
    const project = await claimed()
    await update(project, 'in_progress', { summary: 'half way' })
    await update(project, 'blocked', { reason: 'no access', summary: '' })
    expect(project.yaml(TICKET).result).toMatchObject({ summary: 'half way', notes: 'no access' })
    await project.ok('claim', { ...T, agent: 'alice' })
    await update(project, 'in_progress')
    expect(project.yaml(TICKET)).toMatchObject({
      started_at: '2026-03-01T12:00:00Z',
      result: { notes: 'no access' },
    })
  })

  test('lets the main agent act for a worker, but not for the auditor', async () => {
    const project = await claimed()
    await project.ok('claim', { ...T, ticket: 'TKT-000', agent: 'maria' })
    await project.ok('claim', { ...T, ticket: 'TKT-A00', agent: 'bob' })
    await project.ok('update', { ...T, status: 'failed', agent: 'maria', reason: 'alice is gone' })
    expect(project.yaml(TICKET)).toMatchObject({
      status: 'failed',
      completed_at: '2026-03-01T12:00:00Z',
      result: { notes: 'alice is gone' },
    })
    expect(at(project.yaml(TICKET), 'transition_log.-1')).toMatchObject({ to: 'failed', agent: 'maria' })
    const answer = await project.run('update', {
      ...T,
      ticket: 'TKT-A00',
      status: 'done',
      agent: 'maria',
      evidence: 'trust me',
    })
    expectRefusal(answer, 'NOT_OWNER', 'SK-TKT-010', /TKT-A00 is held by bob, not by maria/)
  })

  test('takes who took TKT-000 over for the coordinator, not who had it first', async () => {
    const project = await claimed()
    await project.ok('claim', { ...T, ticket: 'TKT-000', agent: 'maria' })
    await project.ok('update', { ...T, ticket: 'TKT-000', status: 'blocked', reason: 'ill' })
    await project.ok('claim', { ...T, ticket: 'TKT-000', agent: 'mario' })
    expectRefusal(await update(project, 'failed', { agent: 'maria' }), 'NOT_OWNER', 'SK-TKT-010')
    expect(await update(project, 'failed', { agent: 'mario' })).toMatchObject({ new_status: 'failed' })
  })

  describe('allows of all moves these:', () => {
    const ways: Record<string, readonly Fields[]> = {
      open: [],
      claimed: [{ status: 'claimed' }],
      in_progress: [{ status: 'claimed' }, { status: 'in_progress' }],
      blocked: [{ status: 'claimed' }, { status: 'blocked', reason: 'x' }],
      done: [{ status: 'done', evidence: 'x' }],
      failed: [{ status: 'failed' }],
    }
    const allowed: Record<string, string> = {
      open: 'done failed',
      claimed: 'in_progress done failed blocked',
      in_progress: 'done failed blocked',
      blocked: 'failed',
      done: '',
      failed: '',
    }
    test.each(Object.keys(ways))('from %s', async (from) => {
      for (const to of ['open', 'claimed', 'in_progress', 'done', 'failed', 'blocked', 'flying']) {
        const project = await startBundle()
        for (const { status, ...raw } of ways[from] ?? []) {
          if (status === 'claimed') await project.ok('claim', { ...T, agent: 'alice' })
          else await project.ok('update', { ...T, status: status as string, ...raw })
        }
        const before = project.yaml(TICKET)
        const answer = await update(project, to, { evidence: 'seen', reason: 'because' })
        if (allowed[from]?.split(' ').includes(to) === true)
          expect(answer).toMatchObject({ ok: true, new_status: to })
        else {
          expectRefusal(
            answer,
            'TRANSITION_REFUSED',
            'SK-TKT-035',
            new RegExp(`TKT-001 is ${from}: it cannot become ${to}`),
          )
          expect(project.yaml(TICKET)).toEqual(before)
        }
      }
    })
  })

  describe('refuses, and changes nothing:', () => {
    test.each([
      [
        'done without evidence',
        'done',
        {},
        'EVIDENCE_REQUIRED',
        'SK-TKT-030',
        /TKT-001 cannot be done without evidence/,
      ],
      ['done with blank evidence', 'done', { evidence: ' \n ' }, 'EVIDENCE_REQUIRED', 'SK-TKT-030', /./],
      [
        'done with a blank evidence file',
        'done',
        { evidence_file: 'blank' },
        'EVIDENCE_REQUIRED',
        'SK-TKT-030',
        /./,
      ],
      [
        'done with an empty evidence file',
        'done',
        { evidence_file: 'empty' },
        'EVIDENCE_REQUIRED',
        'SK-TKT-030',
        /./,
      ],
      [
        'two evidences',
        'done',
        { evidence: 'a', evidence_file: 'b' },
        'INPUT_INVALID',
        'SK-TKT-014',
        /--evidence and --evidence-file/,
      ],
      ['blocked without a reason', 'blocked', {}, 'INPUT_INVALID', 'SK-TKT-014', /--reason is missing/],
      [
        'another agent',
        'in_progress',
        { agent: 'carol' },
        'NOT_OWNER',
        'SK-TKT-010',
        /held by alice, not by carol/,
      ],
      ['no status', '', {}, 'INPUT_INVALID', 'SK-TKT-014', /missing: --status/],
      ['an unknown ticket', 'done', { ticket: 'TKT-009' }, 'TICKET_NOT_FOUND', 'SK-TKT-002', /no TKT-009/],
      ['an unknown bundle', 'done', { bundle: 'B-009' }, 'TICKET_NOT_FOUND', 'SK-TKT-002', /no bundle B-009/],
      ['a path for a ticket', 'done', { ticket: '../evil' }, 'INPUT_INVALID', 'SK-TKT-014', /ticket id/],
    ])('%s', async (_, status, raw, error, code, message) => {
      const project = await claimed()
      await expectNoChange(project, async () => {
        expectRefusal(
          await update(project, status, raw, { blank: ' \n\t\n', empty: '\n' }),
          error,
          code,
          message,
        )
      })
    })

    test('the move before the evidence, the evidence before the reason', async () => {
      const project = await startBundle()
      expectRefusal(await update(project, 'blocked'), 'TRANSITION_REFUSED', 'SK-TKT-035')
      await update(project, 'failed')
      expectRefusal(await update(project, 'done'), 'TRANSITION_REFUSED', 'SK-TKT-035', /from|is failed/)
    })

    test('a ticket of a closed bundle', async () => {
      const project = await startBundle()
      await finishAll(project)
      await project.ok('close-bundle', { bundle: 'B-001' })
      expectRefusal(await update(project, 'failed'), 'BUNDLE_CLOSED', 'SK-TKT-039')
    })

    test('a folder that lost its bundle file, and a store that is not there', async () => {
      const project = await startBundle()
      project.write({ '.tkt/bundles/B-002/TKT-001.yaml': 'title: x\nstatus: open\n' })
      expectRefusal(await update(project, 'failed', { bundle: 'B-002' }), 'BUNDLE_NOT_FOUND', 'SK-TKT-018')
      expectRefusal(await update(openProject(projectFolder()), 'failed'), 'NOT_INITIALISED', 'SK-TKT-018')
    })

    test('while somebody else changes the bundle for too long', async () => {
      const project = await claimed()
      const answer = await project.whileLocked('B-001', () => update(project, 'in_progress'))
      expectRefusal(answer, 'LOCK_TIMEOUT', 'SK-TKT-017')
    })
  })
})
