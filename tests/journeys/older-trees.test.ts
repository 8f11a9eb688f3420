/** A store as years of use left it (tests/fixtures/older-trees): all of it is read, and what cannot be read is told. */
import { describe, expect, test } from 'vitest'
import { treeOf } from '../support/bundles.ts'
import { oldTree, type Content } from '../support/published.ts'

const idsOf = (rows: unknown): readonly string[] =>
  (rows as readonly { readonly id: string }[]).map(({ id }) => id)

describe('reading', () => {
  test('changes nothing, whatever is asked', () => {
    const project = oldTree()
    const before = treeOf(project.root)
    for (const args of [['list'], ['roadmap-status'], ['history'], ['express', 'list']]) project.ok(...args)
    for (const id of ['B-001', 'B-002', 'B-003', 'B-005', 'B-006', 'B-007', 'B-1002'])
      project.ok('status', '--bundle', id)
    for (const id of ['B-010', 'B-011', 'B-008'])
      expect(project.run('status', '--bundle', id).code).not.toBe(0)
    expect(treeOf(project.root)).toEqual(before)
  })

  test('list shows all bundles that can be read, by number, and names the others with line and reason', () => {
    const answer = oldTree().ok('list')
    expect(answer.bundles).toEqual([
      { id: 'B-1002', status: 'open', title: 'Far along' },
      { id: 'B-007', status: 'open', title: 'Quick fixes' },
      { id: 'B-006', status: 'in_progress', title: 'Refactor the loader' },
      { id: 'B-005', status: 'in_progress', title: 'Write it up' },
      { id: 'B-003', status: 'closed', title: 'Ablations' },
      { id: 'B-002', status: 'closed', title: 'Train the baseline' },
      { id: 'B-001', status: 'closed', title: 'Fix "quoted" things' },
    ])
    expect(answer.unreadable).toEqual([
      { id: 'B-010', reason: expect.stringMatching(/^bundle\.yaml: line 2: /) as string },
      { id: 'B-011', reason: 'its file is missing' },
    ])
  })

  test('roadmap-status counts them, also those that cannot be read', () => {
    expect(oldTree().ok('roadmap-status')).toMatchObject({
      project: 'field',
      stage: 'active',
      bundles: { total: 9, open: 2, in_progress: 2, closed: 3 },
      unreadable_count: 2,
    })
  })

  test.each([
    ['B-001', { 'TKT-000': 'done', 'TKT-001': 'done', 'TKT-A00': 'done' }],
    ['B-002', { 'TKT-001': 'done', 'TKT-002': 'done' }],
    ['B-003', { 'TKT-001': 'done' }],
    ['B-005', { 'TKT-000': 'open', 'TKT-001': 'open', 'TKT-002': 'done', 'TKT-A00': 'open' }],
    ['B-006', { 'TKT-000': 'claimed', 'TKT-004': 'open', 'TKT-A00': 'done' }],
    ['B-007', { 'TKT-001': 'done' }],
    ['B-1002', { 'TKT-1001': 'open' }],
  ])('status of %s knows the words that people used', (bundle, states) => {
    const tickets = oldTree().ok('status', '--bundle', bundle).tickets as readonly Content[]
    expect(Object.fromEntries(tickets.map(({ id, status }) => [id, status]))).toEqual(states)
  })

  test('status of a bundle with corrupted tickets names each with the line to look at', () => {
    expect(oldTree().ok('status', '--bundle', 'B-006')).toMatchObject({
      unreadable_count: 3,
      unreadable: [
        { id: 'TKT-001', reason: expect.stringMatching(/^TKT-001\.yaml: line \d+: /) as string },
        { id: 'TKT-002', reason: expect.stringMatching(/^TKT-002\.yaml: line 7: /) as string },
        { id: 'TKT-003', reason: expect.stringMatching(/^TKT-003\.yaml: line \d+: /) as string },
      ],
    })
  })

  test('show gives older files under the names of today, and all that stands in them', () => {
    const project = oldTree()
    const first = project.ok('show', '--bundle', 'B-002', '--ticket', 'TKT-001').ticket
    expect(first).toMatchObject({
      id: 'TKT-001',
      status: 'done',
      acceptance_criteria: ['10,000 rows', 'no duplicates'],
      claimed_by: null,
    })
    const bundle = project.ok('show', '--bundle', 'B-002').bundle
    expect(bundle).toMatchObject({
      id: 'B-002',
      title: 'Train the baseline',
      status: 'closed',
      roadmap_goal: 'G-001',
      tickets: ['TKT-001', 'TKT-002'],
    })
    expect(project.ok('show', '--bundle', 'B-003').bundle).toMatchObject({
      depends_on: ['B-001'],
      status: 'closed',
    })
    expect(project.ok('show', '--bundle', 'B-001', '--ticket', 'TKT-001').ticket).toMatchObject({
      description:
        'A description that PyYAML folded as it is longer than eighty characters: it goes on here.',
    })
    expect(project.ok('show', '--bundle', 'B-006', '--ticket', 'TKT-004').ticket).toMatchObject({
      description: 'Write the page.\n',
      audience: 'users',
    })
    project.refused('SK-SYS-004', 'show', '--bundle', 'B-006', '--ticket', 'TKT-001')
  })

  test('history reads what can be read, the newest first', () => {
    const { events } = oldTree().ok('history') as { readonly events: readonly Content[] }
    expect(events.map(({ event }) => event)).toEqual([
      'BUNDLE_CLOSED',
      'BUNDLE_CLOSED',
      'TICKET_ADDED',
      'BUNDLE_CREATED',
      'INIT',
    ])
  })

  test('express list names the ticket that cannot be read', () => {
    const answer = oldTree().ok('express', 'list')
    expect(idsOf(answer.tickets)).toEqual(['EXP-1001', 'EXP-001'])
    expect(answer.unreadable).toEqual([{ id: 'EXP-002', reason: expect.stringMatching(/line 3/) as string }])
  })
})
