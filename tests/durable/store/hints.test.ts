import { expect, test, vi } from 'vitest'
import { hintsTo } from '../../../src/durable/store/postgres/hints.ts'

test('writes that follow close on another share a hint, which comes behind them without another write', async () => {
  const tellOthers = vi.fn(() => Promise.resolve())
  const { afterWrite, beforeEnd } = hintsTo(
    { tellOthers, isAwaited: () => Promise.resolve(true) },
    (work) => void work(),
  )
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

test('who writes again and again tells nobody where nobody waits, and asks that once in a while', async () => {
  const tellOthers = vi.fn(() => Promise.resolve())
  const isAwaited = vi.fn(() => Promise.resolve(false))
  const { afterWrite, beforeEnd } = hintsTo({ tellOthers, isAwaited }, (work) => void work())
  await afterWrite()
  expect(isAwaited).not.toHaveBeenCalled()
  for (let write = 0; write < 10; write += 1) {
    await afterWrite()
    await beforeEnd()
  }
  expect(isAwaited).toHaveBeenCalledTimes(1)
  expect(tellOthers).toHaveBeenCalledTimes(1)
})
