/** Which SQLite opens the file: Node's own, else a library with the same interface, where somebody installed it. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type * as Sqlite from 'node:sqlite'
import { DatabaseRefused } from '../database-refused.ts'

type Connection = typeof Sqlite.DatabaseSync

const LIBRARY = '@photostructure/sqlite'

/** In the order in which they are tried; undefined where there is none. */
export const DRIVERS: readonly (() => Connection | undefined)[] = [ofNode, ofLibrary]

/** Node 22 warns that it is an experiment; nobody who uses this program can do anything about that. */
function ofNode(): Connection | undefined {
  const emitWarning = process.emitWarning.bind(process)
  process.emitWarning = (): void => undefined
  // Undefined in an older node. An import would take a way three times as long.
  const sqlite = process.getBuiltinModule('node:sqlite') as typeof Sqlite | undefined
  process.emitWarning = emitWarning
  return sqlite?.DatabaseSync
}

/** From the folder of this program, or any above it that has packages. */
function ofLibrary(): Connection | undefined {
  const load = createRequire(import.meta.url)
  try {
    return (load(LIBRARY) as typeof Sqlite).DatabaseSync
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return undefined
    const why = error instanceof Error ? error.message : String(error)
    throw new DatabaseRefused(`${LIBRARY} is installed and cannot be loaded: ${why}`, wayOut())
  }
}

/** Whether that SQLite has the mend for files that several processes write, which three lines of versions got. */
export function isSafe(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  if (major !== 3) return major > 3
  if (minor === 44) return patch >= 6
  if (minor === 50) return patch >= 7
  return minor > 51 || (minor === 51 && patch >= 3)
}

/** From SQLite 3.7.0 on two processes could damage a file while they wrote at the same moment, as ours do. */
export const refusedDrivers = (unsafe: readonly string[]): DatabaseRefused =>
  new DatabaseRefused(
    unsafe.length === 0
      ? `node ${process.versions.node} has no SQLite`
      : `SQLite ${unsafe.join(' and ')} may damage a file that several processes write`,
    wayOut(),
  )

const wayOut = (): string =>
  `use node 22.23, 24.15 or newer (SQLite 3.51.3), or run \`npm install --prefix ${home(import.meta.dirname)} ${LIBRARY}\``

/** The folder that this program is installed as. */
const home = (folder: string): string =>
  existsSync(join(folder, 'SKILL.md')) || dirname(folder) === folder ? folder : home(dirname(folder))
