/** Stores of durable tickets on the PostgreSQL of the tests. */
import { databaseChoice, type PostgresConnection } from '../../src/durable/model/database-choice.ts'

/** As the program itself understands the address. */
export function connectionTo(url: string): PostgresConnection {
  const choice = databaseChoice({ TKT_DATABASE_URL: url })
  if ('connection' in choice) return choice.connection
  throw new Error(`no address of PostgreSQL: ${url}`)
}
