/** A stale claim, many who want it: exactly one takes it over, and the one who lost it cannot move it any more. */
import { expect, test } from 'vitest'
import { startBundle } from '../support/bundles.ts'
import { crowd, numbered, race } from './race.ts'

const PROCESSES = 16
const ROUNDS = 10

test(
  `of ${PROCESSES} processes exactly one takes a stale claim over, while its old holder is late, in ${ROUNDS} rounds`,
  { timeout: 120_000 },
  async () => {
    const project = await startBundle(ROUNDS)
    for (const ticket of numbered('TKT', 1, ROUNDS)) {
      await project.ok('claim', { bundle: 'B-001', ticket, agent: 'alice' }) // months ago, by its clock
      const takers = crowd(PROCESSES, (number) => [
        'claim',
        'B-001',
        ticket,
        `agent-${number}`,
        '--take-over',
      ])
      const late = [
        'update',
        'B-001',
        ticket,
        'done',
        '--agent',
        'alice',
        '--claim-no',
        '1',
        '--evidence',
        'late',
      ]
      const [told, ...answers] = await race([late, ...takers], project.root)
      const winners = answers.filter(({ code }) => code === 0)
      const { status, claimed_by } = project.yaml(`.tkt/bundles/B-001/${ticket}.yaml`) as {
        readonly [name: string]: unknown
      }
      if (told?.code === 0) expect([winners.length, status, claimed_by]).toEqual([0, 'done', 'alice'])
      else {
        expect(told?.json).toMatchObject({ error: 'CLAIM_LOST', details: { claimed_by, claim_no: 2 } })
        expect(winners.map(({ json }) => json)).toMatchObject([{ agent: claimed_by, claim_no: 2 }])
        for (const { code } of answers.filter((one) => !winners.includes(one))) expect(code).toBe(4)
      }
    }
  },
)
