/** The contract of ticket stores on the library that opens the embedded database where Node cannot, or must not. */
import { join } from 'node:path'
import * as sqlite from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openDatabase } from '../../../src/durable/store/sqlite/database.ts'
import { openSqliteStore } from '../../../src/durable/store/sqlite/sqlite-store.ts'
import { projectFolder } from '../../support/project.ts'
import { describeStore } from './contract.ts'
import { act, draft, TERMS } from './wishes.ts'

const MAIN = { org: 'default', slug: 'main' }

/** What this process is told that Node brings as its SQLite. */
function nodeBrings(what: unknown): void {
  const real = process.getBuiltinModule.bind(process) as (name: string) => unknown
  vi.spyOn(process, 'getBuiltinModule').mockImplementation(((name: string) =>
    name === 'node:sqlite' ? what : real(name)) as typeof process.getBuiltinModule)
}

/** As node 22.22.2 has it. */
class Unsafe extends sqlite.DatabaseSync {
  constructor(...given: ConstructorParameters<typeof sqlite.DatabaseSync>) {
    super(...given)
    this.function('sqlite_version', () => '3.51.2')
  }
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('without a SQLite in Node', () => {
  beforeEach(() => {
    nodeBrings(undefined)
  })
  describeStore('the library', () => {
    const path = join(projectFolder(), 'tickets.db')
    return () => openSqliteStore(path, MAIN, 0)
  })
})

describe('a file', () => {
  const versionOf = async (path: string): Promise<unknown> => {
    const database = await openDatabase(path)
    const row = database.one('SELECT sqlite_version() AS version')
    database.close()
    return row?.version
  }

  test('is opened by the library where the SQLite of Node is unsafe', async () => {
    nodeBrings({ DatabaseSync: Unsafe })
    const path = join(projectFolder(), 'tickets.db')
    const version = await versionOf(path)
    expect(version).not.toBe('3.51.2')
    expect(version).toMatch(/^3\.\d+\.\d+$/)
  })

  test('is one and the same for both, also while both have it open', async () => {
    const path = join(projectFolder(), 'tickets.db')
    const ofNode = await openSqliteStore(path, MAIN, 0)
    nodeBrings(undefined)
    const ofLibrary = await openSqliteStore(path, MAIN, 0)
    await ofNode.intake([draft('A'), draft('B')], { now_ms: 0 })
    expect(await ofLibrary.claimNext({ act: act('s1'), terms: TERMS })).toMatchObject({
      ticket: { key: 'A' },
    })
    expect(await ofNode.claimNext({ act: act('s2'), terms: TERMS })).toMatchObject({ ticket: { key: 'B' } })
    expect(await ofLibrary.find('B')).toMatchObject({ claim: { session: 's2' } })
    await ofNode.close()
    await ofLibrary.close()
  })

  test('that is damaged is told in the same words by both', async () => {
    const path = join(
      projectFolder({ 'tickets.db': 'no database at all, but some words\n'.repeat(200) }),
      'tickets.db',
    )
    const ofNode: unknown = await openDatabase(path).catch((error: unknown) => error)
    nodeBrings(undefined)
    const ofLibrary: unknown = await openDatabase(path).catch((error: unknown) => error)
    expect(ofLibrary).toMatchObject({ code: 'ERR_SQLITE_ERROR', errcode: 26 })
    expect(ofNode).toMatchObject({ code: 'ERR_SQLITE_ERROR', errcode: 26 })
  })
})
