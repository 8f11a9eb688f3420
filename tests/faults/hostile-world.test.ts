/** A world that does not let us: read-only, not what it should be, or gone. */
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { addBundle, finishAll, startBundle, treeOf, type Project } from '../support/bundles.ts'
import { projectFolder } from '../support/project.ts'
import { DIST, environment, tkt } from '../support/tkt.ts'
import { makeReadOnly, mount, smallDisk } from './mounts.ts'

const READS = [
  ['list'],
  ['status', 'B-001'],
  ['show', 'B-001', 'TKT-001'],
  ['history'],
  ['history', '--verify'],
  ['roadmap-status'],
  ['express', 'list'],
  ['close', 'B-001', '--dry-run'],
  ['next', '--agent', 'alice'],
  ['graph', 'B-001'],
  ['verify', 'B-001'],
  ['roadmap-goal', 'list'],
  ['show-review', 'B-002'],
  ['worktree-status'],
  ['doctor'],
  ['doctor', '--repair'],
]
const WRITES = [
  ['init-roadmap', 'again', '--force'],
  ['create-bundle', '--goal', 'g'],
  ['add', 'B-001', 'Part 2'],
  ['claim', 'B-001', 'TKT-001', 'alice'],
  ['update', 'B-001', 'TKT-001', 'done', '--evidence', 'e'],
  ['express', '--title', 't', '--acceptance', 'a'],
  ['express', 'claim', 'EXP-001', '--agent', 'alice'],
  ['roadmap-transition', 'active', '--reason', 'r'],
  ['reopen', 'B-001', 'TKT-001', '--reason', 'r'],
  ['next', '--agent', 'alice', '--claim'],
  ['release', 'B-001', 'TKT-002', 'alice'],
  ['edit', 'B-001', 'TKT-001', '--title', 't'],
  ['batch-update', '--bundle', 'B-001', '--status', 'failed', 'TKT-001', 'TKT-A00'],
  ['archive', 'B-001', '--reason', 'r'],
  ['roadmap-goal', 'add', '--title', 't'],
  ['roadmap-goal', 'link', '--bundle', 'B-001', '--goal', 'G-001'],
  ['generate-review', 'B-002'],
]

async function startSmall(): Promise<Project> {
  const project = await startBundle(1)
  await project.ok('express', { title: 'small', acceptance: 'a' })
  return project
}

/** The same with what the other commands are about: a claim, a goal and a closed bundle. */
async function startRich(): Promise<Project> {
  const project = await startSmall()
  await project.ok('add', { bundle: 'B-001', title: 'Part 2' })
  await project.ok('claim', { bundle: 'B-001', ticket: 'TKT-002', agent: 'alice' })
  await project.ok('roadmap-goal', { action: 'add', title: 'Fast' })
  await addBundle(project)
  await finishAll(project, 'B-002')
  await project.ok('close-bundle', { bundle: 'B-002' })
  return project
}

describe('a store that is', () => {
  test('read-only can be read, and says so when it is written to', async (context) => {
    const project = await startRich()
    const before = treeOf(project.root, [])
    makeReadOnly(context, join(project.root, '.tkt'))
    for (const words of READS) expect([words, tkt(words, { cwd: project.root }).code]).toEqual([words, 0])
    for (const words of WRITES) {
      const { code, json, stderr } = tkt(words, { cwd: project.root })
      expect([words, code, json.error, stderr]).toEqual([words, 6, 'STORE_UNAVAILABLE', ''])
      expect(json.message).toMatch(/\.tkt\/.*the file system is read-only \(EROFS\)$/)
    }
    expect(treeOf(project.root, [])).toEqual(before)
  })

  test.each([
    ['a file', (path: string) => writeFileSync(path, 'hello\n')],
    ['a link to itself', (path: string) => symlinkSync('.tkt', path)],
  ])('%s is left alone', (_, make) => {
    const folder = projectFolder()
    make(join(folder, '.tkt'))
    for (const words of [...READS.slice(0, 1), ...READS.slice(2), ...WRITES]) {
      const { code, json } = tkt(words, { cwd: folder })
      expect([words, json.ok, [3, 5, 6].includes(code ?? 0)]).toEqual([words, false, true])
    }
    expect(lstatSync(join(folder, '.tkt')).isDirectory()).toBe(false)
  })

  test('partly a link in a circle says so', async () => {
    const project = await startSmall()
    rmSync(join(project.root, '.tkt/bundles'), { recursive: true })
    symlinkSync('bundles', join(project.root, '.tkt/bundles'))
    for (const words of [['list'], ['roadmap-status'], ['create-bundle', '--goal', 'g']])
      expect(tkt(words, { cwd: project.root }).json).toMatchObject({
        error: 'STORE_UNAVAILABLE',
        message: expect.stringMatching(/bundles.*circle/) as string,
      })
    for (const words of [
      ['status', 'B-001'],
      ['claim', 'B-001', 'TKT-001', 'a'],
    ])
      expect([3, 6]).toContain(tkt(words, { cwd: project.root }).code)
  })

  test('full of things that are no tickets lists what is one, and gives the others no number twice', async () => {
    const project = await startSmall()
    const at = (name: string): string => join(project.root, '.tkt/bundles', name)
    mkdirSync(at('B-001/TKT-002.yaml'))
    symlinkSync('TKT-003.yaml', at('B-001/TKT-003.yaml'))
    symlinkSync('/nowhere', at('B-001/TKT-004.yaml'))
    spawnSync('mkfifo', [at('B-001/TKT-005.yaml')])
    writeFileSync(at('B-001/TKT-006.yaml'), '')
    truncateSync(at('B-001/TKT-006.yaml'), 10_000_000_000)
    writeFileSync(at('B-002'), 'a file')
    mkdirSync(at('B-003'))
    mkdirSync(at('B-test'))
    const { tickets, unreadable } = tkt(['status', 'B-001', '--verbose'], { cwd: project.root }).json
    expect(tickets).toHaveLength(3)
    expect(unreadable).toMatchObject([
      { id: 'TKT-002', reason: expect.stringMatching(/folder/) as string },
      { id: 'TKT-003', reason: expect.stringMatching(/link/) as string },
      { id: 'TKT-004', reason: expect.stringMatching(/missing/) as string },
      { id: 'TKT-005', reason: expect.stringMatching(/no ordinary file/) as string },
      { id: 'TKT-006', reason: expect.stringMatching(/too large/) as string },
    ])
    for (const ticket of ['TKT-002', 'TKT-003', 'TKT-005', 'TKT-006'])
      expect(tkt(['claim', 'B-001', ticket, 'a'], { cwd: project.root }).json.ok).toBe(false)
    expect(tkt(['close', 'B-001'], { cwd: project.root }).json).toMatchObject({ ok: false })
    expect(tkt(['add', 'B-001', 'New'], { cwd: project.root }).json.ticket_id).toBe('TKT-007')
    expect(tkt(['list'], { cwd: project.root }).json).toMatchObject({
      bundles: [{ id: 'B-001' }],
      unreadable: [{ id: 'B-002' }, { id: 'B-003' }],
    })
    expect(tkt(['create-bundle', '--goal', 'g'], { cwd: project.root }).json.bundle_id).toBe('B-004')
  })

  test('held at one file, which cannot be replaced, says so and keeps the file', async (context) => {
    const project = await startSmall()
    const path = join(project.root, '.tkt/bundles/B-001/TKT-001.yaml')
    const before = readFileSync(path, 'utf8')
    mount(context, path, '--bind', path)
    const { code, json } = tkt(['claim', 'B-001', 'TKT-001', 'alice'], { cwd: project.root })
    expect([code, json.error]).toEqual([6, 'STORE_UNAVAILABLE'])
    expect(readFileSync(path, 'utf8')).toBe(before)
  })
})

test('a store that lies on two file systems says so', async (context) => {
  const project = await startSmall()
  rmSync(join(project.root, '.tkt/bundles'), { recursive: true })
  smallDisk(context, join(project.root, '.tkt/bundles'))
  const { code, json } = tkt(['create-bundle', '--goal', 'g'], { cwd: project.root })
  expect([code, json.error]).toEqual([6, 'STORE_UNAVAILABLE'])
  expect(json.message).toMatch(/more than one file system/)
  expect(tkt(['list'], { cwd: project.root }).json).toMatchObject({ bundles: [] })
})

test('standard input without an end is refused', async () => {
  const project = await startSmall()
  const script = 'yes | "$0" "$1" update B-001 TKT-001 done --evidence -'
  const { stdout, status } = spawnSync('sh', ['-c', script, process.execPath, DIST], {
    cwd: project.root,
    env: environment(),
    encoding: 'utf8',
  })
  expect([status, JSON.parse(stdout)]).toMatchObject([5, { error: 'FILE_UNREADABLE' }])
})

describe('no store is started', () => {
  test('in the home folder, nor at the root of the file system; there is nothing to list there, and that is said', () => {
    const home = projectFolder()
    for (const cwd of [home, '/']) {
      for (const words of [
        ['init-roadmap', 'demo'],
        ['express', '--title', 't', '--acceptance', 'a'],
        ['create-bundle', '--goal', 'g'],
      ]) {
        const { code, json } = tkt(words, { cwd, env: { HOME: home } })
        expect([cwd, words, code, json.error]).toEqual([cwd, words, 2, 'ROOT_REFUSED'])
      }
      const listed = tkt(['list'], { cwd, env: { HOME: home } }).json
      expect(listed).toMatchObject({
        ok: true,
        bundles: [],
        warnings: [expect.stringMatching(/^there is no /)],
      })
      expect(existsSync(join(cwd, '.tkt'))).toBe(false)
    }
  })

  test('in a folder that does not exist', () => {
    const folder = projectFolder()
    for (const words of [
      ['init-roadmap', 'demo'],
      ['express', '--title', 't', '--acceptance', 'a'],
    ]) {
      const { code, json } = tkt([...words, '--root', 'typo/project'], { cwd: folder })
      expect([code, json.error, json.message]).toMatchObject([
        2,
        'ROOT_REFUSED',
        expect.stringMatching(/typo\/project.*there is no such folder/),
      ])
    }
    expect(existsSync(join(folder, 'typo'))).toBe(false)
  })

  test('by a command that stands in a folder that was removed; the store above it is found', async () => {
    const project = await startSmall()
    mkdirSync(join(project.root, 'gone'))
    const script = `cd gone && rmdir ../gone && exec "$0" "$1" list`
    const { status, stdout } = spawnSync('sh', ['-c', script, process.execPath, DIST], {
      cwd: project.root,
      env: environment(),
      encoding: 'utf8',
    })
    expect([status, JSON.parse(stdout)]).toMatchObject([0, { bundles: [{ id: 'B-001' }] }])
  })
})
