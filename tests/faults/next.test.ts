/** Many agents ask for work at once: nobody gets what somebody else has, and nobody goes without while there is some. */
import { expect, test } from 'vitest'
import { startBundle } from '../support/bundles.ts'
import { crowd, race } from './race.ts'

const PROCESSES = 16
const ROUNDS = 5

test(
  `${PROCESSES} processes that ask for work at once get a ticket each, in each of ${ROUNDS} rounds`,
  { timeout: 120_000 },
  async () => {
    const project = await startBundle(PROCESSES * ROUNDS + 3)
    const taken = new Set<unknown>()
    for (let round = 0; round < ROUNDS; round += 1) {
      const asking = crowd(PROCESSES, (number) => ['next', '--agent', `agent-${round}-${number}`, '--claim'])
      for (const { code, json } of await race(asking, project.root)) {
        expect([code, json]).toMatchObject([0, { claimed: true }])
        taken.add(json.ticket)
      }
    }
    expect(taken.size).toBe(PROCESSES * ROUNDS)
    const left = crowd(PROCESSES, (number) => ['next', '--agent', `late-${number}`, '--claim'])
    const answers = await race(left, project.root)
    expect(answers.filter(({ json }) => json.claimed === true)).toHaveLength(3)
    for (const { code, json } of answers) expect([code, json.ok]).toEqual([0, true])
  },
)
