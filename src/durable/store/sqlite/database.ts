/** The embedded database: one file, opened by any number of processes; every write in a transaction that is first of all a write. */
import type * as Sqlite from 'node:sqlite'
import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { stampOf } from '../../../system/files.ts'
import { DatabaseRefused } from '../database-refused.ts'
import type { Row } from '../rows.ts'
import { ANOTHER_FILE } from './causes.ts'
import { MIGRATIONS } from './migrations.ts'
import { makeDatabaseFile } from './new-file.ts'

export type Value = string | number | null

export interface Database {
  readonly all: (sql: string, ...values: readonly Value[]) => readonly Row[]
  readonly one: (sql: string, ...values: readonly Value[]) => Row | undefined
  /** One row after the other, however many there are. */
  readonly each: (sql: string, ...values: readonly Value[]) => Iterable<Row>
  /** Tells how many rows were changed. */
  readonly run: (sql: string, ...values: readonly Value[]) => number
  /** Statements without parameters. */
  readonly script: (sql: string) => void
  /** All of it or nothing; nobody else writes meanwhile. */
  readonly transaction: <T>(work: () => T) => T
  readonly close: () => void
}

/** Opens the file, makes it when it is not there, and brings its schema up to date. Throws DatabaseRefused. */
export async function openDatabase(path: string): Promise<Database> {
  if (stampOf(path) === undefined)
    makeDatabaseFile(path, (prepared) => {
      upToDate(prepared).close()
    })
  return upToDate(path)
}

function upToDate(path: string): Database {
  const database = connectTo(path)
  try {
    migrate(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** With whatever schema there is. Throws DatabaseRefused. */
export function connectTo(path: string): Database {
  if (stampOf(path)?.size === 0) throw new DatabaseRefused('it is empty: it was cut off', ANOTHER_FILE)
  const { DatabaseSync: Connection } = loadSqlite()
  const connection = new Connection(path, { timeout: BUSY_MS })
  try {
    const database = databaseOn(connection)
    refuseUnsafe(database)
    connection.exec(`PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA foreign_keys = ON`)
    useWriteAheadLog(database)
    connection.exec('PRAGMA synchronous = NORMAL')
    return database
  } catch (error) {
    connection.close()
    throw error
  }
}

const BUSY_MS = 10_000

/** Node 22 warns that it is an experiment; nobody who uses this program can do anything about that. */
function loadSqlite(): typeof Sqlite {
  const emitWarning = process.emitWarning.bind(process)
  process.emitWarning = (): void => undefined
  // Undefined in an older node. An import would take a way three times as long.
  const sqlite = process.getBuiltinModule('node:sqlite') as typeof Sqlite | undefined
  process.emitWarning = emitWarning
  if (sqlite !== undefined) return sqlite
  throw new DatabaseRefused(`node ${process.versions.node} has no SQLite: use node 22.23, 24.15 or newer`)
}

function databaseOn(connection: DatabaseSync): Database {
  const prepared = (sql: string) => connection.prepare(sql)
  const all: Database['all'] = (sql, ...values) => prepared(sql).all(...(values as SQLInputValue[]))
  return {
    all,
    one: (sql, ...values) => all(sql, ...values)[0],
    each: (sql, ...values) => prepared(sql).iterate(...(values as SQLInputValue[])),
    run: (sql, ...values) => Number(prepared(sql).run(...(values as SQLInputValue[])).changes),
    script: (sql) => {
      connection.exec(sql)
    },
    transaction: (work) => {
      connection.exec('BEGIN IMMEDIATE')
      try {
        const result = work()
        connection.exec('COMMIT')
        return result
      } catch (error) {
        if (connection.isTransaction) connection.exec('ROLLBACK')
        throw error
      }
    },
    close: () => {
      connection.close()
    },
  }
}

/** From 3.7.0 on two processes could damage a file while they wrote at the same moment, as ours do. */
function refuseUnsafe(database: Database): void {
  const version = String(database.one('SELECT sqlite_version() AS version')?.version)
  if (isSafe(version)) return
  throw new DatabaseRefused(
    `SQLite ${version} may damage a file that several processes write: use node 22.23, 24.15 or newer (SQLite 3.51.3)`,
  )
}

/** Whether that SQLite has the mend for files that several processes write, which three lines of versions got. */
export function isSafe(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  if (major !== 3) return major > 3
  if (minor === 44) return patch >= 6
  if (minor === 50) return patch >= 7
  return minor > 51 || (minor === 51 && patch >= 3)
}

/** The change to a write-ahead log asks no busy handler, so processes that meet a new file at once take turns here. */
function useWriteAheadLog(database: Database): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      if (database.one('PRAGMA journal_mode')?.journal_mode === 'wal') return
      if (database.one('PRAGMA journal_mode = WAL')?.journal_mode === 'wal') return
      throw new DatabaseRefused('the file system has no shared memory, which the embedded database needs')
    } catch (error) {
      if (!isBusy(error) || attempt === MOST_ATTEMPTS) throw error // survived: somebody else is at it
      Atomics.wait(PAUSE, 0, 0, 2 + 8 * Math.random())
    }
  }
}

/** SQLITE_BUSY, of any kind. */
const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 5

const MOST_ATTEMPTS = 1_000
const PAUSE = new Int32Array(new SharedArrayBuffer(4))

function migrate(database: Database): void {
  const newest = MIGRATIONS.length
  if (schemaVersion(database) === newest) return
  database.transaction(() => {
    const version = schemaVersion(database)
    if (version > newest)
      throw new DatabaseRefused(
        `it is of version ${version}, newer than this program (${newest}): update the skill`,
      )
    for (const step of MIGRATIONS.slice(version)) database.script(step)
    database.script(`PRAGMA user_version = ${newest}`)
  })
}

/** 0 of a file that nobody used before. */
export const schemaVersion = (database: Database): number =>
  Number(database.one('PRAGMA user_version')?.user_version)
