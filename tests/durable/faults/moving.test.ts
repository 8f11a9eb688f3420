/** Imports that are killed, and many at once: all of a project is there or none of it, and no claim is lost. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { preload, preloadFile } from '../../faults/preload.ts'
import { crowd, numbered, race } from '../../faults/race.ts'
import { projectFolder } from '../../support/project.ts'
import { DIST, environment, tkt } from '../../support/tkt.ts'
import { DATABASES, type DatabaseProject } from './databases.ts'

const LIMIT = { timeout: 600_000 }
const FILE = 'project.jsonl'

/** The file of a project with these tickets, the first of them in hand. */
function exportOf(keys: readonly string[]): string {
  const cwd = projectFolder()
  for (const key of keys)
    expect(
      tkt(['intake-ticket', key, 'T', 'S', '--batch-id', 'B', '--depends-on', 'X-1'], { cwd }).code,
    ).toBe(0)
  expect(tkt(['claim-ticket', keys[0] ?? '', 'holder'], { cwd }).code).toBe(0)
  expect(tkt(['db', 'export', FILE], { cwd }).code).toBe(0)
  return join(cwd, FILE)
}

const rowsIn = (path: string): readonly string[] => readFileSync(path, 'utf8').split('\n').slice(1, -2)

const exportedRows = (project: DatabaseProject): readonly string[] => {
  expect(tkt(['db', 'export', 'again.jsonl'], project).code).toBe(0)
  return rowsIn(join(project.cwd, 'again.jsonl'))
}

// One PostgreSQL of several: it is not the server that is killed.
describe.each(DATABASES.slice(0, 2))('%s', (_name, { start, killer }) => {
  test('an import that is killed at any statement is made by the next one', LIMIT, async () => {
    const [killAt, file] = [preloadFile(killer), exportOf(['TKT-1'])]
    for (let step = 1; ; step += 1) {
      const project = await start()
      copyFileSync(file, join(project.cwd, FILE))
      const { signal, status, stderr } = spawnSync(
        process.execPath,
        [...killAt, DIST, 'db', 'import', FILE],
        {
          cwd: project.cwd,
          env: environment({ ...project.env, KILL_AT: String(step) }),
          encoding: 'utf8',
        },
      )
      if (signal !== 'SIGKILL') {
        expect([step > 10, status, stderr]).toEqual([true, 0, ''])
        return
      }
      const again = tkt(['db', 'import', FILE], project)
      // Killed behind its commit, all of it is there.
      expect(again.json.ok === true || again.json.error === 'IMPORT_REFUSED').toBe(true)
      expect(exportedRows(project)).toEqual(rowsIn(file))
    }
  })
})

test('what an export that was killed left beside its file is taken away by a later one', LIMIT, () => {
  const cwd = projectFolder()
  expect(tkt(['intake-ticket', 'TKT-1', 'T', 'S'], { cwd }).code).toBe(0)
  const { signal } = spawnSync(process.execPath, [...preload('kill-at'), DIST, 'db', 'export', FILE], {
    cwd,
    env: environment({ KILL_AT: 'renameSync' }),
  })
  expect(signal).toBe('SIGKILL')
  const files = (): readonly string[] => readdirSync(cwd).filter((name) => name !== '.tkt')
  const [left = '', ...others] = files()
  expect([left.startsWith(`${FILE}.`), others]).toEqual([true, []])
  writeFileSync(join(cwd, `${FILE}.bak`), 'mine')
  expect(tkt(['db', 'export', FILE], { cwd }).code).toBe(0)
  expect(files()).toEqual([FILE, left, `${FILE}.bak`].toSorted()) // it may still be written
  const before = new Date(Date.now() - 3_600_000)
  for (const name of files()) utimesSync(join(cwd, name), before, before)
  expect(tkt(['db', 'export', FILE], { cwd }).code).toBe(0)
  expect(files()).toEqual([FILE, `${FILE}.bak`])
})

describe.each(DATABASES)('%s', (_name, { start }) => {
  test('of imports at once one is made, and claims meanwhile are kept', LIMIT, async () => {
    const keys = numbered('TKT', 1, 12)
    const [project, file] = [await start(), exportOf(keys)]
    copyFileSync(file, join(project.cwd, FILE))
    const ended = await race(
      [
        ...crowd(5, () => ['db', 'import', FILE]),
        ...crowd(10, (number) => ['next-ticket', `s${number}`]),
        ...crowd(2, (number) => ['heartbeat', `h${number}`]),
      ],
      project,
    )
    const imports = ended.slice(0, 5).map(({ json }) => json.error ?? json.ok)
    expect(imports.toSorted()).toEqual([...Array<string>(4).fill('IMPORT_REFUSED'), true])
    const claims = ended
      .slice(5)
      .flatMap(({ json }) =>
        json.claimed === true ? [(json.ticket as { ticket_id: string }).ticket_id] : [],
      )
    expect(ended.slice(5).map(({ code, stderr }) => [code, stderr])).toEqual(Array(12).fill([0, '']))
    expect(new Set(claims).size).toBe(claims.length)
    const held = await project.ask(
      'SELECT t.key FROM claims c JOIN tickets t ON t.seq = c.ticket ORDER BY t.seq',
    )
    expect(held.map(({ key }) => key).toSorted()).toEqual([keys[0], ...claims].toSorted())
  })
})
