import { describe, expect, test } from 'vitest'
import { transitionStats } from '../../../src/bundles/model/transition-stats.ts'
import { ticket } from './make.ts'

/** A ticket whose log is `from>to@seconds`, one word a move. */
const moved = (id: string, log: string) =>
  ticket(id, {
    transition_log: log.split(' ').map((entry) => {
      const [move = '', seconds] = entry.split('@')
      const [from, to] = move.split('>')
      const timestamp = seconds === undefined ? 'long ago' : new Date(1000 * Number(seconds)).toISOString()
      return { from, to, timestamp, agent: 'alice' }
    }),
  })

describe('the statistics of a bundle', () => {
  test('of no moves are all zero', () => {
    expect(transitionStats([ticket('TKT-001')])).toEqual({
      total: 0,
      by_move: {},
      blocked_count: 0,
      reopened_count: 0,
      takeovers: [],
      claim_to_done_seconds: [],
      median_claim_to_done_seconds: null,
    })
  })

  test('count the moves by kind, and those that cost time', () => {
    const tickets = [
      moved('TKT-001', 'open>claimed@0 claimed>blocked@10 blocked>claimed@20 claimed>done@80'),
      moved('TKT-002', 'open>claimed@0 claimed>done@30 done>open@40'),
      moved('TKT-003', 'open>failed@5'),
    ]
    expect(transitionStats(tickets)).toEqual({
      total: 8,
      by_move: {
        'open->claimed': 2,
        'claimed->blocked': 1,
        'blocked->claimed': 1,
        'claimed->done': 2,
        'done->open': 1,
        'open->failed': 1,
      },
      blocked_count: 1,
      reopened_count: 1,
      takeovers: [],
      claim_to_done_seconds: [
        { ticket_id: 'TKT-001', seconds: 60 },
        { ticket_id: 'TKT-002', seconds: 30 },
      ],
      median_claim_to_done_seconds: 30,
    })
  })

  test('name the stale claims that were taken over', () => {
    const log = 'open>claimed@0 claimed>in_progress@10 in_progress>claimed@5000 claimed>done@5080'
    expect(transitionStats([moved('TKT-001', log)])).toMatchObject({
      takeovers: [{ ticket_id: 'TKT-001', at: '1970-01-01T01:23:20.000Z', by: 'alice', reason: null }],
    })
  })

  test.each([
    ['one, of no time at all', ['0'], 0],
    ['odd', ['10', '500', '20'], 20],
    ['even, the lower one', ['10', '40', '20', '30'], 20],
  ])('have the middle of the times when their number is %s', (_title, seconds, median) => {
    const tickets = seconds.map((end, index) =>
      moved(`TKT-00${index + 1}`, `open>claimed@0 claimed>done@${end}`),
    )
    expect(transitionStats(tickets).median_claim_to_done_seconds).toBe(median)
  })

  test.each([
    ['was never claimed', 'open>done@5'],
    ['is not done', 'open>claimed@5'],
    ['was done before it was claimed', 'open>done@5 done>open@6 open>claimed@7'],
    ['has a time that is none', 'open>claimed claimed>done@9'],
  ])('have no time of a ticket that %s', (_title, log) => {
    expect(transitionStats([moved('TKT-001', log)]).claim_to_done_seconds).toEqual([])
  })
})
