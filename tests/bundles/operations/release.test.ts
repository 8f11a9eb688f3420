import { describe, expect, test } from 'vitest'
import { expectNoChange, expectRefusal, finish, startBundle, startProject } from '../../support/bundles.ts'

const T1 = { bundle: 'B-001', ticket: 'TKT-001' }
const FILE = '.tkt/bundles/B-001/TKT-001.yaml'

describe('release', () => {
  test.each(['claimed', 'in_progress', 'blocked'])(
    'opens a ticket that is %s, for its holder',
    async (status) => {
      const project = await startBundle()
      await project.ok('claim', { ...T1, agent: 'alice' })
      if (status !== 'claimed') await project.ok('update', { ...T1, status, agent: 'alice', reason: 'stuck' })
      const reason = 'needs\naccess'
      expect(await project.ok('release', { ...T1, agent: 'alice', claim_no: 1, reason })).toEqual({
        ...{ ok: true, released: 'B-001/TKT-001', from: status, status: 'open' },
      })
      const { transition_log, ...ticket } = project.yaml(FILE)
      expect(ticket).toMatchObject({ status: 'open', claimed_by: null, claimed_at: null, claim_no: 1 })
      expect((transition_log as readonly object[]).at(-1)).toMatchObject({ from: status, to: 'open', reason })
      expect(project.history().at(-1)).toBe(
        `TICKET_RELEASED bundle=B-001 ticket=TKT-001 agent=alice claim_no=1 reason="needs\\naccess" from=${status} to=open`,
      )
      expect(await project.ok('claim', { ...T1, agent: 'bob' })).toMatchObject({ claim_no: 2 })
    },
  )

  test('lets the main agent act for a worker', async () => {
    const project = await startBundle()
    await project.ok('claim', { ...T1, ticket: 'TKT-000', agent: 'maria' })
    await project.ok('claim', { ...T1, agent: 'alice' })
    await project.ok('release', { ...T1, agent: 'maria' })
    expect(project.yaml(FILE).transition_log).toMatchObject([{}, { agent: 'maria' }])
  })

  test('refuses everybody else, what is not held, and what is not there; nothing changes', async () => {
    const project = await startBundle(2)
    await project.ok('claim', { ...T1, agent: 'alice' })
    await finish(project, 'TKT-002', 'alice')
    await expectNoChange(project, async () => {
      expectRefusal(await project.run('release', { ...T1, agent: 'bob' }), 'NOT_OWNER', 'SK-TKT-010')
      const old = await project.run('release', { ...T1, agent: 'alice', claim_no: 4 })
      expectRefusal(old, 'CLAIM_LOST', 'SK-TKT-042')
      const done = { ...T1, ticket: 'TKT-002', agent: 'alice' }
      expectRefusal(await project.run('release', done), 'TRANSITION_REFUSED', 'SK-TKT-035')
      const open = { ...T1, ticket: 'TKT-A00', agent: 'alice' }
      expectRefusal(await project.run('release', open), 'TRANSITION_REFUSED', 'SK-TKT-035')
      const absent = { ...T1, ticket: 'TKT-009', agent: 'alice' }
      expectRefusal(await project.run('release', absent), 'TICKET_NOT_FOUND', 'SK-TKT-002')
      const homeless = await project.run('release', { ticket: 'TKT-001', agent: 'alice' })
      expectRefusal(homeless, 'INPUT_INVALID', 'SK-TKT-014', /--bundle is missing/)
    })
  })

  test('gives back an express ticket', async () => {
    const project = await startProject()
    await project.ok('express', { title: 'Fix', acceptance: 'it reads well' })
    const mine = { ticket: 'EXP-001', agent: 'alice' }
    expectRefusal(await project.run('release', mine), 'EXPRESS_NOT_OPEN', 'SK-TKT-019')
    await project.ok('express', { action: 'claim', ticket_id: 'EXP-001', agent: 'alice' })
    expectRefusal(await project.run('release', { ...mine, agent: 'bob' }), 'NOT_OWNER', 'SK-TKT-010')
    expect(await project.ok('release', { ...mine, reason: 'no time' })).toMatchObject({ status: 'open' })
    expect(project.yaml('.tkt/express/EXP-001.yaml')).toMatchObject({
      ...{ status: 'open', claimed_by: null, claim_no: 1 },
      transition_log: [{}, { from: 'claimed', to: 'open', agent: 'alice', reason: 'no time' }],
    })
  })
})
