/** A connection to PostgreSQL: statements with parameters, transactions, and who loses a race looks again. */
import pg from 'pg'
import { pause } from '../../../system/clock.ts'
import type { PostgresConnection, Security } from '../../model/database-choice.ts'
import { DatabaseRefused } from '../database-refused.ts'
import type { Row } from '../rows.ts'
import { unpacked } from './packed.ts'
import { passwordInFile } from './password-file.ts'

/** What the parameters of a statement stand for, by their names. */
export type Values = Readonly<Record<string, string | number | undefined>>

export interface Database {
  /** Its parameters are written `:name`. */
  readonly all: (sql: string, values?: Values) => Promise<readonly Row[]>
  readonly one: (sql: string, values?: Values) => Promise<Row | undefined>
  /** Statements without parameters. */
  readonly script: (sql: string) => Promise<void>
  /** All of it or nothing. One inside of another is a part of that. */
  readonly transaction: <T>(work: () => Promise<T>) => Promise<T>
  /** Does what writes, and has it tell other connections in its own transaction, by statements with a HINT; gives whether it did. */
  readonly telling: <T>(work: () => Promise<T>) => Promise<{ readonly result: T; readonly isTold: boolean }>
  /** Has other connections told, after what was asked before, that there is something new. */
  readonly tellOthers: () => Promise<void>
  /** Whether some connection waits to be told. */
  readonly isAwaited: () => Promise<boolean>
  /** Comes back when another connection told so since the last time, after that time, or when `end` is aborted. */
  readonly awaitOthers: (wait_ms: number, end?: AbortSignal) => Promise<void>
  readonly close: () => void
}

/** What the server, or the way to it, answered instead. */
export class ServerRefused extends DatabaseRefused {
  /** SQLSTATE, or the name of an error of the system. */
  readonly code: string
  constructor({ message, code = '' }: Error & { readonly code?: string }) {
    super(message === '' ? code : message)
    this.code = code
  }
}

/** Somebody was quicker: what was judged is not so any more. */
export class RaceLost extends DatabaseRefused {}

/** Connects. Throws ServerRefused. */
export async function connectTo(connection: PostgresConnection): Promise<Database> {
  const { host, port, database, user, security } = connection
  const client = new pg.Client({
    ...{ host, port, database, user },
    // Asked for only where the server wants one.
    password: () => passwordOf(connection),
    ssl: TLS[security],
    types: { getTypeParser },
    application_name: 'tkt',
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: ANSWER_MS,
  })
  // Survived here: a statement that is under way fails by the same error, and so does every later one.
  client.on('error', () => undefined)
  try {
    await told(() => client.connect())
    return databaseOn(client)
  } catch (error) {
    void client.end() // a server that still waits for a password would keep this process
    throw error
  }
}

function passwordOf(connection: PostgresConnection): string {
  const { password, passwordFile } = connection
  const said = password ?? (passwordFile && passwordInFile(passwordFile, connection))
  if (said !== undefined) return said
  throw new Error('the server wants a password: set PGPASSWORD, or write a line into ~/.pgpass')
}

const CONNECT_MS = 10_000
/** More than any lock is held for. */
const ANSWER_MS = 60_000

const TLS: Readonly<Record<Security, pg.ClientConfig['ssl']>> = {
  none: false,
  encrypted: { rejectUnauthorized: false },
  verified: { checkServerIdentity: () => undefined },
  verified_host: true,
}

/** Numbers of ours are below 2^53; the driver would give those of 64 bits as texts. */
const getTypeParser: pg.CustomTypesConfig['getTypeParser'] = (type, format) =>
  type === pg.types.builtins.INT8 ? Number : (pg.types.getTypeParser(type, format) as typeof Number)

const USES_UNNAMED = 2

function askingOn(client: pg.Client): Pick<Database, 'all' | 'telling'> {
  const statements = new Map<string, Statement>()
  let hint: { isGiven: boolean } | undefined
  return {
    all: async (asked, values = {}) => {
      const sql = hint === undefined ? asked : hinting(asked)
      const { text, names, name, uses } = statements.get(sql) ?? statementOf(sql, statements.size)
      if (uses < USES_UNNAMED) statements.set(sql, { text, names, name, uses: uses + 1 })
      const given = names.map((one) => values[one] ?? null)
      const query = { name: uses < USES_UNNAMED ? undefined : name, text, values: given }
      const { rows } = await told(() => client.query<Row>(query))
      if (hint !== undefined && sql !== asked && rows.length > 0) hint.isGiven = true
      return rows.map(unpacked)
    },
    telling: async (work) => {
      const given = (hint = { isGiven: false })
      try {
        const result = await work()
        return { result, isTold: given.isGiven }
      } finally {
        hint = undefined
      }
    },
  }
}

function databaseOn(client: pg.Client): Database {
  const { all, telling } = askingOn(client)
  let isInside = false
  const script: Database['script'] = async (sql) => {
    await told(() => client.query(sql))
  }
  return {
    all,
    one: async (sql, values) => (await all(sql, values))[0],
    script,
    transaction: async (work) => {
      if (isInside) return work()
      await script(BEGIN)
      isInside = true
      try {
        const result = await work()
        await script('COMMIT')
        return result
      } catch (error) {
        await script('ROLLBACK').catch(() => undefined) // survived: a connection that is lost is rolled back
        throw error
      } finally {
        isInside = false
      }
    },
    telling,
    tellOthers: () => script(TELL),
    isAwaited: async () => (await all(AWAITED))[0]?.awaited === true,
    awaitOthers: waitingOn(client, script),
    close: () => {
      // What was asked is done: nobody needs to wait for the server to hang up as well.
      void client.end()
      ;(client as pg.Client & { readonly unref: () => void }).unref() // the types leave it out
    },
  }
}

/** A hint only: a pooler may swallow it, so whoever waits looks for himself as well. */
function waitingOn(client: pg.Client, script: Database['script']): Database['awaitOthers'] {
  let listening: Promise<void> | undefined
  let isTold = false
  client.on('notification', () => {
    isTold = true
  })
  return async (wait_ms, end) => {
    await (listening ??= script(LISTEN))
    // Not by a signal: to abort one takes a tenth of a millisecond.
    let wake = (): void => undefined
    if (!isTold) await pause(wait_ms, end, (over) => client.once('notification', (wake = over)))
    client.off('notification', wake)
    isTold = false
  }
}

export interface Statement {
  readonly text: string
  readonly names: readonly string[]
  /**
   * What is given again and again is prepared by this name. What is given once or twice, as by a command, leaves no name in
   * a connection that a pooler hands on to the next process.
   */
  readonly name: string
  readonly uses: number
}

/** In the numbers that PostgreSQL knows parameters by. */
export function statementOf(sql: string, number: number): Statement {
  const names: string[] = []
  const text = sql.replaceAll(/(?<!:):([a-z_]+)/g, (_, name: string) => {
    if (!names.includes(name)) names.push(name)
    return `$${names.indexOf(name) + 1}`
  })
  return { text, names, name: `tkt${number}`, uses: 0 }
}

/**
 * A lock that any number of connections have at once says that they listen, which PostgreSQL tells nobody: then none gets it
 * for itself. Two that ask at one moment may take each other for somebody who listens, which costs them some hints.
 */
const LISTEN = 'LISTEN tkt_events; SELECT pg_advisory_lock_shared(7629684, 1)'
const AWAITED = 'SELECT NOT pg_try_advisory_xact_lock(7629684, 1) AS awaited'

/** Stands in the list of what a statement gives of the tickets or events that it writes. */
export const HINT = '/* hint */'
const HINTED = new Map<string, string>()

function hinting(sql: string): string {
  const hinted = HINTED.get(sql) ?? sql.replace(HINT, ", pg_notify('tkt_events', '')")
  HINTED.set(sql, hinted)
  return hinted
}

/** It is a transaction of its own, and need not be on the disk before others hear of it: what it tells of is. */
const TELL = 'BEGIN; SET LOCAL synchronous_commit = off; NOTIFY tkt_events; COMMIT'

/** A process that stands still in a transaction must not make others wait for long. */
const BEGIN = "BEGIN; SET LOCAL idle_in_transaction_session_timeout = '20s'"

/** Does `work` again, from its look on, as often as somebody else was quicker. */
export async function untilWon<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (!isRaceLost(error) || attempt === MOST_ATTEMPTS) throw error // survived: it is judged anew
    }
  }
}

const MOST_ATTEMPTS = 100

/** Whether it may be done again because of that. */
export const isRaceLost = (error: unknown): boolean =>
  error instanceof RaceLost || (error instanceof ServerRefused && LOST.includes(error.code))

/** unique_violation, serialization_failure, deadlock_detected. */
const LOST = ['23505', '40001', '40P01']

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof Error ? new ServerRefused(error) : error // survived: as one of our own errors
  }
}
