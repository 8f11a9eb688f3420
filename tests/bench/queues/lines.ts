/** THE TABLE of what the queue bench promises: a figure against its anchor, measured in the same run. */

export interface Line {
  readonly name: string
  /** What the figure is told in, or held against. */
  readonly anchor: string
  readonly unit: 'x' | 'ms' | 'times'
  /** Which way is good. */
  readonly wanted: 'at least' | 'at most'
  readonly budget: number
  readonly aim?: number
}

export interface Figure extends Line {
  readonly value: number
  /** Units a second, or milliseconds, that the value was computed from: ours, and those of the anchor. */
  readonly own?: number
  readonly of?: number
}

const share = (name: string, anchor: string, budget: number, aim?: number): Line => ({
  ...{ name, anchor, unit: 'x', wanted: 'at least', budget },
  ...(aim === undefined ? {} : { aim }),
})
const limit = (name: string, anchor: string, unit: Line['unit'], budget: number): Line => ({
  ...{ name, anchor, unit, wanted: 'at most', budget },
})

/** Goals of a claim; each is also a line of what is written by hand for that alone (by-hand.ts). */
const CLAIMS = {
  embeddedClaim: share('embedded claim', 'raw claim+event', 0.5),
  serverClaim: share('server claim', 'UPDATE by key', 0.38, 0.5),
  serverLock: share('server claim to lock', 'lock+UPDATE', 2.5),
  serverVersion: share('server claim to version', 'version column', 3),
  serverBoss: share('server close to pg-boss', 'pg-boss', 1.2, 1.5),
  serverGraphile: share('server close to graphile', 'graphile-worker', 0.85, 1),
  serverTwenty: share('server claims of 20', 'by one claim each', 8),
} as const satisfies Readonly<Record<string, Line>>

const byHand = (line: Line): Line => ({ ...line, name: `by hand: ${line.name}` })

export const LINES = {
  ...CLAIMS,
  embeddedCrowd: share('embedded claim by 8', 'by 1 process', 0.7),
  embeddedBusy: limit('embedded failures of 8', 'SQLITE_BUSY and all else', 'times', 0),
  embeddedWait: limit('embedded wait p99', '8 that work for 5 ms', 'ms', 25),
  serverMillion: share('server claim of 1M', 'of 10k open tickets', 0.85),
  handEmbedded: byHand(CLAIMS.embeddedClaim),
  handClaim: byHand(CLAIMS.serverClaim),
  handTwenty: byHand(CLAIMS.serverTwenty),
  handLock: byHand(CLAIMS.serverLock),
  handVersion: byHand(CLAIMS.serverVersion),
  handBoss: byHand(CLAIMS.serverBoss),
  handGraphile: byHand(CLAIMS.serverGraphile),
  watchServer: limit('server watch p50', 'COMMIT', 'x', 2),
  watchServerWorst: limit('server watch p99', 'commit to line', 'ms', 25),
  watchEmbedded: limit('embedded watch p99', 'commit to line', 'ms', 30),
  refresh: limit('refresh of a note', '1,000 new items', 'ms', 150),
  claimTicket: limit('claim-ticket of 100k', 'of 100 tickets', 'x', 1.15),
  sessionLoop: limit('session-loop of 100k', 'of 100 tickets', 'x', 1.15),
} as const satisfies Readonly<Record<string, Line>>

/** Within its budget, and where there is an aim, whether that was reached. */
export function judgeLine({ value, wanted, budget, aim }: Figure): string {
  const isWithin = (bound: number): boolean => (wanted === 'at least' ? value >= bound : value <= bound)
  if (!isWithin(budget)) return 'NO'
  return aim === undefined || isWithin(aim) ? 'yes' : 'yes, not the aim'
}
