/** Time as this project writes it. */

/** UTC, second precision: `2026-11-20T17:29:00Z` (contracts: filesystem section 2). */
export const timestamp = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`

/** Lets time pass, or less of it when `end` is aborted, or what `hand` is given is called. */
export const pause = (wait_ms: number, end?: AbortSignal, hand?: (wake: () => void) => void): Promise<void> =>
  new Promise((resolve) => {
    const over = (): void => {
      clearTimeout(timer)
      end?.removeEventListener('abort', over)
      resolve()
    }
    const timer = setTimeout(over, wait_ms)
    end?.addEventListener('abort', over)
    hand?.(over)
    if (end?.aborted === true) over()
  })

/** Milliseconds since some moment, never going back. The global `performance` takes 2 ms to load. */
export function elapsed_ms(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1000 + nanoseconds / 1e6
}
