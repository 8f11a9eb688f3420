/** The file of the embedded database when it, or its disk, is broken: told clearly, explained by doctor, nothing harmed. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { projectFolder } from '../../support/project.ts'
import { DIST, environment, tkt } from '../../support/tkt.ts'

const FILE = '.tkt/tickets.db'

/** A project with a bundle, and a durable ticket. */
function start() {
  const cwd = projectFolder()
  for (const words of [
    ['init-roadmap', '--project', 'p'],
    ['create-bundle', '--goal', 'g'],
    ['add', 'B-001', 'one', '--acceptance', 'it is seen'],
    ['intake-ticket', 'TKT-1', 'T', 'what is to be done'],
  ])
    expect(tkt(words, { cwd }).json).toMatchObject({ ok: true })
  return { cwd, path: join(cwd, FILE), run: (...words: string[]) => tkt(words, { cwd }) }
}

const DAMAGES: readonly (readonly [title: string, message: RegExp, damage: (path: string) => void])[] = [
  [
    'cut off in the middle',
    /it is damaged|it is no database/,
    (path) => {
      truncateSync(path, Math.floor(statSync(path).size / 2) + 17)
    },
  ],
  [
    'cut off to nothing',
    /it is empty: it was cut off/,
    (path) => {
      truncateSync(path, 0)
    },
  ],
  [
    'no database',
    /it is no database/,
    (path) => {
      writeFileSync(path, 'hello '.repeat(2000))
    },
  ],
  [
    'a folder',
    /it is a folder/,
    (path) => {
      rmSync(path)
      mkdirSync(path)
    },
  ],
  [
    'damaged in its middle',
    /it is damaged/,
    (path) => {
      const bytes = readFileSync(path)
      writeFileSync(path, bytes.fill(7, 4096, 16 * 4096))
    },
  ],
]

const bytesAt = (path: string): string | undefined =>
  statSync(path).isFile() ? readFileSync(path).toString('base64') : undefined

describe.each(DAMAGES)('a database that is %s', (_title, message, damage) => {
  test('is refused with what to do, explained by doctor, left as it is, and stops no bundle', () => {
    const { path, run } = start()
    damage(path)
    const before = bytesAt(path)
    for (const words of [['next-ticket', 's1'], ['list-tickets'], ['intake-ticket', 'TKT-2', 'T', 'S']]) {
      const { code, json, stdout } = run(...words)
      expect({ code, lines: stdout.trim().split('\n').length }).toEqual({ code: 6, lines: 1 })
      expect(json).toMatchObject({ error: 'DATABASE_UNAVAILABLE', details: { path } })
      expect(json.message).toMatch(message)
      expect(json.hint).toMatch(/copy|mend/)
    }
    const { healthy, findings } = run('doctor').json
    expect(healthy).toBe(false)
    expect(findings).toContainEqual(
      expect.objectContaining({ check: expect.stringMatching(/^database-/) as unknown, fault: true }),
    )
    expect(bytesAt(path)).toBe(before)
    expect(run('claim', 'B-001', 'TKT-001', 'alice').json).toMatchObject({ ok: true })
  })
})

test('doctor finds nothing wrong with a database that is whole, and tells what hands have changed', () => {
  const { path, run } = start()
  run('claim-ticket', 'TKT-1', 's1')
  expect(run('doctor').json).toMatchObject({ healthy: true })
  const database = new DatabaseSync(path)
  database.exec("UPDATE tickets SET status = 'OPEN', stage = 'todo'")
  expect(run('doctor').json.findings).toContainEqual(
    expect.objectContaining({ check: 'claim-of-ticket-in-hand', where: FILE, fault: true }),
  )
  database.exec("UPDATE tickets SET status = 'CLAIMED'; DELETE FROM claims; DELETE FROM events")
  const { findings } = run('doctor').json
  for (const check of ['ticket-in-hand-is-held', 'ticket-has-history'])
    expect(findings).toContainEqual(expect.objectContaining({ check }))
  database.exec('PRAGMA user_version = 99')
  database.close()
  expect(run('doctor').json.findings).toContainEqual(expect.objectContaining({ check: 'schema-version' }))
})

/** `script` with mounts of its own, which are gone with it; `tkt` is the command, and each of its lines is given back parsed. */
function withMounts(cwd: string, script: string): readonly Readonly<Record<string, unknown>>[] {
  const command = `tkt() { "${process.execPath}" "${DIST}" "$@" || true; }\n${script}`
  const env = environment({})
  const { status, stdout, stderr } = spawnSync('unshare', ['-rm', 'sh', '-ec', command], {
    ...{ cwd, env, encoding: 'utf8' },
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
}

const refused = (message: RegExp) => ({
  error: 'DATABASE_UNAVAILABLE',
  message: expect.stringMatching(message) as unknown,
})

test('a full disk refuses a claim, which is made when there is room again', () => {
  const [full, doctor, again] = withMounts(
    projectFolder(),
    `mkdir disk; mount -t tmpfs -o size=500k tmpfs disk; cd disk
     tkt intake-ticket TKT-1 T S > ../first; cat /dev/zero > rest 2> ../said || true
     tkt next-ticket s1; tkt doctor; rm rest; tkt next-ticket s1`,
  )
  expect(full).toMatchObject(refused(/the disk is full/))
  expect(doctor).toMatchObject({ healthy: false })
  expect(again).toMatchObject({ claimed: true, claim_no: 1 })
})

test.each([
  ['file', FILE],
  ['folder', '.tkt'],
])('a %s that may only be read refuses a claim, and is left as it is', (_title, what) => {
  const { cwd, path } = start()
  const before = bytesAt(path)
  const [claim] = withMounts(
    cwd,
    `mount --bind ${what} ${what}; mount -o remount,ro,bind ${what}; tkt next-ticket s1`,
  )
  expect(claim).toMatchObject(refused(/may not write it|may not open it/))
  expect(bytesAt(path)).toBe(before)
})

test('who reads for long stops nobody; who writes for long is told of', () => {
  const { path, run } = start()
  const other = new DatabaseSync(path)
  other.exec('BEGIN; SELECT count(*) FROM tickets')
  expect(run('next-ticket', 's1').json).toMatchObject({ claimed: true })
  other.exec('COMMIT; BEGIN IMMEDIATE')
  const { code, json } = run('close-ticket', 'TKT-1', '--session-id', 's1')
  expect({ code, ...json }).toMatchObject({ code: 6, ...refused(/another process was writing to it/) })
  other.exec('COMMIT')
  other.close()
  expect(run('close-ticket', 'TKT-1', '--session-id', 's1').json).toMatchObject({ ok: true })
})
