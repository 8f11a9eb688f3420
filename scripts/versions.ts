/** The rule that one version number stands everywhere. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

/** Where the version stands -> what stands there; undefined where it is missing. */
export type Versions = Readonly<Record<string, string | undefined>>

/** The version at every place that tells one. Runs `tkt --version` of the built program. */
export function versionsOf(root: string): Versions {
  const page = (name: string): string =>
    existsSync(join(root, name)) ? readFileSync(join(root, name), 'utf8') : ''
  const frontmatter = /^---\n(.*?)\n---\n/s.exec(page('SKILL.md'))?.[1] ?? ''
  const program = spawnSync(process.execPath, [join(root, 'dist/tkt.cjs'), '--version'], { encoding: 'utf8' })
  return {
    'package.json': textAt(readJson(page('package.json')), 'version'),
    'skill.json': textAt(readJson(page('skill.json')), 'version'),
    'SKILL.md (metadata.version)': textAt(parse(frontmatter), 'metadata', 'version'),
    'CHANGELOG.md (top entry)': /^## \[?(\d+\.[^\s\]]+)/m.exec(page('CHANGELOG.md'))?.[1],
    'tkt --version': textAt(readJson(program.stdout), 'version'),
  }
}

/** What is wrong, in one line; undefined when all agree. */
export function versionProblem(versions: Versions): string | undefined {
  const found = new Set(Object.values(versions))
  if (found.size === 1 && !found.has(undefined)) return undefined
  const places = Object.entries(versions).map(([place, version]) => `${place}: ${version ?? 'none'}`)
  return `versions disagree: ${places.join(', ')}`
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // a file that is missing or broken tells no version
  }
}

function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = path.reduce<unknown>(
    (inside, name) =>
      typeof inside === 'object' && inside !== null
        ? (inside as Readonly<Record<string, unknown>>)[name]
        : undefined,
    value,
  )
  return typeof found === 'string' ? found : undefined
}
