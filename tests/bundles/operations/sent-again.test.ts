/** Commands that bear a key: done once, told again, and nobody else's. */
import { describe, expect, test } from 'vitest'
import type { RawInput } from '../../../src/operation/input.ts'
import {
  addBundle,
  at,
  rowsAt,
  expectNoChange,
  expectRefusal,
  openProject,
  startBundle,
  startProject,
  type Project,
} from '../../support/bundles.ts'
import { projectFolder } from '../../support/project.ts'

const idempotency_key = '01J-run-7'

/** Each creates or claims something; without a key it would do so again, or be refused the second time. */
const COMMANDS: readonly (readonly [name: string, raw: RawInput])[] = [
  ['create-bundle', { goal: 'Ship it twice', agent: 'alice' }],
  ['create-bundle', { source_plan: 'plan.md' }],
  ['add', { bundle: 'B-001', title: 'One more', agent: 'alice' }],
  ['claim', { bundle: 'B-001', ticket: 'TKT-001', agent: 'alice' }],
  ['claim', { bundle: 'B-001', ticket: 'TKT-000', agent: 'alice' }],
  ['next', { agent: 'alice', claim: true }],
  ['express', { action: 'create', title: 'Small', acceptance: 'done' }],
  ['express', { action: 'claim', ticket_id: 'EXP-001', agent: 'alice' }],
  ['express', { action: 'close', ticket_id: 'EXP-001', evidence: 'seen' }],
  ['express', { action: 'close', ticket_id: 'EXP-001', evidence: 'it grew', files_changed: 9 }],
]

async function begin(): Promise<Project> {
  const project = await startBundle(2, { 'plan.md': '# Plan\n\n- [ ] First\n- [ ] Second\n' })
  await project.ok('express', { title: 'Small', acceptance: 'done' })
  return project
}

describe.each(COMMANDS)('%s %j under a key', (name, raw) => {
  test('is done once, and told the same when it is sent again', async () => {
    const project = await begin()
    const { warnings: _, ...first } = await project.ok(name, { ...raw, idempotency_key })
    expect(first).not.toHaveProperty('replayed')
    project.wait(60)
    await expectNoChange(project, async () => {
      expect(await project.ok(name, { ...raw, idempotency_key })).toEqual({ ...first, replayed: true })
    })
    expect(await project.ok('doctor')).toMatchObject({ healthy: true })
  })

  test('is refused under the key of another command, and changes nothing', async () => {
    const project = await begin()
    await project.ok('add', { bundle: 'B-001', title: 'Another', idempotency_key })
    await expectNoChange(project, async () => {
      const refused = await project.run(name, { ...raw, idempotency_key })
      expectRefusal(refused, 'IDEMPOTENCY_KEY_REUSED', 'SK-TKT-086')
      expect(refused).toMatchObject({
        message: `--idempotency-key ${idempotency_key} was given at 2026-03-01T12:00:00.000Z to another add`,
        details: {
          ...{ field: 'idempotency_key', value: idempotency_key, operation: 'add' },
          at: '2026-03-01T12:00:00.000Z',
        },
      })
    })
    expect(await project.ok(name, { ...raw, idempotency_key: 'another' })).not.toHaveProperty('replayed')
  })

  test('is anew when nothing came of it', async () => {
    const project = openProject(projectFolder({ 'plan.md': '# Plan\n\n- [ ] First\n' }))
    if (raw.action === 'create') return // the one that starts a store by itself
    expect(await project.run(name, { ...raw, idempotency_key })).toMatchObject({ ok: false })
    await project.ok('init-roadmap', { project: 'demo' })
    await project.ok('create-bundle', { goal: 'Ship it' })
    await project.ok('add', { bundle: 'B-001', title: 'Part 1', idempotency_key: 'other' })
    await project.ok('express', { title: 'Small', acceptance: 'done' })
    expect(await project.ok(name, { ...raw, idempotency_key })).not.toHaveProperty('replayed')
    expect(await project.ok(name, { ...raw, idempotency_key })).toMatchObject({ replayed: true })
  })
})

describe('the same key', () => {
  test('names a command of one agent, one session and one input', async () => {
    const project = await startBundle(2)
    const asked = { bundle: 'B-001', ticket: 'TKT-001', agent: 'alice', idempotency_key }
    project.world.environment.TKT_SESSION_ID = 's1'
    await project.ok('claim', asked)
    for (const other of [{ agent: 'bob' }, { ticket: 'TKT-002' }, { session_id: 's2' }, { take_over: true }])
      expectRefusal(
        await project.run('claim', { ...asked, ...other }),
        'IDEMPOTENCY_KEY_REUSED',
        'SK-TKT-086',
        /another claim/,
      )
    expect(await project.ok('claim', { ...asked, session_id: 's1' })).toMatchObject({ replayed: true })
    project.world.environment.TKT_SESSION_ID = 's2'
    expectRefusal(await project.run('claim', asked), 'IDEMPOTENCY_KEY_REUSED', 'SK-TKT-086')
  })

  test('asks anew as long as there was nothing to claim', async () => {
    const project = await startProject()
    const asked = { agent: 'alice', claim: true, idempotency_key }
    expect(await project.ok('next', asked)).toMatchObject({ ticket: null, claimed: false })
    await addBundle(project, 1)
    expect(await project.ok('next', asked)).toMatchObject({ ticket: 'TKT-001', claimed: true })
    await project.ok('add', { bundle: 'B-001', title: 'Part 2' })
    expect(await project.ok('next', asked)).toMatchObject({ ticket: 'TKT-001', replayed: true })
  })

  test('is no use where nothing is changed', async () => {
    const project = await startBundle(1)
    for (const [name, raw] of [
      ['next', { agent: 'alice' }],
      ['create-bundle', { goal: 'g', dry_run: true }],
      ['express', { action: 'list' }],
    ] as const) {
      await expectNoChange(project, () => project.ok(name, { ...raw, idempotency_key }))
      expect(await project.ok(name, { ...raw, idempotency_key })).not.toHaveProperty('replayed')
    }
  })

  test('is told what the plan gave, also when the plan is gone', async () => {
    const project = await startBundle(0, { 'plan.md': '# Plan\n\n- [ ] First\n' })
    const asked = { source_plan: 'plan.md', idempotency_key }
    const first = await project.ok('create-bundle', asked)
    project.write({ 'plan.md': '# Another plan\n' })
    expect(await project.ok('create-bundle', asked)).toEqual({ ...first, replayed: true })
  })
})

describe('a claim that is told again', () => {
  const asked = { bundle: 'B-001', ticket: 'TKT-001', agent: 'alice', idempotency_key }
  const over = (says: string) => [`the claim that is told again is over: its ticket is ${says}`]

  test('stands while its holder works on it', async () => {
    const project = await startBundle(1)
    await project.ok('claim', asked)
    for (const status of ['in_progress', 'blocked']) {
      await project.ok('update', { bundle: 'B-001', ticket: 'TKT-001', status, agent: 'alice', reason: 'so' })
      const told = await project.ok('claim', asked)
      expect(told).toMatchObject({ replayed: true, claim_no: 1 })
      expect(told).not.toHaveProperty('warnings')
    }
  })

  test('is told to be over when it is', async () => {
    const project = await startBundle(1)
    await project.ok('claim', asked)
    await project.ok('release', { bundle: 'B-001', ticket: 'TKT-001', agent: 'alice' })
    expect(await project.ok('claim', asked)).toMatchObject({
      claim_no: 1,
      warnings: over('open, at claim 1'),
    })
    await project.ok('claim', { ...asked, agent: 'bob', idempotency_key: 'bobs' })
    expect(await project.ok('claim', asked)).toMatchObject({
      ...{ claim_no: 1, agent: 'alice', warnings: over('claimed, at claim 2') },
    })
    await project.ok('update', { bundle: 'B-001', ticket: 'TKT-001', status: 'done', evidence: 'it works' })
    expect(await project.ok('claim', { ...asked, agent: 'bob', idempotency_key: 'bobs' })).toMatchObject({
      ...{ replayed: true, claim_no: 2, warnings: over('done, at claim 2') },
    })
  })

  test('leaves the log of its ticket with one entry, which bears its mark', async () => {
    const project = await startBundle(1)
    await project.ok('claim', asked)
    await project.ok('claim', asked)
    const ticket = project.yaml('.tkt/bundles/B-001/TKT-001.yaml')
    expect(rowsAt(ticket, 'transition_log')).toHaveLength(1)
    expect(at(ticket, 'transition_log.0.request')).toMatch(/./)
  })
})
