import { describe, expect, test } from 'vitest'
import type { Criterion } from '../../../src/evidence/acceptance.ts'
import { carryoverDocument } from '../../../src/bundles/model/carryover.ts'
import { readCarryover } from '../../../src/bundles/model/carryover-tickets.ts'
import { readTicket, workerDocument } from '../../../src/bundles/model/ticket.ts'
import type { RawMap } from '../../../src/bundles/model/raw.ts'
import { readDocument } from '../../../src/bundles/store/yaml-read.ts'
import { renderYaml } from '../../../src/bundles/store/yaml-file.ts'
import { bundleId, failure, ticket, ticketId } from './make.ts'

const B = bundleId('B-001')

/** Takes up this carryover; the files of its tickets are gone unless they are given. */
const take = (value: unknown, files: Readonly<Record<string, RawMap>> = {}, offset = 0) =>
  readCarryover(value, { origins: new Map(Object.entries(files)), offset })

/** A carryover of tickets that failed. */
const failedOnes = (...ids: readonly string[]) => ({
  carryover: ids.map((id) => ({ carryover_from: `B-001/${id}`, title: id, reason: 'ticket_failed' })),
})

describe('what another bundle takes up', () => {
  test('says where it comes from, in one line', () => {
    const [taken] = take({
      carryover: [
        { carryover_from: 'B-001/TKT-001', title: 'Slugs', original_description: 'Make\tslugs.\nShort.' },
      ],
    })
    expect(taken).toEqual({
      title: 'Slugs',
      description: 'carryover_from: B-001/TKT-001 | Make slugs. Short.',
      acceptance_criteria: [],
      depends_on: [],
      carryover_from: 'B-001/TKT-001',
    })
  })

  test.each<readonly [string, Criterion]>([
    ['an exit code', { type: 'command', run: 'npm test', expect_exit_code: 0 }],
    ['another exit code', { type: 'command', run: 'grep -q x README.md', expect_exit_code: 1 }],
    ['an output', { type: 'command', run: 'npm test', expect_exit_code: 0, expect_contains: '12 passed' }],
    ['an empty output', { type: 'command', run: 'npm test', expect_exit_code: 0, expect_contains: '' }],
    [
      'several lines and quotes',
      { type: 'command', run: 'set -e\n\necho "a: b" \\\n  | grep \'#\'', expect_exit_code: 0 },
    ],
    [
      'a command that YAML would read as something else',
      { type: 'command', run: 'true', expect_exit_code: 0, expect_contains: 'null' },
    ],
  ])('is checked by the very command that failed: %s', (_title, criterion) => {
    if (typeof criterion === 'string') throw new Error('a command is expected')
    const { run, expect_exit_code, expect_contains } = criterion
    const failed = failure('TKT-001', { run, expect_exit_code, expect_contains: expect_contains ?? null })
    const left = carryoverDocument(
      B,
      [ticket('TKT-001', { status: 'done', acceptance_criteria: [criterion] })],
      [failed],
    )
    const [taken] = take(reread(left ?? {}))
    expect(taken?.acceptance_criteria).toEqual([criterion])
    const born = workerDocument(bundleId('B-002'), ticketId('TKT-001'), taken ?? { title: '' })
    expect(readTicket(ticketId('TKT-001'), reread(born))).toMatchObject({
      ok: true,
      value: { title: 'Do TKT-001', acceptance_criteria: [criterion] },
    })
  })

  test.each([
    [
      'of the published tool, which kept no expectations',
      { run: 'npm test', exit_code: 1 },
      [{ type: 'command', run: 'npm test', expect_exit_code: 0 }],
    ],
    ['without a command, which cannot be run again', { reason: 'run is empty' }, []],
    ['that is none', 'npm test', []],
  ])('has of a failure %s', (_title, failed, criteria) => {
    const entry = { carryover_from: 'B-001/TKT-001', title: 'x', failed_criteria: [failed] }
    expect(take({ carryover: [entry] })[0]?.acceptance_criteria).toEqual(criteria)
  })

  test.each([
    ['nothing', null],
    ['a list', []],
    ['no carryover', { bundle: 'B-001' }],
    ['entries that are none', { carryover: [null, 'x', { title: 'without its origin' }] }],
  ])('is nothing when the file holds %s', (_title, value) => {
    expect(take(value)).toEqual([])
  })

  test('has its origin for a title when it has none', () => {
    expect(take({ carryover: [{ carryover_from: 'B-001/TKT-001' }] })[0]?.title).toBe('B-001/TKT-001')
  })
})

describe('how a ticket was planned', () => {
  const planned = {
    status: 'failed',
    type: 'research',
    category: 'deep',
    effort_estimate: '2h',
    agent_type: 'coder',
    skills: ['sql'],
    wave: 2,
    qa_scenarios: ['it survives a restart'],
    source_plan: 'plan.md',
    source_ticket_index: 4,
  }

  test('stays', () => {
    const [taken] = take(failedOnes('TKT-001'), { 'TKT-001': planned })
    const { status: _, ...plan } = planned
    expect(taken).toMatchObject(plan)
    expect(workerDocument(bundleId('B-002'), ticketId('TKT-001'), taken ?? { title: '' })).toMatchObject(plan)
  })

  test('is not invented: what is null or missing stays so, and a fixed ticket becomes a worker', () => {
    const files = { 'TKT-A00': { status: 'failed', type: 'audit', category: null, wave: null } }
    const [taken] = take(failedOnes('TKT-A00'), files)
    expect(taken).toEqual({
      title: 'TKT-A00',
      description: expect.any(String) as string,
      acceptance_criteria: [],
      skills: [],
      scope: [],
      qa_scenarios: [],
      depends_on: [],
      carryover_from: 'B-001/TKT-A00',
    })
  })

  test.each([
    ['gone', {}],
    ['not understood', { 'TKT-001': { status: 'lost', wave: 2 } }],
  ])('is left out when the file is %s', (_title, files) => {
    expect(take(failedOnes('TKT-001'), files)[0]).not.toHaveProperty('wave')
  })

  test('keeps dependencies on tickets that come along, by their new ids, and drops the others', () => {
    const taken = take(
      failedOnes('TKT-002', 'TKT-005', 'TKT-003'),
      {
        'TKT-002': { status: 'failed', depends_on: ['TKT-001'] },
        'TKT-005': { status: 'failed', depends_on: ['TKT-003', 'TKT-001', 'TKT-002', 'TKT-009'] },
      },
      2,
    )
    expect(taken.map(({ depends_on }) => depends_on)).toEqual([[], ['TKT-005', 'TKT-003'], []])
  })

  test('keeps all criteria of failed work, of done work only the checks that failed', () => {
    const [check, other] = ['npm test', 'npm run lint'].map((run) => ({
      type: 'command',
      run,
      expect_exit_code: 0,
    }))
    const acceptance_criteria = ['a sentence', check, other]
    const value = { carryover: [{ carryover_from: 'B-001/TKT-001', failed_criteria: [failure('TKT-001')] }] }
    const criteriaOf = (status: string) =>
      take(value, { 'TKT-001': { status, acceptance_criteria } })[0]?.acceptance_criteria
    expect(criteriaOf('failed')).toEqual(acceptance_criteria)
    expect(criteriaOf('done')).toEqual([check])
  })
})

describe('why a ticket failed', () => {
  const transition_log = [{ from: 'open', to: 'failed', timestamp: 'then', reason: 'no machine' }]

  test('is what the carryover says', () => {
    const [entry] = failedOnes('TKT-001').carryover
    const value = { carryover: [{ ...entry, failure_reason: 'a person knows better' }] }
    expect(take(value, { 'TKT-001': { status: 'failed', transition_log } })[0]?.description).toMatch(
      /\n- it failed: a person knows better$/,
    )
  })

  test('is read in the ticket when the carryover is of an older program', () => {
    expect(
      take(failedOnes('TKT-001'), { 'TKT-001': { status: 'failed', transition_log } })[0]?.description,
    ).toMatch(/\n- it failed: no machine$/)
  })
})

/** The value as it comes back from a file. */
function reread(value: RawMap): unknown {
  const read = readDocument(renderYaml(value).text)
  if (!read.ok) throw new Error(read.reason)
  return read.value
}
