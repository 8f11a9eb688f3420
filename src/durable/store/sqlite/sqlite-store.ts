/** The ticket store on the embedded database. */
import type { Project, TicketStore } from '../ticket-store.ts'
import { agentsOf } from './agents.ts'
import { claimNext, claimTicket, moveTicket, renewLeases } from './claims.ts'
import { openDatabase } from './database.ts'
import { editTicket } from './edit.ts'
import { takeIn } from './intake.ts'
import { projectId, type Place } from './place.ts'
import { overviewOf } from './overview.ts'
import { lastReading, logReading } from './readings.ts'
import { eventsOf, feedOf, findTicket, heldByOthers, listTickets, lookUp, waitsFrom } from './reading.ts'
import { keepWorktree } from './worktree.ts'

/** Opens the store of a project. Throws DatabaseRefused. */
export async function openSqliteStore(path: string, project: Project, now_ms: number): Promise<TicketStore> {
  const database = await openDatabase(path)
  const place: Place = { database, project: projectId(database, project, now_ms) }
  // Every verb is done when it returns: the promises are for databases that are elsewhere.
  const done =
    <Asked extends readonly unknown[], Told>(verb: (place: Place, ...asked: Asked) => Told) =>
    (...asked: Asked): Promise<Told> =>
      new Promise((resolve) => {
        resolve(verb(place, ...asked))
      })
  return {
    intake: done(takeIn),
    find: done(findTicket),
    lookUp: done(lookUp),
    waits: done(waitsFrom),
    list: done(listTickets),
    overview: done(overviewOf),
    claim: done(claimTicket),
    claimNext: done(claimNext),
    move: done(moveTicket),
    edit: done(editTicket),
    keepWorktree: done(keepWorktree),
    renew: done(renewLeases),
    heldByOthers: done(heldByOthers),
    agents: done(agentsOf),
    events: done(eventsOf),
    feed: done(feedOf),
    lastReading: done(lastReading),
    logReading: done(logReading),
    close: done(({ database: { close } }: Place) => {
      close()
    }),
  }
}
