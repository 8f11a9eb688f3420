/** Sizes only: how long something takes is for `npm run bench` to tell, never for a test to judge. */
import { afterAll, describe, expect, test } from 'vitest'
import { CASES, MEMORY_BUDGET_MIB, type Case } from '../bench/cases.ts'
import { databaseOf } from '../bench/durable-cases.ts'
import { peakMemory } from '../bench/measure.ts'
import { stopServer } from '../bench/server.ts'
import { answerSizes, ENTRY, installedSizes, type Size } from '../bench/sizes.ts'
import { projectFolder } from '../support/project.ts'

const beyond = (sizes: readonly Size[]): readonly Size[] =>
  sizes.filter(({ bytes, budget }) => bytes > budget)

afterAll(stopServer)

describe('what is promised to be small is small', () => {
  test('answers, with 300 bundles and 300 tickets in one of them, all with titles of 200 characters', async () => {
    const sizes = await answerSizes(projectFolder())
    expect(sizes.length).toBeGreaterThan(0)
    expect(beyond(sizes)).toEqual([])
  })

  test('what is installed', () => {
    expect(beyond(installedSizes())).toEqual([])
  })

  test('the memory that commands take at their peak', { timeout: 180_000 }, async () => {
    const folder = projectFolder()
    for (const one of CASES.filter(isQuickOrGreedy)) {
      const world = await one.prepare(folder, 1)
      const args = [ENTRY, ...one.words(0)]
      const command = { program: process.execPath, args, cwd: world.cwd, env: databaseOf(world) }
      const mebibytes = peakMemory(command, folder)
      expect(mebibytes, `${one.name}, ${one.store}`).toBeGreaterThan(10)
      expect(mebibytes, `${one.name}, ${one.store}`).toBeLessThanOrEqual(MEMORY_BUDGET_MIB)
    }
  })
})

/** Making bundles of 1,000 takes long; of what is done in them this needs the most. */
const isQuickOrGreedy = ({ growth, name }: Case): boolean => growth === undefined || name === 'next --claim'
