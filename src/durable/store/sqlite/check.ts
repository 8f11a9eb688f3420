/** Looks the embedded database over. */
import * as fs from 'node:fs'
import { stampOf } from '../../../system/files.ts'
import { brokenRule, newerSchema, RULES, type Rule } from '../rules.ts'
import type { DatabaseFault } from '../store-keeper.ts'
import { ANOTHER_FILE } from './causes.ts'
import { schemaVersion, type Database } from './database.ts'
import { COUNTED } from './lots.ts'
import { MIGRATIONS } from './migrations.ts'

/** Tables are asked only where the file is whole, and of the schema that this program knows. */
export function checkDatabase(database: Database, path: string): readonly DatabaseFault[] {
  const damages = [
    ...database.all('PRAGMA integrity_check(3)').map((row) => String(row.integrity_check)),
    ...database.all('PRAGMA foreign_key_check').map(({ table }) => `a row of ${String(table)} leads nowhere`),
  ].filter((said) => said !== 'ok')
  if (damages.length > 0)
    return damages.slice(0, MOST_TOLD).map((said) => ({
      ...{ check: 'database-whole', says: `it is damaged: ${said}`, isFault: true, next: ANOTHER_FILE },
    }))
  const version = schemaVersion(database)
  if (version !== MIGRATIONS.length) return newerSchema(version, MIGRATIONS.length)
  const broken = [...RULES, LOTS_AGREE].flatMap(
    (rule) => brokenRule(rule, Number(database.one(rule.count(''))?.count)) ?? [],
  )
  return [...broken, ...longLog(path)]
}

const MOST_TOLD = 3

/** Of this database only: no other one keeps counts. */
const LOTS_AGREE: Rule = {
  check: 'lots-agree-with-tickets',
  count: () => `SELECT count(*) AS count FROM (
    SELECT * FROM (SELECT * FROM lots EXCEPT ${COUNTED}) UNION ALL SELECT * FROM (${COUNTED} EXCEPT SELECT * FROM lots))`,
  says: 'kept counts are not those of the tickets',
}

/** What the head of the file says of its length, where that is not so. Opens no database: one that is cut off may not open. */
export function cutOff(path: string): readonly DatabaseFault[] {
  const bytes = stampOf(path)?.size ?? 0
  const whole = lengthInHead(path)
  if (whole === undefined || bytes >= whole) return []
  const says = `it was cut off: ${bytes} of its ${whole} bytes are left`
  return [{ check: 'database-whole', says, isFault: true, next: ANOTHER_FILE }]
}

function lengthInHead(path: string): number | undefined {
  const head = Buffer.alloc(HEAD_BYTES)
  try {
    const file = fs.openSync(path, 'r')
    fs.readSync(file, head)
    fs.closeSync(file)
  } catch {
    return undefined // survived: opening the database tells why it cannot be read
  }
  if (!head.toString('latin1').startsWith('SQLite format 3')) return undefined
  const page = head.readUInt16BE(16)
  return head.readUInt32BE(28) * (page === 1 ? 65_536 : page)
}

const HEAD_BYTES = 100

/** It is emptied by whoever closes the database last: a process that never ends stands in the way. */
function longLog(path: string): readonly DatabaseFault[] {
  const bytes = stampOf(`${path}-wal`)?.size ?? 0
  if (bytes <= LONG_LOG) return []
  const says = `its log has ${Math.round(bytes / 1_000_000)} MB that are still to be put into it`
  return [{ check: 'log-emptied', says, isFault: false, next: 'tkt db vacuum' }]
}

const LONG_LOG = 64_000_000
