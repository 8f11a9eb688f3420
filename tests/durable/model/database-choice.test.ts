import { describe, expect, test } from 'vitest'
import { databaseChoice } from '../../../src/durable/model/database-choice.ts'

const OF_URL = { host: 'db.example', port: 5433, database: 'team', user: 'ann', password: 'p@ss:/?#' }
const URL = 'postgres://ann:p%40ss%3A%2F%3F%23@db.example:5433/team'
const LOCAL = { host: 'localhost', port: 5432, user: undefined, password: undefined, security: 'none' }

describe('the database of durable tickets', () => {
  test.each<readonly [string, Readonly<Record<string, string>>, object]>([
    ['TKT_DATABASE_URL first', { TKT_DATABASE_URL: URL, DATABASE_URL: 'postgres://x/y' }, OF_URL],
    ['DATABASE_URL of PostgreSQL', { DATABASE_URL: URL, SKILL_PGDATABASE: 'z' }, OF_URL],
    ['either scheme', { DATABASE_URL: 'postgresql://h/d' }, { ...LOCAL, host: 'h', database: 'd' }],
    [
      'a socket in the URL',
      { TKT_DATABASE_URL: 'postgres://%2Frun%2Fpg/d' },
      { ...LOCAL, host: '/run/pg', database: 'd' },
    ],
    [
      'a socket behind the URL',
      { TKT_DATABASE_URL: 'postgres:///d?host=/run/pg&user=u' },
      { ...LOCAL, host: '/run/pg', database: 'd', user: 'u' },
    ],
    ['an IPv6 address', { TKT_DATABASE_URL: 'postgres://[::1]/d' }, { ...LOCAL, host: '::1', database: 'd' }],
    [
      'what a URL leaves open is in PG*',
      { TKT_DATABASE_URL: 'postgres:///d', PGHOST: 'h', PGPORT: '1', PGUSER: 'u', PGPASSWORD: 'p' },
      { host: 'h', port: 1, database: 'd', user: 'u', password: 'p' },
    ],
    [
      'SKILL_PGDATABASE with PG*',
      { SKILL_PGDATABASE: 'd', PGSSLMODE: 'require', HOME: '/home/u' },
      { ...LOCAL, database: 'd', security: 'encrypted', passwordFile: '/home/u/.pgpass' },
    ],
    [
      'a socket, where nothing is encrypted',
      { SKILL_PGDATABASE: 'd', PGHOST: '/tmp', PGSSLMODE: 'require' },
      { ...LOCAL, host: '/tmp', database: 'd' },
    ],
    [
      'a certificate that is checked',
      { TKT_DATABASE_URL: 'postgres://h/d?sslmode=verify-full' },
      { ...LOCAL, host: 'h', database: 'd', security: 'verified_host' },
    ],
  ])('is a server: %s', (_title, environment, connection) => {
    const choice = databaseChoice(environment)
    expect(choice).toMatchObject({ kind: 'postgres', connection })
  })

  test.each<readonly [Readonly<Record<string, string>>, string, string]>([
    [{ TKT_DATABASE_URL: URL }, 'team', 'TKT_DATABASE_URL'],
    [{ DATABASE_URL: URL }, 'team', 'DATABASE_URL'],
    [{ SKILL_PGDATABASE: 'a', PGDATABASE: 'a' }, 'a', 'SKILL_PGDATABASE'],
    [{ SKILL_PGDATABASE: 'a', PGDATABASE: 'b' }, 'a', 'SKILL_PGDATABASE(overrides:b)'],
  ])('%o is %s by %s', (environment, db_target, target_source) => {
    expect(databaseChoice(environment)).toMatchObject({ db_target, target_source })
  })

  test.each<readonly [string, Readonly<Record<string, string>>]>([
    ['nothing is said', {}],
    ['what is said is empty', { TKT_DATABASE_URL: '', DATABASE_URL: ' ', SKILL_PGDATABASE: '' }],
    ['the URL is of another database', { DATABASE_URL: 'mysql://u:p@h/d' }],
    ['only a database is named, perhaps for another program', { PGDATABASE: 'd' }],
    ['only a server is named', { PGHOST: 'h', PGPORT: 'none' }],
    ['it is asked for', { TKT_DATABASE_URL: 'embedded', DATABASE_URL: URL, PGHOST: 'h', PGDATABASE: 'd' }],
  ])('is the file of the project when %s', (_title, environment) => {
    expect(databaseChoice(environment)).toMatchObject({ kind: 'sqlite' })
  })

  test('is the file of the project, with a word, when PG* name a server and a database of it', () => {
    expect(databaseChoice({ PGHOST: 'h', PGDATABASE: 'd' })).toEqual({
      kind: 'sqlite',
      target_source: 'default:embedded',
      warning: 'PGDATABASE is not used: see SKILL_PGDATABASE',
    })
  })

  const url = 'TKT_DATABASE_URL must be postgres://USER:PASSWORD@HOST:PORT/DATABASE, or embedded, got '
  test.each<readonly [Readonly<Record<string, string>>, string]>([
    [{ TKT_DATABASE_URL: 'postgres://u:secret@h:none/d' }, `${url}postgres://…@h:none/d`],
    [{ TKT_DATABASE_URL: 'postgres://u:se@cret@h:99999/d?password=secret' }, `${url}postgres://…@h:99999/d`],
    [{ TKT_DATABASE_URL: 'postgres://u:%secret@h/d' }, `${url}postgres://…@h/d`],
    [{ TKT_DATABASE_URL: 'postgres://u:secret@h' }, `${url}postgres://…@h`],
    [{ TKT_DATABASE_URL: 'mysql://u:secret@h/d' }, `${url}mysql://…@h/d`],
    [{ TKT_DATABASE_URL: 'host=h password=secret' }, `${url}something else`],
    [{ TKT_DATABASE_URL: 'postgres:u:secret@h' }, `${url}something else`],
    [
      { SKILL_PGDATABASE: 'd', PGPORT: '54x2', PGPASSWORD: 'secret' },
      'PGPORT must name a port (1 to 65535), got 54x2',
    ],
    [{ DATABASE_URL: 'postgres://u:secret@h/d?port=0' }, 'DATABASE_URL must name a port (1 to 65535), got 0'],
    [
      { TKT_DATABASE_URL: 'postgres://h/d?sslmode=on' },
      'TKT_DATABASE_URL must name an sslmode of disable, allow, prefer, require, verify-ca, verify-full, got on',
    ],
  ])('%o is refused, and no password is told', (environment, message) => {
    expect(databaseChoice(environment)).toMatchObject({ refused: 'DATABASE_UNAVAILABLE', message })
  })
})
