/** The skill as users have it: a copied folder, in each of the forms it is handed out in. */
import { createHash } from 'node:crypto'
import { cpSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { unzipSync } from 'fflate'
import { repositoryFiles } from '../../scripts/package-files.ts'
import { writePackage } from '../../scripts/write-package.ts'
import type { Runner } from './story.ts'
import { tkt } from './tkt.ts'

export const SKILL = 'skill-system-tkt'

const repository = join(import.meta.dirname, '../..')

/** All files of the repository (uncommitted ones too), the lean folder, or what the zip holds. */
export const FORMS = ['the repository', 'the package', 'the zip'] as const
export type Form = (typeof FORMS)[number]

/** Makes `<parent>/skill-system-tkt` in that form, and returns it. */
export function skillFolder(form: Form, parent: string): string {
  const folder = join(parent, SKILL)
  mkdirSync(parent, { recursive: true })
  switch (form) {
    case 'the repository':
      for (const name of repositoryFiles(repository)) cpSync(join(repository, name), join(folder, name))
      return folder
    case 'the package':
      rmSync(writePackage(repository, parent).zip)
      return folder
    case 'the zip':
      unzip(parent)
      return folder
    default:
      return form satisfies never
  }
}

/** As a program without notions of modes unpacks it: no file is executable. */
function unzip(parent: string): void {
  const { folder, zip } = writePackage(repository, parent)
  rmSync(folder, { recursive: true })
  const entries = unzipSync(readFileSync(zip))
  rmSync(zip)
  for (const [name, content] of Object.entries(entries)) {
    mkdirSync(dirname(join(parent, name)), { recursive: true })
    writeFileSync(join(parent, name), content)
  }
}

/** Everything that is in a folder: path -> kind, mode and a hash of the content. Equal when nothing was written. */
export function contentOf(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  return Object.fromEntries(
    names.map((name) => {
      const path = join(folder, name)
      const found = lstatSync(path)
      const hash = found.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'no file'
      return [name, `${found.mode.toString(8)} ${hash}`]
    }),
  )
}

export interface Call {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string | undefined>>
  /** The words before the command's own; node and dist/tkt.cjs when left out. */
  readonly through?: (skill: string) => readonly [string, string, ...string[]]
}

/** Runs commands of the skill in the folder `skill`, always in the same way. */
export function runnerOf(skill: string, { cwd, env = {}, through = nodeOn }: Call): Runner {
  const [node, entry, ...words] = through(skill)
  return (...args) => tkt([...words, ...args], { cwd, env, node, entry })
}

export const nodeOn = (skill: string): [string, string] => [process.execPath, join(skill, 'dist/tkt.cjs')]
