/** The library that opens the embedded database, where users install it: on the oldest Node, which has no SQLite of its own. */
import { existsSync, mkdirSync, readdirSync, realpathSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import packageFile from '../../package.json' with { type: 'json' }
import { DURABLE } from '../../src/registry/durable.ts'
import { NODE_VERSIONS, nodeOf } from '../support/node-versions.ts'
import { gitProject, projectFolder, writeFiles } from '../support/project.ts'
import { runnerOf, skillFolder } from '../support/skill-folder.ts'
import type { Runner } from '../support/story.ts'

const LIBRARY = 'node_modules/@photostructure/sqlite'
const real = realpathSync(join(import.meta.dirname, '../..', LIBRARY))

let node = ''
beforeAll(async () => {
  node = await nodeOf(NODE_VERSIONS[0])
})

/** The skill as it is handed out, in that project. */
function installed(cwd = gitProject()): {
  readonly cwd: string
  readonly folder: string
  readonly run: Runner
} {
  const folder = skillFolder('the package', join(cwd, 'skills'))
  return { cwd, folder, run: runnerOf(folder, { cwd, through: () => [node, join(folder, 'dist/tkt.cjs')] }) }
}

/** The library itself, whose own libraries lie beside where it really is. */
function link(folder: string): void {
  mkdirSync(dirname(join(folder, LIBRARY)), { recursive: true })
  symlinkSync(real, join(folder, LIBRARY), 'junction')
}

/** Another one in its place, of that version, which is that program. */
function replace(folder: string, version: string, program: string): void {
  const description = JSON.stringify({ version, main: 'index.cjs' })
  writeFiles(join(folder, LIBRARY), { 'package.json': description, 'index.cjs': program })
}

const STORY = [
  'intake-ticket TKT-1 T S --batch-id B',
  'intake-ticket TKT-2 T S --depends-on TKT-1',
  'intake-ticket TKT-3 T S --batch-id B --ticket-type INTEGRATOR',
  'claim-ticket TKT-1 s1',
  'start-ticket TKT-1 --session-id s1',
  'heartbeat s1',
  'comment TKT-1 hello --session-id s1',
  'comments TKT-1',
  'record-subagent --subagent-name a --purpose b --session-id s1',
  'block-ticket TKT-1 --session-id s1 --reason waits',
  'unblock-ticket TKT-1 --session-id s1',
  'submit-ticket TKT-1 --session-id s1',
  'reject-ticket TKT-1 --session-id s9 --reason again',
  'release-ticket TKT-1 --session-id s1 --reason later',
  'next-ticket s1',
  'fail-ticket TKT-1 --session-id s1 --reason gone',
  'reopen-ticket TKT-1 --session-id s9 --reason back',
  'session-loop s1',
  'close-ticket TKT-1 --session-id s1',
  'claim-ticket TKT-3 s2',
  'integrator-closure-report s2 --ticket-id TKT-3',
  'release-ticket TKT-3 --session-id s2 --reason later',
  'edit-ticket TKT-2 --session-id s9 --priority 10',
  'cancel-ticket TKT-3 --session-id s9 --reason unneeded',
  'delete-ticket TKT-3 --session-id s9 --reason mistake',
  'agents',
  'watch --once',
  'wait claimable',
  'digest',
  'stats --by batch',
  'check-open-tickets',
  'check-ticket-scope TKT-2',
  'claim-summary s1',
  'list-tickets',
  'refresh-new-tasks',
  'refresh-review-inbox',
  'show-ticket TKT-2',
  'startup-flow s1',
  'history',
  'db status',
  'db migrate',
  'db vacuum',
  'db export --file moved.jsonl',
].map((line) => line.split(' '))

test('every command for durable tickets works with it, but the one that needs a PostgreSQL', () => {
  const words = new Set(STORY.map(([command]) => command))
  const missing = DURABLE.map(({ name, cli = name }) => cli).filter((command) => !words.has(command))
  expect(missing).toEqual(['import'])
  const { cwd, folder, run } = installed()
  link(folder)
  for (const line of STORY) {
    const { code, stderr, json } = run(...line)
    expect({ line, code, stderr, json }).toMatchObject({ line, code: 0, stderr: '', json: { ok: true } })
  }
  const other = runnerOf(folder, {
    cwd: projectFolder(),
    through: () => [node, join(folder, 'dist/tkt.cjs')],
  })
  expect(other('db', 'import', '--file', join(cwd, 'moved.jsonl')).json).toMatchObject({ ok: true })
  expect(other('list-tickets').json).toMatchObject({
    tickets: [{ ticket_id: 'TKT-1' }, { ticket_id: 'TKT-2' }],
  })
  expect(run('doctor').json).toMatchObject({ healthy: true })
  // Closed as it should be: nothing is left in a log, nor of the making of the file.
  expect(existsSync(join(cwd, '.tkt/tickets.db-wal'))).toBe(false)
  expect(readdirSync(join(cwd, '.tkt/tmp'))).toEqual([])
})

test('it is found in the project around the skill as well, by a link, as some package managers install', () => {
  // Without git: what the program looks at before then is a pipe, after which Node 20 follows no link of itself.
  const { cwd, run } = installed(projectFolder())
  link(cwd)
  expect(run('next-ticket', 's1').json).toMatchObject({ ok: true, claimed: false })
})

describe('it is refused, with both ways out,', () => {
  const told = (run: Runner) => {
    const { code, json } = run('next-ticket', 's1')
    return { code, ...json }
  }
  const waysOut = (prefix: string): string =>
    `use node 22.23, 24.15 or newer (SQLite 3.51.3), or run \`npm install --prefix ${prefix} @photostructure/sqlite@2\``

  const ofReal = `require(${JSON.stringify(real)})`
  const unsafe = `const { DatabaseSync } = ${ofReal}
    exports.DatabaseSync = class extends DatabaseSync {
      constructor(...given) { super(...given); this.function('sqlite_version', () => '3.51.2') }
    }`
  test.each([
    {
      when: 'it is too old',
      version: '1.2.1',
      program: `module.exports = ${ofReal}`,
      says: '1.2.1 leaves files open',
    },
    { when: 'its SQLite is unsafe', program: unsafe, says: 'SQLite 3.51.2 may damage a file' },
    {
      when: 'it has no build for this machine',
      program: 'throw new Error("no build")',
      says: 'loaded: no build',
    },
    {
      when: 'only a part of it is there',
      program: 'require("not-there")',
      says: 'loaded: Cannot find module',
    },
  ])('when $when', ({ version = '2.6.0', program, says }) => {
    const { folder, run } = installed()
    replace(folder, version, program)
    expect(told(run)).toMatchObject({
      ...{ code: 6, error: 'DATABASE_UNAVAILABLE', hint: waysOut(folder) },
      message: expect.stringContaining(says) as string,
    })
  })

  test('when it is not there; a folder that a shell would take apart is quoted', () => {
    const { folder, run } = installed(gitProject(undefined, 'my "new" $project'))
    const quoted = `"${folder.replace('"new"', '\\"new\\"').replace('$', '\\$')}"`
    expect(told(run)).toMatchObject({
      ...{ code: 6, error: 'DATABASE_UNAVAILABLE', hint: waysOut(quoted) },
      message: expect.stringContaining(`node ${NODE_VERSIONS[0]} has no SQLite`) as string,
    })
  })
})

test('the version that is told to install is the one that these tests run', () => {
  const versions = [packageFile.devDependencies, packageFile.peerDependencies]
  for (const wanted of versions) expect(wanted['@photostructure/sqlite']).toMatch(/^\^2\.[\d.]+$/)
})
