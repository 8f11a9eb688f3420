/** Which files make the skill: all that git has, or the lean selection that is packaged. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** No sources, no tests, and no package.json: an installer that finds one may start npm. */
const PACKAGED = [
  /^(SKILL\.md|skill\.json|LICENSE)$/,
  /^(config|dist|spec\/schemas)\/.+$/,
  /^scripts\/[^/]+\.(sh|py|md)$/,
  /^spec\/(reference|lifecycles)\.md$/,
]

/** Every file below `root` that git has or would take, with slashes, sorted: what a clone, and so an installer, gets. */
export function repositoryFiles(root: string): readonly string[] {
  const listing = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  const names = [...new Set(listing.split('\0'))].filter((name) => name !== '')
  return names.filter((name) => existsSync(join(root, name))).sort()
}

/** The files of the lean skill folder, sorted. */
export const packagedFiles = (root: string): readonly string[] =>
  repositoryFiles(root).filter((name) => PACKAGED.some((pattern) => pattern.test(name)))

/** The files that SKILL.md, the procedures and skill.json send a reader to, and that are not among `files`. */
export function danglingFiles(root: string, files: readonly string[]): readonly string[] {
  const pages = ['SKILL.md', 'skill.json', ...files.filter((name) => /^scripts\/.*\.md$/.test(name))]
  const named = pages.flatMap((page) => [page, ...namedFiles(readIfPresent(join(root, page)))])
  return [...new Set(named)].filter((name) => !files.includes(name)).sort()
}

/** Paths in a text that lie in the skill; a project's own structural check is not one of them. */
export function namedFiles(text: string): readonly string[] {
  const paths = text.matchAll(/(?<![\w.-]\/|[\w.-])((?:scripts|spec|config|dist)\/[\w./-]*\w\.\w+)/g)
  return [...paths]
    .map(([, path = '']) => path)
    .filter((path) => !path.startsWith('spec/validate_repo_structural'))
}

function readIfPresent(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}
