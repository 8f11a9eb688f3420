import { describe, expect, test } from 'vitest'
import { roadmapLifecycle, type Stage } from '../../../src/bundles/model/lifecycles.ts'
import {
  allowedStages,
  judgeStage,
  readRoadmap,
  roadmapDocument,
  type Roadmap,
} from '../../../src/bundles/model/roadmap.ts'
import { bundle, NOW } from './make.ts'

const roadmap = (fields: Readonly<Record<string, unknown>> = {}): Roadmap => {
  const read = readRoadmap({ project: 'demo', ...fields })
  if (!read.ok) throw new Error(read.reason)
  return read.value
}

const closed = bundle('B-001', { status: 'closed' })

describe('a new roadmap', () => {
  test('has the published keys in their order, and one stage behind it', () => {
    const document = roadmapDocument('demo', NOW)
    expect(Object.keys(document)).toEqual(
      'project version updated_at maintained_by stage stage_history goals success_criteria decision_gates dependencies'.split(
        ' ',
      ),
    )
    expect(document).toMatchObject({
      project: 'demo',
      version: 2,
      updated_at: NOW,
      maintained_by: 'pm-agent',
      stage: 'planning',
      stage_history: [{ stage: 'planning', entered_at: NOW, reason: 'initial' }],
    })
    expect(readRoadmap(document)).toEqual({
      ok: true,
      value: { project: 'demo', stage: 'planning', updated_at: NOW, decision_gates: [] },
    })
  })
})

describe('the file of a roadmap', () => {
  test.each([
    ['without a stage is planning', {}, 'planning'],
    ['with an empty stage is planning', { stage: null }, 'planning'],
    ['with its stage is that', { stage: 'review' }, 'review'],
  ])('%s', (_title, fields, stage) => {
    expect(roadmap(fields).stage).toBe(stage)
  })

  test('may have decision gates written in every way that people write them', () => {
    const decision_gates = [
      { gate: 'Budget', condition: 'approved by Ann' },
      { id: 'G-2', status: 'met' },
      { gate: 'Security', stage: 'open' },
      'just a text',
      { condition: 'without a name' },
      null,
    ]
    expect(roadmap({ decision_gates }).decision_gates).toEqual([
      { gate: 'Budget', status: undefined },
      { gate: 'G-2', status: 'met' },
      { gate: 'Security', status: 'open' },
      { gate: 'just a text', status: undefined },
    ])
    expect(roadmap({ decision_gates: 'none' }).decision_gates).toEqual([])
  })

  test.each([
    [
      { stage: 'shipping' },
      'stage is "shipping", not one of planning, active, review, blocked, done, archived',
    ],
    [
      { stage: 'constructor' },
      'stage is "constructor", not one of planning, active, review, blocked, done, archived',
    ],
    [['a'], 'the file holds no map of fields'],
    [null, 'the file holds no map of fields'],
  ])('that is none is told why: %j', (fields, reason) => {
    expect(readRoadmap(fields)).toEqual({ ok: false, reason })
  })
})

/** Contracts: filesystem section 5.3. */
const PUBLISHED: Readonly<Record<Stage, readonly Stage[]>> = {
  planning: ['active', 'archived'],
  active: ['review', 'blocked', 'archived'],
  review: ['active', 'done', 'archived'],
  blocked: ['active', 'archived'],
  done: ['archived'],
  archived: [],
}

describe('entering a stage', () => {
  const cases = roadmapLifecycle.states.flatMap((from) =>
    roadmapLifecycle.states.map(
      (to) => [from, to, PUBLISHED[from].includes(to) ? 'allowed' : 'refused'] as const,
    ),
  )

  test.each(cases)('from %s to %s is %s by the table', (from, to, answer) => {
    expect(allowedStages(from)).toEqual(PUBLISHED[from])
    const verdict = judgeStage(roadmap({ stage: from }), to, [closed])
    expect(verdict.ok).toBe(answer === 'allowed')
    if (!verdict.ok)
      expect(verdict).toMatchObject({
        refused: 'STAGE_REFUSED',
        details: { from, to, allowed: PUBLISHED[from] },
      })
  })

  test('that is refused says what there is instead', () => {
    const messageOf = (from: Stage, to: Stage) => {
      const verdict = judgeStage(roadmap({ stage: from }), to, [])
      return verdict.ok ? undefined : verdict.message
    }
    expect(messageOf('blocked', 'done')).toBe(
      'the roadmap is blocked: it can become active or archived, not done',
    )
    expect(messageOf('archived', 'active')).toBe(
      'the roadmap is archived: it can become nothing: it is the end, not active',
    )
  })

  test.each(['planning', 'review', 'blocked'] as const)('active from %s needs a bundle in view', (stage) => {
    expect(judgeStage(roadmap({ stage }), 'active', [])).toMatchObject({ refused: 'BUNDLES_MISSING' })
    expect(judgeStage(roadmap({ stage }), 'active', [bundle('B-001')])).toEqual({
      ok: true,
      unmarked_gates: [],
    })
  })

  test.each([
    ['active', 'review'],
    ['active', 'blocked'],
    ['planning', 'archived'],
  ] as const)('%s to %s looks at no bundle', (from, to) => {
    expect(judgeStage(roadmap({ stage: from }), to, []).ok).toBe(true)
    expect(judgeStage(roadmap({ stage: from }), to, [bundle('B-001')]).ok).toBe(true)
  })
})

describe('entering done', () => {
  const enter = (bundles: Parameters<typeof judgeStage>[2], decision_gates: readonly unknown[] = []) =>
    judgeStage(roadmap({ stage: 'review', decision_gates }), 'done', bundles)

  test.each([
    ['open', false],
    ['in_progress', false],
    ['closed', true],
    ['archived', true],
  ])('with a bundle that is %s: %s', (status, ok) => {
    expect(enter([closed, bundle('B-002', { status })]).ok).toBe(ok)
  })

  test('is possible without a bundle', () => {
    expect(enter([])).toEqual({ ok: true, unmarked_gates: [] })
  })

  test('names the bundles that are not closed and the gates that are not met, all of them', () => {
    const gates = [
      { gate: 'Budget', status: 'open' },
      { gate: 'Security', status: 'met' },
      { gate: 'Law', status: 'no' },
    ]
    expect(enter([bundle('B-001'), closed, bundle('B-003')], gates)).toEqual({
      ok: false,
      refused: 'BUNDLES_UNFINISHED',
      message: 'bundles not closed: B-001, B-003; decision gates not met: Budget, Law',
      details: { unfinished: ['B-001', 'B-003'], unmet_gates: ['Budget', 'Law'] },
    })
  })

  test.each(['met', 'done', 'passed', 'approved', 'closed', 'complete', 'completed', 'archived'])(
    'takes a gate that is %s as met',
    (status) => {
      expect(enter([closed], [{ gate: 'Budget', status }])).toEqual({ ok: true, unmarked_gates: [] })
    },
  )

  test('lets a gate without a status pass, and tells of it', () => {
    const gates = [
      { gate: 'Budget', condition: 'approved' },
      { gate: 'Law', status: 'met' },
    ]
    expect(enter([closed], gates)).toEqual({ ok: true, unmarked_gates: ['Budget'] })
  })
})
