import { rmSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { expectNoChange, startBundle, type Fields, type Project } from '../../support/bundles.ts'

const B1 = { bundle: 'B-001' }
const fileOf = (project: Project, ticket: string): Fields => project.yaml(`.tkt/bundles/B-001/${ticket}.yaml`)
const named = (ticket: string, session_id = 's1') => ({ ticket_id: `B-001/${ticket}`, session_id })

async function published(workers: number): Promise<Project> {
  const project = await startBundle(workers)
  await project.ok('publish-bundle', B1)
  return project
}

describe('collect-bundle', () => {
  test('brings claims, evidence and results back, with who did what and when', async () => {
    const project = await published(5)
    await project.ok('claim-ticket', named('TKT-001'))
    await project.ok('start-ticket', named('TKT-001'))
    project.wait(60)
    const proof = { evidence: ['attest:it works', 'url:https://example.org/1'], resolution: 'It works' }
    await project.ok('close-ticket', { ...named('TKT-001'), ...proof })
    await project.ok('claim-ticket', named('TKT-002'))
    await project.ok('block-ticket', { ...named('TKT-002'), reason: 'no network' })
    await project.ok('claim-ticket', named('TKT-003', 's2'))
    await project.ok('fail-ticket', { ...named('TKT-003', 's2'), reason: 'cannot be done' })
    await project.ok('cancel-ticket', { ...named('TKT-004', 's9'), reason: 'not needed' })
    expect(await project.ok('collect-bundle', B1)).toMatchObject({
      ...{ whole: true, changed: 4, counts: { done: 1, blocked: 1, failed: 2, open: 1 }, conflicts: [] },
      tickets: [
        { ticket: 'TKT-001', status: 'done', by: 's1' },
        { ticket: 'TKT-002', status: 'blocked', by: 's1' },
        { ticket: 'TKT-003', status: 'failed', by: 's2' },
        { ticket: 'TKT-004', status: 'failed', by: null },
      ],
    })
    expect(fileOf(project, 'TKT-001')).toMatchObject({
      ...{ status: 'done', claimed_by: 's1', claimed_at: '2026-03-01T12:00:00Z', claim_no: 1 },
      ...{ started_at: '2026-03-01T12:00:00Z', completed_at: '2026-03-01T12:01:00Z' },
      result: {
        ...{ summary: 'It works', evidence: 'attest:it works\nurl:https://example.org/1' },
        evidence_checks: [{ kind: 'attest' }, { kind: 'url' }],
      },
      transition_log: [
        { from: 'open', to: 'claimed', agent: 's1' },
        { from: 'claimed', to: 'in_progress', agent: 's1' },
        { from: 'in_progress', to: 'done', agent: 's1', timestamp: '2026-03-01T12:01:00Z' },
      ],
    })
    expect(fileOf(project, 'TKT-002')).toMatchObject({ status: 'blocked', result: { notes: 'no network' } })
    expect(fileOf(project, 'TKT-004')).toMatchObject({ result: { notes: 'cancelled: not needed' } })
    expect(project.yaml('.tkt/bundles/B-001/bundle.yaml').status).toBe('in_progress')
    expect(project.history()).toContain(
      'TICKET_UPDATED bundle=B-001 ticket=TKT-002 status=blocked agent=s1 reason="no network" from=claimed to=blocked',
    )
    await expectNoChange(project, async () => {
      expect(await project.ok('collect-bundle', B1)).toMatchObject({ whole: true, changed: 0, tickets: [] })
    })
    await project.ok('reopen-ticket', { ...named('TKT-003', 's9'), reason: 'again' })
    await project.ok('claim-ticket', named('TKT-003', 's3'))
    expect(await project.ok('collect-bundle', B1)).toMatchObject({ changed: 1 })
    expect(fileOf(project, 'TKT-003')).toMatchObject({ status: 'claimed', claimed_by: 's3', claim_no: 2 })
    expect(fileOf(project, 'TKT-003').transition_log).toHaveLength(4)
    expect(await project.ok('verify', B1)).toMatchObject({ ok: true })
  })

  test('closes, once all is collected: audited by who did none of the work, and the review tells take-overs', async () => {
    const project = await published(1)
    await project.ok('claim-ticket', named('TKT-001'))
    project.wait(3601)
    await project.ok('next-ticket', { session_id: 's2' })
    await project.ok('close-ticket', { ...named('TKT-001', 's2'), evidence: ['attest:yes'] })
    await project.ok('collect-bundle', B1)
    const reason = 'taken over from s1: the lease was over'
    expect(fileOf(project, 'TKT-001').transition_log).toMatchObject([
      { from: 'open', to: 'claimed', agent: 's1' },
      { from: 'claimed', to: 'claimed', agent: 's2', reason },
      { from: 'claimed', to: 'done', agent: 's2' },
    ])
    const logged = `status=claimed agent=s2 reason="${reason}" from=claimed to=claimed`
    expect(project.history()).toContain(`TICKET_UPDATED bundle=B-001 ticket=TKT-001 ${logged}`)
    const audit = { ...B1, ticket: 'TKT-A00', agent: 's1' }
    expect((await project.ok('claim', audit)).warnings).toMatchObject([
      expect.stringContaining('s1 worked on TKT-001'),
    ])
    await project.ok('release', audit)
    const byBob = { ...audit, agent: 'bob' }
    await project.ok('claim', byBob)
    await project.ok('update', { ...byBob, status: 'done', evidence: 'looked', summary: 'good' })
    expect(await project.ok('close-bundle', B1)).toMatchObject({ ok: true })
    const { transition_stats } = project.yaml('.tkt/bundles/B-001/review.yaml')
    expect(transition_stats).toMatchObject({ takeovers: [{ ticket_id: 'TKT-001', by: 's2', reason }] })
    expect(project.text('.tkt/bundles/B-001/review.md')).toContain(`TKT-001 taken over by s2: ${reason}`)
  })

  test('tells by field what both have changed, and takes whose word is preferred', async () => {
    const project = await published(2)
    await project.ok('claim-ticket', named('TKT-001'))
    const path = '.tkt/bundles/B-001/TKT-001.yaml'
    const by = (name: string): string => project.text(path).replace(/claimed_by: .*/, `claimed_by: "${name}"`)
    project.write({ [path]: by('by-hand').replace(/^status: .*/m, 'status: "blocked"') })
    const conflicts = [
      { ticket: 'TKT-001', field: 'status', bundle: 'blocked', database: 'claimed' },
      { ticket: 'TKT-001', field: 'claimed_by', bundle: 'by-hand', database: 's1' },
    ]
    await expectNoChange(project, async () => {
      expect(await project.ok('collect-bundle', B1)).toMatchObject({
        whole: false,
        changed: 0,
        conflicts,
        conflict_count: 2,
      })
      expect(await project.ok('collect-bundle', { ...B1, end: true })).not.toHaveProperty('ended')
    })
    expect(await project.ok('collect-bundle', { ...B1, prefer: 'bundle' })).toMatchObject({
      whole: true,
      changed: 1,
    })
    const stands = {
      status: 'blocked',
      claimed_by: 'by-hand',
      transition_log: [{ to: 'claimed', agent: 's1' }],
    }
    expect(fileOf(project, 'TKT-001')).toMatchObject(stands)
    await expectNoChange(project, async () => {
      expect(await project.ok('collect-bundle', B1)).toMatchObject({ whole: true, changed: 0 })
    })
    project.write({ [path]: by('again') })
    expect(await project.ok('collect-bundle', B1)).toMatchObject({ whole: false })
    expect(await project.ok('collect-bundle', { ...B1, prefer: 'database' })).toMatchObject({
      whole: true,
      changed: 1,
    })
    expect(fileOf(project, 'TKT-001')).toMatchObject({ status: 'claimed', claimed_by: 's1' })
  })

  test("ends the publication: what nobody holds is the bundle's again, and can be published anew", async () => {
    const project = await published(3)
    await project.ok('claim-ticket', named('TKT-001'))
    await project.ok('close-ticket', { ...named('TKT-001'), evidence: ['attest:yes'] })
    await project.ok('claim-ticket', named('TKT-002'))
    expect(await project.ok('collect-bundle', { ...B1, end: true })).toMatchObject({
      ended: 2,
      in_hand: ['TKT-002'],
    })
    expect(fileOf(project, 'TKT-001')).not.toHaveProperty('published')
    expect(fileOf(project, 'TKT-001')).toMatchObject({ status: 'done' })
    expect(await project.ok('list-tickets', { unresolved_only: true })).toMatchObject({
      shown: 'shown 1 of 1',
    })
    await project.ok('claim', { ...B1, ticket: 'TKT-003', agent: 'ada' })
    await project.ok('release', { ...B1, ticket: 'TKT-003', agent: 'ada' })
    await project.ok('reopen', { ...B1, ticket: 'TKT-001', reason: 'again' })
    expect(await project.ok('publish-bundle', B1)).toMatchObject({ published: 0, kept: [] })
    expect((await project.ok('list-tickets', { unresolved_only: true })).tickets).toMatchObject([
      { ticket_id: 'B-001/TKT-001', status: 'OPEN' },
      { ticket_id: 'B-001/TKT-002', status: 'CLAIMED' },
      { ticket_id: 'B-001/TKT-003', status: 'OPEN' },
    ])
    expect(await project.ok('collect-bundle', B1)).toMatchObject({
      whole: true,
      counts: { open: 2, claimed: 1 },
    })
    expect(fileOf(project, 'TKT-001')).toMatchObject({ status: 'open' })
  })

  test('lets nobody who has read less go back behind what is collected', async () => {
    const project = await published(1)
    const path = '.tkt/bundles/B-001/TKT-001.yaml'
    await project.ok('claim-ticket', named('TKT-001'))
    await project.ok('collect-bundle', B1)
    const mark = project.text(path).replace(/events: 2/, 'events: 9')
    project.write({ [path]: mark })
    await expectNoChange(project, async () => {
      expect(await project.ok('collect-bundle', B1)).toMatchObject({ whole: true, changed: 0 })
    })
  })

  test('goes on when the project has moved to another database', async () => {
    const project = await published(2)
    await project.ok('claim-ticket', named('TKT-002'))
    await project.ok('collect-bundle', B1)
    await project.ok('db', { action: 'export', file: 'moved.jsonl' })
    rmSync(`${project.root}/.tkt/tickets.db`)
    await project.ok('db', { action: 'import', file: 'moved.jsonl' })
    await expectNoChange(project, async () => {
      expect(await project.ok('collect-bundle', B1)).toMatchObject({ changed: 0 })
    })
    await project.ok('fail-ticket', { ...named('TKT-002'), reason: 'gone' })
    expect(await project.ok('collect-bundle', B1)).toMatchObject({ changed: 1 })
    expect(fileOf(project, 'TKT-002').transition_log).toHaveLength(2)
  })

  test('tells as missing what was deleted there; publishing restores it', async () => {
    const project = await published(1)
    await project.ok('delete-ticket', { ...named('TKT-001', 's9'), reason: 'by mistake' })
    await expectNoChange(project, async () => {
      expect(await project.ok('collect-bundle', B1)).toMatchObject({
        whole: false,
        missing: ['B-001/TKT-001'],
      })
    })
    expect(await project.ok('publish-bundle', B1)).toMatchObject({ published: 0, differences: [] })
    expect(await project.ok('next-ticket', { session_id: 's1' })).toMatchObject({ claimed: true })
  })

  test('says what is not published, or not known', async () => {
    const project = await startBundle(1)
    const nothing = await project.ok('collect-bundle', B1)
    expect(nothing).toMatchObject({
      whole: true,
      changed: 0,
      warnings: [expect.stringContaining('publish-bundle')],
    })
    await project.ok('publish-bundle', B1)
    project.write({ 'config/tkt.yaml': 'durable:\n  project: other/one\n' })
    expect(await project.ok('collect-bundle', B1)).toMatchObject({ whole: false, missing: ['B-001/TKT-001'] })
    const unknown = { ended: 0, in_hand: [], missing: ['B-001/TKT-001'] }
    expect(await project.ok('collect-bundle', { ...B1, end: true })).toMatchObject(unknown)
    expect(fileOf(project, 'TKT-001')).toHaveProperty('published')
    const given = await project.ok('collect-bundle', { ...B1, end: true, prefer: 'bundle' })
    expect(given).toMatchObject({ ended: 1 })
    expect(fileOf(project, 'TKT-001')).not.toHaveProperty('published')
  })

  test('a database that is lost is given up where the bundle is preferred', async () => {
    const project = await published(1)
    rmSync(`${project.root}/.tkt/tickets.db`)
    expect(await project.ok('collect-bundle', { ...B1, end: true })).toMatchObject({ ended: 0, whole: false })
    expect(project.has('.tkt/tickets.db')).toBe(false)
    const given = await project.ok('collect-bundle', { ...B1, end: true, prefer: 'bundle' })
    expect(given).toMatchObject({ ended: 1 })
    const claimed = await project.ok('claim', { ...B1, ticket: 'TKT-001', agent: 'ada' })
    expect(claimed).toMatchObject({ claimed: true })
  })
})
