import { describe, expect, test } from 'vitest'
import {
  expressDocument,
  judgeExpressClaim,
  judgeExpressClose,
  readExpress,
  UPGRADE_ABOVE_FILES,
  upgradeChanges,
  type Express,
} from '../../../src/bundles/model/express.ts'
import { bundleId, expressId, NOW, ticketId } from './make.ts'

const ID = expressId('EXP-001')
const express = (fields: Readonly<Record<string, unknown>> = {}): Express => {
  const read = readExpress(ID, { title: 'Fix', status: 'open', ...fields })
  if (!read.ok) throw new Error(read.reason)
  return read.value
}
const claimed = express({ status: 'claimed', claimed_by: 'alice', claimed_at: 'then' })
const done = express({ status: 'done', claimed_by: 'alice', claimed_at: 'then', completed_at: 'later' })

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

describe('claiming an express ticket', () => {
  test('succeeds when it is open', () => {
    expect(judgeExpressClaim(express(), 'bob', NOW)).toEqual({
      ok: true,
      from: 'open',
      to: 'claimed',
      changes: { status: 'claimed', claimed_by: 'bob', claimed_at: NOW, updated_at: NOW },
    })
  })

  test.each([
    ['is claimed', claimed, 'EXP-001 is claimed by alice since then'],
    ['is done', done, 'EXP-001 is done by alice since later'],
    ['is done by nobody on record', express({ status: 'done' }), 'EXP-001 is done'],
  ])('is refused when it %s', (_title, taken, message) => {
    expect(judgeExpressClaim(taken, 'bob', NOW)).toMatchObject({
      ok: false,
      refused: 'EXPRESS_NOT_OPEN',
      message,
      details: { ticket_id: 'EXP-001', status: taken.status, claimed_by: taken.claimed_by ?? null },
    })
  })
})

describe('closing an express ticket', () => {
  const close = (of: Express, more: object = {}) =>
    judgeExpressClose(of, { evidence: 'seen', agent: undefined, ...more }, NOW)

  test.each([
    ['open', express()],
    ['claimed', claimed],
  ])('succeeds when it is %s', (from, of) => {
    expect(close(of)).toEqual({
      ok: true,
      from,
      to: 'done',
      changes: { status: 'done', completed_at: NOW, updated_at: NOW, 'result.evidence': 'seen' },
    })
  })

  test.each([
    ['it is done', done, {}, 'EXPRESS_NOT_OPEN'],
    ['it is done, whatever else is wrong', done, { agent: 'bob', evidence: '' }, 'EXPRESS_NOT_OPEN'],
    ['somebody else acts', claimed, { agent: 'bob', evidence: '' }, 'NOT_OWNER'],
    ['there is no evidence', claimed, { agent: 'alice', evidence: undefined }, 'EVIDENCE_REQUIRED'],
    ['the evidence is empty', express(), { evidence: ' \n' }, 'EVIDENCE_REQUIRED'],
  ])('is refused when %s', (_title, of, more, refused) => {
    expect(close(of, more)).toMatchObject({ ok: false, refused })
  })

  test('is for the holder, and of an open one for everybody', () => {
    expect(close(claimed, { agent: 'alice' }).ok).toBe(true)
    expect(close(express(), { agent: 'bob' }).ok).toBe(true)
  })
})

test('an upgraded ticket says where its work went, and why', () => {
  expect(UPGRADE_ABOVE_FILES).toBe(3)
  expect(upgradeChanges(bundleId('B-002'), ticketId('TKT-001'), 5)).toEqual({
    'result.summary': 'Upgraded to B-002/TKT-001',
    upgraded_to_bundle: 'B-002',
    upgraded_to_ticket: 'TKT-001',
    upgraded_reason: '5 files changed, more than the 3 (>3) an express ticket may change',
  })
})
