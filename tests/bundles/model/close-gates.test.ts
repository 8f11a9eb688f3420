import { describe, expect, test } from 'vitest'
import {
  CLOSE_GATES,
  judgeClose,
  unprovenWork,
  type CloseFacts,
} from '../../../src/bundles/model/close-gates.ts'
import type { Ticket } from '../../../src/bundles/model/ticket.ts'
import { bundle, failure, NOW, ticket } from './make.ts'

const done = (id: string, agent: string, more: object = {}): Ticket =>
  ticket(id, { status: 'done', claimed_by: agent, ...more })

/** A bundle that can be closed. */
const facts = (more: Partial<CloseFacts> = {}): CloseFacts => ({
  bundle: bundle('B-001', { audit_required: true }),
  tickets: [ticket('TKT-000'), done('TKT-001', 'alice'), done('TKT-A00', 'bob')],
  unreadable: [],
  dependencies: [],
  worktree: { state: 'none', message: '', paths: [] },
  merge_problem: undefined,
  structural: { ran: false },
  close_gate: { ran: false },
  failures: [],
  strict: false,
  ...more,
})

const withTickets = (...tickets: readonly Ticket[]): CloseFacts => facts({ tickets })
const [integrate, work, audit] = facts().tickets as readonly [Ticket, Ticket, Ticket]

describe('the gates of close', () => {
  test('stand in the published order', () => {
    expect(CLOSE_GATES.map(({ id, error }) => `${id}: ${error}`)).toEqual([
      'dependencies: DEPENDENCY_UNFINISHED',
      'worktree-present: WORKTREE_GONE',
      'worktree-clean: WORKTREE_DIRTY',
      'work-finished: WORK_UNFINISHED',
      'audit-finished: AUDIT_UNFINISHED',
      'audit-independent: AUDIT_NOT_INDEPENDENT',
      'structural: STRUCTURE_INVALID',
      'close-gate: CLOSE_GATE_FAILED',
      'acceptance: ACCEPTANCE_FAILED',
      'audit-current: AUDIT_UNFINISHED',
      'merge: MERGE_FAILED',
    ])
    expect(CLOSE_GATES.filter(({ asks }) => !asks.endsWith('?'))).toEqual([])
  })

  test.each<readonly [string, CloseFacts]>([
    ['all is done', facts()],
    ['there is no worker', withTickets(integrate, audit)],
    ['a worker failed', withTickets(integrate, ticket('TKT-001', { status: 'failed' }), audit)],
    ['the integration is open, claimed or done', withTickets(done('TKT-000', 'maria'), work, audit)],
    ['the main agent audits, having done no work', withTickets(done('TKT-000', 'bob'), work, audit)],
    [
      'dependencies are closed or archived',
      facts({
        dependencies: [
          { id: 'B-000', status: 'closed' },
          { id: 'B-002', status: 'archived' },
        ],
      }),
    ],
    ['the worktree is clean', facts({ worktree: { state: 'clean', message: '', paths: [] } })],
    [
      'the checks succeeded',
      facts({ structural: { ran: true, ok: true }, close_gate: { ran: true, ok: true } }),
    ],
    ['criteria fail without --strict', facts({ failures: [failure('TKT-001')] })],
    ['--strict finds no failure', facts({ strict: true })],
    ['an older bundle has no audit', facts({ bundle: bundle('B-001'), tickets: [integrate, work] })],
  ])('let pass when %s', (_title, passing) => {
    expect(judgeClose(passing)).toEqual([])
  })

  const state = (status: string, more: object = {}) => ({ status, ...more })
  const worked = [{ from: 'open', to: 'claimed', timestamp: NOW, agent: 'bob' }]
  const bad = { ran: true, ok: false, reason: 'exit code 1', output: 'x' } as const

  /** What is wrong with a bundle, the gate that says so, and its words. */
  const failing: readonly (readonly [string, Partial<CloseFacts>, string, string])[] = [
    [
      'a dependency is open',
      { dependencies: [{ id: 'B-000', status: 'open' }] },
      'dependencies',
      'B-000 is open',
    ],
    [
      'one is unreadable',
      { dependencies: [{ id: 'B-000', status: 'unreadable' }] },
      'dependencies',
      'B-000 is unreadable',
    ],
    [
      'the worktree is gone',
      { worktree: { state: 'gone', message: 'gone', paths: [] } },
      'worktree-present',
      'gone',
    ],
    [
      'the worktree is dirty',
      { worktree: { state: 'dirty', message: 'dirty', paths: [] } },
      'worktree-clean',
      'dirty',
    ],
    [
      'a ticket is unreadable',
      { unreadable: [{ id: 'TKT-002', reason: 'line 1' }] },
      'work-finished',
      'TKT-002 cannot be read: line 1',
    ],
    [
      'the audit is unreadable',
      { tickets: [integrate, work], unreadable: [{ id: 'TKT-A00', reason: 'line 1' }] },
      'work-finished',
      'TKT-A00 cannot be read: line 1',
    ],
    ['the audit was deleted', { tickets: [integrate, work] }, 'audit-finished', 'TKT-A00.yaml is missing'],
    ['the structural check failed', { structural: bad }, 'structural', 'exit code 1'],
    ['the gate of the project failed', { close_gate: bad }, 'close-gate', 'exit code 1'],
    [
      '--strict finds a failure',
      { strict: true, failures: [failure('TKT-001')] },
      'acceptance',
      'TKT-001: `npm test`: exit code 1, expected 0',
    ],
    [
      'the branch cannot be merged',
      { merge_problem: { message: 'conflict', paths: [] } },
      'merge',
      'conflict',
    ],
  ]

  /** The same, of one ticket in a bundle that is fine otherwise. */
  const failingTickets: readonly (readonly [
    string,
    string,
    Readonly<Record<string, unknown>>,
    string,
    string,
  ])[] = [
    ['a worker is open', 'TKT-001', {}, 'work-finished', 'TKT-001 is open'],
    ['a worker is blocked', 'TKT-001', state('blocked'), 'work-finished', 'TKT-001 is blocked'],
    ['a worker calls itself an audit', 'TKT-001', { type: 'audit' }, 'work-finished', 'TKT-001 is open'],
    ['the integration failed', 'TKT-000', state('failed'), 'work-finished', 'TKT-000 is failed'],
    ['the integration is blocked', 'TKT-000', state('blocked'), 'work-finished', 'TKT-000 is blocked'],
    ['the audit is open', 'TKT-A00', {}, 'audit-finished', 'TKT-A00 was never claimed (it is open)'],
    [
      'the audit has no claimant',
      'TKT-A00',
      state('done'),
      'audit-finished',
      'TKT-A00 was never claimed (it is done)',
    ],
    [
      'the audit is at work',
      'TKT-A00',
      state('claimed', { claimed_by: 'bob' }),
      'audit-finished',
      'TKT-A00 is claimed, held by bob',
    ],
    [
      'the audit failed',
      'TKT-A00',
      state('failed', { claimed_by: 'bob' }),
      'audit-finished',
      'TKT-A00 is failed, held by bob',
    ],
    [
      'the auditor did a ticket',
      'TKT-A00',
      state('done', { claimed_by: 'alice' }),
      'audit-independent',
      'alice worked on TKT-001',
    ],
    [
      'the auditor once did',
      'TKT-001',
      state('done', { transition_log: worked }),
      'audit-independent',
      'bob worked on TKT-001',
    ],
  ]

  const late = withTickets(
    integrate,
    { ...work, completed_at: '2026-03-01T12:00:01Z' },
    { ...audit, completed_at: '2026-03-01T12:00:00Z' },
  )
  const cases = [
    [
      'work was finished after its audit, under --strict',
      { ...late, strict: true },
      'audit-current',
      'finished after the audit: TKT-001',
    ] as const,
    ...failing.map(([title, more, gate, message]) => [title, facts(more), gate, message] as const),
    ...failingTickets.map(([title, id, fields, gate, message]) => {
      const tickets = [integrate, work, audit].map((other) => (other.id === id ? ticket(id, fields) : other))
      return [title, facts({ tickets }), gate, message] as const
    }),
  ]

  test.each(cases)('fail once when %s', (_title, failed, gate, message) => {
    const error = CLOSE_GATES.find(({ id }) => id === gate)?.error
    expect(judgeClose(failed)).toEqual([expect.objectContaining({ gate, error, message })])
  })

  test('let work pass that was finished after its audit, unless --strict asks', () => {
    expect(judgeClose(late)).toEqual([])
  })

  test('are each failed by one of these', () => {
    expect(new Set(cases.map(([, , gate]) => gate))).toEqual(new Set(CLOSE_GATES.map(({ id }) => id)))
  })

  test('tell all that is wrong, in their order', () => {
    const all = facts({
      tickets: [
        ticket('TKT-000'),
        ticket('TKT-001', { claimed_by: 'bob' }),
        ticket('TKT-A00', { claimed_by: 'bob' }),
      ],
      dependencies: [{ id: 'B-000', status: 'open' }],
      worktree: { state: 'dirty', message: 'dirty', paths: [] },
      merge_problem: { message: 'conflict', paths: [] },
      structural: { ran: true, ok: false, reason: 'bad', output: '' },
      close_gate: { ran: true, ok: false, reason: 'bad', output: '' },
      failures: [failure('TKT-001')],
      strict: true,
    })
    expect(judgeClose(all).map(({ gate }) => gate)).toEqual(
      CLOSE_GATES.map(({ id }) => id).filter((id) => id !== 'worktree-present' && id !== 'audit-current'),
    )
  })

  test('name ten of many, and how many more there are', () => {
    const many = Array.from({ length: 12 }, (_, index) => ticket(`TKT-1${String(index).padStart(2, '0')}`))
    const [failed] = judgeClose(withTickets(integrate, ...many, audit))
    expect(failed?.message).toMatch(/^TKT-100 is open, .*TKT-109 is open, and 2 more$/)
    const paths = Array.from({ length: 100 }, (_, index) => `file-${index}`)
    const [dirty] = judgeClose(facts({ worktree: { state: 'dirty', message: 'dirty', paths } }))
    expect(dirty?.details).toEqual({ paths: paths.slice(0, 20) })
  })
})

test('work that is done with nobody on record is unproven', () => {
  const tickets = [
    ticket('TKT-001', { status: 'done' }),
    ticket('TKT-002', { status: 'failed' }),
    done('TKT-003', 'alice'),
    ticket('TKT-004', {
      status: 'done',
      transition_log: [{ from: 'open', to: 'done', timestamp: NOW, agent: 'carol' }],
    }),
    ticket('TKT-A00', { status: 'done' }),
  ]
  expect(unprovenWork(tickets)).toEqual(['TKT-001'])
})
