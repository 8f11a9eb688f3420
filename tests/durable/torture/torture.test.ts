/** The short form. `npm run torture` goes on for minutes, with fifty sessions and five hundred tickets. */
import { describe, expect, test } from 'vitest'
import { projectFolder } from '../../support/project.ts'
import { DATABASES } from '../faults/databases.ts'
import { faultsIn } from './checker.ts'
import { torture } from './torture.ts'

const LIMIT = { timeout: 600_000 }

test.each(DATABASES)(
  'on %s no ticket is in two hands, and nothing that was acknowledged is lost',
  LIMIT,
  async (_name, { start }) => {
    const { env } = await start()
    const folder = projectFolder()
    const database = env?.TKT_DATABASE_URL ?? `${folder}/tickets.db`
    const report = await torture({
      ...{ database, folder, sessions: 16, tickets: 120, kills: 24, seed: 1, lease_ms: 400 },
    })
    expect(report.faults).toEqual([])
    expect(report.killed).toBeGreaterThan(5)
    expect(report.taken_over).toBeGreaterThan(0)
    expect(report.acknowledged).toBeGreaterThan(200)
  },
)

describe('the checker', () => {
  const event = (
    type: string,
    actor: string,
    claim_no: number,
    [from, to]: readonly [string | undefined, string | undefined],
  ) => ({
    ...{ key: 'A', batch: undefined, position: '1', seq: 1, at_ms: 0, reason: undefined, data: {} },
    ...{ type: `ticket.${type}`, actor, claim_no, from, to },
  })
  const created = event('created', '', 0, [undefined, 'OPEN'])
  const claimed = event('claimed', 's1', 1, ['OPEN', 'CLAIMED'])
  const closed = event('closed', 's1', 1, ['CLAIMED', 'CLOSED'])

  test('accepts what is legal', () => {
    const said = [
      { session: 's1', words: ['claimed', 'A', '1'] },
      { session: 's1', words: ['close', 'A', '1'] },
    ]
    expect(faultsIn([created, claimed, closed], said, 1)).toEqual([])
  })

  test.each([
    ['two holders', [created, claimed, event('claimed', 's2', 2, ['CLAIMED', 'CLAIMED'])], /s1 holds it/],
    [
      'a number that is given twice',
      [created, claimed, event('taken_over', 's2', 1, ['CLAIMED', 'CLAIMED'])],
      /after claim 1/,
    ],
    [
      'a take-over before the lease is over',
      [created, claimed, event('taken_over', 's2', 2, ['CLAIMED', 'CLAIMED'])],
      /before its lease/,
    ],
    [
      'a close by another',
      [created, claimed, event('closed', 's2', 1, ['CLAIMED', 'CLOSED'])],
      /s1 holds it/,
    ],
    [
      'a close with an older number',
      [created, claimed, event('closed', 's1', 0, ['CLAIMED', 'CLOSED'])],
      /claim 1 is the last/,
    ],
    ['a second close', [created, claimed, closed, closed], /nobody holds it/],
    ['a state out of nothing', [created, closed], /from CLAIMED while it is OPEN/],
    ['a ticket made twice', [created, created], /created twice/],
  ])('finds %s', (_what, events, fault) => {
    expect(faultsIn(events, [], 1).join('\n')).toMatch(fault)
  })

  test('finds an acknowledged close that is not there', () => {
    const said = [{ session: 's1', words: ['close', 'A', '1'] }]
    expect(faultsIn([created, claimed], said, 1)).toEqual(['s1 was told: close A 1, and it is on no record'])
  })
})
