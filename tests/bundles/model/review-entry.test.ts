import { describe, expect, test } from 'vitest'
import { reasonOf, reviewEntry } from '../../../src/bundles/model/review-entry.ts'
import { NOW, ticket } from './make.ts'

type Fields = Readonly<Record<string, unknown>>

/** Moves written `from>to agent reason`, a second apart. */
const log = (...moves: readonly string[]): readonly Fields[] =>
  moves.map((words, index) => {
    const [move = '', agent = '', ...reason] = words.split(' ')
    const [from, to] = move.split('>')
    const timestamp = `2026-03-01T12:00:0${index}Z`
    return { from, to, timestamp, agent, ...(reason.length === 0 ? {} : { reason: reason.join(' ') }) }
  })

const entry = (fields: Fields) => reviewEntry(ticket('TKT-001', fields))

describe('the entry of a ticket', () => {
  test('has the published fields first, then how it stands, who did it and when', () => {
    const done = entry({
      status: 'done',
      claimed_by: 'alice',
      completed_at: NOW,
      result: { evidence: 'seen' },
    })
    expect(Object.entries(done)).toEqual([
      ['ticket_id', 'TKT-001'],
      ['title', 'Do TKT-001'],
      ['evidence', 'seen'],
      ['status', 'done'],
      ['worked_by', 'alice'],
      ['completed_at', NOW],
    ])
  })

  test('takes from the last move what the ticket does not say', () => {
    expect(entry({ status: 'done', transition_log: log('open>done carol') })).toMatchObject({
      worked_by: 'carol',
      completed_at: '2026-03-01T12:00:00Z',
    })
  })

  test.each([
    ['was reopened: who did that is no worker', 'open', log('open>done alice', 'done>open maria wrong')],
    ['was moved on by hand', 'done', log('open>claimed alice', 'claimed>blocked alice stuck')],
    ['has no log', 'done', []],
  ])('names nobody and no time when the ticket %s', (_title, status, transition_log) => {
    expect(entry({ status, transition_log })).toMatchObject({ worked_by: null, completed_at: null })
  })

  test('has the reason of a ticket that failed or is blocked, and of no other', () => {
    expect(entry({ status: 'failed', transition_log: log('open>failed bob no machine') }).reason).toBe(
      'no machine',
    )
    expect(entry({ status: 'blocked', result: { notes: 'stuck' } })).toMatchObject({
      reason: 'stuck',
      completed_at: null,
    })
    expect(entry({ status: 'failed' }).reason).toBeNull()
    expect(entry({ status: 'done', result: { notes: 'fine' } })).not.toHaveProperty('reason')
  })

  test('does not show evidence of work that is not done any more as evidence', () => {
    const transition_log = log('open>done alice', 'done>open maria wrong', 'open>failed bob no machine')
    expect(entry({ status: 'failed', transition_log, result: { evidence: 'seen' } })).toEqual({
      ticket_id: 'TKT-001',
      title: 'Do TKT-001',
      evidence: null,
      status: 'failed',
      worked_by: 'bob',
      completed_at: '2026-03-01T12:00:02Z',
      reason: 'no machine',
      earlier_evidence: 'seen',
    })
  })

  test('shows evidence of a failure, and of work that was reopened and is done again', () => {
    const failed = {
      status: 'failed',
      transition_log: log('open>failed bob'),
      result: { evidence: 'the log' },
    }
    const again = log('open>done alice', 'done>open maria wrong', 'open>done alice')
    for (const fields of [failed, { ...failed, status: 'done', transition_log: again }]) {
      expect(entry(fields)).toMatchObject({ evidence: 'the log' })
      expect(entry(fields)).not.toHaveProperty('earlier_evidence')
    }
  })
})

describe('the reason of a ticket', () => {
  test.each([
    ['the one of the last move', log('open>failed bob no machine'), 'older', 'no machine'],
    ['its notes when the move has none', log('open>failed bob'), 'no machine', 'no machine'],
    [
      'none when the notes are of an earlier move',
      log('claimed>blocked bob stuck', 'blocked>failed bob'),
      'stuck',
      undefined,
    ],
    ['none when nobody said anything', [], undefined, undefined],
  ])('is %s', (_title, transition_log, notes, reason) => {
    expect(reasonOf(ticket('TKT-001', { status: 'failed', transition_log, result: { notes } }))).toBe(reason)
  })
})
