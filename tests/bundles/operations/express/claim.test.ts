import { describe, expect, test } from 'vitest'
import {
  expectNoChange,
  expectRefusal,
  openProject,
  startProject,
  type Project,
} from '../../../support/bundles.ts'
import { projectFolder } from '../../../support/project.ts'

const TICKET = '.tkt/express/EXP-001.yaml'

async function created(): Promise<Project> {
  const project = await startProject()
  await project.ok('express', { title: 'Fix a typo', acceptance: 'it reads well' })
  return project
}

describe('express claim', () => {
  const claim = (project: Project, agent: string, ticket_id = 'EXP-001') =>
    project.run('express', { action: 'claim', ticket_id, agent })

  test('writes holder and time, and tells the history', async () => {
    const project = await created()
    project.wait(60)
    expect(await claim(project, 'team/a')).toEqual({
      ok: true,
      claimed: true,
      ticket_id: 'EXP-001',
      status: 'claimed',
      agent: 'team/a',
      claim_no: 1,
      lease_until: '2026-03-01T13:01:00Z',
    })
    expect(project.yaml(TICKET)).toMatchObject({
      status: 'claimed',
      claimed_by: 'team/a',
      claimed_at: '2026-03-01T12:01:00Z',
      updated_at: '2026-03-01T12:01:00Z',
      transition_log: [{ from: 'open', to: 'claimed', timestamp: '2026-03-01T12:01:00Z', agent: 'team/a' }],
    })
    expect(project.history().at(-1)).toBe(
      'EXPRESS_CLAIMED ticket=EXP-001 agent=team/a claim_no=1 from=open to=claimed',
    )
  })

  test('refuses a ticket that is held or done, and tells by whom', async () => {
    const project = await created()
    await claim(project, 'alice')
    await expectNoChange(project, async () => {
      const answer = await claim(project, 'bob')
      expectRefusal(answer, 'EXPRESS_NOT_OPEN', 'SK-TKT-019', /claimed by alice since 2026/)
      expect(answer).toMatchObject({ details: { claimed_by: 'alice', status: 'claimed' } })
    })
    await project.ok('express', { action: 'close', ticket_id: 'EXP-001', evidence: 'seen' })
    expectRefusal(await claim(project, 'bob'), 'EXPRESS_NOT_OPEN', 'SK-TKT-019', /is done/)
  })

  test('refuses what is missing', async () => {
    const project = await created()
    expectRefusal(await claim(project, 'alice', 'EXP-009'), 'TICKET_NOT_FOUND', 'SK-TKT-002', /EXP-009/)
    expectRefusal(await claim(project, ''), 'INPUT_INVALID', 'SK-TKT-014', /--agent is missing/)
    expectRefusal(await claim(project, 'alice', ''), 'INPUT_INVALID', 'SK-TKT-014', /--ticket-id is missing/)
    expectRefusal(
      await claim(project, 'alice', '../EXP-001'),
      'INPUT_INVALID',
      'SK-TKT-014',
      /express ticket id/,
    )
    expectRefusal(await claim(openProject(projectFolder()), 'alice'), 'TICKET_NOT_FOUND', 'SK-TKT-002')
  })

  test('waits no longer than the lock time limit', async () => {
    const project = await startProject()
    await project.ok('express', { title: 'x', acceptance: 'y' })
    expectRefusal(
      await project.whileLocked('EXP-001', () => claim(project, 'alice')),
      'LOCK_TIMEOUT',
      'SK-TKT-017',
    )
  })
})
