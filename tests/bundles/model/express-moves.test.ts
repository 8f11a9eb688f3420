import { describe, expect, test } from 'vitest'
import { readExpress, type Express } from '../../../src/bundles/model/express.ts'
import {
  judgeExpressClaim,
  judgeExpressClose,
  judgeExpressRelease,
  UPGRADE_ABOVE_FILES,
  upgradeChanges,
} from '../../../src/bundles/model/express-moves.ts'
import type { ClaimRequest } from '../../../src/bundles/model/ticket-moves.ts'
import { bundleId, expressId, NOW, ticketId } from './make.ts'

const express = (fields: Readonly<Record<string, unknown>> = {}): Express => {
  const read = readExpress(expressId('EXP-001'), { title: 'Fix', status: 'open', ...fields })
  if (!read.ok) throw new Error(read.reason)
  return read.value
}
const claimed = express({ status: 'claimed', claimed_by: 'alice', claimed_at: 'then' })
const done = express({ status: 'done', claimed_by: 'alice', claimed_at: 'then', completed_at: 'later' })

const claim = (of: Express, more: Partial<ClaimRequest> = {}) =>
  judgeExpressClaim(of, { agent: 'bob', takeOver: false, idle: undefined, ...more }, NOW)

describe('claiming an express ticket', () => {
  test('succeeds when it is open', () => {
    expect(claim(express())).toEqual({
      ok: true,
      from: 'open',
      to: 'claimed',
      claim_no: 1,
      changes: { status: 'claimed', claimed_by: 'bob', claimed_at: NOW, claim_no: 1, updated_at: NOW },
    })
  })

  test.each([
    ['is claimed', claimed, 'EXP-001 is claimed by alice since then'],
    ['is done', done, 'EXP-001 is done by alice since later'],
    ['is done by nobody on record', express({ status: 'done' }), 'EXP-001 is done'],
  ])('is refused when it %s', (_title, taken, message) => {
    expect(claim(taken)).toMatchObject({
      ok: false,
      refused: 'EXPRESS_NOT_OPEN',
      message,
      details: { ticket_id: 'EXP-001', status: taken.status, claimed_by: taken.claimed_by ?? null },
    })
  })
})

describe('a stale express ticket', () => {
  const idle = { since: 'noon', minutes: 90, isStale: true }

  test('is taken over when that is asked for, and the reason is told', () => {
    expect(claim(claimed, { idle, takeOver: true })).toMatchObject({
      ok: true,
      from: 'claimed',
      to: 'claimed',
      claim_no: 1,
      taken_over_from: 'alice',
      reason: 'taken over from alice: no sign of life since noon',
    })
  })

  test('is refused otherwise, and so is one whose holder was heard of', () => {
    expect(claim(claimed, { idle })).toMatchObject({
      refused: 'EXPRESS_NOT_OPEN',
      hint: expect.stringContaining('--take-over') as string,
    })
    const alive = { ...idle, isStale: false }
    expect(claim(claimed, { idle: alive, takeOver: true })).toMatchObject({ refused: 'EXPRESS_NOT_OPEN' })
  })
})

describe('releasing an express ticket', () => {
  const release = (of: Express, agent: string) => judgeExpressRelease(of, { agent }, NOW)

  test('is for its holder, who leaves it open', () => {
    expect(release(claimed, 'alice')).toMatchObject({ ok: true, to: 'open', changes: { claimed_by: null } })
    expect(release(claimed, 'bob')).toMatchObject({ refused: 'NOT_OWNER', details: { ticket_id: 'EXP-001' } })
  })

  test.each([express(), done])('is refused where there is nothing to give back', (of) => {
    expect(release(of, 'alice')).toMatchObject({ refused: 'EXPRESS_NOT_OPEN' })
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
