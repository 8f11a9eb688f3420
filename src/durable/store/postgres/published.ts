/** Takes over the tickets that lie in the published program's table, which is only read. */
import type { PublishedTask, TakenOver } from '../../model/published-task.ts'
import { ImportRefused, type TakeOverAct, type TookOver } from '../store-keeper.ts'
import { inTurn, type Place } from './place.ts'

/** All of them or none. A key that the project has stays as it is, so that this may be run again. */
export const takeOverTasks = (place: Place, { judge, dry_run, now_ms }: TakeOverAct): Promise<TookOver> =>
  inTurn(place, async () => {
    const { database, project } = place
    const found = await database.one("SELECT to_regclass('agent_tasks') IS NOT NULL AS found")
    if (found?.found !== true) throw new ImportRefused('there is no table agent_tasks in this database')
    const tasks = (await database.all(TASKS)) as unknown as readonly PublishedTask[] // TASKS names its fields
    const { tickets, twins, skipped } = judge(tasks)
    const known = new Set(
      (await database.all('SELECT key FROM tkt.tickets WHERE project = :project', { project })).map(
        ({ key }) => key,
      ),
    )
    const fresh = (all: readonly TakenOver[]) => all.filter(({ key }) => !known.has(key))
    const taken = fresh(tickets)
    if (!dry_run) {
      const told = JSON.stringify(
        [...taken, ...fresh(twins)].map((ticket, place) => ({
          ...{ ...ticket, ...ticket.claim, place, uuid: crypto.randomUUID() },
          data: JSON.stringify({ imported_from: 'agent_tasks', task_id: ticket.task_id }),
        })),
      )
      for (const statement of WRITE) await database.all(statement, { project, now_ms, told })
    }
    return { found: tasks.length, taken: taken.map(({ key }) => key), skipped }
  })

const TASKS = `SELECT id, task_key, title, description, status::text, assignee,
  ${['created', 'updated', 'closed'].map((name) => `floor(extract(epoch FROM ${name}_at) * 1000)::bigint AS ${name}_ms`).join(', ')},
  ${[
    ...['ticket_id', 'source', 'ticket_type', 'batch_id', 'queue_order', 'claimed_at', 'claimed_by_session'],
    ...['blocked_reason', 'resolution', 'task_provenance', 'task_surface_visibility'],
  ]
    .map((name) => `nullif(metadata->>'${name}', '') AS ${name}`)
    .join(', ')}
FROM agent_tasks WHERE metadata->>'kind' = 'workflow_ticket' AND deleted_at IS NULL ORDER BY id`

const TOLD = `told AS (
  SELECT * FROM jsonb_to_recordset(:told::jsonb) AS d (
    uuid uuid, key text, batch text, title text, summary text, type text, status text, stage text, resolution text,
    queue_order bigint, source text, provenance text, visibility text, blocked_reason text, outcome text, last_session text,
    claim_no bigint, created_ms bigint, updated_ms bigint, closed_ms bigint, deleted_ms bigint, session text,
    claimed_ms bigint, leased_until_ms bigint, slot integer, place bigint, data text))`

const WRITE: readonly string[] = [
  `WITH ${TOLD} INSERT INTO tkt.batches (project, key, created_ms)
  SELECT DISTINCT :project::bigint, batch, :now_ms::bigint FROM told WHERE batch IS NOT NULL ON CONFLICT DO NOTHING`,
  `WITH ${TOLD} INSERT INTO tkt.agents (project, id, started_ms, seen_ms)
  SELECT :project::bigint, session, min(claimed_ms), max(claimed_ms) FROM told WHERE session IS NOT NULL GROUP BY session
  ON CONFLICT DO NOTHING`,
  `WITH ${TOLD},
  taken AS (
    INSERT INTO tkt.tickets (uuid, project, key, batch, title, summary, type, status, stage, resolution, queue_order, source,
      provenance, visibility, blocked_reason, outcome, last_session, claim_no, created_ms, updated_ms, closed_ms, deleted_ms)
    SELECT d.uuid, :project::bigint, d.key, b.id, d.title, d.summary, d.type, d.status, d.stage, d.resolution, d.queue_order,
      d.source, d.provenance, d.visibility, d.blocked_reason, d.outcome, d.last_session, d.claim_no, d.created_ms,
      d.updated_ms, d.closed_ms, d.deleted_ms
    FROM told d LEFT JOIN tkt.batches b ON b.project = :project AND b.key = d.batch ORDER BY d.place
    RETURNING seq, key, status),
  claimed AS (
    INSERT INTO tkt.claims (ticket, project, session, claim_no, claimed_ms, leased_until_ms, slot)
    SELECT t.seq, :project, d.session, d.claim_no, d.claimed_ms, d.leased_until_ms,
      CASE WHEN NOT EXISTS (
        SELECT FROM tkt.claims c WHERE c.project = :project AND c.session = d.session AND c.slot IS NOT NULL) THEN d.slot END
    FROM taken t JOIN told d ON d.key = t.key WHERE d.session IS NOT NULL)
  INSERT INTO tkt.events (at_ms, project, ticket, type, to_status, claim_no, data)
  SELECT :now_ms::bigint, :project, t.seq, 'ticket.imported', t.status, d.claim_no, d.data
  FROM taken t JOIN told d ON d.key = t.key ORDER BY t.seq`,
]
