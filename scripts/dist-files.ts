/** What dist/ must hold: the command line in a few lazily loaded chunks, libraries included, and their licences. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown, type OutputChunk } from 'rolldown'
import { minifySync } from 'rolldown/utils'
import packageFile from '../package.json' with { type: 'json' }
import { GROUPS, folderOf } from './chunk-groups.ts'
import { compiledAtOnce } from './eager-functions.ts'

const root = join(import.meta.dirname, '..')

const NAME = `${packageFile.name} ${packageFile.version}, MIT licence`
/** In the entry whole, in every other chunk short. */
const BANNER = `/*! ${NAME}. Built from the TypeScript sources of the project by \`npm run build\`: do not edit. Licences of the libraries inside: dist/LICENSES.txt */`
const SHORT_BANNER = `/*! ${NAME}; built, see tkt.cjs */`

const ALIASES = {
  // Validators are generated: a running command needs the words of a schema only.
  typebox: join(root, 'scripts/plain-typebox.ts'),
  // The ES modules of yaml (its CommonJS build is what "node" gives) leave out what we do not use.
  yaml: join(root, 'node_modules/yaml/browser/index.js'),
  crypto: join(root, 'scripts/later-crypto.ts'),
  dns: join(root, 'scripts/later-dns.ts'),
  'emoji-regex': join(root, 'scripts/short-emoji-regex.ts'),
  debug: join(root, 'scripts/silent-debug.ts'),
  // The colours that cli-table3 would bring of its own, from the library that we have anyway.
  '@colors/colors/safe': join(root, 'node_modules/picocolors/picocolors.js'),
}

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
    chunkFileNames: ({ name }) => `${folderOf(name)}/[name].cjs`,
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
      const placed = (_: string, folder: string): string =>
        chunk.name === 'main' ? inMain : `require("${folder}main.cjs")`
      const code = chunk.isEntry ? chunk.code.replace(HELPERS_LOADED, '') : chunk.code
      return { ...chunk, code: code.replace(NODE_COPIED, '').replace(HELPERS_ASKED, placed) }
    })
}

const HELPERS = 'rolldown-runtime'
const HELPERS_LOADED = /^require\("[^"]*rolldown-runtime\.cjs"\);$/m
/** A module of node is used as it is: to copy it, a getter for each of its hundred parts, was 0.7 ms of a command. */
const NODE_COPIED = /^(node_\w+) = [\w.]+__toESM\(\1, 1\);$/gm
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
