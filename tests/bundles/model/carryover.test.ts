import { describe, expect, test } from 'vitest'
import type { Criterion } from '../../../src/bundles/model/acceptance.ts'
import { carryoverDocument, readCarryover } from '../../../src/bundles/model/carryover.ts'
import { readTicket, workerDocument } from '../../../src/bundles/model/ticket.ts'
import type { RawMap } from '../../../src/bundles/model/raw.ts'
import { readDocument } from '../../../src/bundles/store/yaml-read.ts'
import { renderYaml } from '../../../src/bundles/store/yaml-file.ts'
import { bundleId, failure, ticket, ticketId } from './make.ts'

const B = bundleId('B-001')

describe('what a bundle leaves behind', () => {
  test('is nothing when all is done', () => {
    expect(carryoverDocument(B, [ticket('TKT-001', { status: 'done' })], [])).toBeUndefined()
  })

  test('is each ticket with a failed criterion, once, with its own failures', () => {
    const tickets = [
      ticket('TKT-001', { status: 'done', description: 'Do\n  it.' }),
      ticket('TKT-002', { status: 'done' }),
      ticket('TKT-003'),
    ]
    const failures = [
      failure('TKT-001'),
      failure('TKT-003'),
      failure('TKT-001', { criterion_index: 2, run: 'npm run lint' }),
    ]
    expect(carryoverDocument(B, tickets, failures)).toEqual({
      bundle: 'B-001',
      carryover: [
        {
          ticket_id: 'TKT-001',
          title: 'Do TKT-001',
          carryover_from: 'B-001/TKT-001',
          reason: 'acceptance_criteria_failed',
          failed_criteria: [failures[0], failures[2]],
          original_description: 'Do it.',
        },
        expect.objectContaining({ ticket_id: 'TKT-003', failed_criteria: [failures[1]] }),
      ],
    })
  })

  test('is a failed ticket too, with the reason stated', () => {
    const failed = ticket('TKT-001', { status: 'failed' })
    expect(carryoverDocument(B, [failed], [])?.carryover).toMatchObject([
      { reason: 'ticket_failed', failed_criteria: [] },
    ])
    expect(carryoverDocument(B, [failed], [failure('TKT-001')])?.carryover).toMatchObject([
      { reason: 'acceptance_criteria_failed' },
    ])
  })
})

describe('what another bundle takes up', () => {
  test('says where it comes from, in one line', () => {
    const [taken] = readCarryover({
      carryover: [
        { carryover_from: 'B-001/TKT-001', title: 'Slugs', original_description: 'Make\tslugs.\nShort.' },
      ],
    })
    expect(taken).toEqual({
      title: 'Slugs',
      description: 'carryover_from: B-001/TKT-001 | Make slugs. Short.',
      acceptance_criteria: [],
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
    const [taken] = readCarryover(reread(left ?? {}))
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
    expect(readCarryover({ carryover: [entry] })[0]?.acceptance_criteria).toEqual(criteria)
  })

  test.each([
    ['nothing', null],
    ['a list', []],
    ['no carryover', { bundle: 'B-001' }],
    ['entries that are none', { carryover: [null, 'x', { title: 'without its origin' }] }],
  ])('is nothing when the file holds %s', (_title, value) => {
    expect(readCarryover(value)).toEqual([])
  })

  test('has its origin for a title when it has none', () => {
    expect(readCarryover({ carryover: [{ carryover_from: 'B-001/TKT-001' }] })[0]?.title).toBe(
      'B-001/TKT-001',
    )
  })
})

/** The value as it comes back from a file. */
function reread(value: RawMap): unknown {
  const read = readDocument(renderYaml(value).text)
  if (!read.ok) throw new Error(read.reason)
  return read.value
}
