import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isStoreThere } from '../../src/durable/store-there.ts'
import { projectFolder } from '../support/project.ts'

const SERVER = 'postgres://ada@db.example/tickets'

test.each([
  ['no file', {}, {}, false],
  ['a file', { '.tkt/tickets.db': '' }, {}, true],
  ['a server that TKT_DATABASE_URL names', {}, { TKT_DATABASE_URL: SERVER }, true],
  ['a server that DATABASE_URL names', {}, { DATABASE_URL: SERVER }, true],
  ['a DATABASE_URL of another kind', {}, { DATABASE_URL: 'mysql://db.example/tickets' }, false],
  ['a database that SKILL_PGDATABASE names', {}, { SKILL_PGDATABASE: 'tickets' }, true],
  ['embedded, whatever else is set', {}, { TKT_DATABASE_URL: 'embedded', DATABASE_URL: SERVER }, false],
  ['an empty variable', {}, { TKT_DATABASE_URL: '', SKILL_PGDATABASE: ' ' }, false],
] as const)('of %s it tells whether a store is there', (_, files, environment, isThere) => {
  const root = projectFolder(files)
  expect(isStoreThere(environment, { root, store: join(root, '.tkt') })).toBe(isThere)
})
