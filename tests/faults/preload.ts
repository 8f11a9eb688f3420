/** Programs of this folder that are loaded before another program. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

type Name = 'starting-line' | 'kill-at'

/** The words for node that load it, until the test ends. */
export function preload(name: Name): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'tkt-preload-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return preloadIn(folder, name)
}

/** The same, from that folder. As plain JavaScript, for node takes 30 ms a process to strip types itself. */
export function preloadIn(folder: string, name: Name): readonly string[] {
  const file = join(folder, `${name}.mjs`)
  writeFileSync(file, stripTypeScriptTypes(readFileSync(join(import.meta.dirname, `${name}.ts`), 'utf8')))
  return ['--import', file]
}
