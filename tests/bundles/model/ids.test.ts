import { describe, expect, test } from 'vitest'
import {
  AUDIT,
  bundleId,
  byNumber,
  expressId,
  INTEGRATE,
  isBundleId,
  isExpressId,
  isTicketId,
  nextNumber,
  numberOf,
  roleOf,
  workerId,
} from '../../../src/bundles/model/ids.ts'
import { bundleId as bundle, ticketId as ticket } from './make.ts'

describe('an id', () => {
  test.each([
    ['B-001', 'bundle'],
    ['B-1000', 'bundle'],
    ['B-999999999', 'bundle'],
    ['TKT-000', 'ticket'],
    ['TKT-001', 'ticket'],
    ['TKT-12345', 'ticket'],
    ['TKT-A00', 'ticket'],
    ['TKT-A07', 'ticket'],
    ['EXP-001', 'express'],
    ['EXP-1000', 'express'],
  ])('%s is one of a %s', (text, kind) => {
    expect([isBundleId(text), isTicketId(text), isExpressId(text)]).toEqual(
      ['bundle', 'ticket', 'express'].map((name) => name === kind),
    )
  })

  test.each([
    '',
    'B-',
    'B-1',
    'B-01',
    'b-001',
    'B-0001234567',
    'B-test',
    'B-001 ',
    ' B-001',
    'B-001\n',
    'B-001/../B-002',
    '../B-001',
    'B-٠٠١',
    'TKT-1',
    'TKT-A0',
    'TKT-A000',
    'TKT-a00',
    'TKT-001-notes',
    'TKT-001.yaml',
    'EXP-1',
    'EXP-A00',
    'constructor',
  ])('%j is none', (text) => {
    expect([isBundleId(text), isTicketId(text), isExpressId(text)]).toEqual([false, false, false])
  })

  test.each([
    [1, 'B-001', 'TKT-001', 'EXP-001'],
    [42, 'B-042', 'TKT-042', 'EXP-042'],
    [999, 'B-999', 'TKT-999', 'EXP-999'],
    [1000, 'B-1000', 'TKT-1000', 'EXP-1000'],
  ])('of number %i is written %s, %s and %s', (number, ...ids) => {
    expect([bundleId(number), workerId(number), expressId(number)]).toEqual(ids)
    expect([bundleId(number), workerId(number), expressId(number)].map(numberOf)).toEqual([
      number,
      number,
      number,
    ])
  })
})

describe('the next number', () => {
  test.each([
    ['of none is 1', [], 1],
    ['follows the greatest', ['B-001', 'B-002'], 3],
    ['never fills a gap', ['B-001', 'B-007', 'B-003'], 8],
    ['goes beyond 999', ['B-999', 'B-1000', 'B-001'], 1001],
  ])('%s', (_title, ids, next) => {
    expect(nextNumber(ids.map(bundle))).toBe(next)
  })

  test('leaves integration and audit out', () => {
    expect(nextNumber([INTEGRATE, AUDIT])).toBe(1)
    expect(nextNumber([AUDIT, workerId(3), INTEGRATE, ticket('TKT-A07')])).toBe(4)
  })
})

describe('the order of ids', () => {
  test('is by number, the audits last', () => {
    const sorted = ['TKT-000', 'TKT-001', 'TKT-010', 'TKT-999', 'TKT-1000', 'TKT-A00', 'TKT-A01']
    expect([...sorted].reverse().map(ticket).sort(byNumber)).toEqual(sorted)
    expect(['B-1000', 'B-999', 'B-001'].map(bundle).sort(byNumber)).toEqual(['B-001', 'B-999', 'B-1000'])
  })
})

describe('the role of a ticket', () => {
  test.each([
    ['TKT-000', 'main'],
    ['TKT-A00', 'audit'],
    ['TKT-A07', 'audit'],
    ['TKT-001', 'worker'],
    ['TKT-0000', 'worker'],
    ['TKT-1000', 'worker'],
  ])('follows from its id: %s is %s', (id, role) => {
    expect(roleOf(ticket(id))).toBe(role)
  })
})
