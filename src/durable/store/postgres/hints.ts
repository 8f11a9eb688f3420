/** When others are told that there are new events: each time costs a round trip, and it is a hint only. */
import { elapsed_ms } from '../../../system/clock.ts'
import type { Database } from './database.ts'

type Others = Pick<Database, 'tellOthers' | 'isAwaited'>

/**
 * Writes that follow close on another share a hint, which comes behind the last of them, in its turn on the connection. Who
 * writes again and again asks once in a while whether anybody waits for one; asked for a single write it would cost as much.
 */
export function hintsTo({ tellOthers, isAwaited }: Others, inTurn: (work: () => Promise<void>) => void) {
  let told_ms = -Infinity
  let owed: NodeJS.Timeout | undefined
  const isWanted = oncePerWhile(isAwaited)
  const tell = async (): Promise<void> => {
    told_ms = elapsed_ms()
    clearTimeout(owed)
    owed = undefined
    try {
      if (await isWanted()) await tellOthers()
    } catch {
      // survived: whoever waits looks for himself as well
    }
  }
  // By the time it has its turn another write may have told it.
  const tellOwed = (): Promise<void> => (owed === undefined ? Promise.resolve() : tell())
  return {
    afterWrite: async (): Promise<void> => {
      const left_ms = told_ms + BETWEEN_HINTS_MS - elapsed_ms()
      if (left_ms <= 0) await tell()
      else owed ??= setTimeout(() => inTurn(tellOwed), left_ms).unref()
    },
    beforeEnd: tellOwed,
  }
}

/** The first time it is taken to be so. */
function oncePerWhile(isSo: () => Promise<boolean>): () => Promise<boolean> {
  let asked_ms: number | undefined
  let was = true
  return async () => {
    const now_ms = elapsed_ms()
    if (asked_ms === undefined) asked_ms = now_ms - BETWEEN_QUESTIONS_MS
    else if (now_ms - asked_ms >= BETWEEN_QUESTIONS_MS) {
      asked_ms = now_ms
      was = await isSo()
    }
    return was
  }
}

const BETWEEN_HINTS_MS = 10
/** Who begins to listen in between looks for himself meanwhile. */
const BETWEEN_QUESTIONS_MS = 1_000
