/** Looks after the database in PostgreSQL. */
import type { PostgresConnection } from '../../model/database-choice.ts'
import { ticketCounts, type StoreCounts, type StoreKeeper, type StoreStatus } from '../store-keeper.ts'
import type { Project } from '../ticket-store.ts'
import { archivable, archive } from './archive.ts'
import { checkDatabase } from './check.ts'
import { copyIn, copyOut } from './copy.ts'
import { connectTo, type Database } from './database.ts'
import { followMemories, memoriesIn } from './memories.ts'
import { MIGRATIONS } from './migrations.ts'
import { openPlace, present } from './open-database.ts'
import type { Place } from './place.ts'
import { takeOverTasks } from './published.ts'

/** Of the project in that database. */
export function keeperOf(connection: PostgresConnection, project: Project): StoreKeeper {
  const onDatabase = <T>(work: (database: Database) => Promise<T>): Promise<T> =>
    closing(connectTo(connection), (database) => database, work)
  const inPlace = <T>(now_ms: number, work: (place: Place) => Promise<T>): Promise<T> =>
    closing(openPlace(connection, project, now_ms), ({ database }) => database, work)
  return {
    status: () => onDatabase((database) => statusOf(database, project)),
    check: () => onDatabase((database) => checkDatabase(database, project)),
    migrate: async (now_ms) => {
      const { version: from_version } = await onDatabase((database) => present(database, project))
      return inPlace(now_ms, async ({ database }) => {
        const { version: to_version } = await present(database, project)
        return { from_version, to_version, memories: await followMemories(database) }
      })
    },
    vacuum: (now_ms) => inPlace(now_ms, ({ database }) => vacuum(database)),
    archivable: (before_ms, now_ms) => inPlace(now_ms, (place) => archivable(place, before_ms)),
    archive: (act) => inPlace(act.now_ms, (place) => archive(place, act)),
    copyOut: (to, now_ms) => inPlace(now_ms, (place) => copyOut(place, to)),
    copyIn: (from, now_ms) => inPlace(now_ms, (place) => copyIn(place, from)),
    takeOver: (act) => inPlace(act.now_ms, (place) => takeOverTasks(place, act)),
  }
}

async function closing<Opened, T>(
  opened: Promise<Opened>,
  databaseOf: (opened: Opened) => Database,
  work: (opened: Opened) => Promise<T>,
): Promise<T> {
  const open = await opened
  try {
    return await work(open)
  } finally {
    databaseOf(open).close()
  }
}

async function vacuum(database: Database) {
  const bytes_before = await bytesOf(database)
  // One at a time: each has as long as any statement has.
  for (const { name } of await database.all(`SELECT c.oid::regclass::text AS name ${OUR_TABLES}`))
    await database.script(`VACUUM (ANALYZE) ${String(name)}`)
  return { bytes_before, bytes_after: await bytesOf(database) }
}

const OUR_TABLES = "FROM pg_class c WHERE c.relnamespace = to_regnamespace('tkt') AND c.relkind = 'r'"

/** With their indexes. */
const bytesOf = async (database: Database): Promise<number> =>
  Number(
    (
      await database.one(
        `SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint AS bytes ${OUR_TABLES}`,
      )
    )?.bytes,
  )

async function statusOf(database: Database, project: Project): Promise<StoreStatus> {
  const server = await database.one("SELECT current_setting('server_version') AS version")
  const { version: schema_version, project: id } = await present(database, project)
  const program_schema_version = MIGRATIONS.length
  return {
    engine_version: String(server?.version),
    schema_version,
    program_schema_version,
    bytes: await bytesOf(database),
    ...(schema_version === program_schema_version
      ? { counts: await countsOf(database, id), memories: await memoriesIn(database) }
      : { counts: undefined, memories: undefined }),
  }
}

async function countsOf(database: Database, project: number | null): Promise<StoreCounts> {
  const of = { project: project ?? undefined }
  const tickets = await database.all(
    `SELECT status, deleted_ms IS NOT NULL AS deleted, count(*) AS count FROM tkt.tickets
     WHERE project = :project GROUP BY 1, 2 ORDER BY 1`,
    of,
  )
  const others = await database.one(
    `SELECT (SELECT count(*) FROM tkt.projects) AS projects,
       (SELECT count(*) FROM tkt.events WHERE project = :project) AS events,
       (SELECT count(*) FROM tkt.agents WHERE project = :project) AS agents`,
    of,
  )
  return {
    projects: Number(others?.projects),
    ...ticketCounts(tickets),
    events: Number(others?.events),
    agents: Number(others?.agents),
  }
}
