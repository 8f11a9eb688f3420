/** Copies of files as they were before a repair: `.tkt/backup/<when>/`, kept out of git, for a person to delete. */
import * as fs from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { makeDirectory } from '../../system/files.ts'
import type { StorePlace } from './layout.ts'

/** Copies these files and folders, as they are, and returns the folder that holds the copies. */
export function backUp(place: StorePlace, paths: readonly string[], now: string): string {
  const parent = join(place.store, 'backup')
  makeDirectory(parent)
  const ignore = join(parent, '.gitignore')
  if (!fs.existsSync(ignore)) fs.writeFileSync(ignore, '# written by tkt doctor: may be deleted\n*\n')
  const folder = join(parent, now.replaceAll(':', ''))
  for (const path of paths.filter((path) => fs.existsSync(path))) {
    const copy = join(folder, relative(place.store, path))
    makeDirectory(dirname(copy))
    // The first copy of a run is the one that nothing was done to.
    fs.cpSync(path, copy, { recursive: true, force: false, preserveTimestamps: true })
  }
  return folder
}
