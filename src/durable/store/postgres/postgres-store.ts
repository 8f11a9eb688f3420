/** The ticket store on PostgreSQL. */
import type { PostgresConnection } from '../../model/database-choice.ts'
import type { IntakeAct, Project, TicketStore } from '../ticket-store.ts'
import { agentsOf } from './agents.ts'
import { claimNext, claimSome, claimTicket, moveTicket, renewLeases } from './claims.ts'
import { untilWon } from './database.ts'
import { editTicket } from './edit.ts'
import { takeIn } from './intake.ts'
import { followEvents, hintsTo } from './follow.ts'
import { measure } from './measure.ts'
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
  const place = await openPlace(connection, project, now_ms)
  const { inTurn, telling, after, atEnd } = turnsOn(place)
  return {
    intake: telling(named(takeIn, (_, act) => act)),
    find: inTurn(findTicket),
    lookUp: inTurn(lookUp),
    waits: inTurn(waitsFrom),
    list: inTurn(listTickets),
    heldByOthers: inTurn(heldByOthers),
    overview: inTurn(overviewOf),
    claim: telling(named(claimTicket, ({ act }) => act)),
    claimNext: telling(named(claimNext, ({ act }) => act)),
    claimSome: telling(named(claimSome, ({ act }) => act)),
    move: telling(moveTicket),
    edit: telling(editTicket),
    keepWorktree: telling(keepWorktree),
    tell: telling(named(tell, ({ act }) => act)),
    renew: inTurn(renewLeases),
    agents: inTurn(agentsOf),
    events: inTurn(eventsOf),
    feed: inTurn(feedOf),
    follow: inTurn(followEvents),
    woken: (...asked) => after(() => place.database.awaitOthers(...asked)),
    measure: inTurn(measure),
    lastReading: inTurn(lastReading),
    logReading: inTurn(logReading),
    recall: inTurn(recall),
    forget: inTurn(forget),
    close: () => after(atEnd).then(place.database.close),
  }
}

/** There is one connection: verbs that are asked at once take turns on it. */
function turnsOn(place: Place) {
  const { afterWrite, beforeEnd } = hintsTo(place.database)
  let before: Promise<unknown> = Promise.resolve()
  const inTurn =
    <Asked extends readonly unknown[], Told>(verb: (place: Place, ...asked: Asked) => Promise<Told>) =>
    (...asked: Asked): Promise<Told> => {
      const told = before.then(() => untilWon(() => verb(place, ...asked)))
      before = told.catch(() => undefined) // survived: it was told to who asked
      return told
    }
  return {
    inTurn,
    /** The same of verbs that write events: who waits for them is told behind it, and nobody waits for that but the end. */
    telling:
      <Asked extends readonly unknown[], Told>(verb: (place: Place, ...asked: Asked) => Promise<Told>) =>
      (...asked: Asked): Promise<Told> => {
        const told = inTurn(verb)(...asked)
        before = told.then(afterWrite, () => undefined) // survived: it was told to who asked
        return told
      },
    after: <Told>(work: () => Promise<Told>): Promise<Told> => before.then(work),
    atEnd: beforeEnd,
  }
}

/** The same of a verb that is done once where its act has a name. */
const named =
  <Asked extends readonly unknown[], Told extends object | undefined>(
    verb: (place: Place, ...asked: Asked) => Promise<Told>,
    actOf: (...asked: Asked) => IntakeAct,
  ) =>
  (place: Place, ...asked: Asked): Promise<Told> => {
    const { request, now_ms } = actOf(...asked)
    const work = () => verb(place, ...asked)
    return request === undefined ? work() : once(place, { request, now_ms }, work)
  }
