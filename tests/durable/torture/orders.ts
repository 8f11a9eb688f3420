/** What the processes of the torture are told, and how each opens the store. */
import type { DurableTicket } from '../../../src/durable/model/ticket.ts'
import { openPostgresStore } from '../../../src/durable/store/postgres/postgres-store.ts'
import { openSqliteStore } from '../../../src/durable/store/sqlite/sqlite-store.ts'
import type { TicketStore } from '../../../src/durable/store/ticket-store.ts'
import { connectionTo } from '../../support/durable-postgres.ts'

export interface WorkerOrders {
  /** A path, or the address of a PostgreSQL. */
  readonly database: string
  readonly session: string
  /** The file that it writes into what it was answered. */
  readonly log: string
  readonly seed: number
  readonly lease_ms: number
}

export const openAt = (database: string): Promise<TicketStore> => {
  const project = { org: 'default', slug: 'main' }
  return database.startsWith('postgres:')
    ? openPostgresStore(connectionTo(database), project, Date.now())
    : openSqliteStore(database, project, Date.now())
}

export const isRefusal = (moved: DurableTicket | { readonly refused: string }): boolean => 'refused' in moved
