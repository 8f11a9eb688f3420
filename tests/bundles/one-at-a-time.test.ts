import { describe, expect, test } from 'vitest'
import { addBundle, expectNoChange, expectRefusal, startBundle } from '../support/bundles.ts'

const CONFIG = { 'config/tkt.yaml': 'ticket: {one_ticket_at_a_time: true}\n' }

describe('under ticket.one_ticket_at_a_time an agent who holds a ticket', () => {
  test('gets no other, in any bundle or express; after finishing or giving back it does', async () => {
    const project = await startBundle(2, CONFIG)
    await addBundle(project)
    await project.ok('express', { title: 'Fix', acceptance: 'it reads well' })
    const first = { bundle: 'B-001', ticket: 'TKT-001', agent: 'alice' }
    await project.ok('claim', first)
    await expectNoChange(project, async () => {
      for (const [name, input] of [
        ['claim', { ...first, ticket: 'TKT-002' }],
        ['claim', { ...first, bundle: 'B-002' }],
        ['express', { action: 'claim', ticket_id: 'EXP-001', agent: 'alice' }],
        ['next', { agent: 'alice', claim: true }],
      ] as const)
        expectRefusal(
          await project.run(name, input),
          'ALREADY_HOLDS',
          'SK-TKT-045',
          /alice holds B-001\/TKT-001/,
        )
    })
    await project.ok('claim', { ...first, ticket: 'TKT-002', agent: 'bob' })
    await project.ok('release', first)
    expect(
      await project.ok('express', { action: 'claim', ticket_id: 'EXP-001', agent: 'alice' }),
    ).toMatchObject({
      claimed: true,
    })
  })

  test('is refused that ticket as anybody is, and may coordinate', async () => {
    const project = await startBundle(1, CONFIG)
    const first = { bundle: 'B-001', ticket: 'TKT-001', agent: 'alice' }
    await project.ok('claim', first)
    expectRefusal(await project.run('claim', first), 'CLAIM_CONFLICT', 'SK-TKT-006')
    await project.ok('claim', { ...first, ticket: 'TKT-000' })
  })
})
