import { describe, expect, test } from 'vitest'
import {
  auditDocument,
  integrateDocument,
  readTicket,
  workerDocument,
  type Ticket,
} from '../../../src/bundles/model/ticket.ts'
import { bundleId, ticket, ticketId } from './make.ts'

const read = (fields: unknown, id = 'TKT-001') => readTicket(ticketId(id), fields)
const reasonOf = (fields: unknown): string | undefined => {
  const result = read(fields)
  return result.ok ? undefined : result.reason
}

const WORKER_KEYS = (
  'id bundle type title description acceptance_criteria status claimed_by claimed_at started_at completed_at ' +
  'category effort_estimate agent_type skills wave qa_scenarios source_plan source_ticket_index result depends_on transition_log'
).split(' ')

describe('a new ticket', () => {
  test('of a worker has the published keys in their order, and defaults for what was not said', () => {
    const document = workerDocument(bundleId('B-001'), ticketId('TKT-001'), { title: 'Slugs' })
    expect(Object.keys(document)).toEqual(WORKER_KEYS)
    expect(document).toMatchObject({
      id: 'TKT-001',
      bundle: 'B-001',
      type: 'worker',
      title: 'Slugs',
      description: 'Slugs',
      acceptance_criteria: [expect.stringMatching(/done/)],
      status: 'open',
      claimed_by: null,
      category: null,
      skills: [],
      wave: null,
      result: { summary: null, artifacts: [], notes: null, evidence: null },
      depends_on: [],
    })
  })

  test('keeps all that was said', () => {
    const said = {
      title: 'Slugs',
      type: 'research',
      description: 'Make slugs.\nShort ones.',
      acceptance_criteria: [
        'slugs are short',
        { type: 'command' as const, run: 'npm test', expect_exit_code: 0 },
      ],
      category: 'quick',
      effort_estimate: '30m',
      agent_type: 'build',
      skills: ['tkt'],
      wave: 0,
      qa_scenarios: ['two at once'],
      source_plan: 'plan.md',
      source_ticket_index: 2,
      depends_on: ['TKT-002'],
      carryover_from: 'B-000/TKT-003',
    }
    expect(workerDocument(bundleId('B-001'), ticketId('TKT-001'), said)).toMatchObject(said)
  })

  test.each([
    [
      'of the integration',
      integrateDocument(bundleId('B-007')),
      'TKT-000',
      'integrate',
      'Coordinate and integrate B-007',
    ],
    ['of the audit', auditDocument(bundleId('B-007')), 'TKT-A00', 'audit', 'Spot-check the quality of B-007'],
  ])('%s has no field of workers, and two criteria in words', (_title, document, id, type, title) => {
    expect(Object.keys(document)).toEqual(
      WORKER_KEYS.filter((key) => !['skills', 'wave', 'qa_scenarios'].includes(key)),
    )
    expect(document).toMatchObject({ id, type, title, bundle: 'B-007' })
    expect(document.acceptance_criteria).toEqual([expect.any(String), expect.any(String)])
  })

  test('is read back as what it is', () => {
    const document = workerDocument(bundleId('B-001'), ticketId('TKT-001'), {
      title: 'null',
      wave: 3,
      skills: ['a'],
    })
    expect(read(document)).toMatchObject({
      ok: true,
      value: { title: 'null', wave: 3, skills: ['a'], status: 'open' },
    })
  })
})

describe('the file of an older tree is understood', () => {
  test.each<readonly [string, Readonly<Record<string, unknown>>, Partial<Ticket>]>([
    ['with ticket_id for id', { ticket_id: 'TKT-009', id: 'TKT-008' }, { id: ticketId('TKT-001') }],
    ['with status completed', { status: 'completed' }, { status: 'done' }],
    ['with status complete', { status: 'complete' }, { status: 'done' }],
    ['with stage closed', { stage: 'closed', status: null }, { status: 'done' }],
    ['with its status in the result', { status: null, result: { status: 'completed' } }, { status: 'done' }],
    [
      'with a result that is null',
      { result: null },
      { summary: undefined, evidence: undefined, notes: undefined },
    ],
    ['with a result that is a text', { result: 'done' }, { summary: undefined }],
    ['with acceptance for its criteria', { acceptance: ['it works'] }, { acceptance_criteria: ['it works'] }],
    ['with criteria that are null', { acceptance_criteria: null }, { acceptance_criteria: [] }],
    ['with goal for its title', { title: null, goal: 'Ship' }, { title: 'Ship' }],
    ['without bundle, started_at and log', {}, { started_at: undefined, transition_log: [], depends_on: [] }],
    [
      'with null as a word',
      { claimed_by: 'null', claimed_at: 'null' },
      { claimed_by: undefined, claimed_at: undefined },
    ],
    ['with null as its evidence, which is a word', { result: { evidence: 'null' } }, { evidence: 'null' }],
    ['with an empty claimant', { claimed_by: '' }, { claimed_by: undefined }],
    [
      'with numbers for texts',
      { title: 7, claimed_by: 7, result: { evidence: 1.5 } },
      { title: '7', claimed_by: '7', evidence: '1.5' },
    ],
    ['with a wave in quotes', { wave: '2' }, { wave: 2 }],
    ['with a wave that is none', { wave: 'second' }, { wave: undefined }],
    [
      'with holes in its lists',
      { depends_on: ['TKT-002', null, {}, ''], skills: null },
      { depends_on: ['TKT-002'], skills: [] },
    ],
  ])('%s', (_title, fields, expected) => {
    expect(ticket('TKT-001', fields)).toMatchObject(expected)
  })

  test.each([
    ['TKT-000', 'integrate'],
    ['TKT-A00', 'audit'],
    ['TKT-001', 'worker'],
  ])('without a type: %s is %s', (id, type) => {
    expect(ticket(id).type).toBe(type)
  })

  test('with entries in its log that are none', () => {
    const entry = { from: 'open', to: 'claimed', timestamp: 't', agent: 'a' }
    const log = [
      entry,
      null,
      'claimed',
      { ...entry, to: null },
      { ...entry, timestamp: '' },
      { ...entry, agent: null, reason: 'late' },
    ]
    expect(ticket('TKT-001', { transition_log: log }).transition_log).toEqual([
      entry,
      { ...entry, agent: null, reason: 'late' },
    ])
  })
})

describe('a file that is no ticket is told why', () => {
  test.each([
    ['a list', ['a'], 'the file holds no map of fields'],
    ['a text', 'open', 'the file holds no map of fields'],
    ['nothing', null, 'the file holds no map of fields'],
    [
      'an unknown status',
      { status: 'wip' },
      'status is "wip", not one of open, claimed, in_progress, blocked, done, failed',
    ],
    [
      'a status in capitals',
      { status: 'OPEN' },
      'status is "OPEN", not one of open, claimed, in_progress, blocked, done, failed',
    ],
    [
      'a status that objects have by birth',
      { status: 'constructor' },
      /^status is "constructor", not one of /,
    ],
    ['a status that is a list', { status: ['open'] }, /^status is \["open"\], not one of /],
    ['no status', { title: 'x' }, /^status is undefined, not one of /],
  ])('%s', (_title, fields, reason) => {
    expect(reasonOf(fields)).toMatch(reason)
  })
})
