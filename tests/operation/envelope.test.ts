import { describe, expect, test } from 'vitest'
import { exitCodeOf, failure, success } from '../../src/operation/envelope.ts'
import { ERRORS, KINDS, OperationError, type ErrorName } from '../../src/operation/errors.ts'

describe('the answer of an operation that succeeded', () => {
  test('has its fields at the top, and no warnings when there are none', () => {
    expect(success({ ticket_id: 'TKT-001' })).toEqual({ ok: true, ticket_id: 'TKT-001' })
    expect(Object.keys(success({ a: 1 }, ['careful']))).toEqual(['ok', 'a', 'warnings'])
  })

  test('exits with 0, also when it has warnings', () => {
    expect(exitCodeOf(success({}, ['careful']))).toBe(0)
  })
})

describe('the answer of an operation that did not', () => {
  test('says what, where it is published, why, and what to do next', () => {
    const error = new OperationError('TICKET_NOT_FOUND', 'B-001 has no TKT-009', { bundle: 'B-001' })
    expect(failure(error)).toEqual({
      ok: false,
      status: 'error',
      error: 'TICKET_NOT_FOUND',
      error_code: 'SK-TKT-002',
      severity: 'medium',
      message: 'B-001 has no TKT-009',
      hint: 'see `tkt status --bundle B-001`, or `tkt express list`',
      details: { bundle: 'B-001' },
    })
  })

  test('tells the name that the published durable program gave it', () => {
    const told = failure(new OperationError('UNKNOWN_TICKET', 'there is no ticket T'))
    expect(told).toMatchObject({ error: 'UNKNOWN_TICKET', legacy_code: 'UNKNOWN_TICKET', severity: 'medium' })
    expect(failure(new OperationError('DATABASE_UNAVAILABLE', 'x')).severity).toBe('critical')
  })

  test('has no details when there are none, and the hint of the error when it has its own', () => {
    const answer = failure(new OperationError('UNKNOWN_COMMAND', 'no', {}, 'did you mean list?'))
    expect(answer).not.toHaveProperty('details')
    expect(answer.hint).toBe('did you mean list?')
  })

  test.each(Object.keys(ERRORS) as ErrorName[])('exits for %s as its kind says', (name) => {
    expect(exitCodeOf(failure(new OperationError(name, 'x')))).toBe(KINDS[ERRORS[name].kind].exit)
  })
})
