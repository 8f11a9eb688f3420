/** How much is claimed and closed in a while, on both databases, beside the same work done in other ways. */
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { median } from '../measure.ts'
import { newDatabase } from '../server.ts'
import { contest, quantile, ratioOf, type Contender, type Pace, type Standing } from './contest.ts'
import { fileByHand } from './by-hand-in-file.ts'
import { rowsByHand } from './by-hand.ts'
import { embeddedRows } from './embedded-anchor.ts'
import { LINES, type Figure, type Line } from './lines.ts'
import { boss, graphile, type RivalQueue } from './rival-queues.ts'
import { serverRows } from './server-anchors.ts'
import { storeTickets, type Supply } from './supply.ts'

export interface Places {
  /** A folder for database files. */
  readonly scratch: string
  /** Where other queues are installed. */
  readonly packages: string
  readonly lock_port: number
}

/** 2 s of each contender in a round. Slices are short: no more tickets are held at once than such a queue would see. */
export const PACE: Pace = { rounds: 5, slices: 20, slice_ms: 100 }

const CROWD = 8
const OPEN = 20_000

/** Whether a line is measured. */
export type IsWanted = (line: Line) => boolean

export async function embeddedRates(
  places: Places,
  isWanted: IsWanted,
  pace = PACE,
): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(places.scratch, 'embedded-'))
  const claim = (name: string, workers: number, pause_ms = 0): Contender => {
    const where = join(folder, `${name}.db`)
    const supply = () => storeTickets(where)
    return { name, loop: 'claim', where, workers, pause_ms, open: OPEN, supply, isOnce: true }
  }
  const other = (name: string, loop: string, rowsOf: (where: string) => Supply): Contender => {
    const where = join(folder, `${name}.db`)
    const supply = () => Promise.resolve(rowsOf(where))
    return { name, loop, where, workers: 1, open: OPEN, isOnce: true, supply }
  }
  const raw = () => other('raw', 'raw claim+event', embeddedRows)
  const byHand = () => other('hand', 'by hand in a file', fileByHand)
  const found = await entered(places, isWanted, pace, [
    { contender: () => claim('one', 1), lines: [LINES.embeddedClaim, LINES.embeddedCrowd] },
    { contender: raw, lines: [LINES.embeddedClaim, LINES.handEmbedded] },
    { contender: byHand, lines: [LINES.handEmbedded] },
    { contender: () => claim('eight', CROWD), lines: [LINES.embeddedCrowd, LINES.embeddedBusy] },
    { contender: () => claim('working', CROWD, 5), lines: [LINES.embeddedWait, LINES.embeddedBusy] },
  ])
  const [one, own, eight, working] = ['one', 'raw', 'eight', 'working'].map((name) => found.get(name))
  const failures = [eight, working].flatMap((standing) =>
    (standing?.slices ?? []).flatMap((slice) => slice.failures),
  )
  for (const failure of new Set(failures)) console.error(failure)
  return [
    ...shareOf(LINES.embeddedClaim, one, own),
    ...shareOf(LINES.handEmbedded, found.get('hand'), own),
    ...shareOf(LINES.embeddedCrowd, eight, one),
    ...(isWanted(LINES.embeddedBusy) ? [{ ...LINES.embeddedBusy, value: failures.length }] : []),
    ...(working === undefined || !isWanted(LINES.embeddedWait)
      ? []
      : [{ ...LINES.embeddedWait, value: worstWait(working) }]),
  ].filter(isWanted)
}

/** Of the process that fares worst. */
function worstWait({ slices }: Standing): number {
  const perWorker = Array.from({ length: CROWD }, (_, worker) =>
    slices.filter((__, index) => index % CROWD === worker).flatMap(({ waits_ms }) => waits_ms),
  )
  return Math.max(...perWorker.map((waits) => quantile(waits, 0.99)))
}

export async function serverRates(
  places: Places,
  isWanted: IsWanted,
  pace = PACE,
): Promise<readonly Figure[]> {
  const claims = [LINES.serverClaim, LINES.serverTwenty, LINES.serverLock, LINES.serverVersion]
  const claimsByHand = [LINES.handClaim, LINES.handTwenty, LINES.handLock, LINES.handVersion]
  const found = await entered(places, isWanted, pace, [
    { contender: () => ours('claim', OPEN), lines: claims },
    { contender: () => ours('claims of 20', OPEN), lines: [LINES.serverTwenty] },
    { contender: () => byHand('by hand'), lines: claimsByHand },
    { contender: () => byHand('by hand, 20'), lines: [LINES.handTwenty] },
    { contender: () => rows('UPDATE by key', false), lines: [LINES.serverClaim, LINES.handClaim] },
    { contender: () => rows('lock+UPDATE', true), lines: [LINES.serverLock, LINES.handLock] },
    { contender: () => rows('version column', true), lines: [LINES.serverVersion, LINES.handVersion] },
  ])
  const closing = await entered(places, isWanted, pace, [
    { contender: () => ours('claim+close', OPEN), lines: [LINES.serverBoss, LINES.serverGraphile] },
    { contender: () => byHand('by hand, closed'), lines: [LINES.handBoss, LINES.handGraphile] },
    { contender: () => rival('pg-boss', boss, places), lines: [LINES.serverBoss, LINES.handBoss] },
    {
      contender: () => rival('graphile-worker', graphile, places),
      lines: [LINES.serverGraphile, LINES.handGraphile],
    },
  ])
  const sizes = await entered(places, isWanted, pace, [
    { contender: () => ours('claim', 1_000_000, '1M'), lines: [LINES.serverMillion] },
    { contender: () => ours('claim', 10_000, '10k'), lines: [LINES.serverMillion] },
  ])
  const [claim, close] = [found.get('claim'), closing.get('claim+close')]
  return [
    ...shareOf(LINES.serverClaim, claim, found.get('UPDATE by key')),
    ...shareOf(LINES.serverTwenty, found.get('claims of 20'), claim),
    ...shareOf(LINES.serverLock, claim, found.get('lock+UPDATE')),
    ...shareOf(LINES.serverVersion, claim, found.get('version column')),
    ...shareOf(LINES.serverBoss, close, closing.get('pg-boss')),
    ...shareOf(LINES.serverGraphile, close, closing.get('graphile-worker')),
    ...sharesByHand(found, closing),
    ...shareOf(LINES.serverMillion, sizes.get('1M'), sizes.get('10k')),
  ].filter(isWanted)
}

function sharesByHand(claims: Standings, closes: Standings): readonly Figure[] {
  const [one, closed] = [claims.get('by hand'), closes.get('by hand, closed')]
  return [
    ...shareOf(LINES.handClaim, one, claims.get('UPDATE by key')),
    ...shareOf(LINES.handTwenty, claims.get('by hand, 20'), one),
    ...shareOf(LINES.handLock, one, claims.get('lock+UPDATE')),
    ...shareOf(LINES.handVersion, one, claims.get('version column')),
    ...shareOf(LINES.handBoss, closed, closes.get('pg-boss')),
    ...shareOf(LINES.handGraphile, closed, closes.get('graphile-worker')),
  ]
}

const ours = (loop: string, open: number, name = loop): Promise<Contender> =>
  crowd(loop, (where) => storeTickets(where, loop === 'claim+close' ? 'ticket.closed' : 'ticket.claimed'), {
    open,
    name,
  })

const rows = (loop: string, isOnce: boolean): Promise<Contender> => crowd(loop, serverRows, { isOnce })

const byHand = (loop: string): Promise<Contender> =>
  crowd(loop, (where) => rowsByHand(where, loop === 'by hand, closed' ? 'ticket.closed' : 'ticket.claimed'))

const rival = (loop: string, { fill }: RivalQueue, { packages }: Places): Promise<Contender> =>
  crowd(loop, (where) => fill(where, packages))

/** Eight that do so, in a new database. */
async function crowd(
  loop: string,
  supplyOf: (where: string) => Promise<Supply>,
  said: Partial<Contender> = {},
): Promise<Contender> {
  const where = await newDatabase()
  const supply = () => supplyOf(where)
  return { name: loop, loop, where, workers: CROWD, open: OPEN, isOnce: true, supply, ...said }
}

interface Entry {
  readonly contender: () => Contender | Promise<Contender>
  /** It takes part when one of these is wanted. */
  readonly lines: readonly Line[]
}

type Standings = ReadonlyMap<string, Standing>

async function entered(
  places: Places,
  isWanted: IsWanted,
  pace: Pace,
  entries: readonly Entry[],
): Promise<Standings> {
  const wanted = entries.filter(({ lines }) => lines.some(isWanted))
  const contenders: Contender[] = []
  for (const { contender } of wanted) contenders.push(await contender())
  const standings = await contest(contenders, places, pace)
  return new Map(standings.map((standing) => [standing.name, standing]))
}

function shareOf(line: Line, own: Standing | undefined, anchor: Standing | undefined): readonly Figure[] {
  if (own === undefined || anchor === undefined) return []
  return [{ ...line, value: ratioOf(own, anchor), own: median(own.rates), of: median(anchor.rates) }]
}
