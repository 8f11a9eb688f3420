/** Programs of this folder that are loaded before another program. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { onTestFinished } from 'vitest'

type Name = 'starting-line' | 'kill-at'

/** The words for node that load it, until the test ends. */
export const preload = (name: Name): readonly string[] => preloadFile(sourceOf(name))

/** The same of a program elsewhere. */
export function preloadFile(source: URL): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'tkt-preload-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return plainIn(folder, source)
}

/** The same, from that folder. */
export const preloadIn = (folder: string, name: Name): readonly string[] => plainIn(folder, sourceOf(name))

const sourceOf = (name: Name): URL => new URL(`${name}.ts`, import.meta.url)

/** As plain JavaScript, for node takes 30 ms a process to strip types itself. */
function plainIn(folder: string, source: URL): readonly string[] {
  const file = join(folder, `${basename(source.pathname, '.ts')}.mjs`)
  writeFileSync(file, stripTypeScriptTypes(readFileSync(source, 'utf8')))
  return ['--import', file]
}
