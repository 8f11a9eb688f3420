/** Which database the durable tickets of a project are in, by what the surroundings say. */
import { refuse, type Refusal } from '../../operation/refusal.ts'
import { EMBEDDED, IS_POSTGRES, isSaid, serverNamed, type Environment } from './server-named.ts'

export type DatabaseChoice = EmbeddedChoice | PostgresChoice

export interface EmbeddedChoice {
  readonly kind: 'sqlite'
  readonly target_source: 'TKT_DATABASE_URL' | 'default:embedded'
  readonly warning?: string
}

export interface PostgresChoice {
  readonly kind: 'postgres'
  readonly connection: PostgresConnection
  /** The name of the database. */
  readonly db_target: string
  /** What named it (contracts: durable section 1.2). */
  readonly target_source: string
}

export interface PostgresConnection {
  /** A name, an address, or the folder of a socket. */
  readonly host: string
  readonly port: number
  readonly database: string
  /** Undefined: who runs this. */
  readonly user: string | undefined
  readonly password: string | undefined
  /** Where a password may stand that nothing else says. */
  readonly passwordFile: string | undefined
  readonly security: Security
}

/** Without; encrypted; and by a known authority; and for this very host. */
export type Security = 'none' | 'encrypted' | 'verified' | 'verified_host'

/**
 * TKT_DATABASE_URL, else a DATABASE_URL of PostgreSQL, else SKILL_PGDATABASE; else the embedded database, as when
 * TKT_DATABASE_URL says `embedded`. What they leave open is said by the PG* variables, which choose nothing themselves: on
 * many machines they are there for another program.
 */
export function databaseChoice(environment: Environment): DatabaseChoice | Refusal<'DATABASE_UNAVAILABLE'> {
  const { PGDATABASE, PGHOST } = environment
  const [variable, said] = serverNamed(environment) ?? []
  if (variable === undefined) {
    if (environment.TKT_DATABASE_URL === EMBEDDED)
      return { kind: 'sqlite', target_source: 'TKT_DATABASE_URL' }
    const byDefault = { kind: 'sqlite', target_source: 'default:embedded' } as const
    return isSaid(PGDATABASE) && isSaid(PGHOST) ? { ...byDefault, warning: IGNORED } : byDefault
  }
  if (variable !== 'SKILL_PGDATABASE') return byUrl(variable, said, environment)
  const overrides = isSaid(PGDATABASE) && PGDATABASE !== said
  const source = overrides ? `SKILL_PGDATABASE(overrides:${PGDATABASE})` : variable
  return connect(source, { database: said }, environment)
}

const IGNORED = 'PGDATABASE is not used: see SKILL_PGDATABASE'

/** What a variable says itself. */
interface Said {
  readonly database: string
  readonly host?: string | undefined
  readonly port?: string | undefined
  readonly user?: string | undefined
  readonly password?: string | undefined
  readonly sslmode?: string | undefined
}

function byUrl(variable: string, text: string, environment: Environment) {
  const said = IS_POSTGRES.test(text) ? partsOf(text) : undefined
  if (said === undefined)
    return unusable(
      `${variable} must be postgres://USER:PASSWORD@HOST:PORT/DATABASE, or ${EMBEDDED}, got ${withoutSecrets(text)}`,
    )
  return connect(variable, said, environment)
}

/** Undefined when it is no URL, or names no database. */
function partsOf(text: string): Said | undefined {
  try {
    const { hostname, port, username, password, pathname, searchParams } = new URL(text)
    const [database, host, user] = [pathname.slice(1), hostname, username].map(decodeURIComponent)
    if (!isSaid(database)) return undefined
    const named = (name: string): string | undefined => searchParams.get(name) ?? undefined
    return {
      database,
      host: orElse(host?.replace(/^\[(.*)\]$/, '$1'), named('host')),
      port: orElse(port, named('port')),
      user: orElse(user, named('user')),
      password: orElse(decodeURIComponent(password), named('password')),
      sslmode: named('sslmode'),
    }
  } catch {
    return undefined // survived: it is no URL, which is told with its value
  }
}

function connect(
  target_source: string,
  said: Said,
  environment: Environment,
): PostgresChoice | Refusal<'DATABASE_UNAVAILABLE'> {
  const { PGHOST, PGPORT, PGUSER, PGPASSWORD, PGPASSFILE, PGSSLMODE, HOME } = environment
  const port = orElse(said.port, PGPORT) ?? '5432'
  if (!/^\d+$/.test(port) || Number(port) < 1 || Number(port) > 65_535)
    return unusable(
      `${said.port === port ? target_source : 'PGPORT'} must name a port (1 to 65535), got ${port}`,
    )
  const sslmode = orElse(said.sslmode, PGSSLMODE) ?? 'prefer'
  const security = SECURITIES[sslmode]
  if (security === undefined)
    return unusable(
      `${said.sslmode === sslmode ? target_source : 'PGSSLMODE'} must name an sslmode of ${Object.keys(SECURITIES).join(', ')}, got ${sslmode}`,
    )
  const host = orElse(said.host, PGHOST) ?? 'localhost'
  const connection: PostgresConnection = {
    ...{ host, database: said.database, port: Number(port) },
    security: host.startsWith('/') ? 'none' : security, // nobody listens in at a socket
    user: orElse(said.user, PGUSER),
    password: orElse(said.password, PGPASSWORD),
    passwordFile: orElse(PGPASSFILE, HOME && `${HOME}/.pgpass`),
  }
  return { kind: 'postgres', connection, db_target: said.database, target_source }
}

/** As libpq reads them, but that what is only preferred is left. */
const SECURITIES: Readonly<Record<string, Security>> = {
  disable: 'none',
  allow: 'none',
  prefer: 'none',
  require: 'encrypted',
  'verify-ca': 'verified',
  'verify-full': 'verified_host',
}

const unusable = (message: string) => refuse('DATABASE_UNAVAILABLE', message)

/** Only the start of what has the shape of a URL, and the place in it: everything else may be a secret. */
function withoutSecrets(text: string): string {
  const [, scheme, credentials, place] = /^([a-z][a-z0-9+.-]*:\/\/)(.*@)?([^?#]*)/is.exec(text) ?? []
  if (scheme === undefined || place === undefined) return 'something else'
  return `${scheme}${credentials === undefined ? '' : '…@'}${place}`
}

const orElse = (one: string | undefined, other: string | undefined): string | undefined =>
  isSaid(one) ? one : isSaid(other) ? other : undefined
