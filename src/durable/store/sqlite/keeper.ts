/** Looks after the embedded database. */
import { stampOf } from '../../../system/files.ts'
import {
  ImportRefused,
  ticketCounts,
  type Memories,
  type StoreCounts,
  type StoreKeeper,
  type StoreStatus,
} from '../store-keeper.ts'
import type { Project } from '../ticket-store.ts'
import { archivable, archive } from './archive.ts'
import { checkDatabase, cutOff } from './check.ts'
import { copyIn, copyOut } from './copy.ts'
import { connectTo, openDatabase, schemaVersion, type Database } from './database.ts'
import { MIGRATIONS } from './migrations.ts'
import { projectId, type Place } from './place.ts'

export interface DatabaseFile {
  readonly path: string
  /** Makes the folder of a file that is not there. */
  readonly prepare: () => void
}

/** Of that file; `status` asks for one that is there. */
export function keeperOf({ path, prepare }: DatabaseFile, project: Project): StoreKeeper {
  const upToDate = <T>(work: (database: Database) => T): Promise<T> => {
    prepare()
    return withDatabase(() => openDatabase(path), work)
  }
  const connect = (): Database => connectTo(path)
  const inPlace = <T>(now_ms: number, work: (place: Place) => T): Promise<T> =>
    upToDate((database) => work({ database, project: projectId(database, project, now_ms) }))
  return {
    status: () => withDatabase(connect, (database) => statusOf(database, path, project)),
    migrate: async () => {
      const isThere = stampOf(path) !== undefined
      const from_version = isThere ? await withDatabase(connect, schemaVersion) : 0
      return { from_version, to_version: await upToDate(schemaVersion), memories: MEMORIES_VIEW }
    },
    check: async () => {
      const cut = cutOff(path)
      return cut.length > 0 ? cut : withDatabase(connect, (database) => checkDatabase(database, path))
    },
    vacuum: () =>
      upToDate((database) => {
        database.script(EMPTY_LOG)
        const bytes_before = bytesOf(path)
        // The copy goes through the log, which is emptied into the file again.
        database.script(`VACUUM; PRAGMA optimize; ${EMPTY_LOG}`)
        return { bytes_before, bytes_after: bytesOf(path) }
      }),
    archivable: (before_ms, now_ms) => inPlace(now_ms, (place) => archivable(place, before_ms)),
    archive: (act) => inPlace(act.now_ms, (place) => archive(place, act)),
    copyOut: (to, now_ms) => inPlace(now_ms, (place) => copyOut(place, to)),
    copyIn: (from, now_ms) => inPlace(now_ms, (place) => copyIn(place, from)),
    takeOver: () =>
      Promise.reject(
        new ImportRefused(
          'agent_tasks is a table of PostgreSQL: name its database with TKT_DATABASE_URL or SKILL_PGDATABASE',
        ),
      ),
  }
}

async function withDatabase<T>(
  open: () => Database | Promise<Database>,
  work: (database: Database) => T,
): Promise<T> {
  const database = await open()
  try {
    return work(database)
  } finally {
    database.close()
  }
}

const MEMORIES_VIEW: Memories = { place: 'agent_memories', kind: 'view', behind: 0 }

const EMPTY_LOG = 'PRAGMA wal_checkpoint(TRUNCATE)'

/** The file, and the log of what is still to be put into it. */
const bytesOf = (path: string): number =>
  [path, `${path}-wal`].reduce((sum, file) => sum + (stampOf(file)?.size ?? 0), 0)

function statusOf(database: Database, path: string, project: Project): StoreStatus {
  const schema_version = schemaVersion(database)
  const program_schema_version = MIGRATIONS.length
  return {
    engine_version: String(database.one('SELECT sqlite_version() AS version')?.version),
    schema_version,
    program_schema_version,
    bytes: bytesOf(path),
    ...(schema_version === program_schema_version
      ? { counts: countsOf(database, project), memories: MEMORIES_VIEW }
      : { counts: undefined, memories: undefined }),
  }
}

function countsOf(database: Database, { org, slug }: Project): StoreCounts {
  const of = 'project = (SELECT id FROM projects WHERE org = ? AND slug = ?)'
  const count = (table: string, where = 'true', ...values: readonly string[]): number =>
    Number(database.one(`SELECT count(*) AS count FROM ${table} WHERE ${where}`, ...values)?.count)
  const tickets = database.all(
    `SELECT status, deleted_ms IS NOT NULL AS deleted, count(*) AS count FROM tickets WHERE ${of} GROUP BY 1, 2 ORDER BY 1`,
    ...[org, slug],
  )
  return {
    projects: count('projects'),
    ...ticketCounts(tickets),
    events: count('events', of, org, slug),
    agents: count('agents', of, org, slug),
  }
}
