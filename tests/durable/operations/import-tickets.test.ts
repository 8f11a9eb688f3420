import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { withClient } from '../../support/postgres-client.ts'
import { postgresServers } from '../../support/postgres.ts'
import { KINDS } from './databases.ts'
import { startDurable, type DurableProject } from './project.ts'

/** As the published program's own script makes it (contracts: durable section 2.1). */
const TABLE = `
CREATE TYPE task_status AS ENUM ('open', 'in_progress', 'blocked', 'deferred', 'closed', 'tombstone');
CREATE TABLE agent_tasks (
  id bigserial PRIMARY KEY, task_key text UNIQUE, title text NOT NULL, description text NOT NULL DEFAULT '',
  status task_status NOT NULL DEFAULT 'open', priority smallint NOT NULL DEFAULT 2 CHECK (priority BETWEEN 0 AND 4),
  assignee varchar(100), created_by varchar(100) NOT NULL DEFAULT 'unknown', created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(), closed_at timestamptz, deleted_at timestamptz,
  metadata jsonb NOT NULL DEFAULT '{}');`

const ROW = `INSERT INTO agent_tasks (task_key, title, description, status, assignee, created_at, updated_at, closed_at,
  deleted_at, metadata) VALUES ($1, $2, $3, $4, $5, '2026-01-01T10:00:00Z', '2026-01-02T10:00:00.5Z', $6, $7, $8)`

interface Task {
  readonly title?: string
  readonly description?: string
  readonly status?: string
  readonly assignee?: string
  readonly closed_at?: string
  readonly deleted_at?: string
  readonly metadata?: object
}

const client = <T>(project: DurableProject, sql: string, values: readonly unknown[] = []): Promise<T[]> =>
  withClient(project.world.environment.TKT_DATABASE_URL ?? '', async (one) => {
    const { rows } = await one.query(sql, [...values])
    return rows as T[]
  })

async function add(project: DurableProject, key: string | null, task: Task = {}): Promise<void> {
  const { title = `Title of ${key ?? ''}`, description = 'what to do', status = 'open', ...more } = task
  const metadata = { kind: 'workflow_ticket', ticket_id: key, ...more.metadata }
  await client(project, ROW, [
    ...[key, title, description, status, more.assignee, more.closed_at, more.deleted_at],
    JSON.stringify(metadata),
  ])
}

const idOf = (text: string): string =>
  `TKT-NEW-${createHash('sha1').update(text).digest('hex').slice(0, 8).toUpperCase()}`

const IMPORT = { from: 'agent_tasks' }

describe.each(postgresServers())('import --from agent_tasks on %s', (name) => {
  async function startWith(tasks: Readonly<Record<string, Task>>): Promise<DurableProject> {
    const project = await (KINDS.find(([one]) => one === name)?.[1] ?? startDurable)()
    await client(project, TABLE)
    for (const [key, task] of Object.entries(tasks)) await add(project, key, task)
    return project
  }

  test('keeps what the published program knew of each ticket, in every state', async () => {
    const held = (session: string) => ({
      claimed_by_session: session,
      claimed_at: '2026-01-02T09:00:00+00:00',
    })
    const project = await startWith({
      'TKT-1': {
        metadata: {
          ...{ batch_id: 'BATCH-5', queue_order: 3, ticket_type: 'integrator', source: 'note_tasks_batch' },
          ...{ task_provenance: 'legacy', task_surface_visibility: 'hidden_by_default' },
        },
      },
      'TKT-2': { status: 'in_progress', assignee: 's1', metadata: held('s1') },
      'TKT-3': { status: 'blocked', assignee: 's2', metadata: { ...held('s2'), blocked_reason: 'waits' } },
      'TKT-4': {
        status: 'closed',
        closed_at: '2026-01-03T10:00:00Z',
        metadata: { ...held('s3'), resolution: 'it runs' },
      },
      'TKT-5': { status: 'deferred' },
      'TKT-6': { status: 'tombstone' },
      'TKT-7-VERIFY': { status: 'in_progress', metadata: { ticket_type: null, queue_order: 'x' } },
      'TKT-8': { deleted_at: '2026-01-03T10:00:00Z' },
      'TKT-9': { metadata: { kind: 'other' } },
    })
    await add(project, 'no name!')
    const answer = await project.ok('import-tickets', IMPORT)
    expect(answer).toMatchObject({ found: 8, imported: 7, known: 0, dry_run: false, skipped_count: 1 })
    expect(answer.skipped).toEqual([{ task_id: 10, reason: '"no name!" is no name of a ticket' }])
    const shown = async (ticket_id: string) => (await project.ok('show-ticket', { ticket_id })).ticket
    expect(await shown('TKT-1')).toMatchObject({
      ...{
        status: 'OPEN',
        stage: 'todo',
        title: 'Title of TKT-1',
        summary: 'what to do',
        batch_id: 'BATCH-5',
      },
      ...{ queue_order: 3, ticket_type: 'INTEGRATOR', source: 'note_tasks_batch', task_provenance: 'legacy' },
      ...{
        task_surface_visibility: 'hidden_by_default',
        created_at: '2026-01-01T10:00:00.000Z',
        claim_no: 0,
      },
    })
    expect(await shown('TKT-2')).toMatchObject({
      ...{ status: 'CLAIMED', claimed_by_session: 's1', claimed_at: '2026-01-02T09:00:00.000Z', claim_no: 1 },
      ...{ lease_until: '2026-03-01T13:00:00.000Z', updated_at: '2026-01-02T10:00:00.500Z' },
    })
    expect(await shown('TKT-3')).toMatchObject({ status: 'BLOCKED', assignee: 's2', blocked_reason: 'waits' })
    expect(await shown('TKT-4')).toMatchObject({
      ...{ status: 'CLOSED', resolution: 'done', closed_at: '2026-01-03T10:00:00.000Z', outcome: 'it runs' },
      ...{ claimed_by_session: 's3', assignee: null },
    })
    expect(await shown('TKT-5')).toMatchObject({ status: 'OPEN', stage: 'backlog', source: 'manual' })
    expect(await shown('TKT-6')).toMatchObject({ status: 'CLOSED', resolution: 'cancelled' })
    expect(await shown('TKT-7-VERIFY')).toMatchObject({
      ...{ status: 'OPEN', ticket_type: 'WORKER', queue_order: null, task_provenance: 'verification' },
    })
    for (const ticket_id of ['TKT-8', 'TKT-9'])
      expect(await project.refused('show-ticket', { ticket_id })).toMatchObject({ error: 'UNKNOWN_TICKET' })
    await project.ok('close-ticket', { ticket_id: 'TKT-2', session_id: 's1' })
    await project.ok('unblock-ticket', { ticket_id: 'TKT-3', session_id: 's2' })
  })

  test('may be run again, is told beforehand, and leaves the table as it is', async () => {
    const project = await startWith({ 'TKT-1': {}, 'TKT-2': { status: 'in_progress', assignee: 's1' } })
    const rows = 'SELECT * FROM agent_tasks ORDER BY id'
    const before = await client(project, rows)
    const dry = await project.ok('import-tickets', { ...IMPORT, dry_run: true })
    expect(dry).toMatchObject({ dry_run: true, imported: 2, known: 0, tickets: ['TKT-1', 'TKT-2'] })
    expect(await project.ok('list-tickets')).toMatchObject({ shown: 'shown 0 of 0' })
    expect(await project.ok('import-tickets', IMPORT)).toMatchObject({ imported: 2 })
    await project.ok('claim-ticket', { ticket_id: 'TKT-1', session_id: 's2' })
    await project.ok('close-ticket', { ticket_id: 'TKT-2', session_id: 's1' })
    await add(project, 'TKT-3')
    const again = await project.ok('import-tickets', IMPORT)
    expect(again).toMatchObject({ found: 3, imported: 1, known: 2, tickets: ['TKT-3'] })
    expect(await project.ok('db')).toMatchObject({ tickets: { CLAIMED: 1, CLOSED: 1, OPEN: 1 } })
    expect((await client(project, rows)).slice(0, 2)).toEqual(before)
  })

  test('gives a session one slot, whatever it holds there or here', async () => {
    const project = await startWith({
      'TKT-1': { status: 'in_progress', assignee: 's1' },
      'TKT-2': { status: 'in_progress', assignee: 's1' },
      'TKT-3': { status: 'in_progress', assignee: 's2' },
    })
    await project.ok('intake-ticket', { ticket_id: 'MINE', title: 'T', summary: 'S' })
    await project.ok('claim-ticket', { ticket_id: 'MINE', session_id: 's2' })
    expect(await project.ok('import-tickets', IMPORT)).toMatchObject({ imported: 3 })
    for (const [ticket_id, session_id] of [
      ...[
        ['TKT-1', 's1'],
        ['TKT-2', 's1'],
      ],
      ...[
        ['TKT-3', 's2'],
        ['MINE', 's2'],
      ],
    ] as const)
      await project.ok('close-ticket', { ticket_id, session_id })
  })

  test('knows the lines of the note by their words, so that none is taken in twice', async () => {
    const lines = ['Fix it', '[ ] Fix the  other', 'Fix it', '* Starred', '[defer] Later', '1. First']
    const tasks = lines.map((description, index): [string, Task] => [
      idOf(`BATCH-1::${index + 1}::${description}`),
      {
        ...{ title: description, description, status: index === 0 ? 'closed' : 'open' },
        metadata: { source: 'note_tasks_new_section', batch_id: 'BATCH-1' },
      },
    ])
    const project = await startWith(Object.fromEntries(tasks))
    await project.ok('import-tickets', IMPORT)
    mkdirSync(join(project.root, 'note'))
    const note = [
      '# Notes',
      '### New',
      ...lines.toReversed().map((text) => (/^(\*|1\.)/.test(text) ? text : `- ${text}`)),
      '- Brand new',
    ].join('\n')
    writeFileSync(join(project.root, 'note/note_tasks.md'), note)
    const { refresh_status } = await project.ok('refresh-new-tasks', { batch_id: 'BATCH-1' })
    expect(refresh_status).toMatchObject({ new_tickets_ingested: [idOf('brand new')] })
    const { tickets } = await project.ok('list-tickets', { limit: '20' })
    const keys = (tickets as { ticket_id: string }[]).map(({ ticket_id }) => ticket_id)
    expect(keys.toSorted()).toEqual([...tasks.map(([key]) => key), idOf('brand new')].toSorted())
    expect(await project.ok('show-ticket', { ticket_id: idOf('fix the other') })).toMatchObject({
      ticket: { outcome: `it is ${tasks[1]?.[0] ?? ''}`, deleted_at: expect.any(String) as unknown },
    })
  })

  test('is refused where there is no such table', async () => {
    const project = await (KINDS.find(([one]) => one === name)?.[1] ?? startDurable)()
    expect(await project.refused('import-tickets', IMPORT)).toMatchObject({
      error: 'IMPORT_REFUSED',
      message: 'agent_tasks: there is no table agent_tasks in this database',
    })
  })
})

test('import --from agent_tasks asks for a database of PostgreSQL', async () => {
  const { refused } = await startDurable()
  const { message } = await refused('import-tickets', IMPORT)
  expect(message).toContain('name its database with TKT_DATABASE_URL or SKILL_PGDATABASE')
})
