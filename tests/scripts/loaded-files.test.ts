/** What a command of every day loads: each file more costs a third of a millisecond, and a wrong one costs several. */
import { spawnSync } from 'node:child_process'
import { dirname, relative } from 'node:path'
import { expect, test } from 'vitest'
import { projectFolder } from '../support/project.ts'
import { DIST, environment, tkt } from '../support/tkt.ts'

/** Parts of node that take milliseconds to load, which these commands have no use for. */
const HEAVY = ['crypto', 'child_process', 'net', 'http']
const TELL = `process.on('exit', () => {
  const heavy = ${JSON.stringify(HEAVY)}.filter((name) => process.moduleLoadList.includes('NativeModule ' + name))
  process.stderr.write(JSON.stringify([...Object.keys(require.cache), ...heavy]))
})`

function loadedBy(line: string, cwd: string): readonly string[] {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--require', './tell.cjs', DIST, ...line.split(' ')],
    { cwd, env: environment(), encoding: 'utf8' },
  )
  expect([line, status]).toEqual([line, 0])
  const files = JSON.parse(stderr) as readonly string[]
  return files
    .map((file) => (HEAVY.includes(file) ? file : relative(dirname(DIST), file)))
    .filter((file) => !file.startsWith('..'))
}

const LOADED: Readonly<Record<string, readonly string[]>> = {
  'next-ticket s1': ['durable/durable.cjs'],
  'claim-ticket TKT-1 s1': ['durable/durable.cjs'],
  'heartbeat s1': ['durable/durable.cjs', 'durable/session.cjs'],
  'session-loop s1': ['durable/durable.cjs', 'durable/session.cjs'],
  'next --agent ada --claim': ['tkt/bundles.cjs', 'tkt/claim.cjs'],
  'status B-001': ['tkt/bundles.cjs', 'tkt/list.cjs'],
}

const EVERY = ['tkt.cjs', 'tkt/main.cjs']

test('a command loads no more than it needs', () => {
  const cwd = projectFolder({ 'tell.cjs': TELL })
  for (const line of [
    'init-roadmap demo',
    'create-bundle --goal Ship',
    'add B-001 One',
    'intake-ticket TKT-1 T S',
  ])
    expect(tkt(line.split(' '), { cwd })).toMatchObject({ code: 0 })
  const loaded = Object.keys(LOADED).map((line) => [line, loadedBy(line, cwd).toSorted()])
  expect(Object.fromEntries(loaded)).toEqual(
    Object.fromEntries(
      Object.entries(LOADED).map(([line, files]) => [line, [...EVERY, ...files].toSorted()]),
    ),
  )
})

test('history loads nothing of durable tickets where there are none', () => {
  const cwd = projectFolder({ 'tell.cjs': TELL })
  expect(tkt(['init-roadmap', 'demo'], { cwd })).toMatchObject({ code: 0 })
  const loaded = [...EVERY, 'tkt/bundles.cjs', 'tkt/list.cjs'].toSorted()
  expect(loadedBy('history', cwd).toSorted()).toEqual(loaded)
})
