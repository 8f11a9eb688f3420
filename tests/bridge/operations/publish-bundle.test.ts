import { describe, expect, test } from 'vitest'
import {
  expectNoChange,
  expectRefusal,
  startBundle,
  type Fields,
  type Project,
} from '../../support/bundles.ts'

const B1 = { bundle: 'B-001' }
const fileOf = (project: Project, ticket: string): Fields => project.yaml(`.tkt/bundles/B-001/${ticket}.yaml`)
const shown = async (project: Project, ticket: string): Promise<Fields> =>
  (await project.ok('show-ticket', { ticket_id: `B-001/${ticket}` })).ticket as Fields

describe('publish-bundle', () => {
  test('puts workers into the database with all they say, and marks their files', async () => {
    const project = await startBundle(2)
    await project.ok('add', {
      ...B1,
      ...{ title: 'Part 3', description: 'All of it', wave: 2, depends_on: 'TKT-001' },
      ...{ acceptance: ['It is there'], run: ['true'], scope: ['src/**', '!src/gen/**'] },
    })
    await project.ok('edit', { ...B1, priority: 'high' })
    expect(await project.ok('publish-bundle', B1)).toMatchObject({
      ...{ batch_id: 'B-001', published: 3, updated: 0, unchanged: 0, kept: [], differences: [] },
    })
    expect(await shown(project, 'TKT-003')).toMatchObject({
      ...{ title: 'Part 3', summary: 'All of it', batch_id: 'B-001', queue_order: 3, wave: 2, priority: 20 },
      ...{ depends_on: ['B-001/TKT-001'], scope: { allow: ['src/**'], deny: ['src/gen/**'] } },
      ...{ ticket_type: 'WORKER', source: 'bundle B-001', status: 'OPEN' },
    })
    expect((await shown(project, 'TKT-003')).acceptance).toEqual([
      'It is there',
      '{"type":"command","run":"true","expect_exit_code":0}',
    ])
    expect(fileOf(project, 'TKT-003').published).toMatchObject({ ticket_id: 'B-001/TKT-003', events: 0 })
    expect(project.history()).toContain('BUNDLE_PUBLISHED bundle=B-001 tickets=3')
    await expectNoChange(project, async () => {
      expect(await project.ok('publish-bundle', B1)).toMatchObject({ published: 0, updated: 0, unchanged: 3 })
    })
    expect((await project.ok('list-tickets')).tickets).toHaveLength(3)
  })

  test('leaves its moves to the database', async () => {
    const project = await startBundle(1)
    await project.ok('publish-bundle', B1)
    const ticket = { ...B1, ticket: 'TKT-001' }
    for (const [name, raw] of [
      ['claim', { agent: 'ada' }],
      ['update', { status: 'done', evidence: 'x' }],
      ['release', { agent: 'ada' }],
      ['reopen', { reason: 'x' }],
    ] as const)
      expectRefusal(
        await project.run(name, { ...ticket, ...raw }),
        'TICKET_PUBLISHED',
        'SK-TKT-085',
        /B-001\/TKT-001/,
      )
    const next = await project.ok('next', { agent: 'ada', claim: true })
    expect(next).toMatchObject({
      claimed: false,
      published: 1,
      reason: expect.stringContaining('next-ticket') as unknown,
    })
    const { tickets } = await project.ok('bundle-status', B1)
    expect(tickets).toContainEqual(expect.objectContaining({ id: 'TKT-001', published: 'B-001/TKT-001' }))
    await project.ok('graph', B1)
    const claimed = await project.ok('next-ticket', { session_id: 's1' })
    expect(claimed.ticket).toMatchObject({ ticket_id: 'B-001/TKT-001' })
    expectRefusal(
      await project.run('close-ticket', { session_id: 's1', resolution: 'done' }),
      ...(['EVIDENCE_REQUIRED', 'SK-TKT-030'] as const),
    )
  })

  test('keeps what somebody works on in the bundle, and all that waits for it', async () => {
    const project = await startBundle(2)
    await project.ok('add', { ...B1, title: 'Part 3', depends_on: 'TKT-001' })
    await project.ok('add', { ...B1, title: 'Part 4', depends_on: 'TKT-003' })
    await project.ok('add', { ...B1, title: 'Part 5', wave: 1 })
    await project.ok('claim', { ...B1, ticket: 'TKT-001', agent: 'ada' })
    expect(await project.ok('publish-bundle', B1)).toMatchObject({
      ...{ published: 1, kept_count: 4 },
      kept: [
        { ticket: 'TKT-001', why: 'it is claimed by ada' },
        { ticket: 'TKT-003', why: 'it depends on TKT-001, which is not published' },
        { ticket: 'TKT-004', why: 'it depends on TKT-003, which is not published' },
        { ticket: 'TKT-005', why: 'TKT-001 of an earlier wave is not published' },
      ],
    })
    await project.ok('update', { ...B1, ticket: 'TKT-001', agent: 'ada', status: 'done', evidence: 'x' })
    expect(await project.ok('publish-bundle', B1)).toMatchObject({ published: 3, unchanged: 1, kept: [] })
    expect(await shown(project, 'TKT-003')).not.toHaveProperty('depends_on')
    expect((await project.ok('next-ticket', { session_id: 's1' })).ticket).toMatchObject({
      ticket_id: 'B-001/TKT-002',
    })
  })

  test('tells what was edited since: the bundle where the database is as it was, else both, by field', async () => {
    const project = await startBundle(2)
    await project.ok('publish-bundle', B1)
    await project.ok('edit', { ...B1, ticket: 'TKT-001', title: 'New', description: 'Newer', wave: 3 })
    const edited = { ticket_id: 'B-001/TKT-001', session_id: 's9', summary: 'By the database', reason: 'why' }
    await project.ok('edit-ticket', edited)
    const told = {
      ...{ published: 0, updated: 1, unchanged: 1, shown: 'shown 1 of 1' },
      differences: [
        {
          ...{ ticket: 'B-001/TKT-001', field: 'summary', bundle: 'Newer', database: 'By the database' },
          why: 'it was edited in the database',
        },
      ],
    }
    await expectNoChange(project, async () => {
      expect(await project.ok('publish-bundle', { ...B1, dry_run: true })).toMatchObject(told)
    })
    expect(await project.ok('publish-bundle', B1)).toMatchObject(told)
    expect(await shown(project, 'TKT-001')).toMatchObject({
      title: 'New',
      summary: 'By the database',
      wave: 3,
    })
    expect(await project.ok('publish-bundle', B1)).toMatchObject({ ...told, updated: 0, unchanged: 2 })
    await project.ok('edit', { ...B1, ticket: 'TKT-001', description: 'By the database' })
    expect(await project.ok('publish-bundle', B1)).toMatchObject({ updated: 1, differences: [] })
    await project.ok('edit', { ...B1, ticket: 'TKT-001', description: 'Last' })
    expect(await project.ok('publish-bundle', B1)).toMatchObject({ updated: 1, differences: [] })
    await project.ok('claim-ticket', { ticket_id: 'B-001/TKT-001', session_id: 's1' })
    await project.ok('edit', { ...B1, ticket: 'TKT-001', description: 'Too late' })
    expect(await project.ok('publish-bundle', B1)).toMatchObject({
      updated: 0,
      differences: [
        { field: 'summary', bundle: 'Too late', database: 'Last', why: 'the ticket is CLAIMED there' },
      ],
    })
  })

  test('is refused for what is not there, closed, or cannot be read, and changes nothing then', async () => {
    const project = await startBundle(1)
    expectRefusal(await project.run('publish-bundle', { bundle: 'B-009' }), 'BUNDLE_NOT_FOUND', 'SK-TKT-018')
    const path = '.tkt/bundles/B-001/TKT-001.yaml'
    const text = project.text(path)
    project.write({ [path]: 'a: [b' })
    expect(await project.run('publish-bundle', B1)).toMatchObject({ error: 'FILE_UNREADABLE' })
    project.write({ [path]: text })
    project.world.environment.TKT_DATABASE_URL = 'postgres://nobody@127.0.0.1:1/none'
    await expectNoChange(project, async () => {
      expect(await project.run('publish-bundle', B1)).toMatchObject({ error: 'DATABASE_UNAVAILABLE' })
    })
    delete project.world.environment.TKT_DATABASE_URL
    project.write({ [path]: `${text}scope: ["../outside/**"]\n` })
    await expectNoChange(project, async () => {
      expectRefusal(
        await project.run('publish-bundle', B1),
        'INPUT_INVALID',
        'SK-TKT-014',
        /scope of B-001\/TKT-001/,
      )
    })
    project.write({ [path]: text })
    await project.ok('archive-bundle', { ...B1, reason: 'x' })
    expectRefusal(await project.run('publish-bundle', B1), 'BUNDLE_CLOSED', 'SK-TKT-039')
    expect(await project.ok('list-tickets')).toMatchObject({ shown: 'shown 0 of 0' })
  })
})
