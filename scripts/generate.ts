/** Writes every file that is derived from the operation table. With `--check` it only says which are stale. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { derivedFiles } from './derived-files.ts'

const root = join(import.meta.dirname, '..')
const stale = Object.entries(await derivedFiles()).filter(
  ([name, text]) => text !== readIfPresent(join(root, name)),
)

if (process.argv.includes('--check')) {
  for (const [name] of stale) console.error(`stale: ${name} (run \`npm run generate\`)`)
  process.exitCode = stale.length === 0 ? 0 : 1
} else {
  for (const [name, text] of stale) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
    console.log(`wrote ${name}`)
  }
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined // not written yet: it is stale
  }
}
