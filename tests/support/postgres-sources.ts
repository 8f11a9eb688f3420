/** Which PostgreSQL servers the tests run on. */
import { withClient } from './postgres-client.ts'
import { postgresOfDebian, postgresOfNpm, startPostgres, type RunningPostgres } from './postgres-server.ts'

export interface PostgresSource {
  readonly name: string
  /** Starts it for the run of that name; undefined where it is not installed. */
  readonly start: ((run: string) => Promise<RunningPostgres>) | undefined
}

/** The server that TKT_TEST_DATABASE_URL names, and else the newest, which npm installs, and the oldest we promise. */
export function postgresSources(): readonly PostgresSource[] {
  const url = process.env.TKT_TEST_DATABASE_URL
  if (url !== undefined && url !== '')
    return [{ name: 'TKT_TEST_DATABASE_URL', start: async (run) => visit(url, run) }]
  const old = postgresOfDebian('15')
  return [
    { name: 'PostgreSQL 18', start: () => startPostgres(postgresOfNpm()) },
    { name: 'PostgreSQL 15', start: old && (() => startPostgres(old)) },
  ]
}

/** A server of somebody else, who gets it back without the databases of the run. */
function visit(url: string, run: string): RunningPostgres {
  const stop = () =>
    withClient(url, async (client) => {
      const { rows } = await client.query<{ datname: string }>(
        'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
        [databasePrefix(run)],
      )
      for (const { datname } of rows) await client.query(`DROP DATABASE ${datname} WITH (FORCE)`)
    })
  return { url, tcp_url: url, stop }
}

/** How the names of a run's databases begin. */
export const databasePrefix = (run: string): string => `tkt_test_${run}_`
