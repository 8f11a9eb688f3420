/** The ticket store on the embedded database. */
import type { Project, TicketStore } from '../ticket-store.ts'
import { claimNext, claimTicket, moveTicket, renewLeases } from './claims.ts'
import { openDatabase } from './database.ts'
import { projectId, type Place } from './place.ts'
import { eventsOf, feedOf, findTicket, heldByOthers, listTickets, lookUp, waitsFrom } from './reading.ts'

/** Opens the store of a project. Throws DatabaseRefused. */
export async function openSqliteStore(path: string, project: Project, now_ms: number): Promise<TicketStore> {
  const database = await openDatabase(path)
  const place: Place = { database, project: projectId(database, project, now_ms) }
  let wake: Promise<TicketStore['woken']> | undefined
  // Every verb is done when it returns: the promises are for databases that are elsewhere.
  const done =
    <Asked extends readonly unknown[], Told>(verb: (place: Place, ...asked: Asked) => Told) =>
    (...asked: Asked): Promise<Told> =>
      new Promise((resolve) => {
        resolve(verb(place, ...asked))
      })
  /** The same of verbs that a claim has no use for. */
  const later =
    <Asked extends readonly unknown[], Told>(load: () => Promise<(place: Place, ...asked: Asked) => Told>) =>
    async (...asked: Asked): Promise<Told> =>
      (await load())(place, ...asked)
  return {
    intake: later(async () => (await import('./intake.ts')).takeIn),
    find: done(findTicket),
    lookUp: done(lookUp),
    waits: done(waitsFrom),
    list: done(listTickets),
    overview: later(async () => (await import('./overview.ts')).overviewOf),
    claim: done(claimTicket),
    claimNext: done(claimNext),
    move: done(moveTicket),
    edit: later(async () => (await import('./edit.ts')).editTicket),
    keepWorktree: later(async () => (await import('./worktree.ts')).keepWorktree),
    tell: later(async () => (await import('./tell.ts')).tell),
    renew: done(renewLeases),
    heldByOthers: done(heldByOthers),
    agents: later(async () => (await import('./agents.ts')).agentsOf),
    events: done(eventsOf),
    feed: done(feedOf),
    follow: later(async () => (await import('./follow.ts')).followEvents),
    woken: async (...asked) =>
      (await (wake ??= import('./follow.ts').then(({ wakerOf }) => wakerOf(place))))(...asked),
    lastReading: later(async () => (await import('./readings.ts')).lastReading),
    logReading: later(async () => (await import('./readings.ts')).logReading),
    close: done(({ database: { close } }: Place) => {
      close()
    }),
  }
}
