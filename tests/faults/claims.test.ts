/** One ticket, many processes: exactly one wins, and the others are told who. */
import { describe, expect, test } from 'vitest'
import { openProject, startBundle } from '../support/bundles.ts'
import { projectFolder } from '../support/project.ts'
import type { Ended } from '../support/tkt.ts'
import { crowd, race } from './race.ts'

const PROCESSES = 16
const ROUNDS = 50

describe(`of ${PROCESSES} processes at once, in each of ${ROUNDS} rounds`, () => {
  test(
    'exactly one claims a ticket; every loser is told who holds it since when',
    { timeout: 120_000 },
    async () => {
      const project = await startBundle(ROUNDS)
      for (let round = 1; round <= ROUNDS; round += 1) {
        const ticket = `TKT-${String(round).padStart(3, '0')}`
        const answers = await race(
          crowd(PROCESSES, (number) => ['claim', 'B-001', ticket, `agent-${number}`]),
          project.root,
        )
        const holder = onlyWinner(answers)
        const { status, claimed_by, claimed_at, transition_log } = project.yaml(
          `.tkt/bundles/B-001/${ticket}.yaml`,
        )
        expect({ status, claimed_by }).toEqual({ status: 'claimed', claimed_by: holder })
        expect(transition_log).toHaveLength(1)
        for (const { code, json } of answers.filter((answer) => answer.code !== 0)) {
          expect(code).toBe(4)
          expect(json).toMatchObject({
            error: 'CLAIM_CONFLICT',
            error_code: 'SK-TKT-006',
            details: { claimed_by, claimed_at },
          })
          expect(json.message).toBe(`${ticket} is held by ${holder} since ${claimed_at}`)
        }
        expect(project.history().filter((line) => line.includes(`ticket=${ticket} agent=`))).toHaveLength(1)
      }
    },
  )

  test(
    'exactly one claims an express ticket; every loser is told who holds it',
    { timeout: 120_000 },
    async () => {
      const project = openProject(projectFolder())
      for (let round = 1; round <= ROUNDS; round += 1) {
        const { ticket_id, path } = await project.ok('express', {
          title: `Small ${round}`,
          acceptance: 'it is done',
        })
        const answers = await race(
          crowd(PROCESSES, (number) => [
            'express',
            'claim',
            ticket_id as string,
            '--agent',
            `agent-${number}`,
          ]),
          project.root,
        )
        const holder = onlyWinner(answers)
        const { claimed_by, claimed_at } = project.yaml((path as string).slice(project.root.length))
        expect(claimed_by).toBe(holder)
        for (const { code, json } of answers.filter((answer) => answer.code !== 0)) {
          expect(code).toBe(4)
          expect(json).toMatchObject({
            error: 'EXPRESS_NOT_OPEN',
            error_code: 'SK-TKT-019',
            details: { claimed_by, claimed_at },
          })
        }
      }
      expect(project.history().filter((line) => line.startsWith('EXPRESS_CLAIMED'))).toHaveLength(ROUNDS)
    },
  )
})

/** The agent of the one answer that succeeded. */
function onlyWinner(answers: readonly Ended[]): string {
  const winners = answers.filter(({ code }) => code === 0).map(({ json }) => json.agent)
  expect(winners).toHaveLength(1)
  return String(winners[0])
}
