import { expect, onTestFinished, test, vi } from 'vitest'
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

test('a write after a while tells of itself where somebody waits, and those close behind it share a hint', async () => {
  vi.useFakeTimers({ toFake: ['hrtime', 'setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const tellOthers = vi.fn(() => Promise.resolve())
  const isAwaited = vi.fn(() => Promise.resolve(true))
  let tellings = 0
  let isTold = true
  const telling = async <T>(work: () => Promise<T>) => {
    tellings += 1
    return { result: await work(), isTold }
  }
  const { write, afterWrite } = hintsTo({ tellOthers, isAwaited }, (work) => void work())
  const writing = async (later_ms: number): Promise<readonly number[]> => {
    vi.advanceTimersByTime(later_ms)
    expect(await write({ telling }, () => Promise.resolve('done'))).toBe('done')
    await afterWrite()
    return [tellings, tellOthers.mock.calls.length]
  }
  expect(await writing(0)).toEqual([0, 1])
  expect(await writing(100)).toEqual([0, 2]) // asked only now whether anybody waits
  expect(await writing(100)).toEqual([1, 2])
  expect(await writing(1)).toEqual([1, 2])
  expect(await writing(2)).toEqual([1, 2])
  expect(await writing(100)).toEqual([2, 3])
  isTold = false // nothing was written, or by a statement that has no place for a hint
  expect(await writing(100)).toEqual([3, 4])
})
