/** One entry of a scope: a file, a directory or a glob; the only place that knows picomatch. */
import { normalize } from 'node:path/posix'
import picomatch from 'picomatch'

/** Why an entry cannot be used, with the entry named; undefined when it can. */
export function refusedEntry(entry: string): string | undefined {
  const refusal = REFUSALS.find(([pattern]) => pattern.test(entry))?.[1]
  if (refusal !== undefined) return `${JSON.stringify(entry.slice(0, 200))}: ${refusal}`
  try {
    compileEntry(entry)
  } catch {
    return `${JSON.stringify(entry)}: its brackets cannot be read` // survived: to ask is what it is compiled for
  }
  return undefined
}

/** Greedy ways through a name are few, so that no entry keeps anybody waiting: see spec/decisions/018-globs.md. */
const REFUSALS: readonly (readonly [RegExp, string])[] = [
  [/^\s*$/, 'it is empty'],
  [/^.{501}/s, 'it is longer than 500 characters'],
  [/\0/, 'no path holds a NUL'],
  [/\\/, 'paths are written with /, and [*] stands for a literal *'],
  [/^(\/|[A-Za-z]:\/)/, 'it is absolute, but entries start at the top of the checkout'],
  [/(^|\/)\.\.(\/|$)/, 'it leads upwards by ..'],
  [/^!/, 'what is not allowed belongs to deny'],
  [/(?<!^|\/)\*\*|\*\*(?!\/|$)/, '** stands alone between two /, as in src/**/*.ts'],
  [/\{[^}]*\.\./, 'ranges in braces are not understood'],
  [/(?:\*\*.*){4}/s, 'it has more than three **'],
  [/(?:(?:\*+(?!\*)|\{)[^*{]*){6}/, 'it has more than five of * and {'],
  [/(?:(?:\*+(?!\*)|\{)[^/*{]*){4}/, 'one name in it has more than three of * and {'],
]

/** What an entry says, without needless `.` and `/`; a directory admits all that is below it as well as itself. */
export function readEntry(entry: string): { readonly path: string; readonly isDirectory: boolean } {
  const path = normalize(entry).replace(/\/$/, '')
  if (path === '.') return { path: '**', isDirectory: false }
  return { path, isDirectory: !isGlob(path) || entry.endsWith('/') }
}

/** Parentheses, `+`, `|`, `@` and `!` are plain characters: names of files hold them. */
export const isGlob = (text: string): boolean => /[*?[{]/.test(text)

/** Whether the entry admits a path from the top of the checkout. Throws for an entry that is refused. */
export function compileEntry(entry: string): (path: string) => boolean {
  const { path, isDirectory } = readEntry(entry)
  if (!isGlob(path)) return (asked) => asked === path || asked.startsWith(`${path}/`)
  const glob = path.replace(/[()+|]/g, '\\$&')
  return picomatch(isDirectory ? [glob, `${glob}/**`] : glob, OPTIONS)
}

const OPTIONS: picomatch.PicomatchOptions = {
  dot: true,
  nonegate: true,
  noextglob: true,
  posix: true, // [!a], as in a shell
  strictBrackets: true,
  debug: true, // a class such as [z-a] throws, and does not silently admit nothing
  flags: 's', // names may hold line ends
  windows: false,
}
