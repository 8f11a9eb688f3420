import { describe, expect, test } from 'vitest'
import { carryoverDocument } from '../../../src/bundles/model/carryover.ts'
import { bundleId, failure, ticket } from './make.ts'

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
          failure_reason: null,
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

  test('says why a ticket failed, and has it null when nobody did or when it is done', () => {
    const move = { from: 'claimed', to: 'failed', timestamp: 'then', reason: 'no\nmachine' }
    const reasonOf = (fields: Readonly<Record<string, unknown>>) =>
      carryoverDocument(B, [ticket('TKT-001', fields)], [failure('TKT-001')])?.carryover[0]?.failure_reason
    expect(reasonOf({ status: 'failed', transition_log: [move] })).toBe('no\nmachine')
    expect(reasonOf({ status: 'failed' })).toBeNull()
    expect(reasonOf({ status: 'done', result: { notes: 'fine' } })).toBeNull()
  })

  test('leaves out what an earlier carryover wrote below the description', () => {
    const description =
      'carryover_from: B-000/TKT-003 | Do it.\n\nWhy B-000/TKT-003 was left behind:\n- it failed: once'
    const left = carryoverDocument(B, [ticket('TKT-001', { status: 'failed', description })], [])
    expect(left?.carryover[0]?.original_description).toBe('carryover_from: B-000/TKT-003 | Do it.')
  })
})
