/** Opens the database of a project in PostgreSQL, and brings its schema up to date. */
import type { PostgresConnection } from '../../model/database-choice.ts'
import { DatabaseRefused } from '../database-refused.ts'
import type { Project } from '../ticket-store.ts'
import { connectTo, ServerRefused, type Database } from './database.ts'
import { MIGRATIONS } from './migrations.ts'
import type { Place } from './place.ts'

/** The project, which is made when nobody used it before. Throws DatabaseRefused. */
export async function openPlace(
  connection: PostgresConnection,
  project: Project,
  now_ms: number,
): Promise<Place> {
  const database = await connectTo(connection)
  try {
    const known = await present(database, project)
    if (known.version === MIGRATIONS.length && known.project !== null)
      return { database, project: known.project, lately: {} }
    refuseNewer(known.version)
    if (known.version < MIGRATIONS.length) await migrate(database)
    return { database, project: await makeProject(database, project, now_ms), lately: {} }
  } catch (error) {
    database.close()
    throw error
  }
}

/** In one question: almost always all is there. Version 0 is that of a database that nobody used before. */
export async function present(
  database: Database,
  { org, slug }: Project,
): Promise<{ readonly version: number; readonly project: number | null }> {
  try {
    const row = await database.one(
      `SELECT (SELECT max(version) FROM tkt.migrations) AS version,
         (SELECT id FROM tkt.projects WHERE org = :org AND slug = :slug) AS project`,
      { org, slug },
    )
    return { version: Number(row?.version), project: row?.project as number | null }
  } catch (error) {
    if (!(error instanceof ServerRefused) || error.code !== UNDEFINED_TABLE) throw error
    return { version: 0, project: null } // survived: nobody used this database before
  }
}

const UNDEFINED_TABLE = '42P01'

/** Processes that meet an old schema at once take turns; an administrator may have made the empty schema for us. */
const migrate = (database: Database): Promise<void> =>
  database.transaction(async () => {
    await database.all('SELECT pg_advisory_xact_lock(:lock::bigint)', { lock: LOCK })
    const row = await database.one("SELECT to_regnamespace('tkt') IS NULL AS missing")
    if (row?.missing === true) await database.script('CREATE SCHEMA tkt')
    await database.script('CREATE TABLE IF NOT EXISTS tkt.migrations (version integer PRIMARY KEY)')
    const present = await database.one('SELECT max(version) AS version FROM tkt.migrations')
    const version = Number(present?.version)
    refuseNewer(version)
    for (const [index, step] of MIGRATIONS.entries()) {
      if (index < version) continue
      await database.script(step)
      await database.all('INSERT INTO tkt.migrations (version) VALUES (:version)', { version: index + 1 })
    }
  })

/** `tkt`, as the letters of a number. */
const LOCK = 0x74_6b_74

function refuseNewer(version: number): void {
  const newest = MIGRATIONS.length
  if (version > newest)
    throw new DatabaseRefused(
      `the schema tkt is of version ${version}, newer than this program (${newest}): update the skill`,
    )
}

async function makeProject(database: Database, { org, slug }: Project, now_ms: number): Promise<number> {
  await database.all(
    `INSERT INTO tkt.projects (org, slug, name, created_ms) VALUES (:org, :slug, :slug, :now_ms) ON CONFLICT DO NOTHING`,
    { org, slug, now_ms },
  )
  const row = await database.one('SELECT id FROM tkt.projects WHERE org = :org AND slug = :slug', {
    org,
    slug,
  })
  return Number(row?.id)
}
