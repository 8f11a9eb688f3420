import { expect, test } from 'vitest'
import { inParallel } from '../../src/system/in-parallel.ts'

test('answers in the order of the items, and never works on more than so many at once', async () => {
  let [working, most] = [0, 0]
  const answers = await inParallel([5, 1, 4, 2, 3], 2, async (turns) => {
    working += 1
    most = Math.max(most, working)
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
    working -= 1
    return turns * 10
  })
  expect([answers, most]).toEqual([[50, 10, 40, 20, 30], 2])
  expect(await inParallel([], 2, () => Promise.reject(new Error('nothing to do')))).toEqual([])
})

test('fails as the first item that fails', async () => {
  const fail = (): Promise<never> => Promise.reject(new Error('no'))
  await expect(inParallel([1, 2], 8, fail)).rejects.toThrow('no')
})
