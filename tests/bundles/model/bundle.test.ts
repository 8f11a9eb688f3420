import { describe, expect, test } from 'vitest'
import { bundleDocument, isFinished, readBundle, type Bundle } from '../../../src/bundles/model/bundle.ts'
import { bundle, bundleId, NOW } from './make.ts'

const born = { now: NOW, ticket_count: 3, audit: true }
const reasonOf = (fields: unknown): string | undefined => {
  const result = readBundle(bundleId('B-001'), fields)
  return result.ok ? undefined : result.reason
}

describe('a new bundle', () => {
  test('has the published keys in their order, ours behind them', () => {
    const document = bundleDocument(bundleId('B-001'), { title: 'Ship' }, born)
    expect(Object.keys(document).slice(0, 14)).toEqual(
      (
        'id goal_ref title status created_at created_by main_agent ticket_count priority track source_plan ' +
        'worktree_path worktree_branch depends_on'
      ).split(' '),
    )
    expect(document).toMatchObject({
      id: 'B-001',
      goal_ref: null,
      title: 'Ship',
      status: 'open',
      created_at: NOW,
      created_by: 'pm-agent',
      main_agent: null,
      ticket_count: 3,
      priority: 'normal',
      track: null,
      worktree_path: null,
      depends_on: [],
      closed_at: null,
    })
    expect(document).not.toHaveProperty('upgraded_from')
  })

  test('is read back with all that was said', () => {
    const said = {
      title: 'Ship',
      context: 'null',
      priority: 'high',
      track: 'core',
      source_plan: 'plan.md',
      depends_on: ['B-000'],
      upgraded_from: 'EXP-001',
    }
    const worktree = { path: '.worktrees/B-001', branch: 'bundle/B-001', target: 'main' }
    const document = bundleDocument(bundleId('B-001'), { ...said, worktree }, born)
    expect(readBundle(bundleId('B-001'), document)).toEqual({
      ok: true,
      value: {
        id: 'B-001',
        ...said,
        status: 'open',
        main_agent: undefined,
        created_at: NOW,
        closed_at: undefined,
        worktree_path: '.worktrees/B-001',
        worktree_branch: 'bundle/B-001',
        worktree_target: 'main',
        audit_required: true,
      },
    })
  })
})

describe('the file of an older tree is understood', () => {
  test.each<readonly [string, Readonly<Record<string, unknown>>, Partial<Bundle>]>([
    ['with bundle_id for id', { bundle_id: 'B-009', id: 'B-008' }, { id: bundleId('B-001') }],
    ['with stage for status', { status: null, stage: 'closed' }, { status: 'closed' }],
    ['with status completed', { status: 'completed' }, { status: 'closed' }],
    ['with status complete', { status: 'complete' }, { status: 'closed' }],
    ['with status done', { status: 'done' }, { status: 'closed' }],
    ['with status active', { status: 'active' }, { status: 'in_progress' }],
    ['with stage planning', { status: null, stage: 'planning' }, { status: 'open' }],
    ['with status archived', { status: 'archived' }, { status: 'archived' }],
    ['without a status', { status: null }, { status: 'open' }],
    ['with an empty status', { status: '' }, { status: 'open' }],
    ['with goal for its title', { title: null, goal: 'Ship' }, { title: 'Ship' }],
    ['with depends_on_bundles', { depends_on_bundles: ['B-000'] }, { depends_on: ['B-000'] }],
    ['with closed_at by hand', { closed_at: '2026-01-01' }, { closed_at: '2026-01-01' }],
    [
      'with null as a word',
      { main_agent: 'null', track: 'null' },
      { main_agent: undefined, track: undefined },
    ],
    ['without saying that it has an audit', {}, { audit_required: false }],
    [
      'with fields of its own',
      { roadmap_goal: 'G-001', tickets: ['TKT-001'], scope_notes: 'x' },
      { status: 'open' },
    ],
  ])('%s', (_title, fields, expected) => {
    expect(bundle('B-001', fields)).toMatchObject(expected)
  })
})

describe('a file that is no bundle is told why', () => {
  test.each([
    ['nothing', null, 'the file holds no map of fields'],
    ['a list', [], 'the file holds no map of fields'],
    [
      'an unknown status',
      { status: 'shut' },
      'status is "shut", not one of open, in_progress, closed, archived',
    ],
    [
      'a status that objects have by birth',
      { status: 'toString' },
      'status is "toString", not one of open, in_progress, closed, archived',
    ],
  ])('%s', (_title, fields, reason) => {
    expect(reasonOf(fields)).toBe(reason)
  })
})

test.each([
  ['open', false],
  ['in_progress', false],
  ['closed', true],
  ['archived', true],
])('a bundle that is %s is finished: %s', (status, finished) => {
  expect(isFinished(bundle('B-001', { status }))).toBe(finished)
})
