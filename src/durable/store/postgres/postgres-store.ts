/** The ticket store on PostgreSQL. */
import type { Act } from '../../model/claiming.ts'
import type { PostgresConnection } from '../../model/database-choice.ts'
import type { IntakeAct, NextWish, Project, TicketStore } from '../ticket-store.ts'
import { agentsOf } from './agents.ts'
import { claimTicket, moveTicket, renewLeases } from './claims.ts'
import { untilWon } from './database.ts'
import { editTicket } from './edit.ts'
import { takeIn } from './intake.ts'
import { followEvents, heldBack } from './follow.ts'
import { hintsTo } from './hints.ts'
import { lastingPlace, type LastingPlace } from './lasting.ts'
import { measure } from './measure.ts'
import { claimNext, claimSome } from './next.ts'
import { openPlace } from './open-database.ts'
import { overviewOf } from './overview.ts'
import type { Place } from './place.ts'
import { eventsOf, feedOf, findTicket, heldByOthers, listTickets, lookUp, waitsFrom } from './reading.ts'
import { lastReading, logReading } from './readings.ts'
import { forget, once, recall } from './requests.ts'
import { tell } from './tell.ts'
import { keepWorktree } from './worktree.ts'

/** Opens the store of a project; `org/slug` names it among those that share a database. Throws DatabaseRefused. */
export async function openPostgresStore(
  connection: PostgresConnection,
  project: Project,
  now_ms: number,
): Promise<TicketStore> {
  const place = await lastingPlace(() => openPlace(connection, project, now_ms))
  const { inTurn, telling, after, atEnd } = turnsOn(place)
  return {
    intake: telling(named(takeIn, actBehind), always),
    find: inTurn(findTicket),
    lookUp: inTurn(lookUp),
    waits: inTurn(waitsFrom),
    list: inTurn(listTickets),
    heldByOthers: inTurn(heldByOthers),
    overview: inTurn(overviewOf),
    claim: telling(named(claimTicket, actIn), always),
    claimNext: telling(named(claimNext, actIn), givesTheSame),
    claimSome: telling(named(claimSome, actIn), givesTheSame),
    move: telling(moveTicket, never),
    edit: telling(editTicket, never),
    keepWorktree: telling(keepWorktree, never),
    tell: telling(named(tell, actIn), isNamed),
    renew: inTurn(renewLeases),
    agents: inTurn(agentsOf),
    events: inTurn(eventsOf),
    feed: inTurn(feedOf),
    follow: inTurn(followEvents),
    heldBack: inTurn(heldBack),
    woken: (...asked) => after(() => place.now().database.awaitOthers(...asked)),
    measure: inTurn(measure),
    lastReading: inTurn(lastReading),
    logReading: inTurn(logReading),
    recall: inTurn(recall),
    forget: inTurn(forget),
    close: async () => {
      await after(atEnd)
      place.now().database.close()
    },
  }
}

type Verb<Asked extends readonly unknown[], Told> = (place: Place, ...asked: Asked) => Promise<Told>

/** There is one connection: verbs that are asked at once take turns on it. */
function turnsOn(place: LastingPlace) {
  let before: Promise<unknown> = Promise.resolve()
  const { write, afterWrite, beforeEnd } = hintsTo(
    {
      tellOthers: () => place.now().database.tellOthers(),
      isAwaited: () => place.now().database.isAwaited(),
    },
    (work) => {
      before = before.then(work)
    },
  )
  const inTurn =
    <Asked extends readonly unknown[], Told>(
      verb: Verb<Asked, Told>,
      mayBeRepeated: (...asked: NoInfer<Asked>) => boolean = always,
    ) =>
    (...asked: Asked): Promise<Told> => {
      const work = (now: Place) => untilWon(() => verb(now, ...asked))
      const told = before.then(() => place.through(work, mayBeRepeated(...asked)))
      before = told.catch(() => undefined) // survived: it was told to who asked
      return told
    }
  return {
    inTurn,
    /**
     * The same of verbs that write events: who waits for them is told behind it, and nobody waits for that but the end. When
     * the connection is lost nobody knows whether it was done; it says whether it may be done twice then.
     */
    telling:
      <Asked extends readonly unknown[], Told>(
        verb: Verb<Asked, Told>,
        mayBeRepeated: (...asked: NoInfer<Asked>) => boolean,
      ) =>
      (...asked: Asked): Promise<Told> => {
        const writing: typeof verb = (now, ...words) => write(now.database, () => verb(now, ...words))
        const told = inTurn(writing, mayBeRepeated)(...asked)
        before = told.then(afterWrite, () => undefined) // survived: it was told to who asked
        return told
      },
    after: <Told>(work: () => Promise<Told>): Promise<Told> => before.then(work),
    atEnd: beforeEnd,
  }
}

const always = (): boolean => true
const never = (): boolean => false
const actIn = <Of>({ act }: { readonly act: Of }): Of => act
const actBehind = <Of>(_: unknown, act: Of): Of => act
/** Asked again it gives what the session holds, or what was given under that name. */
const givesTheSame = ({ act, terms }: Pick<NextWish, 'act' | 'terms'>): boolean =>
  terms.oneAtATime || isNamed({ act })
const isNamed = ({ act }: { readonly act: Act }): boolean => act.request !== undefined

/** The same of a verb that is done once where its act has a name. */
const named =
  <Asked extends readonly unknown[], Told extends object | undefined>(
    verb: Verb<Asked, Told>,
    actOf: (...asked: Asked) => IntakeAct,
  ) =>
  (place: Place, ...asked: Asked): Promise<Told> => {
    const { request, now_ms } = actOf(...asked)
    const work = () => verb(place, ...asked)
    return request === undefined ? work() : once(place, { request, now_ms }, work)
  }
