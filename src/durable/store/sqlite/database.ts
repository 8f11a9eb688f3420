/** The embedded database: one file, opened by any number of processes; every write in a transaction that is first of all a write. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { stampOf } from '../../../system/files.ts'
import { DatabaseRefused } from '../database-refused.ts'
import type { Row } from '../rows.ts'
import { ANOTHER_FILE } from './causes.ts'
import { DRIVERS, isSafe, refusedDrivers } from './driver.ts'
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
  /** All of it or nothing; nobody else writes meanwhile. One inside of another is a part of that. */
  readonly transaction: <T>(work: () => T) => T
  /** What it reads is of one moment; nobody waits for it. It writes nothing. */
  readonly reading: <T>(work: () => T) => T
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

/** With whatever schema there is, by the first driver that is safe. Throws DatabaseRefused. */
export function connectTo(path: string): Database {
  if (stampOf(path)?.size === 0) throw new DatabaseRefused('it is empty: it was cut off', ANOTHER_FILE)
  const unsafe: string[] = []
  for (const driver of DRIVERS) {
    const Connection = driver()
    if (Connection === undefined) continue
    const connection = new Connection(path, { timeout: BUSY_MS })
    try {
      const database = databaseOn(connection)
      const version = String(database.one('SELECT sqlite_version() AS version')?.version)
      if (isSafe(version)) return ready(database)
      unsafe.push(version)
    } catch (error) {
      connection.close()
      throw error
    }
    connection.close()
  }
  throw refusedDrivers(unsafe)
}

function ready(database: Database): Database {
  database.script(
    `PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA foreign_keys = ON; PRAGMA page_size = ${PAGE_BYTES}`,
  )
  useWriteAheadLog(database)
  database.script(`PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = ${LOG_PAGES}`)
  return database
}

const BUSY_MS = 10_000
/** Of a new file: half of what is usual, as a claim writes to a dozen pages, a few bytes to each. */
const PAGE_BYTES = 2_048
/** 16 MB, four times what is usual: whoever moves a full log into the file waits for the disk, and others for them. */
const LOG_PAGES = 8_000

function databaseOn(connection: DatabaseSync): Database {
  const statements = new Map<string, StatementSync>()
  const prepared = (sql: string): StatementSync => {
    const statement = statements.get(sql) ?? connection.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
  const isInside = (): boolean => connection.isTransaction
  const within = <T>(begin: string, work: () => T): T => {
    if (isInside()) return work()
    prepared(begin).run()
    try {
      const result = work()
      prepared('COMMIT').run()
      return result
    } catch (error) {
      if (isInside()) connection.exec('ROLLBACK')
      throw error
    }
  }
  const all: Database['all'] = (sql, ...values) => prepared(sql).all(...(values as SQLInputValue[]))
  return {
    all,
    one: (sql, ...values) => all(sql, ...values)[0],
    // Not kept: the same may be asked again while its rows are still read.
    each: (sql, ...values) => connection.prepare(sql).iterate(...(values as SQLInputValue[])),
    run: (sql, ...values) => Number(prepared(sql).run(...(values as SQLInputValue[])).changes),
    script: (sql) => {
      connection.exec(sql)
    },
    transaction: (work) => within('BEGIN IMMEDIATE', work),
    reading: (work) => within('BEGIN', work),
    close: () => {
      connection.close()
    },
  }
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
