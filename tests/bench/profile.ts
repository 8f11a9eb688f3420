/**
 * `npm run profile`: writes scripts/start-profile.txt, the functions that the commands of the bench call, for the build
 * to have them compiled at once (scripts/eager-functions.ts). To be run when short commands have changed much; a name
 * that is no longer there does no harm. Chunks that daily commands load are judged by them alone.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { distFiles } from '../../scripts/dist-files.ts'
import { functionsIn } from '../../scripts/eager-functions.ts'
import { CASES, type Case } from './cases.ts'
import { databaseOf, ON_SERVER } from './durable-cases.ts'
import { run } from './measure.ts'
import { stopServer } from './server.ts'

const PROFILE = join(import.meta.dirname, '../../scripts/start-profile.txt')

const folder = mkdtempSync(join(tmpdir(), 'tkt-profile-'))
try {
  for (const [name, text] of Object.entries(await distFiles({ eager: false }))) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  const cases = CASES.filter(({ growth, store }) => growth === undefined && store !== '1,000 bundles')
  const onServer = await calledBy(cases.filter(({ name }) => name.endsWith(ON_SERVER)))
  const small = cases.filter(({ name }) => !name.endsWith(ON_SERVER))
  const daily = await calledBy(small.filter(({ aim }) => aim !== undefined))
  const other = await calledBy(small.filter(({ aim }) => aim === undefined))
  const chunks = new Map([...onServer, ...other, ...daily])
  const lines = [...chunks].flatMap(([chunk, paths]) => [...paths].map((path) => `${chunk} ${path}`))
  writeFileSync(PROFILE, `${lines.toSorted().join('\n')}\n`)
  console.log(`${PROFILE}: ${lines.length} functions of ${chunks.size} chunks`)
} finally {
  await stopServer()
  rmSync(folder, { recursive: true })
}

/** The paths of the functions by chunk. What a first run alone calls, as nothing is remembered yet, is left out. */
async function calledBy(cases: readonly Case[]): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const called = new Map<string, Set<string>>()
  for (const { name, prepare, words } of cases) {
    const parent = join(folder, name.replaceAll(/\W+/g, '-'))
    const world = await prepare(parent, 2)
    const coverage = join(parent, 'coverage')
    for (const round of [0, 1])
      run({
        program: process.execPath,
        args: [join(folder, 'tkt.cjs'), ...words(round)],
        cwd: world.cwd,
        env: { ...databaseOf(world), ...(round === 0 ? {} : { NODE_V8_COVERAGE: coverage }) },
      })
    for (const file of readdirSync(coverage)) addCalled(join(coverage, file), called)
  }
  return called
}

interface Coverage {
  readonly result: readonly {
    readonly url: string
    readonly functions: readonly {
      readonly ranges: readonly {
        readonly startOffset: number
        readonly endOffset: number
        readonly count: number
      }[]
    }[]
  }[]
}

function addCalled(file: string, called: Map<string, Set<string>>): void {
  const { result } = JSON.parse(readFileSync(file, 'utf8')) as Coverage
  for (const { url, functions } of result.filter(
    ({ url }) => url.includes(folder) && !url.endsWith('/tkt.cjs'),
  )) {
    const spans = new Set(
      functions.flatMap(({ ranges: [whole] }) =>
        whole !== undefined && whole.count > 0 ? [`${whole.startOffset}-${whole.endOffset}`] : [],
      ),
    )
    const chunk = basename(url, '.cjs')
    const script = readFileSync(new URL(url), 'utf8')
    const paths = called.get(chunk) ?? new Set()
    called.set(chunk, paths)
    for (const { path, start, end } of functionsIn(script)) if (spans.has(`${start}-${end}`)) paths.add(path)
  }
}
