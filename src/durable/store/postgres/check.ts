/** Looks the database in PostgreSQL over. */
import type { Project } from '../ticket-store.ts'
import { brokenRule, newerSchema, RULES } from '../rules.ts'
import type { DatabaseFault } from '../store-keeper.ts'
import type { Database } from './database.ts'
import { MIGRATIONS } from './migrations.ts'
import { present } from './open-database.ts'

/** Tables are asked only in the schema that this program knows; whether they are whole is the server's to see. */
export async function checkDatabase(database: Database, project: Project): Promise<readonly DatabaseFault[]> {
  const { version } = await present(database, project)
  if (version !== MIGRATIONS.length) return newerSchema(version, MIGRATIONS.length)
  const faults: DatabaseFault[] = []
  for (const rule of RULES) {
    const row = await database.one(rule.count('tkt.'))
    faults.push(...[brokenRule(rule, Number(row?.count)) ?? []].flat())
  }
  return faults
}
