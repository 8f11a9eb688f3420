/** The databases that the faults are tried on: each test gets a project that uses a new one. */
import { DatabaseSync } from 'node:sqlite'
import { keeperOf as serverKeeper } from '../../../src/durable/store/postgres/keeper.ts'
import { keeperOf as fileKeeper } from '../../../src/durable/store/sqlite/keeper.ts'
import type { StoreKeeper } from '../../../src/durable/store/store-keeper.ts'
import { connectionTo } from '../../support/durable-postgres.ts'
import { withClient } from '../../support/postgres-client.ts'
import { postgresServers } from '../../support/postgres.ts'
import { projectFolder } from '../../support/project.ts'
import type { RunOptions } from '../../support/tkt.ts'

export type Rows = readonly Readonly<Record<string, unknown>>[]

export interface DatabaseProject extends RunOptions {
  /** Asks the database itself, past the program; numbers are numbers. */
  readonly ask: (sql: string) => Promise<Rows>
  /** What `doctor` finds in it. */
  readonly check: StoreKeeper['check']
}

interface Kind {
  readonly start: () => Promise<DatabaseProject>
  /** A program that kills the process it is loaded into, before it gives the database its KILL_AT-th statement. */
  readonly killer: URL
}

export const DATABASES: readonly (readonly [name: string, kind: Kind])[] = [
  [
    'the embedded database',
    { start: startEmbedded, killer: new URL('kill-at-statement.ts', import.meta.url) },
  ],
  ...postgresServers().map(
    ([name, makeDatabase]) =>
      [
        name,
        {
          start: async () => {
            const { url } = await makeDatabase()
            return {
              cwd: projectFolder(),
              env: { TKT_DATABASE_URL: url },
              check: serverKeeper(connectionTo(url), MAIN).check,
              ask: (sql: string) =>
                withClient(url, async (client) => {
                  await client.query('SET search_path = tkt')
                  return (await client.query<Rows[number]>(sql)).rows
                }),
            }
          },
          killer: new URL('kill-at-write.ts', import.meta.url),
        },
      ] as const,
  ),
]

const MAIN = { org: 'default', slug: 'main' }

function startEmbedded(): Promise<DatabaseProject> {
  const cwd = projectFolder()
  const ask = (sql: string): Promise<Rows> => {
    const database = new DatabaseSync(`${cwd}/.tkt/tickets.db`)
    const rows = [...database.prepare('PRAGMA integrity_check').all(), ...database.prepare(sql).all()]
    database.close()
    const [{ integrity_check }, ...asked] = rows as [Rows[number], ...Rows]
    if (integrity_check !== 'ok') throw new Error(`the file is damaged: ${String(integrity_check)}`)
    return Promise.resolve(asked)
  }
  const file = { path: `${cwd}/.tkt/tickets.db`, prepare: () => undefined }
  return Promise.resolve({ cwd, ask, check: fileKeeper(file, MAIN).check })
}
