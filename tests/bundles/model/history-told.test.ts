import { describe, expect, test } from 'vitest'
import { judgeTold, type KnownMove } from '../../../src/bundles/model/history-told.ts'
import { NOW } from './make.ts'

const EARLIER = '2026-03-01T11:59:00Z'
const LATER = '2026-03-01T12:01:00Z'
const T = 'bundle=B-001 ticket=TKT-001'

describe('what a ticket says of its last move', () => {
  test.each<readonly [string, KnownMove]>([
    [`TICKET_ADDED ${T} title="x"`, { subject: 'B-001/TKT-001' }],
    ['BUNDLE_CREATED id=B-001 goal="x"', { subject: 'B-001' }],
    ['EXPRESS_CREATED ticket=EXP-001 title="x"', { subject: 'EXP-001' }],
    [`TICKET_CLAIMED ${T} agent=a role=worker`, { subject: 'B-001/TKT-001', to: 'claimed' }],
    [`TICKET_CLAIMED ${T} agent=a from=blocked to=claimed`, { subject: 'B-001/TKT-001', to: 'claimed' }],
    [`TICKET_UPDATED ${T} status=done`, { subject: 'B-001/TKT-001', to: 'done' }],
    [`TICKET_RELEASED ${T} from=claimed to=open`, { subject: 'B-001/TKT-001', to: 'open' }],
    [`TICKET_REOPENED ${T} reason="x"`, { subject: 'B-001/TKT-001', to: 'open' }],
    ['EXPRESS_CLAIMED ticket=EXP-001 agent=a', { subject: 'EXP-001', to: 'claimed' }],
    ['EXPRESS_CLOSED ticket=EXP-001 files_changed=2', { subject: 'EXP-001', to: 'done' }],
    ['EXPRESS_REOPENED ticket=EXP-001 reason="x"', { subject: 'EXP-001', to: 'open' }],
    ['BUNDLE_CLOSED bundle=B-001 done=2 failed=0', { subject: 'B-001/TKT-000', to: 'done' }],
    ['BUNDLE_REOPENED bundle=B-001 reason="x"', { subject: 'B-001/TKT-000', to: 'open' }],
  ])('is told by %s', (line, move) => {
    const log = `[${NOW}] ${line}\n`
    const moved = move.to === undefined ? move : { ...move, at: NOW }
    expect(judgeTold(log, [moved])).toEqual([])
    expect(judgeTold('', [moved])).toMatchObject([{ kind: 'missing' }])
    if (move.to === undefined) return
    expect(judgeTold(log, [{ ...move, at: EARLIER }])).toEqual([])
    expect(judgeTold(log, [{ ...move, at: LATER }])).toMatchObject([
      { kind: 'missing', says: `no line tells that ${move.subject} became ${move.to} at ${LATER}` },
    ])
  })

  test('is not told by a line about another ticket or another state', () => {
    const log = `[${LATER}] TICKET_UPDATED bundle=B-001 ticket=TKT-002 status=done\n[${LATER}] TICKET_UPDATED ${T} status=failed\n`
    expect(judgeTold(log, [{ subject: 'B-001/TKT-001', to: 'done', at: NOW }])).toHaveLength(1)
  })
})
