/** The sessions that were heard of, and what they hold. */
import { agentOf } from '../rows.ts'
import type { AgentsListed, ListWanted } from '../ticket-store.ts'
import type { Place } from './place.ts'

export function agentsOf(
  { database, project }: Place,
  { limit, offset }: Pick<ListWanted, 'limit' | 'offset'>,
): AgentsListed {
  const rows = database.all(
    `SELECT a.id, a.started_ms, a.seen_ms,
       (SELECT count(*) FROM claims c WHERE c.project = a.project AND c.session = a.id) AS holding,
       (SELECT json_group_array(json_array(h.key, h.status, h.leased_until_ms)) FROM (
         SELECT t.key, t.status, c.leased_until_ms FROM claims c JOIN tickets t ON t.seq = c.ticket
         WHERE c.project = a.project AND c.session = a.id ORDER BY c.claimed_ms, t.seq LIMIT 5) h) AS held
     FROM agents a WHERE a.project = ? ORDER BY holding = 0, a.seen_ms DESC, a.id LIMIT ? OFFSET ?`,
    ...[project, limit, offset],
  )
  const total = Number(database.one('SELECT count(*) AS total FROM agents WHERE project = ?', project)?.total)
  return { agents: rows.map(agentOf), total }
}
