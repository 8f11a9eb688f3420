/** Which SQLite opens the file: Node's own, else a library with the same interface, where somebody installed it. */
import { existsSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type * as Sqlite from 'node:sqlite'
import { DatabaseRefused } from '../database-refused.ts'

type Connection = typeof Sqlite.DatabaseSync

const LIBRARY = '@photostructure/sqlite'
const OLDEST = 2

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

/** From the folder of this program, or any above it that has packages. Throws DatabaseRefused for one that is of no use. */
function ofLibrary(): Connection | undefined {
  const load = createRequire(import.meta.url)
  const version = versionOfLibrary(load)
  if (version === undefined) return undefined
  // A closed connection of an older one goes on: what it wrote stays in its log, and a new file is not whole.
  if (Number.parseInt(version, 10) < OLDEST)
    throw new DatabaseRefused(`${LIBRARY} ${version} leaves files open when it closes them`, wayOut())
  try {
    // Node 20 and 22 follow no symbolic link here while standard output is a pipe, and it needs what lies beside it.
    return (load(realpathSync.native(load.resolve(LIBRARY))) as typeof Sqlite).DatabaseSync
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new DatabaseRefused(`${LIBRARY} is installed and cannot be loaded: ${why}`, wayOut())
  }
}

function versionOfLibrary(load: NodeJS.Require): string | undefined {
  try {
    return (load(`${LIBRARY}/package.json`) as { readonly version: string }).version
  } catch {
    return undefined // survived: nobody installed it, or not to its end
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

/** npm would choose an older one for Node 20, so the version is named. */
const wayOut = (): string =>
  `use node 22.23, 24.15 or newer (SQLite 3.51.3), or run \`npm install --prefix ${asWord(home(import.meta.dirname))} ${LIBRARY}@${OLDEST}\``

/** One word for a shell, whatever the folder is called. */
const asWord = (path: string): string =>
  /^[\w@%+=:,./\\~-]+$/.test(path) ? path : `"${path.replaceAll(/["$`]/g, '\\$&')}"`

/** The folder that this program is installed as. */
const home = (folder: string): string =>
  existsSync(join(folder, 'SKILL.md')) || dirname(folder) === folder ? folder : home(dirname(folder))
