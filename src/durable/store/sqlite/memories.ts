/** Every ticket as the memory skill tells of things: the rows of a view, as in PostgreSQL. */

const timeOf = (ms: string): string => `strftime('%Y-%m-%dT%H:%M:%fZ', ${ms} / 1000.0, 'unixepoch')`

export const MEMORIES = `
CREATE VIEW agent_memories AS
SELECT t.seq AS id, 'episodic' AS memory_type, 'tkt-ticket' AS category, p.org || '/' || p.slug AS subcategory,
  t.title, t.summary AS content,
  json_object(
    'ticket_id', t.key, 'title', t.title, 'summary', t.summary, 'status', t.status,
    'claimed_by_session', coalesce(c.session, t.last_session), 'claimed_at', ${timeOf('c.claimed_ms')},
    'closed_at', ${timeOf('t.closed_ms')}, 'batch_id', b.key, 'queue_order', t.queue_order,
    'ticket_type', t.type, 'task_provenance', t.provenance
  ) AS metadata,
  ${timeOf('t.created_ms')} AS created_at, ${timeOf('t.updated_ms')} AS updated_at, ${timeOf('t.deleted_ms')} AS deleted_at
FROM tickets t JOIN projects p ON p.id = t.project
  LEFT JOIN batches b ON b.id = t.batch LEFT JOIN claims c ON c.ticket = t.seq;
`
