/** The contract of ticket stores on PostgreSQL, and what only a server can do wrong. */
import { describe, expect, test } from 'vitest'
import { openPostgresStore } from '../../../src/durable/store/postgres/postgres-store.ts'
import { connectionTo } from '../../support/durable-postgres.ts'
import { postgresServers, sharedDatabase } from '../../support/postgres.ts'
import { describeStore } from './contract.ts'

describe.each(postgresServers())('%s', (name, makeDatabase) => {
  const shared = sharedDatabase(makeDatabase)
  let projects = 0
  describeStore(name, () => {
    projects += 1
    const project = { org: 'default', slug: `project-${projects}` }
    return () => openPostgresStore(connectionTo(shared().url), project, 0)
  })
})
