/** The published program's tickets, taken over by many at once, and by one that is killed: each of them is there once. */
import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { withClient } from '../../support/postgres-client.ts'
import { preloadFile } from '../../faults/preload.ts'
import { crowd, race } from '../../faults/race.ts'
import { DIST, environment, tkt } from '../../support/tkt.ts'
import { DATABASES, type DatabaseProject } from './databases.ts'

const LIMIT = { timeout: 600_000 }
const TASKS = 40
const IMPORT = ['import', '--from', 'agent_tasks']

const TABLE = `
CREATE TABLE agent_tasks (
  id bigserial PRIMARY KEY, task_key text UNIQUE, title text NOT NULL, description text NOT NULL DEFAULT '',
  status text NOT NULL DEFAULT 'open', priority smallint NOT NULL DEFAULT 2, assignee varchar(100),
  created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(), closed_at timestamptz,
  deleted_at timestamptz, metadata jsonb NOT NULL DEFAULT '{}');
INSERT INTO agent_tasks (task_key, title, status, assignee, metadata)
SELECT 'TKT-' || n, 'Title ' || n, CASE n % 3 WHEN 0 THEN 'in_progress' ELSE 'open' END,
  CASE n % 3 WHEN 0 THEN 'ses-' || n END,
  jsonb_build_object('kind', 'workflow_ticket', 'ticket_id', 'TKT-' || n, 'claimed_by_session', CASE n % 3 WHEN 0 THEN 'ses-' || n END)
FROM generate_series(1, ${TASKS}) n;`

async function startWithTasks(start: () => Promise<DatabaseProject>): Promise<DatabaseProject> {
  const project = await start()
  await withClient(project.env?.TKT_DATABASE_URL ?? '', (client) => client.query(TABLE))
  return project
}

async function expectAllOnce({ ask }: DatabaseProject): Promise<void> {
  const tickets = await ask(
    `SELECT t.key, (SELECT count(*)::int FROM events e WHERE e.ticket = t.seq) AS told,
       (SELECT count(*)::int FROM claims c WHERE c.ticket = t.seq) AS claims FROM tickets t`,
  )
  expect(tickets).toHaveLength(TASKS)
  for (const { key, told, claims } of tickets) {
    const number = Number(String(key).slice(4))
    expect([key, told, claims]).toEqual([key, told, number % 3 === 0 ? 1 : 0])
    expect(Number(told)).toBeGreaterThan(0)
  }
}

describe.each(DATABASES.slice(1))('%s', (_name, { start, killer }) => {
  test('eight at once take each ticket over once, and claims meanwhile are kept', LIMIT, async () => {
    const project = await startWithTasks(start)
    const ended = await race(
      [...crowd(8, () => IMPORT), ...crowd(4, (number) => ['next-ticket', `s${number}`])],
      project,
    )
    expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual(ended.map(() => [0, '']))
    const imported = ended.slice(0, 8).map(({ json }) => Number(json.imported))
    expect(imported.reduce((sum, count) => sum + count, 0)).toBe(TASKS)
    const claimed = ended.slice(8).filter(({ json }) => json.claimed === true)
    const held = await project.ask(`SELECT session FROM claims WHERE session LIKE 's_'`)
    expect(held).toHaveLength(claimed.length)
    expect(await project.ask('SELECT key FROM tickets')).toHaveLength(TASKS)
  })

  test('one that is killed at any message is made by the next one', LIMIT, async () => {
    const killAt = preloadFile(killer)
    for (let step = 1; ; step += 1) {
      const project = await startWithTasks(start)
      const { signal, status, stderr } = spawnSync(process.execPath, [...killAt, DIST, ...IMPORT], {
        cwd: project.cwd,
        env: environment({ ...project.env, KILL_AT: String(step) }),
        encoding: 'utf8',
      })
      if (signal !== 'SIGKILL') {
        expect([step > 3, status, stderr]).toEqual([true, 0, ''])
        await expectAllOnce(project)
        return
      }
      const again = tkt(IMPORT, project)
      expect([again.json.ok, again.json.found]).toEqual([true, TASKS])
      expect(Number(again.json.imported) + Number(again.json.known)).toBe(TASKS)
      await expectAllOnce(project)
    }
  })
})
