/** What dist/ must hold: the command line in a few lazily loaded chunks, libraries included, and their licences. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown, type OutputChunk } from 'rolldown'
import { minifySync } from 'rolldown/utils'
import packageFile from '../package.json' with { type: 'json' }
import { compiledAtOnce } from './eager-functions.ts'

const root = join(import.meta.dirname, '..')

const NAME = `${packageFile.name} ${packageFile.version}, MIT licence`
/** In the entry whole, in every other chunk short. */
const BANNER = `/*! ${NAME}. Built from the TypeScript sources of the project by \`npm run build\`: do not edit. Licences of the libraries inside: dist/LICENSES.txt */`
const SHORT_BANNER = `/*! ${NAME}; built, see tkt.cjs */`

const WORK =
  /node_modules[\\/](picomatch|@noble)|src[\\/]durable[\\/](ticket-scope|(cut|judge-in)-worktree|worktree-place|left-worktrees|locked|prove\.|verification|check-database|importing|model[\\/](published-task|left-worktree|(scope|note)[\\/])|effects[\\/](changed|store-file)|operations[\\/](check-ticket-scope|db|import)|store[\\/]sqlite[\\/](archive|keeper|copy|check))/

/** What every command loads. */
const MAIN =
  /src[\\/](runtime|registry[\\/](bundles|entry|families|named)|surfaces[\\/]cli[\\/](main|world|arguments|nearest)|bundles[\\/](config-file|store[\\/](caches|parse-cache|yaml-(source|read)|layout))|evidence[\\/](?!check|looks|acceptance)|system[\\/](files|prepared-files|lock|owner|clock|session|project-root|output-stream)|config|lifecycle|operation|generated[\\/]fields)|plain-typebox|[\\/]package\.json/

/** What claims have no use for: the note, the tickets of a batch, and what is done to a ticket. */
const SESSION =
  /src[\\/]durable[\\/](batch-report|claim-several|closure-report|feed|fetched-page|following|holder-move|note-intake|open-move|proof-door|refresh|told-event|warn-of-circle|model[\\/](awaited|claim-summary|comment|digest|loop-state|measure|since|startup|subagent|telling)|operations[\\/](?!check-ticket-scope|claim-ticket|db|import|next-ticket)|store[\\/](measuring|sqlite[\\/](agents|edit|follow|intake|measure|overview|piles|readings|requests|tell|worktree)))/

const POSTGRES = /src[\\/]durable[\\/]store[\\/]postgres|node_modules[\\/](pg|postgres|split2|xtend)/

/**
 * What loads together lies together: each file more costs a short command a third of a millisecond. The engine's chunk
 * serves every operation, and another one whatever starts git or commands; an operation's own chunk holds its files;
 * libraries that load alone have one each.
 */
const GROUPS = [
  { name: 'library-yaml', test: /node_modules[\\/]yaml[\\/]/, priority: 8 },
  {
    name: 'library-simple-git',
    test: /node_modules[\\/](simple-git|@simple-git|@kwsites|debug|ms|supports-color|has-flag)[\\/]/,
    priority: 3,
  },
  {
    name: 'terminal',
    test: /node_modules[\\/](commander|cli-table3|picocolors|string-width|emoji-regex|strip-ansi|ansi-regex|is-fullwidth-code-point|@colors)[\\/]|src[\\/]surfaces[\\/]cli[\\/](terminal|help|actions|more-rows|views)/,
    priority: 3,
  },
  {
    name: 'checking',
    test: /src[\\/](evidence[\\/](check|looks)|bundles[\\/](check-evidence|effects[\\/]evidence)|worktrees|system[\\/](command|file-hash|git|process|run-git))/,
    priority: 4,
  },
  { name: 'review', test: isDrawing, priority: 4 },
  { name: 'durable', test: isDurable, priority: 3 },
  { name: 'session', test: SESSION, priority: 3 },
  { name: 'work', test: WORK },
  { name: 'postgres', test: POSTGRES },
  { name: 'bridge', test: /src[\\/]bridge[\\/]/ },
  { name: operationOf, debugName: 'operations', priority: 2 },
  { name: 'bundles', test: isOfEngine, priority: 5 },
  { name: 'main', test: MAIN, priority: 7 },
]

/** Its chunks have a folder of their own. */
const ENGINE_2 = ['durable', 'session', 'work', 'postgres', 'bridge']

const ALIASES = {
  // Validators are generated: a running command needs the words of a schema only.
  typebox: join(root, 'scripts/plain-typebox.ts'),
  // The ES modules of yaml (its CommonJS build is what "node" gives) leave out what we do not use.
  yaml: join(root, 'node_modules/yaml/browser/index.js'),
  crypto: join(root, 'scripts/later-crypto.ts'),
  dns: join(root, 'scripts/later-dns.ts'),
  'emoji-regex': join(root, 'scripts/short-emoji-regex.ts'),
  // The half of it that is for browsers stays out.
  debug: join(root, 'node_modules/debug/src/node.js'),
  // The colours that cli-table3 would bring of its own, from the library that we have anyway.
  '@colors/colors/safe': join(root, 'node_modules/picocolors/picocolors.js'),
}

/** What reads notes and scopes, with the library of globs, loads where a note was changed or a scope is declared. */
function isDurable(file: string): boolean {
  return (
    ![WORK, POSTGRES, SESSION].some((other) => other.test(file)) &&
    /src[\\/](durable[\\/]|registry(\.ts|[\\/](durable|bridge)))/.test(file)
  )
}

/** What close and the operations that draw share. */
function isDrawing(file: string): boolean {
  return DRAWING.test(file)
}

const DRAWING =
  /src[\\/]bundles[\\/](review-files|model[\\/](review[.-](?!entry)|graph-|markdown|mermaid-|timeline|work-spans|transition-stats)|operations[\\/](generate-review|show-review|graph|verify))/

/** What serves every operation. */
function isOfEngine(file: string): boolean {
  return apart(file) === null && !isDrawing(file) && ENGINE.test(file)
}

const ENGINE =
  /src[\\/]bundles[\\/](store[\\/](?!structure|backup)|model[\\/]|context|find|lease|once|one-at-a-time|take-ticket|evidence)|src[\\/]evidence[\\/]acceptance|@stablelib/

function operationOf(file: string): string | null {
  const name = /src[\\/]bundles[\\/]operations[\\/]([a-z-]+)/.exec(file)?.[1] ?? null
  return (
    apart(file) ??
    SHARED_CHUNKS.find(([, operations]) => name !== null && operations.includes(name))?.[0] ??
    name
  )
}

function apart(file: string): string | null {
  return APART.find(([, test]) => test.test(file))?.[0] ?? null
}

/** What no short command reads lies with the operations that do. */
const APART: readonly (readonly [string, RegExp])[] = [
  ['planning', /src[\\/]bundles[\\/]model[\\/]plan-/],
  ['add', /src[\\/]bundles[\\/]model[\\/]edits/],
  ['update', /src[\\/]bundles[\\/](under-key|store[\\/]requests)/],
  [
    'repair',
    /src[\\/](bundles[\\/](see-worktrees|verify-history|effects[\\/]survey|model[\\/](prune|worktree|history-[tv]|mend-yaml|older-names))|system[\\/]in-parallel)/,
  ],
]

/**
 * A skill folder is to hold few files, so operations that lie near each other lie together: those of every day with few
 * others, as each that is loaded without being run costs some tenths of a millisecond.
 */
const SHARED_CHUNKS: readonly (readonly [string, readonly string[]])[] = [
  ['add', ['add', 'edit']],
  ['claim', ['claim', 'next']],
  ['list', ['list-bundles', 'roadmap-status', 'bundle-status', 'show', 'history']],
  ['planning', ['init-roadmap', 'create-bundle', 'roadmap-transition', 'roadmap-goal', 'archive-bundle']],
  ['update', ['update', 'batch-update', 'release', 'reopen']],
  ['repair', ['doctor', 'worktree-status', 'worktree-prune']],
]

/**
 * Every file of dist/ by its path below it. Builds from scratch; writes nothing. `eager: false`: with no function compiled
 * at once, as start-profile.txt is made from.
 */
export async function distFiles({ eager = true } = {}): Promise<Readonly<Record<string, string>>> {
  const profile = eager ? readFileSync(join(root, 'scripts/start-profile.txt'), 'utf8').split('\n') : []
  const bundle = await rolldown({
    input: { tkt: join(root, 'scripts/tkt.ts') },
    platform: 'node',
    tsconfig: join(root, 'tsconfig.json'),
    transform: { target: 'node20.19' },
    resolve: { alias: ALIASES },
  })
  const { output } = await bundle.generate({
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: ({ name }) => (ENGINE_2.includes(name) ? 'durable/[name].cjs' : 'tkt/[name].cjs'),
    codeSplitting: { groups: GROUPS },
    comments: { legal: false },
    generatedCode: { symbols: false },
  })
  await bundle.close()
  const chunks = output.filter((file): file is OutputChunk => file.type === 'chunk')
  const code = withHelpersInMain(chunks).map((chunk) => [
    chunk.fileName,
    `${chunk.isEntry ? BANNER : SHORT_BANNER}\n${compact(chunk, new Set(profile))}`,
  ])
  return { ...Object.fromEntries(code), 'LICENSES.txt': licences(chunks) } as Record<string, string>
}

/** The bundler's helpers, which it always makes a file of their own, lie on top of the chunk that every command loads. */
function withHelpersInMain(chunks: readonly OutputChunk[]): readonly OutputChunk[] {
  const helpers = chunks.find(({ name }) => name === HELPERS)?.code ?? ''
  const inMain = `(() => {${helpers}; return exports})()`
  return chunks
    .filter(({ name }) => name !== HELPERS)
    .map((chunk) => {
      const place = chunk.name === 'main' ? inMain : 'require("$1main.cjs")'
      const code = chunk.isEntry ? chunk.code.replace(HELPERS_LOADED, '') : chunk.code
      return { ...chunk, code: code.replace(HELPERS_ASKED, place) }
    })
}

const HELPERS = 'rolldown-runtime'
const HELPERS_LOADED = /^require\("[^"]*rolldown-runtime\.cjs"\);$/m
const HELPERS_ASKED = /require\("([^"]*\/)rolldown-runtime\.cjs"\)/

/** Minified; our own functions keep their names, so that a stack trace, a reader or a scanner can follow them. */
function compact({ fileName, name, code }: OutputChunk, profile: ReadonlySet<string>): string {
  const result = minifySync(fileName, code, {
    compress: true,
    mangle: { toplevel: true, keepNames: !name.startsWith('library-') },
    codegen: { removeWhitespace: true },
  })
  const [error] = result.errors
  if (error !== undefined) throw new Error(`${fileName}: ${error.message}`)
  const text = result.code
    .replaceAll(root, '')
    .replaceAll(YAML, LATER)
    .replaceAll(GETTER, 'exports.$1=$2')
    .replaceAll(GIVEN, givenAtOnce)
  const plain = name.startsWith('library-') ? text : text.replaceAll(/[^\n -~]/g, escaped)
  return `${compiledAtOnce(plain, (path) => profile.has(`${name} ${path}`))}\n`
}

/** The YAML library, which most commands do without as the cache tells what files held: it is loaded by its first use. */
const YAML = /=require\(([`"])\.\/library-yaml\.cjs\1\)/g
const LATER = '=new Proxy({},{get:(_,name)=>require("./library-yaml.cjs")[name]})'

/** What a chunk gives to others. Nothing of it is set anew later, and at the end of the chunk all of it is there. */
const GETTER =
  /Object\.defineProperty\(exports,"([\w$]+)",\{enumerable:!0,get:function\(\)\{return ([\w$]+)\}\}\)/g

/** The same, of a whole chunk. */
const GIVEN = /(?<=[;},])(?:exports\.[\w$]+=[\w$]+,)+exports\.[\w$]+=[\w$]+(?=;)/g

/** In one step, which is half as much to read. */
function givenAtOnce(all: string): string {
  const entries = all.split(',').map((one) => one.slice('exports.'.length).split('='))
  const fields = entries.map(([name = '', value = '']) => (name === value ? name : `${name}:${value}`))
  return `Object.assign(exports,{${fields.join(',')}})`
}

/** One character that is not ASCII makes node decode a whole file the slow way. */
const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** The licence of every library that is inside, by its name. */
function licences(chunks: readonly OutputChunk[]): string {
  const files = chunks.flatMap((chunk) => chunk.moduleIds)
  const folders = files.flatMap(
    (file) => /^.*node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(file)?.[0] ?? [],
  )
  const texts = [...new Set(folders)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    ) as Record<string, string>
    return `## ${name ?? ''} ${version ?? ''} (${license ?? ''})\n\n${licenceText(folder)}`
  })
  return `Libraries inside dist/, and their licences.\n\n${texts.join('\n\n')}\n`
}

function licenceText(folder: string): string {
  for (const name of ['LICENSE', 'license', 'LICENSE.md', 'LICENSE.txt', 'license.md', 'LICENCE']) {
    try {
      return readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n').trim()
    } catch {
      continue // survived: another spelling of the name is tried
    }
  }
  return '(the package has no licence file; see its package.json)'
}
