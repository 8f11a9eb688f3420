/** The first use of an embedded database: its file is there when it is whole, so that an empty one was cut off. */
import { dirname } from 'node:path'
import { makeDirectory, uniqueName } from '../../../system/files.ts'
import { commitNewFile, discardFile } from '../../../system/prepared-files.ts'

/** `fill` opens the file that it is given, and closes it; of many processes at once one makes the file that stays. */
export function makeDatabaseFile(path: string, fill: (path: string) => void): void {
  const scratch = `${dirname(path)}/tmp`
  makeDirectory(scratch)
  const prepared = `${scratch}/${uniqueName()}`
  try {
    fill(prepared)
  } catch (error) {
    for (const part of ['', '-wal', '-shm']) discardFile(`${prepared}${part}`)
    throw error
  }
  commitNewFile(prepared, path)
}
