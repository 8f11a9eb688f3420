/** Where the memory skill's table follows the tickets: its rows are as the tickets are, whoever is at it and whoever dies. */
import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { preloadFile } from '../../faults/preload.ts'
import { crowd, numbered, race } from '../../faults/race.ts'
import { DIST, environment, tkt } from '../../support/tkt.ts'
import { DATABASES, type DatabaseProject } from './databases.ts'

const LIMIT = { timeout: 240_000 }

const TABLE = `CREATE TABLE public.agent_memories (
  id bigserial PRIMARY KEY, memory_type text NOT NULL, category text NOT NULL, subcategory text, title text NOT NULL,
  content text NOT NULL, metadata jsonb NOT NULL, created_at timestamptz NOT NULL, deleted_at timestamptz)`

// Those behind the embedded one are PostgreSQL.
describe.each(DATABASES.slice(1))('agent_memories on %s', (_name, { start, killer }) => {
  async function startWith(keys: readonly string[]): Promise<DatabaseProject> {
    const project = await start()
    await project.ask(TABLE)
    for (const key of keys) expect(tkt(['intake-ticket', key, 'T', 'S'], project).code).toBe(0)
    return project
  }
  const memoriesOf = (project: DatabaseProject): unknown => tkt(['db', 'status'], project).json.memories
  const UP_TO_DATE = { place: 'public.agent_memories', kind: 'table', behind: 0 }

  test('with 16 sessions at once', LIMIT, async () => {
    const keys = numbered('TKT', 1, 16)
    const project = await startWith(keys)
    const claims = await race(
      crowd(16, (number) => ['next-ticket', `s${number}`]),
      project,
    )
    expect(claims.map(({ json }) => json.claimed)).toEqual(Array(16).fill(true))
    expect(memoriesOf(project)).toEqual(UP_TO_DATE)
    const closes = await race(
      crowd(16, (number) => ['close-ticket', '--session-id', `s${number}`]),
      project,
    )
    expect(closes.map(({ code }) => code)).toEqual(Array(16).fill(0))
    expect(memoriesOf(project)).toEqual(UP_TO_DATE)
  })

  test('with a claim that is killed at any message', LIMIT, async () => {
    const killAt = preloadFile(killer)
    for (let step = 1; ; step += 1) {
      const project = await startWith(['TKT-1'])
      const { signal } = spawnSync(process.execPath, [...killAt, DIST, 'claim-ticket', 'TKT-1', 's1'], {
        cwd: project.cwd,
        env: environment({ ...project.env, KILL_AT: String(step) }),
      })
      expect(memoriesOf(project)).toEqual(UP_TO_DATE)
      if (signal === null) return
    }
  })
})
