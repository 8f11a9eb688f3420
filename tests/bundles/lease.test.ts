import { describe, expect, test } from 'vitest'
import {
  at,
  expectNoChange,
  expectRefusal,
  startBundle,
  startProject,
  type Project,
} from '../support/bundles.ts'

const T1 = { bundle: 'B-001', ticket: 'TKT-001' }
const FILE = '.tkt/bundles/B-001/TKT-001.yaml'
const HOUR = 3600

/** alice claims TKT-001, and nothing is heard of her for so many seconds. */
async function leftAlone(seconds: number, config = ''): Promise<Project> {
  const project = await startBundle(2, { 'config/tkt.yaml': config })
  await project.ok('claim', { ...T1, agent: 'alice' })
  project.wait(seconds)
  return project
}

describe('a claim whose holder is silent for longer than stale.idle_timeout_minutes', () => {
  test('is shown as stale', async () => {
    const project = await leftAlone(HOUR + 60)
    const status = await project.ok('bundle-status', { bundle: 'B-001' })
    expect(status).toMatchObject({ stale: 1 })
    expect(at(status, 'tickets.1')).toMatchObject({ stale: true, idle_minutes: 61, claimed_by: 'alice' })
  })

  test('is taken over by --take-over, on the record; the late one is told who has it now', async () => {
    const project = await leftAlone(2 * HOUR)
    expectRefusal(
      await project.run('claim', { ...T1, agent: 'bob' }),
      'CLAIM_CONFLICT',
      'SK-TKT-006',
      /nothing was heard/,
    )
    expect(await project.ok('claim', { ...T1, agent: 'bob', take_over: true })).toMatchObject({
      claim_no: 2,
      taken_over_from: 'alice',
      lease_until: '2026-03-01T15:00:00Z',
    })
    const reason = 'taken over from alice: no sign of life since 2026-03-01T12:00:00Z'
    expect(project.yaml(FILE)).toMatchObject({
      claimed_by: 'bob',
      transition_log: [{ agent: 'alice' }, { from: 'claimed', to: 'claimed', agent: 'bob', reason }],
    })
    expect(project.history().at(-1)).toContain(`claim_no=2 taken_over_from=alice reason="${reason}"`)
    const late = { ...T1, status: 'done', evidence: 'it works' }
    await expectNoChange(project, async () => {
      const byNumber = await project.run('update', { ...late, agent: 'alice', claim_no: 1 })
      expectRefusal(byNumber, 'CLAIM_LOST', 'SK-TKT-042', /bob has it since .* \(claim 2, claimed\)/)
      expectRefusal(await project.run('update', { ...late, agent: 'alice' }), 'NOT_OWNER', 'SK-TKT-010')
      expectRefusal(await project.run('update', late), 'CLAIM_LOST', 'SK-TKT-042')
    })
    await project.ok('update', { ...late, agent: 'bob', claim_no: 2 })
    const afterwards = await project.run('update', { ...late, agent: 'alice', claim_no: 1 })
    expectRefusal(afterwards, 'CLAIM_LOST', 'SK-TKT-042', /bob has it .* \(claim 2, done\)/)
  })

  test('is not offered by next unless that is asked for, and next says so when there is nothing else', async () => {
    const project = await leftAlone(2 * HOUR)
    await project.ok('claim', { ...T1, ticket: 'TKT-002', agent: 'carol' })
    expect(await project.ok('next', { agent: 'bob', claim: true })).toMatchObject({
      ...{ ticket: null, claimed: false, stale: ['B-001/TKT-001'] },
      reason: 'nothing is free, but claims are stale: --take-over offers them',
    })
    expect(await project.ok('next', { agent: 'bob', claim: true, take_over: true })).toMatchObject({
      ...{ ticket: 'TKT-001', claimed: true, claim_no: 2, taken_over_from: 'alice' },
    })
  })

  test('is taken by claim and next of themselves under stale.auto_revert', async () => {
    const project = await leftAlone(2 * HOUR, 'stale: {auto_revert: true}\n')
    expect(await project.ok('next', { agent: 'bob', claim: true })).toMatchObject({
      taken_over_from: 'alice',
    })
    project.wait(2 * HOUR)
    expect(await project.ok('claim', { ...T1, agent: 'carol' })).toMatchObject({ claim_no: 3 })
  })

  test.each([
    ['asks for more work', (project: Project) => project.ok('next', { agent: 'alice' })],
    [
      'moves the ticket',
      (project: Project) => project.ok('update', { ...T1, status: 'in_progress', agent: 'alice' }),
    ],
    [
      'claims another one',
      (project: Project) => project.ok('claim', { ...T1, ticket: 'TKT-002', agent: 'alice' }),
    ],
    [
      'is refused something',
      (project: Project) => project.run('update', { ...T1, status: 'open', agent: 'alice' }),
    ],
  ])('holds for another while when its holder %s', async (_title, act) => {
    const project = await leftAlone(HOUR - 60)
    await act(project)
    project.wait(HOUR - 60)
    const answer = await project.run('claim', { ...T1, agent: 'bob', take_over: true })
    expectRefusal(answer, 'CLAIM_CONFLICT', 'SK-TKT-006')
    project.wait(120)
    await project.ok('claim', { ...T1, agent: 'bob', take_over: true })
  })

  test('never becomes stale when the timeout is 0, and tells no end of its lease', async () => {
    const project = await leftAlone(1000 * HOUR, 'stale: {idle_timeout_minutes: 0}\n')
    expectRefusal(
      await project.run('claim', { ...T1, agent: 'bob', take_over: true }),
      'CLAIM_CONFLICT',
      'SK-TKT-006',
    )
    expect(await project.ok('claim', { ...T1, ticket: 'TKT-002', agent: 'bob' })).not.toHaveProperty(
      'lease_until',
    )
  })
})

describe('two agents of one name', () => {
  test('are told apart by their sessions', async () => {
    const project = await startBundle(2)
    await project.ok('claim', { ...T1, agent: 'alice', session_id: 's1' })
    const done = { ...T1, status: 'done', evidence: 'it works', agent: 'alice' }
    const twin = await project.run('update', { ...done, session_id: 's2' })
    expectRefusal(twin, 'CLAIM_LOST', 'SK-TKT-042', /not held by session s2/)
    expect(await project.ok('next', { agent: 'alice', session_id: 's2' })).not.toHaveProperty('yours')
    expect(await project.ok('next', { agent: 'alice', session_id: 's1' })).toHaveProperty('yours')
    await project.ok('update', { ...done, session_id: 's1' })
  })

  test('and the surroundings may name the session; a twin keeps no claim alive that is not its own', async () => {
    const project = await startBundle(1)
    project.world.environment.CLAUDE_CODE_SESSION_ID = 's1'
    await project.ok('claim', { ...T1, agent: 'alice' })
    expect(project.yaml(FILE)).toMatchObject({ claim_no: 1, claimed_session: 's1' })
    project.world.environment.CLAUDE_CODE_SESSION_ID = 's2'
    project.wait(HOUR - 60)
    await project.ok('next', { agent: 'alice' })
    project.wait(120)
    expect(await project.ok('claim', { ...T1, agent: 'alice', take_over: true })).toMatchObject({
      ...{ claim_no: 2, taken_over_from: 'alice' },
    })
  })
})

test('a stale express ticket is taken over as well', async () => {
  const project = await startProject()
  await project.ok('express', { title: 'Fix', acceptance: 'it reads well' })
  const claim = { action: 'claim', ticket_id: 'EXP-001' }
  await project.ok('express', { ...claim, agent: 'alice' })
  expectRefusal(
    await project.run('express', { ...claim, agent: 'bob', take_over: true }),
    'EXPRESS_NOT_OPEN',
    'SK-TKT-019',
  )
  project.wait(2 * HOUR)
  expect(await project.ok('express', { ...claim, agent: 'bob', take_over: true })).toMatchObject({
    ...{ claim_no: 2, taken_over_from: 'alice' },
  })
  const late = { action: 'close', ticket_id: 'EXP-001', agent: 'alice', claim_no: 1, evidence: 'done' }
  expectRefusal(await project.run('express', late), 'CLAIM_LOST', 'SK-TKT-042')
})
