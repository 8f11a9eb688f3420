/** Claims of whatever is best: by one statement almost always, else as the claim of that one ticket is made. */
import { stateAfter } from '../../model/lifecycle.ts'
import { byTurn } from '../../model/overview.ts'
import type { DurableTicket } from '../../model/ticket.ts'
import { ticketOf } from '../rows.ts'
import type { Claimed, NextWish } from '../ticket-store.ts'
import { liftOld } from './age.ts'
import { claimTicket, valuesOf } from './claims.ts'
import { isRaceLost, RaceLost, untilWon, type Values } from './database.ts'
import { knownTo, notice } from './lately.ts'
import { bestOf, claimBest, claimFree } from './next-statements.ts'
import type { Place } from './place.ts'

export async function claimNext(place: Place, wish: NextWish): Promise<Claimed | undefined> {
  const { act, terms } = wish
  await lift(place, wish)
  const first = await claimFirst(place, wish)
  if (first !== undefined) return first
  // A lease is over before them, others are at all of them, or there is nothing.
  const best = await lookForBest(place, wish)
  if (best === undefined) return undefined
  const claimed = await claimTicket(place, { key: best.key, act, terms })
  if (claimed.ok) return claimed
  throw new RaceLost(`${best.key} was free and is not: ${claimed.message}`)
}

/** By one statement, and one by one where a lease is over before them, or others are at them. */
export async function claimSome(
  place: Place,
  { most, ...wish }: NextWish & { readonly most: number },
): Promise<readonly Claimed[]> {
  const wanted = wish.terms.oneAtATime ? 1 : most
  await lift(place, wish)
  const claimed = await claimFirsts(place, wish, wanted)
  if (claimed.length === wanted) return claimed
  const others = () => claimOthers(place, wish, wanted - claimed.length)
  // What is written as a whole, or had nothing yet, may be done again from the beginning.
  const isWhole = wish.act.request !== undefined || claimed.length === 0
  return [...claimed, ...(await (isWhole ? others() : untilWon(others).catch(noneWhereLost)))]
}

function claimOthers(place: Place, wish: NextWish, wanted: number): Promise<readonly Claimed[]> {
  return place.database.transaction(async () => {
    const claimed: Claimed[] = []
    while (claimed.length < wanted) {
      const one = await claimNext(place, wish)
      if (one === undefined) break
      claimed.push(one)
    }
    return claimed
  })
}

function noneWhereLost(error: unknown): readonly Claimed[] {
  if (isRaceLost(error)) return [] // survived: others had them all, and what was claimed before is told
  throw error
}

async function lift(place: Place, { act, terms }: Pick<NextWish, 'act' | 'terms'>): Promise<void> {
  if (terms.ageing_ms !== undefined) await liftOld(place, act.now_ms, terms.ageing_ms)
}

/** A session that may hold several has some as a rule, which the short statement is not for. */
async function claimFirst(place: Place, wish: NextWish): Promise<Claimed | undefined> {
  if (wish.terms.oneAtATime) {
    const known = knownTo(place.lately, wish.act)
    const statement = claimFree(wish, known.isHeard, known.isLooked)
    const row = await place.database.one(statement, valuesOfNext(place, wish))
    if (row !== undefined) {
      notice(place.lately, wish.act, known)
      return { ok: true, ticket: ticketOf(row), isNew: true }
    }
  }
  return (await claimFirsts(place, wish, 1))[0]
}

/** What is free and comes before all that is stale, or what the session holds. */
async function claimFirsts(place: Place, wish: NextWish, most: number): Promise<readonly Claimed[]> {
  const rows = await place.database.all(claimBest(wish, most), {
    ...valuesOfNext(place, wish),
    passed_over: wish.terms.blockedCounts === true ? '' : 'BLOCKED',
  })
  const claimed = rows.map(
    (row) => ({ ok: true, ticket: ticketOf(row), isNew: row.is_new === true }) as const,
  )
  return claimed.sort((one, other) => byTurn(one.ticket, other.ticket))
}

function valuesOfNext(place: Place, { batch, channel, act, terms }: NextWish): Values {
  const state = stateAfter({ status: 'OPEN', stage: 'todo' }, 'claim')
  if (state === undefined) throw new Error('what is free can be claimed')
  return { ...valuesOf(place, { event: 'claim', state }, { act, terms }), batch, channel }
}

async function lookForBest(
  { database, project }: Place,
  { batch, channel, act: { session, now_ms } }: NextWish,
): Promise<DurableTicket | undefined> {
  const row = await database.one(bestOf({ batch, channel }), { project, batch, channel, session, now_ms })
  return row === undefined ? undefined : ticketOf(row)
}
