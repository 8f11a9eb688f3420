/** The tickets as the memory skill finds them. */
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../../src/durable/store/sqlite/database.ts'
import { withClient } from '../../support/postgres-client.ts'
import { postgresServers } from '../../support/postgres.ts'
import { KINDS } from '../operations/databases.ts'
import { startDurable, type DurableProject } from '../operations/project.ts'

/** As the memory skill makes it (contracts: durable section 2.1). */
const TABLE = `
CREATE TYPE memory_type AS ENUM ('working', 'episodic', 'semantic', 'procedural');
CREATE TABLE agent_memories (
  id bigserial PRIMARY KEY, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
  accessed_at timestamptz NOT NULL DEFAULT now(), memory_type memory_type NOT NULL, category varchar(100) NOT NULL,
  subcategory varchar(100), tags text[] NOT NULL DEFAULT '{}', title text NOT NULL, content text NOT NULL, content_hash text,
  metadata jsonb NOT NULL DEFAULT '{}', agent_id varchar(100), session_id varchar(100), user_id varchar(100),
  importance_score numeric(5,2) NOT NULL DEFAULT 5.00 CHECK (importance_score BETWEEN 0 AND 10),
  access_count integer NOT NULL DEFAULT 0, relevance_decay numeric NOT NULL DEFAULT 1, search_vector tsvector,
  deleted_at timestamptz);
CREATE FUNCTION prepare_memory() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  NEW.content_hash = md5(NEW.content); NEW.updated_at = now();
  NEW.search_vector = setweight(to_tsvector('english', NEW.title), 'A') || setweight(to_tsvector('english', NEW.content), 'B');
  RETURN NEW; END $$;
CREATE TRIGGER prepare_memory BEFORE INSERT OR UPDATE ON agent_memories FOR EACH ROW EXECUTE FUNCTION prepare_memory();
INSERT INTO agent_memories (memory_type, category, title, content) VALUES ('semantic', 'mine', 'kept', 'as it is');`

const ROWS = 'memory_type, category, subcategory, title, content, metadata, deleted_at IS NOT NULL AS deleted'

const ask = (project: DurableProject, sql: string): Promise<readonly Record<string, unknown>[]> =>
  withClient(project.world.environment.TKT_DATABASE_URL ?? '', async (client) => {
    const { rows } = await client.query<Record<string, unknown>>(sql)
    return rows
  })

/** One ticket in each of several states. */
async function work({ ok, wait }: DurableProject): Promise<void> {
  const take = (ticket_id: string, more = {}) =>
    ok('intake-ticket', { ticket_id, title: `Title of ${ticket_id}`, summary: 'S', ...more })
  await take('TKT-1', { batch_id: 'B', queue_order: '3' })
  for (const key of ['TKT-2', 'TKT-3', 'TKT-4']) await take(key)
  await ok('claim-ticket', { ticket_id: 'TKT-1', session_id: 's1' })
  await ok('claim-ticket', { ticket_id: 'TKT-2', session_id: 's2' })
  wait(1)
  await ok('close-ticket', { ticket_id: 'TKT-2', session_id: 's2' })
  await ok('delete-ticket', { ticket_id: 'TKT-3', session_id: 's9', reason: 'no' })
  await ok('edit-ticket', { ticket_id: 'TKT-4', session_id: 's9', title: 'Another' })
}

const metadata = (ticket_id: string, more = {}) => ({
  ...{ ticket_id, title: `Title of ${ticket_id}`, summary: 'S', status: 'OPEN', claimed_by_session: null },
  ...{ claimed_at: null, closed_at: null, batch_id: null, queue_order: null, ticket_type: 'WORKER' },
  ...{ task_provenance: 'workflow', ...more },
})

const row = (told: ReturnType<typeof metadata>, deleted = false) => ({
  ...{ memory_type: 'episodic', category: 'tkt-ticket', subcategory: 'default/main' },
  ...{ title: told.title, content: told.summary, metadata: told, deleted },
})

const EXPECTED = [
  row(
    metadata('TKT-1', {
      ...{ status: 'CLAIMED', claimed_by_session: 's1', claimed_at: '2026-03-01T12:00:00.000Z' },
      ...{ batch_id: 'B', queue_order: 3 },
    }),
  ),
  row(
    metadata('TKT-2', { status: 'CLOSED', claimed_by_session: 's2', closed_at: '2026-03-01T12:01:00.000Z' }),
  ),
  row(metadata('TKT-3'), true),
  row(metadata('TKT-4', { title: 'Another' })),
]

test('the view of the embedded database tells each ticket', async () => {
  const project = await startDurable()
  await work(project)
  const database = await openDatabase(join(project.root, '.tkt/tickets.db'))
  onTestFinished(database.close)
  const rows = database.all(`SELECT ${ROWS} FROM agent_memories ORDER BY id`)
  const told = rows.map((one) => ({
    ...one,
    metadata: JSON.parse(String(one.metadata)) as unknown,
    deleted: one.deleted === 1,
  }))
  expect(told).toEqual(EXPECTED)
  expect(await project.ok('db')).toMatchObject({ memories: { place: 'agent_memories', kind: 'view' } })
})

describe.each(postgresServers())('agent_memories on %s', (name) => {
  const start = KINDS.find(([one]) => one === name)?.[1] ?? startDurable
  const OURS = `SELECT ${ROWS} FROM agent_memories WHERE category = 'tkt-ticket' ORDER BY metadata->>'ticket_id'`

  test('is a view where the memory skill has no table', async () => {
    const project = await start()
    await work(project)
    expect(await ask(project, `SELECT ${ROWS} FROM tkt.agent_memories ORDER BY id`)).toEqual(EXPECTED)
    expect(await project.ok('db')).toMatchObject({ memories: { place: 'tkt.agent_memories', kind: 'view' } })
  })

  test('has a row a ticket where the table is, and what is in it of others stays', async () => {
    const project = await start()
    await ask(project, TABLE)
    await work(project)
    expect(await ask(project, OURS)).toEqual(EXPECTED)
    expect(await ask(project, "SELECT title, content FROM agent_memories WHERE category = 'mine'")).toEqual([
      { title: 'kept', content: 'as it is' },
    ])
    await project.ok('delete-ticket', { ticket_id: 'TKT-3', session_id: 's9', restore: true, reason: 'yes' })
    await ask(project, "DELETE FROM tkt.tickets WHERE key = 'TKT-4'")
    const left = await ask(project, OURS)
    expect(left.map(({ title, deleted }) => [title, deleted])).toEqual(
      ['Title of TKT-1', 'Title of TKT-2', 'Title of TKT-3'].map((title) => [title, false]),
    )
    expect(await project.ok('db')).toMatchObject({
      memories: { place: 'public.agent_memories', kind: 'table', behind: 0 },
    })
  })

  test('follows from `db migrate` on where the table came later', async () => {
    const project = await start()
    await work(project)
    await ask(project, TABLE)
    const before = await project.ok('db')
    expect(before).toMatchObject({ memories: { kind: 'table', behind: 4 } })
    expect(before.warnings).toEqual([
      'public.agent_memories is 4 tickets behind: `tkt db migrate` brings it up to date',
    ])
    for (let time = 0; time < 2; time += 1) {
      expect(await project.ok('db', { action: 'migrate' })).toMatchObject({ memories: { behind: 0 } })
      expect(await ask(project, OURS)).toEqual(EXPECTED)
    }
    await project.ok('release-ticket', { ticket_id: 'TKT-1', session_id: 's1' })
    expect((await ask(project, OURS))[0]).toMatchObject({ metadata: { status: 'OPEN', claimed_at: null } })
  })

  test('is written with the ticket or not at all', async () => {
    const project = await start({ 'TKT-1': {} })
    await ask(project, TABLE)
    await project.ok('db', { action: 'migrate' })
    await ask(project, "BEGIN; UPDATE tkt.tickets SET title = 'x'; SET CONSTRAINTS ALL IMMEDIATE; ROLLBACK")
    expect(await ask(project, OURS)).toMatchObject([{ title: 'TKT-1' }])
  })

  test('moves with a project that is imported', async () => {
    const [home, project] = [await startDurable(), await start()]
    await ask(project, TABLE)
    await work(home)
    await home.ok('db', { action: 'export', file: 'f' })
    await project.ok('db', { action: 'import', file: join(home.root, 'f') })
    expect(await ask(project, OURS)).toEqual(EXPECTED)
  })

  test.each([
    [
      'its rows are refused',
      "ALTER TABLE agent_memories ADD CHECK (category <> 'tkt-ticket') NOT VALID",
      { memories: { kind: 'table', behind: 1 }, warnings: expect.anything() as unknown },
    ],
    [
      'it has other columns',
      'ALTER TABLE agent_memories DROP COLUMN metadata',
      { memories: { refused: expect.stringContaining('metadata does not exist') as unknown } },
    ],
    ['it is gone', 'DROP TABLE agent_memories', { memories: { kind: 'view' } }],
  ])('never hinders a claim: %s', async (_title, change, told) => {
    const project = await start({ 'TKT-1': {}, 'TKT-2': {} })
    await ask(project, TABLE)
    await project.ok('db', { action: 'migrate' })
    await ask(project, change)
    expect(await project.ok('claim-ticket', { ticket_id: 'TKT-1', session_id: 's1' })).toMatchObject({
      claimed: true,
    })
    expect(await project.ok('close-ticket', { ticket_id: 'TKT-1', session_id: 's1' })).toMatchObject({
      ok: true,
    })
    for (const action of ['status', 'migrate']) expect(await project.ok('db', { action })).toMatchObject(told)
  })

  test('never hinders a claim: somebody holds its row, and it is made good later', async () => {
    const project = await start({ 'TKT-1': {} })
    await ask(project, TABLE)
    await project.ok('db', { action: 'migrate' })
    await withClient(project.world.environment.TKT_DATABASE_URL ?? '', async (client) => {
      await client.query('BEGIN; SELECT FROM agent_memories FOR UPDATE')
      expect(await project.ok('claim-ticket', { ticket_id: 'TKT-1', session_id: 's1' })).toMatchObject({
        claim_no: 1,
      })
      await client.query('ROLLBACK')
    })
    expect(await project.ok('db')).toMatchObject({ memories: { behind: 1 } })
    await project.ok('db', { action: 'migrate' })
    expect(await ask(project, OURS)).toMatchObject([
      { metadata: { status: 'CLAIMED', claimed_by_session: 's1' } },
    ])
  })
})
