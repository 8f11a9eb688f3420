/** One ticket, many processes: exactly one wins, and the others are told who. */
import { describe, expect, test } from 'vitest'
import { openProject, startBundle, type Fields } from '../support/bundles.ts'
import { projectFolder } from '../support/project.ts'
import type { Ended } from '../support/tkt.ts'
import { crowd, numbered, race } from './race.ts'

const PROCESSES = 16
const ROUNDS = 50
const LIMIT = { timeout: 180_000 }

describe(`of ${PROCESSES} processes at once, in each of ${ROUNDS} rounds`, () => {
  test('exactly one claims a ticket; every loser is told who holds it since when', LIMIT, async () => {
    const project = await startBundle(ROUNDS)
    for (const ticket of numbered('TKT', 1, ROUNDS)) {
      const claims = crowd(PROCESSES, (number) => ['claim', 'B-001', ticket, `agent-${number}`])
      const answers = await race(claims, project.root)
      const file = project.yaml(`.tkt/bundles/B-001/${ticket}.yaml`)
      expectOneWinner(answers, file)
      expect(file.transition_log).toHaveLength(1)
      const told = { error: 'CLAIM_CONFLICT', error_code: 'SK-TKT-006', details: holderIn(file) }
      for (const { code, json } of losersOf(answers)) {
        expect([code, json]).toMatchObject([4, told])
        expect(json.message).toBe(`${ticket} is held by ${file.claimed_by} since ${file.claimed_at}`)
      }
      expect(project.history().filter((line) => line.includes(`ticket=${ticket} agent=`))).toHaveLength(1)
    }
  })

  test('exactly one claims an express ticket; every loser is told who holds it', LIMIT, async () => {
    const project = openProject(projectFolder())
    for (const ticket of numbered('EXP', 1, ROUNDS)) {
      await project.ok('express', { title: 'Small', acceptance: 'it is done' })
      const claims = crowd(PROCESSES, (number) => ['express', 'claim', ticket, '--agent', `agent-${number}`])
      const answers = await race(claims, project.root)
      const file = project.yaml(`.tkt/express/${ticket}.yaml`)
      expectOneWinner(answers, file)
      const told = { error: 'EXPRESS_NOT_OPEN', error_code: 'SK-TKT-019', details: holderIn(file) }
      for (const { code, json } of losersOf(answers)) expect([code, json]).toMatchObject([4, told])
    }
    expect(project.history().filter((line) => line.startsWith('EXPRESS_CLAIMED'))).toHaveLength(ROUNDS)
  })
})

function expectOneWinner(answers: readonly Ended[], file: Fields): void {
  const winners = answers.filter(({ code }) => code === 0).map(({ json }) => json.agent)
  expect([winners, file.status]).toEqual([[file.claimed_by], 'claimed'])
}

const losersOf = (answers: readonly Ended[]): readonly Ended[] => answers.filter(({ code }) => code !== 0)

const holderIn = (file: Fields): Fields => ({
  claimed_by: file.claimed_by as string,
  claimed_at: file.claimed_at as string,
})
