import { describe, expect, test } from 'vitest'
import { expressDocument, readExpress, type Express } from '../../../src/bundles/model/express.ts'
import { expressId, NOW } from './make.ts'

const ID = expressId('EXP-001')
const express = (fields: Readonly<Record<string, unknown>> = {}): Express => {
  const read = readExpress(ID, { title: 'Fix', status: 'open', ...fields })
  if (!read.ok) throw new Error(read.reason)
  return read.value
}

describe('a new express ticket', () => {
  test('has the published keys in their order', () => {
    const document = expressDocument(ID, { title: 'Fix', acceptance: ['it works'] }, NOW)
    expect(Object.keys(document)).toEqual(
      (
        'id type title description acceptance_criteria status claimed_by claimed_at completed_at created_at updated_at ' +
        'category effort_estimate agent_type wave source_plan source_ticket_index result transition_log'
      ).split(' '),
    )
    expect(document).toMatchObject({
      type: 'express',
      description: 'Fix',
      status: 'open',
      created_at: NOW,
      updated_at: NOW,
    })
  })

  test('is read back with all that was said', () => {
    const said = {
      category: 'quick',
      effort_estimate: '30m',
      agent_type: 'null',
      wave: 1,
      source_plan: 'p.md',
      source_ticket_index: 0,
    }
    const document = expressDocument(ID, { title: 'Fix', acceptance: ['it works'], ...said }, NOW)
    expect(readExpress(ID, document)).toMatchObject({
      ok: true,
      value: {
        id: 'EXP-001',
        title: 'Fix',
        acceptance_criteria: ['it works'],
        status: 'open',
        created_at: NOW,
        ...said,
      },
    })
  })
})

describe('the file of an express ticket', () => {
  test.each([
    ['completed', 'done'],
    ['closed', 'done'],
    ['claimed', 'claimed'],
  ])('with status %s is %s', (status, meant) => {
    expect(express({ status }).status).toBe(meant)
  })

  test.each([
    ['nothing', null, 'the file holds no map of fields'],
    ['an unknown status', { status: 'blocked' }, 'status is "blocked", not one of open, claimed, done'],
    ['no status', {}, 'status is undefined, not one of open, claimed, done'],
  ])('that is none is told why: %s', (_title, fields, reason) => {
    expect(readExpress(ID, fields)).toEqual({ ok: false, reason })
  })
})
