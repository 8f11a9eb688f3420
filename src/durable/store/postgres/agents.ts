/** The sessions that were heard of, and what they hold. */
import { agentOf } from '../rows.ts'
import type { AgentsListed, ListWanted } from '../ticket-store.ts'
import type { Place } from './place.ts'

export async function agentsOf(
  { database, project }: Place,
  { limit, offset }: Pick<ListWanted, 'limit' | 'offset'>,
): Promise<AgentsListed> {
  const rows = await database.all(
    `SELECT a.*, (
       SELECT coalesce(json_agg(json_build_array(h.key, h.status, h.leased_until_ms)), '[]')::text FROM (
         SELECT t.key, t.status, c.leased_until_ms FROM tkt.claims c JOIN tkt.tickets t ON t.seq = c.ticket
         WHERE c.project = a.project AND c.session = a.id ORDER BY c.claimed_ms, t.seq LIMIT 5) h) AS held
     FROM (
       SELECT a.*, (SELECT count(*) FROM tkt.claims c WHERE c.project = a.project AND c.session = a.id) AS holding
       FROM tkt.agents a WHERE a.project = :project) a
     ORDER BY a.holding = 0, a.seen_ms DESC, a.id COLLATE "C" LIMIT :limit OFFSET :offset`,
    { project, limit, offset },
  )
  const count = await database.one('SELECT count(*) AS total FROM tkt.agents WHERE project = :project', {
    project,
  })
  return { agents: rows.map(agentOf), total: Number(count?.total) }
}
