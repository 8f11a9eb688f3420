/** Anything at all done to one bundle, in a row and at once: what was acknowledged adds up to what is there. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tkt } from '../surfaces/cli/tkt.ts'
import { expectAddsUp, linesOf, type Answered } from './adds-up.ts'
import { anyCommand, FINISH, startForAny } from './any-command.ts'
import { race } from './race.ts'

const IN_A_ROW = 120
const SEQUENCES = 20
const AT_ONCE = 8
const ROUNDS = 12

const work = fc.oneof(
  { weight: 20, arbitrary: anyCommand.map((command) => [command]) },
  { weight: 1, arbitrary: fc.constant(FINISH) },
)
/** Minutes that pass before it: claims are stale after an hour. */
const minutes = fc.constantFrom(0, 1, 1, 90)

test('any commands in a row, while time passes, leave a sound store', { timeout: 120_000 }, async () => {
  const sequence = fc.array(fc.tuple(minutes, work), { maxLength: IN_A_ROW, size: 'max' })
  await fc.assert(
    fc.asyncProperty(sequence, async (steps) => {
      const project = await startForAny()
      const before = linesOf(project)
      const answers: Answered[] = []
      for (const [passed, commands] of steps) {
        project.wait(60 * passed)
        for (const command of commands) {
          const { json } = await tkt(command.words, { cwd: project.root, now: () => project.world.now })
          answers.push({ command, json })
        }
      }
      await expectAddsUp(project, answers, before)
    }),
    { numRuns: SEQUENCES },
  )
})

test(
  `any ${AT_ONCE} commands at once, ${ROUNDS} times, leave a sound store`,
  { timeout: 120_000 },
  async () => {
    // A claim of one round is stale in the next.
    const project = await startForAny({ 'config/tkt.yaml': 'stale: { idle_timeout_minutes: 0.001 }\n' })
    const before = linesOf(project)
    const answers: Answered[] = []
    const round = fc.array(anyCommand, { minLength: AT_ONCE, maxLength: AT_ONCE })
    for (const commands of fc.sample(round, ROUNDS)) {
      const all = commands.map(({ words }) => words)
      const ended = await race(all, project.root)
      answers.push(...commands.map((command, index) => ({ command, json: ended[index]?.json ?? {} })))
    }
    await expectAddsUp(project, answers, before)
    expect(answers.some(({ json }) => json.ok === true)).toBe(true)
  },
)
