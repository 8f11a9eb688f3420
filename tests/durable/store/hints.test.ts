import { expect, test, vi } from 'vitest'
import { hintsTo } from '../../../src/durable/store/postgres/follow.ts'

test('writes that follow close on another share a hint, which comes behind them without another write', async () => {
  const tellOthers = vi.fn(() => Promise.resolve())
  const { afterWrite, beforeEnd } = hintsTo({ tellOthers }, (work) => void work())
  for (let write = 0; write < 5; write += 1) await afterWrite()
  expect(tellOthers).toHaveBeenCalledTimes(1)
  await vi.waitFor(() => {
    expect(tellOthers).toHaveBeenCalledTimes(2)
  })
  await beforeEnd()
  expect(tellOthers).toHaveBeenCalledTimes(2)
  await afterWrite()
  await afterWrite()
  await beforeEnd()
  expect(tellOthers.mock.calls.length).toBeGreaterThan(2)
})
