/** A PostgreSQL for the cases that need one: started by the first of them. */
import { withClient } from '../support/postgres-client.ts'
import {
  postgresOfNpm,
  startPostgres,
  withDatabase,
  type RunningPostgres,
} from '../support/postgres-server.ts'

const running: { server?: Promise<RunningPostgres>; databases: number } = { databases: 0 }

/** The URL of a new database, through the socket of the server. */
export async function newDatabase(): Promise<string> {
  running.server ??= startPostgres(postgresOfNpm())
  const server = await running.server
  const name = `bench_${(running.databases += 1)}`
  await withClient(server.url, (client) => client.query(`CREATE DATABASE ${name}`))
  return withDatabase(server, name).url
}

export async function stopServer(): Promise<void> {
  await (await running.server)?.stop()
}
