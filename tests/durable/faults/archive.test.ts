/** `kill -9` before each statement of `db archive`: what is out of the database stands in a whole file, and the next call goes on. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openStoreFile } from '../../../src/durable/effects/store-file.ts'
import { preloadFile } from '../../faults/preload.ts'
import { DIST, environment, tkt } from '../../support/tkt.ts'
import { DATABASES, type DatabaseProject } from './databases.ts'

const KEYS = ['TKT-1', 'TKT-2']
const ARCHIVE = ['db', 'archive', '--before', '1s', '--file']

async function begin(start: () => Promise<DatabaseProject>): Promise<DatabaseProject> {
  const project = await start()
  for (const key of KEYS) {
    tkt(['intake-ticket', key, 'T', 'S'], project)
    tkt(['claim-ticket', key, 's1'], project)
    expect(tkt(['close-ticket', key, '--session-id', 's1'], project).code).toBe(0)
  }
  await new Promise((resolve) => setTimeout(resolve, 1100)) // what `--before 1s` is about
  return project
}

// One PostgreSQL of several: it is not the server that is killed.
test.each(DATABASES.slice(0, 2))('%s', { timeout: 600_000 }, async (_name, { start, killer }) => {
  const killAt = preloadFile(killer)
  let project = await begin(start)
  for (let step = 1; ; step += 1) {
    const file = `${project.cwd}/first-${step}.jsonl`
    const { signal, status, stderr } = spawnSync(process.execPath, [...killAt, DIST, ...ARCHIVE, file], {
      ...{ cwd: project.cwd, env: environment({ ...project.env, KILL_AT: String(step) }), encoding: 'utf8' },
    })
    const archived = await project.ask('SELECT key FROM tickets WHERE archived_ms IS NOT NULL')
    const events = await project.ask("SELECT type FROM events WHERE type = 'ticket.closed'")
    expect([archived.length, events.length]).toEqual(archived.length === 0 ? [0, 2] : [2, 0])
    if (archived.length > 0) {
      const { rows } = await openStoreFile(file)
      const told = [...rows()].filter(({ row }) => row.type === 'ticket.closed').map(({ row }) => row.ticket)
      expect(told).toEqual(KEYS)
      project = await begin(start)
    } else if (existsSync(file)) {
      // A whole export that was made in vain: the next one needs another name.
      expect(tkt([...ARCHIVE, file], project).json).toMatchObject({ error: 'INPUT_INVALID' })
      expect(readFileSync(file, 'utf8')).toContain('"end":"tkt-store"')
    }
    if (signal !== 'SIGKILL') {
      expect([step > 3, status, stderr]).toEqual([true, 0, ''])
      return
    }
  }
})
