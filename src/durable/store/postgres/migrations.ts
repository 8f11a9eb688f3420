/**
 * The schema in PostgreSQL, step by step: appended to, never edited. All of it lies in the schema `tkt`, so that it meets no
 * table of another program. Times are milliseconds since 1970, states are words, JSON is read back whole.
 */
import { MEMORIES } from './memories.ts'

/** Step n brings a database of version n-1 to version n. */
export const MIGRATIONS: readonly string[] = [
  `
CREATE TABLE tkt.projects (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  org text NOT NULL, slug text NOT NULL, name text NOT NULL, created_ms bigint NOT NULL,
  UNIQUE (org, slug)
);

CREATE TABLE tkt.agents (
  project bigint NOT NULL REFERENCES tkt.projects, id text NOT NULL,
  host text, started_ms bigint NOT NULL, seen_ms bigint NOT NULL,
  PRIMARY KEY (project, id)
) WITH (fillfactor = 50);

CREATE TABLE tkt.batches (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, project bigint NOT NULL REFERENCES tkt.projects, key text NOT NULL,
  mode text, status text, created_ms bigint NOT NULL, closed_ms bigint, closed_by text,
  UNIQUE (project, key)
);

CREATE TABLE tkt.tickets (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, uuid uuid NOT NULL UNIQUE,
  project bigint NOT NULL REFERENCES tkt.projects, key text NOT NULL, batch bigint REFERENCES tkt.batches,
  title text NOT NULL, summary text NOT NULL, type text NOT NULL,
  status text NOT NULL DEFAULT 'OPEN'
    CHECK (status IN ('OPEN','CLAIMED','IN_PROGRESS','BLOCKED','DONE','FAILED','CLOSED')),
  stage text CHECK (stage IN ('backlog','todo','active','review')),
  resolution text CHECK (resolution IN ('done','cancelled','rejected')),
  priority integer NOT NULL DEFAULT 50 CHECK (priority BETWEEN 0 AND 100),
  wave bigint, queue_order bigint,
  source text NOT NULL, provenance text NOT NULL, visibility text NOT NULL,
  channel text NOT NULL DEFAULT 'default', tier text, assignee text, parent bigint REFERENCES tkt.tickets,
  payload text, outputs text, required_work text, acceptance text, scope text, noted text,
  blocked_reason text, outcome text, last_session text,
  claim_no bigint NOT NULL DEFAULT 0, version bigint NOT NULL DEFAULT 1,
  created_ms bigint NOT NULL, updated_ms bigint NOT NULL, closed_ms bigint,
  UNIQUE (project, key)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 200);
CREATE INDEX tickets_ready ON tkt.tickets (project, priority, queue_order, seq)
  WHERE type = 'WORKER' AND status = 'OPEN' AND stage = 'todo';
CREATE INDEX tickets_wave ON tkt.tickets (batch, (coalesce(wave, 0)))
  WHERE type = 'WORKER' AND status IN ('OPEN','CLAIMED','IN_PROGRESS','BLOCKED');
CREATE INDEX tickets_batch ON tkt.tickets (batch, queue_order, seq);

CREATE TABLE tkt.ticket_deps (
  ticket bigint NOT NULL REFERENCES tkt.tickets ON DELETE CASCADE, needs text NOT NULL,
  PRIMARY KEY (ticket, needs)
);

CREATE TABLE tkt.claims (
  ticket bigint PRIMARY KEY REFERENCES tkt.tickets ON DELETE CASCADE, project bigint NOT NULL, session text NOT NULL,
  claim_no bigint NOT NULL, claimed_ms bigint NOT NULL, leased_until_ms bigint, slot integer, base text
) WITH (fillfactor = 50);
CREATE INDEX claims_session ON tkt.claims (project, session);
CREATE UNIQUE INDEX claims_one_each ON tkt.claims (project, session, slot) WHERE slot IS NOT NULL;

CREATE TABLE tkt.events (
  tx xid8 NOT NULL DEFAULT pg_current_xact_id(), seq bigint GENERATED ALWAYS AS IDENTITY,
  at_ms bigint NOT NULL, project bigint NOT NULL, ticket bigint,
  type text NOT NULL, actor text, from_status text, to_status text, reason text, claim_no bigint, data text,
  PRIMARY KEY (tx, seq)
);
CREATE INDEX events_ticket ON tkt.events (ticket, seq);

CREATE TABLE tkt.readings (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, project bigint NOT NULL REFERENCES tkt.projects,
  source text NOT NULL, batch text, trigger text NOT NULL, session text,
  at_ms bigint NOT NULL, checked_ms bigint NOT NULL, checks bigint NOT NULL DEFAULT 1,
  note text, outcome text NOT NULL
);
CREATE INDEX readings_source ON tkt.readings (project, source, batch, seq);
`,
  'ALTER TABLE tkt.tickets ADD COLUMN deleted_ms bigint',
  MEMORIES,
  'ALTER TABLE tkt.tickets ADD COLUMN proof text',
  'ALTER TABLE tkt.tickets ADD COLUMN worktree text',
  'ALTER TABLE tkt.tickets ADD COLUMN assignable_to text',
  `
CREATE TABLE tkt.requests (
  project bigint NOT NULL REFERENCES tkt.projects, key text NOT NULL,
  operation text NOT NULL, print text NOT NULL, at_ms bigint NOT NULL, told text NOT NULL,
  PRIMARY KEY (project, key)
);
CREATE INDEX requests_age ON tkt.requests (project, at_ms);
`,
  'ALTER TABLE tkt.tickets ADD COLUMN kind text',
  'ALTER TABLE tkt.tickets ADD COLUMN aged_ms bigint; ALTER TABLE tkt.projects ADD COLUMN aged_ms bigint',
  'ALTER TABLE tkt.tickets ADD COLUMN archived_ms bigint',
  'CREATE INDEX claims_lease ON tkt.claims (project, leased_until_ms)',
  // A partial index is none for who asks by project and session: of a table that was empty when it was last looked at, the
  // planner takes any index for as good, and went through all claims of the project. Pages that it keeps make an index
  // cheaper than the table. Claims are written of tickets that the same statement has locked, and no ticket is ever deleted:
  // to look for the ticket, and for the project of the session, again cost a tenth of a claim. One index serves sessions and
  // slots: a slot that is NULL is like no other.
  `
DROP INDEX tkt.claims_session;
DROP INDEX tkt.claims_one_each;
CREATE UNIQUE INDEX claims_one_each ON tkt.claims (project, session, slot);
DROP INDEX tkt.claims_lease;
CREATE INDEX claims_lease ON tkt.claims (project, leased_until_ms) WHERE leased_until_ms IS NOT NULL;
ALTER TABLE tkt.claims SET (vacuum_truncate = off);
ALTER TABLE tkt.claims DROP CONSTRAINT IF EXISTS claims_ticket_fkey;
ALTER TABLE tkt.agents DROP CONSTRAINT IF EXISTS agents_project_fkey;
`,
  // What is of no batch need not be in them: each claim writes to all indexes that its ticket is in. What is free in a batch
  // is found without a look at what is free elsewhere.
  `
DROP INDEX tkt.tickets_wave;
CREATE INDEX tickets_wave ON tkt.tickets (batch, (coalesce(wave, 0))) WHERE batch IS NOT NULL
  AND type = 'WORKER' AND status IN ('OPEN','CLAIMED','IN_PROGRESS','BLOCKED');
DROP INDEX tkt.tickets_batch;
CREATE INDEX tickets_batch ON tkt.tickets (batch, queue_order, seq) WHERE batch IS NOT NULL;
CREATE INDEX tickets_turn ON tkt.tickets (batch, priority, queue_order, seq) WHERE batch IS NOT NULL
  AND type = 'WORKER' AND status = 'OPEN' AND stage = 'todo';
`,
  // While a table has a page or two, PostgreSQL reads those instead of an index, and a session that goes on claiming keeps that
  // plan while the table grows: half of a claim's time by 500 claims. So it has pages from the beginning, and keeps them.
  `
INSERT INTO tkt.claims (ticket, project, session, claim_no, claimed_ms, base)
  SELECT -n, 0, n::text, 0, 0, repeat('-', 1900) FROM generate_series(1, 64) n;
DELETE FROM tkt.claims WHERE project = 0;
DROP INDEX tkt.claims_lease;
CREATE INDEX claims_lease ON tkt.claims ((project + 0), leased_until_ms) WHERE leased_until_ms IS NOT NULL;
`,
  // A claim opened the table of what waits for what twice, and tables are what a short statement takes longest to set up. Of a
  // CHECK the server reads all the words anew for each statement: one of few words in place of four. What is asked in a function
  // is set up only when it is called, which few tickets need.
  `
ALTER TABLE tkt.tickets ADD COLUMN needs text;
UPDATE tkt.tickets t SET needs = d.needs FROM (
  SELECT ticket, json_agg(needs ORDER BY needs COLLATE "C")::text AS needs FROM tkt.ticket_deps GROUP BY ticket) d
WHERE d.ticket = t.seq;
DROP TABLE tkt.ticket_deps;
CREATE VIEW tkt.ticket_deps AS
  SELECT t.seq AS ticket, d.needs FROM tkt.tickets t, jsonb_array_elements_text(t.needs::jsonb) d (needs);
ALTER TABLE tkt.tickets DROP CONSTRAINT IF EXISTS tickets_status_check, DROP CONSTRAINT IF EXISTS tickets_stage_check,
  DROP CONSTRAINT IF EXISTS tickets_resolution_check, DROP CONSTRAINT IF EXISTS tickets_priority_check,
  ADD CONSTRAINT tickets_words_and_priority CHECK (priority BETWEEN 0 AND 100
    AND status = ANY ('{OPEN,CLAIMED,IN_PROGRESS,BLOCKED,DONE,FAILED,CLOSED}'::text[])
    AND stage = ANY ('{backlog,todo,active,review}'::text[])
    AND resolution = ANY ('{done,cancelled,rejected}'::text[]));
CREATE FUNCTION tkt.is_named(names text, session text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN EXISTS (SELECT FROM jsonb_array_elements_text(names::jsonb) a
    WHERE a = session OR (right(a, 1) = '*' AND starts_with(session, left(a, -1))));
END $$;
`,
]
