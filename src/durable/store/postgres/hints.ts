/** When others are told that there are new events: each time costs a round trip, and it is a hint only. */
import { elapsed_ms } from '../../../system/clock.ts'
import type { Database } from './database.ts'

type Others = Pick<Database, 'tellOthers' | 'isAwaited'>

/**
 * A write that comes after a while tells of itself, where somebody is known to wait for it: in its own transaction, of which
 * one at a time on the server may end. So writes that follow close on another do not: they share a hint, which comes behind
 * the last of them, in its turn on the connection. Who writes again and again asks once in a while whether anybody waits for
 * one; asked for a single write it would cost as much.
 */
export function hintsTo({ tellOthers, isAwaited }: Others, inTurn: (work: () => Promise<void>) => void) {
  let wrote_ms = -Infinity
  let told_ms = -Infinity
  let asked_ms = -Infinity
  let isWanted = true
  let isTold = false
  let owed: NodeJS.Timeout | undefined
  const isKnown = (now_ms: number): boolean => now_ms - asked_ms < BETWEEN_QUESTIONS_MS
  const tell = async (): Promise<void> => {
    const isFirst = told_ms === -Infinity
    told_ms = elapsed_ms()
    clearTimeout(owed)
    owed = undefined
    try {
      if (!isFirst && !isKnown(told_ms)) {
        asked_ms = told_ms
        isWanted = await isAwaited()
      }
      if (isWanted) await tellOthers()
    } catch {
      // survived: whoever waits looks for himself as well
    }
  }
  // By the time it has its turn another write may have told it.
  const tellOwed = (): Promise<void> => (owed === undefined ? Promise.resolve() : tell())
  return {
    write: async <T>({ telling }: Pick<Database, 'telling'>, work: () => Promise<T>): Promise<T> => {
      isTold = false
      const now_ms = elapsed_ms()
      const isClose = owed !== undefined || now_ms - wrote_ms < BETWEEN_HINTS_MS
      if (isClose || !isWanted || !isKnown(now_ms)) return work()
      const done = await telling(work)
      isTold = done.isTold
      return done.result
    },
    afterWrite: async (): Promise<void> => {
      wrote_ms = elapsed_ms()
      if (isTold) told_ms = wrote_ms
      if (isTold || (!isWanted && isKnown(wrote_ms))) return
      const left_ms = told_ms + BETWEEN_HINTS_MS - wrote_ms
      if (left_ms <= 0) await tell()
      else owed ??= setTimeout(() => inTurn(tellOwed), left_ms).unref()
    },
    beforeEnd: tellOwed,
  }
}

const BETWEEN_HINTS_MS = 10
/** Who begins to listen in between looks for himself meanwhile. */
const BETWEEN_QUESTIONS_MS = 1_000
