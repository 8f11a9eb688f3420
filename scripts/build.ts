/** Writes dist/. With `--check` it writes nothing, and fails when dist/ is not what the sources give. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { distFiles } from './dist-files.ts'

const dist = join(import.meta.dirname, '../dist')
const built = await distFiles()
const present = listFiles()
const stale = Object.keys(built).filter(
  (name) => !present.includes(name) || readFileSync(join(dist, name), 'utf8') !== built[name],
)
const surplus = present.filter(
  (name) => !(name in built) && (/^(tkt|durable)/.test(name) || name === 'LICENSES.txt'),
)

if (process.argv.includes('--check')) {
  for (const name of [...stale, ...surplus]) console.error(`stale: dist/${name} (run \`npm run build\`)`)
  process.exitCode = stale.length + surplus.length === 0 ? 0 : 1
} else {
  for (const name of surplus) rmSync(join(dist, name))
  for (const name of stale) {
    mkdirSync(dirname(join(dist, name)), { recursive: true })
    writeFileSync(join(dist, name), built[name] ?? '')
  }
  const sizes = Object.entries(built).map(([name, text]) => [name, Buffer.byteLength(text)] as const)
  const code = sizes.filter(([name]) => name.endsWith('.cjs')).reduce((sum, [, size]) => sum + size, 0)
  console.log(`dist/: ${stale.length} files written, ${code} bytes of code in ${sizes.length - 1} files`)
}

function listFiles(): readonly string[] {
  try {
    return readdirSync(dist, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(dist.length + 1)
          .replaceAll('\\', '/'),
      )
  } catch {
    return [] // survived: nothing was built yet
  }
}
