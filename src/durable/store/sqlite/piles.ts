/** The tickets that an overview tells as one, as far as it needs them: from the counts that are kept, and from a look at each. */
import type { Row } from '../rows.ts'
import type { OverviewWanted } from '../ticket-store.ts'
import type { Value } from './database.ts'
import { LAST, LOT, READY, REST, WHO } from './lots.ts'
import type { Place } from './place.ts'
import { BY_TURN, IS_FOR, IS_FREE, IS_IN_BATCH, IS_STALE, IS_TURN } from './turn.ts'

export interface Pile {
  /** Its type, status, holder and whether it may be claimed: several piles may have the same. */
  readonly of: readonly string[]
  readonly count: number
  /** The numbers of its first tickets, in the order of their turn. */
  readonly first: readonly number[]
}

/** What is in hand, each looked at, and the rest by its lots. */
export function countedPiles(place: Place, wanted: OverviewWanted): readonly Pile[] {
  const { database, project } = place
  const { batch, session, now_ms } = wanted
  const inHand = database.all(
    `SELECT ${ONE} FROM claims c CROSS JOIN tickets t ON t.seq = c.ticket
     WHERE c.project = ? AND t.deleted_ms IS NULL AND t.status IN ('CLAIMED','IN_PROGRESS','BLOCKED') ${among(batch)}
     ORDER BY ${BY_TURN}`,
    ...[session ?? '', now_ms, session ?? null, project, ...(batch === undefined ? [] : [batch])],
  )
  const lots = database.all(
    `SELECT type, status, holder, claimable, waits, sum(count) AS count FROM (${classedLots(batch)})
     GROUP BY type, status, holder, claimable, waits`,
    ...lotValues(place, wanted),
  )
  return [...inPiles(inHand, wanted.most), ...lots.map((row) => pileOf(place, wanted, row))]
}

/** Each of them is looked at. */
export function seenPiles({ database, project }: Place, wanted: OverviewWanted): readonly Pile[] {
  const { batch, keys, session, now_ms, most } = wanted
  const asked: readonly Value[] = [
    ...(batch === undefined ? [] : [batch]),
    ...(keys === undefined ? [] : [JSON.stringify(keys)]),
  ]
  const members = database.all(
    `SELECT ${ONE} FROM tickets t LEFT JOIN claims c ON c.ticket = t.seq
     WHERE t.project = ? AND t.deleted_ms IS NULL ${among(batch)}
       ${keys === undefined ? '' : 'AND t.key IN (SELECT value FROM json_each(?))'}
     ORDER BY ${BY_TURN}`,
    ...[session ?? '', now_ms, session ?? null, project, ...asked],
  )
  return inPiles(members, most)
}

/** Of rows in the order of their turn. */
function inPiles(rows: readonly Row[], most: number): readonly Pile[] {
  const piles = new Map<string, { readonly of: readonly string[]; count: number; first: number[] }>()
  for (const row of rows) {
    const of = wordsOf(row)
    const name = of.join(' ')
    const pile = piles.get(name) ?? { of, count: 0, first: [] }
    if (pile.count === 0) piles.set(name, pile)
    pile.count += 1
    if (pile.first.length < most) pile.first.push(Number(row.seq))
  }
  return [...piles.values()]
}

function pileOf(place: Place, wanted: OverviewWanted, row: Row): Pile {
  const { database, project } = place
  const { batch, session, most } = wanted
  const of = wordsOf(row)
  const [type = '', status = '', holder] = of
  const isReady = type === 'WORKER' && status === 'OPEN' && row.waits === 0
  // Who others are is no one value: theirs are many, and soon found among all.
  const isOfOne = status !== 'OPEN' && holder !== 'other'
  const seqs = database.all(
    `SELECT t.seq FROM tickets t ${isReady ? READY : isOfOne ? `${LAST} AND ${WHO} = ?` : REST}
       AND t.project = ? AND t.type = ? AND t.status = ? AND (${LOT}) IN (
         SELECT batch, waits, wave, who FROM (${classedLots(batch)})
         WHERE type = ? AND status = ? AND holder = ? AND claimable = ? AND waits = ?)
     ORDER BY ${BY_TURN} LIMIT ?`,
    ...(isOfOne ? [holder === 'me' ? (session ?? '') : ''] : []),
    ...[project, type, status, ...lotValues(place, wanted), ...of, Number(row.waits), most],
  )
  return { of, count: Number(row.count), first: seqs.map(({ seq }) => Number(seq)) }
}

const wordsOf = ({ type, status, holder, claimable }: Row): readonly string[] =>
  [type, status, holder, claimable].map(String)

const among = (batch: string | undefined): string => (batch === undefined ? '' : `AND ${IS_IN_BATCH}`)

/** What is waiting, or for others, in a lot is so for all of it. */
const classedLots = (batch: string | undefined): string =>
  `SELECT t.type, t.status, t.batch, t.waits, t.wave, t.who, t.count,
     CASE WHEN t.status = 'OPEN' OR t.who = '' THEN 'nobody' WHEN t.who = ? THEN 'me' ELSE 'other' END AS holder,
     CASE WHEN t.status = 'OPEN' AND ${IS_TURN} AND ${IS_FOR} THEN 'free' ELSE 'no' END AS claimable
   FROM (SELECT *, waits AS unmet, nullif(who, '') AS assignable_to FROM lots) t WHERE t.project = ? ${among(batch)}`

const lotValues = ({ project }: Place, { batch, session }: OverviewWanted): readonly Value[] => [
  ...[session ?? '', session ?? null, project],
  ...(batch === undefined ? [] : [batch]),
]

/** What was given back, or taken away, is nobody's, whoever had it last. Its `?` is the session. */
const HOLDER = `CASE
  WHEN t.status = 'OPEN' OR t.resolution IN ('cancelled','rejected') OR coalesce(c.session, t.last_session) IS NULL THEN 'nobody'
  WHEN coalesce(c.session, t.last_session) = ? THEN 'me' ELSE 'other' END`

const CLAIMABLE = `CASE WHEN NOT (${IS_FREE} OR ${IS_STALE}) OR NOT ${IS_TURN} OR NOT ${IS_FOR} THEN 'no' WHEN ${IS_FREE} THEN 'free' ELSE 'stale' END`

const ONE = `t.seq, t.type, t.status, ${HOLDER} AS holder, ${CLAIMABLE} AS claimable`
