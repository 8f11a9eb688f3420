/** Looks after the embedded database. */
import { stampOf } from '../../../system/files.ts'
import { ticketCounts, type StoreCounts, type StoreKeeper, type StoreStatus } from '../store-keeper.ts'
import type { Project } from '../ticket-store.ts'
import { connectTo, openDatabase, schemaVersion, type Database } from './database.ts'
import { MIGRATIONS } from './migrations.ts'

/** Of the file at `path`; `status` asks for one that is there. */
export const keeperOf = (path: string, project: Project): StoreKeeper => ({
  status: () => withDatabase(connectTo(path), (database) => statusOf(database, path, project)),
  migrate: async () => {
    const from_version = stampOf(path) === undefined ? 0 : await withDatabase(connectTo(path), schemaVersion)
    return { from_version, to_version: await withDatabase(openDatabase(path), schemaVersion) }
  },
  vacuum: () =>
    withDatabase(openDatabase(path), (database) => {
      database.script(EMPTY_LOG)
      const bytes_before = bytesOf(path)
      // The copy goes through the log, which is emptied into the file again.
      database.script(`VACUUM; PRAGMA optimize; ${EMPTY_LOG}`)
      return { bytes_before, bytes_after: bytesOf(path) }
    }),
})

async function withDatabase<T>(opened: Promise<Database>, work: (database: Database) => T): Promise<T> {
  const database = await opened
  try {
    return work(database)
  } finally {
    database.close()
  }
}

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
    counts: schema_version === program_schema_version ? countsOf(database, project) : undefined,
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
