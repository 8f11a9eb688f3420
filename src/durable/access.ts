/** The way to the database that the surroundings choose: a file of the project, or a server. */
import { existsSync, readFileSync } from 'node:fs'
import { accept } from '../operation/accept.ts'
import { OperationError } from '../operation/errors.ts'
import { refusedReuse } from '../operation/request-door.ts'
import { makeDirectory } from '../system/files.ts'
import { replaceFile } from '../system/prepared-files.ts'
import { refusalOfNewStore, STORE_IGNORED, type Place } from '../system/project-root.ts'
import type { World } from './context.ts'
import { databaseChoice, type PostgresChoice } from './model/database-choice.ts'
import { KeyReused } from './model/request.ts'
import { namedStore } from './named.ts'
import { embeddedFile } from './store-there.ts'
import { DatabaseRefused } from './store/database-refused.ts'
import { causeOf } from './store/sqlite/causes.ts'
import { openSqliteStore } from './store/sqlite/sqlite-store.ts'
import type { OpenKeeper } from './store/store-keeper.ts'
import type { Project, TicketStore } from './store/ticket-store.ts'

export interface Access {
  readonly target: Target
  readonly details: Readonly<Record<string, unknown>>
  /** False for a file that the first use is still to make. */
  readonly isThere: () => boolean
  readonly open: (project: Project, now_ms: number) => Promise<TicketStore>
  readonly keeper: OpenKeeper
}

/** Which database it is, and what named it. */
export interface Target {
  readonly engine: 'sqlite' | 'postgres'
  /** A path from the project's root, or a name on its server. */
  readonly db_target: string
  readonly target_source: string
  /** For people. */
  readonly where: string
}

/** Connects to nothing yet. Throws DATABASE_UNAVAILABLE when what was chosen cannot be meant. */
export function accessTo(world: World, place: Place): Access {
  const choice = accept(databaseChoice(world.environment))
  if (choice.kind === 'postgres') return toServer(choice, world)
  if (choice.warning !== undefined) world.warn(choice.warning)
  const path = embeddedFile(place)
  const prepare = (): void => {
    if (!existsSync(path)) prepareFolder(place)
  }
  const open: Access['open'] = (...of) => {
    prepare()
    return openSqliteStore(path, ...of)
  }
  return {
    target: {
      engine: 'sqlite',
      db_target: '.tkt/tickets.db',
      target_source: choice.target_source,
      where: path,
    },
    details: { path },
    isThere: () => existsSync(path),
    open,
    keeper: async (project) =>
      (await import('./store/sqlite/keeper.ts')).keeperOf({ path, prepare }, project),
  }
}

/** Its code, and the library, load here: nobody else pays for them. */
function toServer({ connection, db_target, target_source }: PostgresChoice, world: World): Access {
  const { host, port } = connection
  const asUser = () => ({ ...connection, user: connection.user ?? world.systemUser() })
  return {
    target: {
      ...{ engine: 'postgres', db_target, target_source },
      where: `PostgreSQL at ${host}:${port}, database ${db_target} (by ${target_source})`,
    },
    details: { host, port, dbname: db_target, target_source },
    isThere: () => true,
    open: async (...of) => {
      const { openPostgresStore } = await import('./store/postgres/postgres-store.ts')
      return openPostgresStore(asUser(), ...of)
    },
    keeper: async (project) => (await import('./store/postgres/keeper.ts')).keeperOf(asUser(), project),
  }
}

/** Does the work with the store open. */
export const withStoreOf = <T>(
  access: Access,
  project: Project,
  now_ms: number,
  work: (store: TicketStore) => Promise<T>,
): Promise<T> =>
  toldOf(access, async () => {
    const store = await access.open(project, now_ms)
    try {
      return await work(namedStore(store))
    } finally {
      await store.close()
    }
  })

/** What the database refuses is said as such, and so is a key of another command; anything else is no matter of the database. */
export async function toldOf<T>({ target, details }: Access, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof KeyReused) throw refusedReuse(error.known)
    const cause =
      error instanceof DatabaseRefused ? { says: error.message, hint: error.hint } : causeOf(error)
    if (cause === undefined) throw error
    throw new OperationError('DATABASE_UNAVAILABLE', `${target.where}: ${cause.says}`, details, cause.hint)
  }
}

/** Throws ROOT_REFUSED. */
export function prepareFolder(place: Place): void {
  const refusal = refusalOfNewStore(place)
  if (refusal !== undefined) throw new OperationError('ROOT_REFUSED', refusal)
  makeDirectory(place.store)
  keepOutOfGit(place.store)
}

/** Stores of older versions do not name the database in theirs. */
function keepOutOfGit(store: string): void {
  const path = `${store}/.gitignore`
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const missing = STORE_IGNORED.filter((line) => !text.split('\n').includes(line))
  if (missing.length === 0) return
  const lead = text === '' || text.endsWith('\n') ? text : `${text}\n`
  replaceFile(`${store}/tmp`, path, `${lead}${missing.join('\n')}\n`)
}
