import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  expectNoChange,
  finish,
  finishAll,
  startBundle,
  type Fields,
  type Project,
  at,
} from '../../../support/bundles.ts'

const B = { bundle: 'B-001' }
const REVIEW = '.tkt/bundles/B-001/review.yaml'
const CARRYOVER = '.tkt/bundles/B-001/carryover.yaml'
const close = (project: Project, raw: Fields = {}) => project.run('close-bundle', { ...B, ...raw })

describe('close', () => {
  test('answers with the published fields, and what to do next', async () => {
    const project = await startBundle(1)
    await finishAll(project)
    project.wait(60)
    expect(await close(project, { agent: 'maria' })).toEqual({
      ok: true,
      closed: true,
      bundle: 'B-001',
      review_path: join(project.root, REVIEW),
      done: 3,
      failed: 0,
      carryover_count: 0,
      merged: false,
      memory: 'not installed',
      next_steps_hint: [expect.stringMatching(/review\.yaml/)],
    })
    expect(project.history().at(-1)).toBe(
      'BUNDLE_CLOSED bundle=B-001 done=3 failed=0 agent=maria from=in_progress to=closed',
    )
  })

  test('closes the bundle and finishes TKT-000, with the gates as its evidence', async () => {
    const project = await startBundle(1)
    await project.ok('claim', { ...B, ticket: 'TKT-000', agent: 'maria' })
    await finishAll(project)
    project.wait(60)
    await project.ok('close-bundle', B)
    expect(project.yaml('.tkt/bundles/B-001/bundle.yaml')).toMatchObject({
      status: 'closed',
      closed_at: '2026-03-01T12:01:00Z',
    })
    const integrate = project.yaml('.tkt/bundles/B-001/TKT-000.yaml')
    expect(integrate).toMatchObject({
      status: 'done',
      claimed_by: 'maria',
      completed_at: '2026-03-01T12:01:00Z',
    })
    expect(at(integrate, 'result.evidence')).toMatch(/^tkt close: .*work-finished, audit-finished/)
    expect(at(integrate, 'transition_log.-1')).toMatchObject({ from: 'claimed', to: 'done', agent: 'maria' })
  })

  test('leaves a TKT-000 that was finished with evidence of its own as it is', async () => {
    const project = await startBundle(1)
    await finishAll(project)
    await finish(project, 'TKT-000', 'maria', { summary: 'all together', evidence: 'the demo ran' })
    const before = project.yaml('.tkt/bundles/B-001/TKT-000.yaml')
    project.wait(60)
    await project.ok('close-bundle', B)
    expect(project.yaml('.tkt/bundles/B-001/TKT-000.yaml')).toEqual(before)
  })

  test('does not claim that acceptance held when it did not', async () => {
    const project = await startBundle(0)
    await project.ok('add', { ...B, title: 'a', run: ['false'] })
    await finishAll(project)
    await project.ok('close-bundle', B)
    const { evidence } = project.yaml('.tkt/bundles/B-001/TKT-000.yaml').result as Fields
    expect(evidence).toMatch(/close-gate, merge\); acceptance commands: 0 passed, 1 failed/)
    expect(at(project.yaml(REVIEW), 'evidence_summary.0.evidence')).toBe(evidence)
  })
})

describe('carryover.yaml', () => {
  test('has one entry a ticket, with all its failed checks or the reason that it failed', async () => {
    const project = await startBundle(0)
    await project.ok('add', {
      ...B,
      title: 'Count hits',
      description: 'one\ntwo',
      run: ['false', 'exit 2', 'true'],
    })
    await project.ok('add', { ...B, title: 'Load test' })
    await project.ok('add', { ...B, title: 'Fine' })
    await finish(project, 'TKT-001', 'alice')
    await project.ok('update', { ...B, ticket: 'TKT-002', status: 'failed', reason: 'no machine' })
    await finish(project, 'TKT-003', 'alice')
    await finish(project, 'TKT-A00', 'bob')
    expect(await close(project)).toMatchObject({
      carryover_count: 2,
      next_steps_hint: [expect.any(String), expect.stringMatching(/--carryover B-001/)],
    })
    expect(project.yaml(CARRYOVER)).toEqual({
      bundle: 'B-001',
      carryover: [
        {
          ticket_id: 'TKT-001',
          title: 'Count hits',
          carryover_from: 'B-001/TKT-001',
          reason: 'acceptance_criteria_failed',
          failed_criteria: [
            expect.objectContaining({ run: 'false' }),
            expect.objectContaining({ run: 'exit 2', exit_code: 2 }),
          ],
          original_description: 'one two',
          failure_reason: null,
        },
        {
          ticket_id: 'TKT-002',
          title: 'Load test',
          carryover_from: 'B-001/TKT-002',
          reason: 'ticket_failed',
          failed_criteria: [],
          original_description: 'Load test',
          failure_reason: 'no machine',
        },
      ],
    })
  })

  test('goes away with a later close that leaves nothing behind', async () => {
    const project = await startBundle(0)
    await project.ok('add', { ...B, title: 'a', run: ['test -e made'] })
    await finishAll(project)
    await project.ok('close-bundle', B)
    expect(project.has(CARRYOVER)).toBe(true)
    await project.ok('reopen', { ...B, reason: 'mend it' })
    project.write({ made: '' })
    expect(await close(project)).toMatchObject({ carryover_count: 0 })
    expect(project.has(CARRYOVER)).toBe(false)
  })
})

test('closing a closed bundle tells how it stands, and changes nothing', async () => {
  const project = await startBundle(0)
  await project.ok('add', { ...B, title: 'a', run: ['false'] })
  await finishAll(project)
  await project.ok('close-bundle', B)
  await expectNoChange(project, async () => {
    expect(await close(project)).toMatchObject({
      closed: true,
      already_closed: true,
      done: 3,
      failed: 0,
      carryover_count: 1,
    })
  })
})
