/** All tickets in classes: counted by lots where they are many; the first ones of each are told. */
import type { TicketClass } from '../../model/overview.ts'
import { classesOf, type Row } from '../rows.ts'
import type { OverviewWanted } from '../ticket-store.ts'
import { countedPiles, seenPiles, type Pile } from './piles.ts'
import type { Place } from './place.ts'
import { SELECT_TICKETS } from './select-tickets.ts'
import { BY_TURN } from './turn.ts'

export function overviewOf(place: Place, wanted: OverviewWanted): readonly TicketClass[] {
  return place.database.reading(() => {
    const isFew = wanted.keys !== undefined || isSmall(place, wanted)
    const piles = isFew ? seenPiles(place, wanted) : countedPiles(place, wanted)
    return told(place, piles, wanted.most)
  })
}

/** Of a small part of all tickets each is soon looked at; among all, in the order of their turn, they would be far apart. */
function isSmall({ database, project }: Place, { batch }: OverviewWanted): boolean {
  if (batch === undefined) return false
  const row = database.one(
    `SELECT (SELECT sum(count) FROM lots WHERE project = ? AND batch = b.id) * ${SMALL_PART}
       <= (SELECT sum(count) FROM lots WHERE project = ?) AS is_small
     FROM batches b WHERE b.project = ? AND b.key = ?`,
    ...[project, project, project, batch],
  )
  return row?.is_small !== 0
}

const SMALL_PART = 100

/** Classes, and the tickets of each, in the order of their turn. */
function told({ database }: Place, piles: readonly Pile[], most: number): readonly TicketClass[] {
  const counts = new Map<string, number>()
  for (const { of, count } of piles) counts.set(nameOf(of), (counts.get(nameOf(of)) ?? 0) + count)
  const pileOf = new Map(piles.flatMap((pile) => pile.first.map((seq) => [seq, pile.of] as const)))
  const records = database.all(
    `${SELECT_TICKETS} WHERE t.seq IN (SELECT value FROM json_each(?)) ORDER BY ${BY_TURN}`,
    JSON.stringify([...pileOf.keys()]),
  )
  const classes = new Map<string, Row[]>()
  for (const record of records) {
    const of = pileOf.get(Number(record.seq)) ?? []
    const rows = classes.get(nameOf(of)) ?? []
    const [, , holder, claimable] = of
    const row = { ...record, holder, claimable, members: counts.get(nameOf(of)), place: rows.length + 1 }
    if (rows.length < most) classes.set(nameOf(of), [...rows, row])
  }
  return [...classes.values()].flatMap(classesOf)
}

const nameOf = (of: readonly string[]): string => of.join(' ')
