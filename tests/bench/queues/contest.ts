/** Lets crews take turns in short slices of time, so that a busy machine is as busy for all of them. */
import { median } from '../measure.ts'
import { startCrew, type Crew } from './crew.ts'
import type { Orders, Slice } from './loop.ts'
import type { Supply } from './supply.ts'

export interface Contender extends Pick<Orders, 'loop' | 'where'> {
  readonly name: string
  readonly workers: number
  readonly pause_ms?: number
  /** How many tickets are open when a slice begins. */
  readonly open: number
  readonly supply: () => Promise<Supply>
  /** Whether it gives each ticket once; what is merely written to may come again. */
  readonly isOnce: boolean
}

export interface Pace {
  readonly rounds: number
  /** Of each contender in each round. */
  readonly slices: number
  readonly slice_ms: number
}

/** What a contender did, over all rounds. */
export interface Standing {
  readonly name: string
  /** Units a second, by round. */
  readonly rates: readonly number[]
  readonly slices: readonly Slice[]
}

/**
 * The first round of slices is thrown away. Throws when a contender runs out of tickets, and when the database does not have
 * it that each ticket that a worker was told it has was given out once.
 */
export async function contest(
  contenders: readonly Contender[],
  places: Pick<Orders, 'packages' | 'lock_port'>,
  pace: Pace,
): Promise<readonly Standing[]> {
  const players: Player[] = []
  try {
    for (const contender of contenders) players.push(await enter(contender, places))
    for (let round = 0; round <= pace.rounds; round += 1) {
      // Else a round would be slower than the one before, by the dead rows that nobody had the time to clear away.
      for (const { supply } of players) await supply.tidy()
      for (let turn = 0; turn < (round === 0 ? 1 : pace.slices); turn += 1)
        for (const player of players) await play(player, round, pace.slice_ms)
    }
    for (const player of players) await prove(player)
    return players.map(({ contender, slices, rounds }) => ({
      name: contender.name,
      rates: rounds.slice(1).map((rates) => rates.reduce((sum, rate) => sum + rate, 0) / rates.length),
      slices: slices.filter(({ round }) => round > 0).flatMap(({ told }) => told),
    }))
  } finally {
    for (const { crew, supply } of players) {
      await crew.end()
      await supply.close()
    }
  }
}

interface Player {
  readonly contender: Contender
  readonly crew: Crew
  readonly supply: Supply
  readonly rounds: number[][]
  readonly slices: { readonly round: number; readonly told: readonly Slice[] }[]
  added: number
  used: number
}

async function enter(contender: Contender, places: Pick<Orders, 'packages' | 'lock_port'>): Promise<Player> {
  const { loop, where, workers, open, pause_ms = 0 } = contender
  const supply = await contender.supply()
  for (let added = 0; added < open; added += AT_ONCE)
    await supply.add(added + 1, Math.min(AT_ONCE, open - added))
  const crew = await startCrew(workers, { loop, where, pause_ms, ...places })
  return { contender, crew, supply, rounds: [], slices: [], added: open, used: 0 }
}

const AT_ONCE = 20_000

async function play(player: Player, round: number, slice_ms: number): Promise<void> {
  const { contender, crew, supply, rounds, slices } = player
  await supply.settle()
  if (contender.isOnce && player.used > 0) {
    await supply.add(player.added + 1, player.used)
    player.added += player.used
  }
  const told = await crew.work(slice_ms)
  if (told.some(({ isDry }) => isDry)) throw new Error(`${contender.name} ran out of tickets`)
  player.used = told.reduce((sum, { keys }) => sum + keys.length, 0)
  slices.push({ round, told })
  rounds[round] = [...(rounds[round] ?? []), rateOf(told)]
}

/** Units a second of all workers together. */
const rateOf = (told: readonly Slice[]): number =>
  told.reduce((sum, { keys, ms }) => sum + (1000 * keys.length) / ms, 0)

async function prove({ contender, crew, supply, slices }: Player): Promise<void> {
  await crew.end()
  const keys = slices.flatMap(({ told }) => told.flatMap((slice) => slice.keys))
  const taken = await supply.taken()
  const distinct = contender.isOnce ? new Set(keys).size : keys.length
  if (taken !== keys.length || distinct !== keys.length)
    throw new Error(`${contender.name}: ${keys.length} units, ${distinct} tickets, ${taken} in the database`)
}

/** The median of the ratios of two contenders, round by round. */
export const ratioOf = (own: Standing, anchor: Standing): number =>
  median(own.rates.map((rate, round) => rate / (anchor.rates[round] ?? NaN)))

/** The value that so much of all are not above. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.ceil(part * sorted.length) - 1] ?? NaN
}
