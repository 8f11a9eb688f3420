/** Writes the lean skill folder and its zip: same files in, same bytes out. */
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { zipSync, type Zippable } from 'fflate'
import packageFile from '../package.json' with { type: 'json' }
import { danglingFiles, packagedFiles } from './package-files.ts'
import { versionProblem, versionsOf } from './versions.ts'

const LARGEST = 2_000_000

/** Local time on purpose: a zip stores the fields of the clock on the wall, and these are the same in every zone. */
const MOMENT = new Date(2000, 0, 1, 12)

export interface Package {
  readonly folder: string
  readonly zip: string
  readonly files: number
  readonly bytes: number
  readonly zip_bytes: number
}

/** Why the skill below `root` must not be packaged; empty when it may. */
export function packageProblems(root: string): readonly string[] {
  const files = packagedFiles(root)
  const bytes = files.reduce((sum, name) => sum + readFileSync(join(root, name)).length, 0)
  const dangling = danglingFiles(root, files)
  const problems = [
    dangling.length > 0 ? `named, but not in the package: ${dangling.join(', ')}` : undefined,
    bytes > LARGEST ? `the package has ${bytes} bytes, more than ${LARGEST}` : undefined,
    versionProblem(versionsOf(root)),
  ]
  return problems.filter((problem) => problem !== undefined)
}

/** Replaces the folder and the zip in `target`. Assumes that packageProblems found none. */
export function writePackage(root: string, target: string): Package {
  const { name, version } = packageFile
  const [folder, zip] = [join(target, name), join(target, `${name}-${version}.zip`)]
  rmSync(folder, { recursive: true, force: true })
  const entries: Zippable = {}
  let bytes = 0
  const files = packagedFiles(root)
  for (const file of files) {
    const content = readFileSync(join(root, file))
    const mode = /\.(sh|py)$/.test(file) ? 0o755 : 0o644
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), content)
    chmodSync(join(folder, file), mode)
    entries[`${name}/${file}`] = [content, { mtime: MOMENT, os: 3, attrs: (0o100000 | mode) << 16 }]
    bytes += content.length
  }
  const packed = zipSync(entries, { level: 9 })
  writeFileSync(zip, packed)
  return { folder, zip, files: files.length, bytes, zip_bytes: packed.length }
}
