import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  expectNoChange,
  expectRefusal,
  finish,
  finishAll,
  openProject,
  startBundle,
  type Fields,
  at,
} from '../../support/bundles.ts'
import { projectFolder } from '../../support/project.ts'

const T = { bundle: 'B-001', ticket: 'TKT-001' }
const TICKET = '.tkt/bundles/B-001/TKT-001.yaml'

describe('a ticket that every bundle has, whose file is gone', () => {
  test.each(['TKT-000', 'TKT-A00'])('is made anew: %s', async (ticket) => {
    const project = await startBundle(1)
    const path = `.tkt/bundles/B-001/${ticket}.yaml`
    const before = project.yaml(path)
    rmSync(join(project.root, path))
    const answer = await project.ok('reopen', { bundle: 'B-001', ticket, reason: 'lost', agent: 'maria' })
    expect(answer).toMatchObject({ reopened: `B-001/${ticket}`, from: 'missing', status: 'open' })
    const log = { from: 'missing', to: 'open', agent: 'maria', reason: 'lost' }
    expect(project.yaml(path)).toMatchObject({ ...before, transition_log: [log] })
    await finishAll(project)
    await project.ok('close-bundle', { bundle: 'B-001' })
    expect(project.yaml('.tkt/bundles/B-001/bundle.yaml')).toMatchObject({ ticket_count: 3 })
  })

  test('is not, where the bundle was made without an audit', async () => {
    const project = await startBundle(1, { 'config/tkt.yaml': 'bundle: {auto_audit: false}\n' })
    const answer = await project.run('reopen', { bundle: 'B-001', ticket: 'TKT-A00', reason: 'x' })
    expect(answer).toMatchObject({ error: 'TICKET_NOT_FOUND' })
  })
})

describe('reopen a ticket', () => {
  test.each([
    ['claimed', []],
    ['in_progress', [{ status: 'in_progress' }]],
    ['blocked', [{ status: 'blocked', reason: 'no access' }]],
    ['done', [{ status: 'done', evidence: 'seen' }]],
    ['failed', [{ status: 'failed', summary: 'gave up' }]],
  ] as readonly (readonly [string, readonly Fields[]])[])(
    'that is %s: free to be claimed, the reason on record',
    async (from, moves) => {
      const project = await startBundle()
      await project.ok('claim', { ...T, agent: 'alice' })
      for (const move of moves) await project.ok('update', { ...T, ...move })
      const { result } = project.yaml(TICKET)
      project.wait(60)
      expect(await project.run('reopen', { ...T, reason: 'alice is gone', agent: 'maria' })).toEqual({
        ok: true,
        reopened: 'B-001/TKT-001',
        from,
        status: 'open',
      })
      expect(project.yaml(TICKET)).toMatchObject({
        status: 'open',
        claimed_by: null,
        claimed_at: null,
        started_at: null,
        completed_at: null,
        result: result as object,
      })
      expect(at(project.yaml(TICKET), 'transition_log.-1')).toEqual({
        from,
        to: 'open',
        timestamp: '2026-03-01T12:01:00Z',
        agent: 'maria',
        reason: 'alice is gone',
      })
      expect(project.history().at(-1)).toBe(
        `TICKET_REOPENED bundle=B-001 ticket=TKT-001 reason="alice is gone" agent=maria from=${from} to=open`,
      )
      await project.ok('claim', { ...T, agent: 'carol' })
    },
  )

  test('does not make its earlier worker an independent auditor', async () => {
    const project = await startBundle()
    await finish(project, 'TKT-001', 'alice')
    await project.ok('reopen', { ...T, reason: 'not good enough' })
    await finish(project, 'TKT-001', 'carol')
    await finish(project, 'TKT-A00', 'alice')
    expectRefusal(
      await project.run('close-bundle', { bundle: 'B-001' }),
      'AUDIT_NOT_INDEPENDENT',
      'SK-TKT-031',
      /alice worked on TKT-001/,
    )
  })
})

describe('reopen a bundle', () => {
  test('makes it workable again; TKT-000 opens with it, and the review stays', async () => {
    const project = await startBundle()
    await finish(project, 'TKT-001', 'alice')
    await finish(project, 'TKT-A00', 'bob')
    await project.ok('claim', { bundle: 'B-001', ticket: 'TKT-000', agent: 'maria' })
    await project.ok('close-bundle', { bundle: 'B-001' })
    expect(await project.run('reopen', { bundle: 'B-001', reason: 'the merge broke the build' })).toEqual({
      ok: true,
      reopened: 'B-001',
      from: 'closed',
      status: 'in_progress',
    })
    expect(project.yaml('.tkt/bundles/B-001/bundle.yaml')).toMatchObject({
      status: 'in_progress',
      closed_at: null,
      main_agent: null,
    })
    expect(project.yaml('.tkt/bundles/B-001/TKT-000.yaml')).toMatchObject({
      status: 'open',
      claimed_by: null,
    })
    expect(project.yaml(TICKET)).toMatchObject({ status: 'done', claimed_by: 'alice' })
    expect(project.has('.tkt/bundles/B-001/review.yaml')).toBe(true)
    expect(project.history().at(-1)).toBe(
      'BUNDLE_REOPENED bundle=B-001 reason="the merge broke the build" from=closed to=in_progress',
    )
    await project.ok('add', { bundle: 'B-001', title: 'Mend the build' })
    await finish(project, 'TKT-002', 'carol')
    await project.ok('close-bundle', { bundle: 'B-001' })
    expect(project.yaml('.tkt/bundles/B-001/review.yaml').tickets_completed).toBe(4)
  })
})

describe('reopen an express ticket', () => {
  test.each(['claim', 'close'])('after %s', async (action) => {
    const project = await startBundle()
    await project.ok('express', { title: 'Fix a typo', acceptance: 'it reads well' })
    await project.ok('express', { action, ticket_id: 'EXP-001', agent: 'alice', evidence: 'seen' })
    const from = action === 'claim' ? 'claimed' : 'done'
    expect(await project.run('reopen', { ticket: 'EXP-001', reason: 'alice is gone' })).toEqual({
      ok: true,
      reopened: 'EXP-001',
      from,
      status: 'open',
    })
    expect(project.yaml('.tkt/express/EXP-001.yaml')).toMatchObject({
      status: 'open',
      claimed_by: null,
      completed_at: null,
    })
    expect(project.history().at(-1)).toBe(
      `EXPRESS_REOPENED ticket=EXP-001 reason="alice is gone" from=${from} to=open`,
    )
    await project.ok('express', { action: 'claim', ticket_id: 'EXP-001', agent: 'carol' })
  })
})

describe('reopen refuses, and changes nothing:', () => {
  test.each([
    ['a ticket that is open', T, 'TRANSITION_REFUSED', 'SK-TKT-035', /TKT-001 is open/],
    [
      'a bundle that is open',
      { bundle: 'B-001' },
      'TRANSITION_REFUSED',
      'SK-TKT-035',
      /B-001 is open: there is nothing to reopen/,
    ],
    [
      'an express ticket that is open',
      { ticket: 'EXP-001' },
      'TRANSITION_REFUSED',
      'SK-TKT-035',
      /EXP-001 is open/,
    ],
    ['a ticket that is not there', { ...T, ticket: 'TKT-009' }, 'TICKET_NOT_FOUND', 'SK-TKT-002', /TKT-009/],
    [
      'an express ticket that is not there',
      { ticket: 'EXP-009' },
      'TICKET_NOT_FOUND',
      'SK-TKT-002',
      /EXP-009/,
    ],
    ['a bundle that is not there', { bundle: 'B-009' }, 'BUNDLE_NOT_FOUND', 'SK-TKT-018', /B-009/],
    ['no reason', { ...T, reason: ' ' }, 'INPUT_INVALID', 'SK-TKT-014', /missing: --reason/],
    ['a ticket without its bundle', { ticket: 'TKT-001' }, 'INPUT_INVALID', 'SK-TKT-014', /name a bundle/],
  ])('%s', async (_, raw, error, code, message) => {
    const project = await startBundle()
    await project.ok('express', { title: 'Fix a typo', acceptance: 'it reads well' })
    await expectNoChange(project, async () => {
      expectRefusal(await project.run('reopen', { reason: 'because', ...raw }), error, code, message)
    })
  })

  test('a ticket of a closed bundle: the bundle comes first', async () => {
    const project = await startBundle()
    await finishAll(project)
    await project.ok('close-bundle', { bundle: 'B-001' })
    expectRefusal(
      await project.run('reopen', { ...T, reason: 'because' }),
      'BUNDLE_CLOSED',
      'SK-TKT-039',
      /B-001 is closed/,
    )
    await project.ok('reopen', { bundle: 'B-001', reason: 'because' })
    await project.ok('reopen', { ...T, reason: 'because' })
  })

  test('anything without a store, and while somebody else holds the lock', async () => {
    expectRefusal(
      await openProject(projectFolder()).run('reopen', { ...T, reason: 'x' }),
      'NOT_INITIALISED',
      'SK-TKT-018',
    )
    const project = await startBundle()
    const answer = await project.whileLocked('B-001', () => project.run('reopen', { ...T, reason: 'x' }))
    expectRefusal(answer, 'LOCK_TIMEOUT', 'SK-TKT-017')
  })
})
