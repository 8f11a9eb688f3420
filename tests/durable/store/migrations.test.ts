/** A migration that was ever published stands as it was: a database that has it would never get the other words. */
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { MIGRATIONS as POSTGRES } from '../../../src/durable/store/postgres/migrations.ts'
import { MIGRATIONS as SQLITE } from '../../../src/durable/store/sqlite/migrations.ts'

/** The first figures of the SHA-256 of each, in their order. A new migration adds a line; no line is ever changed. */
const PUBLISHED = {
  sqlite: [
    'cb80e2a7ca50',
    '6c3d96582e62',
    '5166ae8d960a',
    '012830d42eac',
    '36b583ea219e',
    'aa5f4fc370c5',
    'e6b64b41f02f',
    '933212bc7fcb',
    '63b5301715cf',
    'dd0b9f55641d',
    '21e881e45942',
    '74ac1fbf12d2',
    'ffebad379118',
    '13332a33b97a',
    'ff1729ffe2e4',
    '625ee89e60d2',
  ],
  postgres: [
    '11c37db0f828',
    '01579ce16944',
    '129acbe2d27f',
    'acdb02f13789',
    'ad5c36b754eb',
    '591bd2c51739',
    '65eac03938ed',
    'b6d86c45c7e2',
    '9a159a7c8f06',
    'cbe8c277093f',
    '1706605bb38f',
    'de83a4a9d496',
    '6e5ec61100af',
    '416f80a3dae1',
    'ee96eae8285f',
  ],
}

const printOf = (words: string): string => createHash('sha256').update(words).digest('hex').slice(0, 12)

test.each([
  ['sqlite', SQLITE],
  ['postgres', POSTGRES],
] as const)('the migrations of %s say what they said', (database, migrations) => {
  expect(migrations.map(printOf)).toEqual(PUBLISHED[database])
})
