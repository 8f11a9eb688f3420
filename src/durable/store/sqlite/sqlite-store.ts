/** The ticket store on the embedded database. */
import type { IntakeAct, Project, TicketStore } from '../ticket-store.ts'
import { claimNext, claimSome, claimTicket, moveTicket, renewLeases } from './claims.ts'
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
    <Asked extends readonly unknown[], Told>(verb: (place: Place, ...asked: Asked) => Told | Promise<Told>) =>
    (...asked: Asked): Promise<Told> =>
      new Promise((resolve) => {
        resolve(verb(place, ...asked))
      })
  /** The same of verbs that a claim has no use for. */
  const later =
    <Asked extends readonly unknown[], Told>(
      load: () => Promise<(place: Place, ...asked: Asked) => Told | Promise<Told>>,
    ) =>
    async (...asked: Asked): Promise<Told> =>
      (await load())(place, ...asked)
  return {
    intake: later(async () => named((await import('./intake.ts')).takeIn, (_, act) => act)),
    find: done(findTicket),
    lookUp: done(lookUp),
    waits: done(waitsFrom),
    list: done(listTickets),
    overview: later(async () => (await import('./overview.ts')).overviewOf),
    claim: done(named(claimTicket, ({ act }) => act)),
    claimNext: done(named(claimNext, ({ act }) => act)),
    claimSome: done(named(claimSome, ({ act }) => act)),
    move: done(moveTicket),
    edit: later(async () => (await import('./edit.ts')).editTicket),
    keepWorktree: later(async () => (await import('./worktree.ts')).keepWorktree),
    tell: later(async () => named((await import('./tell.ts')).tell, ({ act }) => act)),
    renew: done(renewLeases),
    heldByOthers: done(heldByOthers),
    agents: later(async () => (await import('./agents.ts')).agentsOf),
    events: done(eventsOf),
    feed: done(feedOf),
    follow: later(async () => (await import('./follow.ts')).followEvents),
    heldBack: () => Promise.resolve(undefined), // there is one writer at a time
    woken: async (...asked) =>
      (await (wake ??= import('./follow.ts').then(({ wakerOf }) => wakerOf(place))))(...asked),
    measure: later(async () => (await import('./measure.ts')).measure),
    lastReading: later(async () => (await import('./readings.ts')).lastReading),
    logReading: later(async () => (await import('./readings.ts')).logReading),
    recall: later(async () => (await import('./requests.ts')).recall),
    forget: later(async () => (await import('./requests.ts')).forget),
    close: done(closed),
  }
}

const closed = ({ database }: Place): void => {
  database.close()
}

/** The same of a verb that is done once where its act has a name. */
const named =
  <Asked extends readonly unknown[], Told extends object | undefined>(
    verb: (place: Place, ...asked: Asked) => Told,
    actOf: (...asked: Asked) => IntakeAct,
  ) =>
  (place: Place, ...asked: Asked): Told | Promise<Told> => {
    const { request, now_ms } = actOf(...asked)
    if (request === undefined) return verb(place, ...asked)
    return import('./requests.ts').then(({ once }) =>
      once(place, { request, now_ms }, () => verb(place, ...asked)),
    )
  }
