/**
 * Every ticket as the memory skill tells of things: as rows of a view, and, where that skill's own table is, as a row of it
 * that a trigger writes in the same transaction (decision 021).
 */

import type { Memories } from '../store-keeper.ts'
import { ServerRefused, type Database } from './database.ts'

/** The tickets that the table, which is named here, tells otherwise than they are. */
const behindIn = (table: string): string => `SELECT v.id
FROM tkt.agent_memories v LEFT JOIN tkt.memories m ON m.ticket = v.id LEFT JOIN ${table} a ON a.id = m.memory
WHERE a.metadata IS DISTINCT FROM v.metadata OR (a.deleted_at IS NULL) <> (v.deleted_at IS NULL)`

/**
 * `tkt.mirror_memories()` looks for the table and has it follow from then on; it names it, or gives null where there is none.
 * `tkt.memories` tells which of its rows are ours.
 */
export const MEMORIES = `
CREATE VIEW tkt.agent_memories AS
SELECT t.seq AS id, 'episodic'::text AS memory_type, 'tkt-ticket'::text AS category,
  left(p.org || '/' || p.slug, 100) AS subcategory, t.title, t.summary AS content,
  jsonb_build_object(
    'ticket_id', t.key, 'title', t.title, 'summary', t.summary, 'status', t.status,
    'claimed_by_session', coalesce(c.session, t.last_session),
    'claimed_at', to_char(to_timestamp(c.claimed_ms / 1000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'closed_at', to_char(to_timestamp(t.closed_ms / 1000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'batch_id', b.key, 'queue_order', t.queue_order, 'ticket_type', t.type, 'task_provenance', t.provenance
  ) AS metadata,
  to_timestamp(t.created_ms / 1000.0) AS created_at, to_timestamp(t.updated_ms / 1000.0) AS updated_at,
  to_timestamp(t.deleted_ms / 1000.0) AS deleted_at
FROM tkt.tickets t JOIN tkt.projects p ON p.id = t.project
  LEFT JOIN tkt.batches b ON b.id = t.batch LEFT JOIN tkt.claims c ON c.ticket = t.seq;

CREATE TABLE tkt.memories (ticket bigint PRIMARY KEY, memory bigint NOT NULL);

CREATE FUNCTION tkt.memories_table() RETURNS text LANGUAGE sql STABLE AS $table$
  SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relname = 'agent_memories' AND c.relkind IN ('r', 'p') AND n.nspname <> 'tkt' AND pg_table_is_visible(c.oid)
$table$;

-- No claim fails, or waits for long, because its row cannot be written: the row is behind then.
CREATE FUNCTION tkt.mirrored() RETURNS trigger LANGUAGE plpgsql SET lock_timeout = '500ms' AS $mirrored$
BEGIN
  PERFORM tkt.mirror(CASE TG_OP WHEN 'DELETE' THEN OLD.seq ELSE NEW.seq END);
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  RAISE WARNING 'tkt: a row of agent_memories is behind: %', SQLERRM;
  RETURN NULL;
END $mirrored$;

CREATE FUNCTION tkt.mirror_memories() RETURNS text LANGUAGE plpgsql AS $install$
DECLARE
  memories text := tkt.memories_table();
  ticket_no bigint;
BEGIN
  IF memories IS NULL THEN
    DROP TRIGGER IF EXISTS mirrored ON tkt.tickets;
    RETURN NULL;
  END IF;
  EXECUTE format($format$
    CREATE OR REPLACE FUNCTION tkt.mirror(ticket_no bigint) RETURNS void LANGUAGE plpgsql AS $mirror$
    BEGIN
      -- Also by what it says: rows of a table that was made anew have the numbers of others.
      UPDATE %1$s a SET title = v.title, content = v.content, metadata = v.metadata, deleted_at = v.deleted_at
      FROM tkt.agent_memories v JOIN tkt.memories m ON m.ticket = v.id
      WHERE v.id = ticket_no AND a.id = m.memory AND a.category = v.category
        AND a.metadata->>'ticket_id' = v.metadata->>'ticket_id';
      IF FOUND THEN RETURN; END IF;
      WITH made AS (
        INSERT INTO %1$s (memory_type, category, subcategory, title, content, metadata, created_at, deleted_at)
        SELECT 'episodic', v.category, v.subcategory, v.title, v.content, v.metadata, v.created_at, v.deleted_at
        FROM tkt.agent_memories v WHERE v.id = ticket_no RETURNING id)
      INSERT INTO tkt.memories (ticket, memory) SELECT ticket_no, made.id FROM made
      ON CONFLICT (ticket) DO UPDATE SET memory = excluded.memory;
      IF FOUND THEN RETURN; END IF;
      DELETE FROM %1$s a USING tkt.memories m WHERE m.ticket = ticket_no AND a.id = m.memory AND a.category = 'tkt-ticket';
      DELETE FROM tkt.memories m WHERE m.ticket = ticket_no;
    END $mirror$ $format$, memories);
  IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = 'tkt.tickets'::regclass AND tgname = 'mirrored') THEN
    -- At the commit, when ticket and claim are as they are going to be.
    CREATE CONSTRAINT TRIGGER mirrored AFTER INSERT OR UPDATE OR DELETE ON tkt.tickets
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tkt.mirrored();
  END IF;
  FOR ticket_no IN EXECUTE format($behind$ ${behindIn('%1$s')} ORDER BY v.id $behind$, memories) LOOP
    PERFORM FROM tkt.tickets t WHERE t.seq = ticket_no FOR NO KEY UPDATE; -- who changes it is done, or comes later
    PERFORM tkt.mirror(ticket_no);
  END LOOP;
  RETURN memories;
END $install$;

DO $first$ BEGIN
  PERFORM tkt.mirror_memories();
EXCEPTION WHEN OTHERS THEN
  RAISE WARNING 'tkt: agent_memories does not follow: %', SQLERRM;
END $first$;
`

/** Where tickets are told of, and how many of them otherwise than they are. What the server refuses of it does no harm to tickets. */
export async function memoriesIn(database: Database): Promise<Memories> {
  const row = await database.one('SELECT tkt.memories_table() AS place')
  const place = row?.place as string | null
  if (place === null) return { place: 'tkt.agent_memories', kind: 'view', behind: 0 }
  try {
    const count = await database.one(`SELECT count(*) AS behind FROM (${behindIn(place)}) b`)
    return { place, kind: 'table', behind: Number(count?.behind) }
  } catch (error) {
    if (!(error instanceof ServerRefused)) throw error
    return { place, kind: 'table', refused: error.message } // survived: it is told
  }
}

/** The same, after the table was asked to follow. */
export async function followMemories(database: Database): Promise<Memories> {
  try {
    await database.one('SELECT tkt.mirror_memories()')
  } catch (error) {
    if (!(error instanceof ServerRefused)) throw error
    return { ...(await memoriesIn(database)), refused: error.message } // survived: it is told
  }
  return memoriesIn(database)
}
