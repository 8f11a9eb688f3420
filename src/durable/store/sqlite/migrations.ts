/**
 * The schema of the embedded database, step by step: appended to, never edited. Times are milliseconds since 1970, states
 * are words, JSON is read back whole.
 */
import { LOTS } from './lots.ts'
import { MEMORIES } from './memories.ts'

/** Step n brings a database of version n-1 to version n. */
export const MIGRATIONS: readonly string[] = [
  `
CREATE TABLE projects (
  id INTEGER PRIMARY KEY, org TEXT NOT NULL, slug TEXT NOT NULL, name TEXT NOT NULL, created_ms INTEGER NOT NULL,
  UNIQUE (org, slug)
) STRICT;

CREATE TABLE agents (
  project INTEGER NOT NULL REFERENCES projects, id TEXT NOT NULL,
  host TEXT, started_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL,
  PRIMARY KEY (project, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE batches (
  id INTEGER PRIMARY KEY, project INTEGER NOT NULL REFERENCES projects, key TEXT NOT NULL,
  mode TEXT, status TEXT, created_ms INTEGER NOT NULL, closed_ms INTEGER, closed_by TEXT,
  UNIQUE (project, key)
) STRICT;

CREATE TABLE tickets (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL UNIQUE,
  project INTEGER NOT NULL REFERENCES projects, key TEXT NOT NULL, batch INTEGER REFERENCES batches,
  title TEXT NOT NULL, summary TEXT NOT NULL, type TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'OPEN'
    CHECK (status IN ('OPEN','CLAIMED','IN_PROGRESS','BLOCKED','DONE','FAILED','CLOSED')),
  stage TEXT CHECK (stage IN ('backlog','todo','active','review')),
  resolution TEXT CHECK (resolution IN ('done','cancelled','rejected')),
  priority INTEGER NOT NULL DEFAULT 50 CHECK (priority BETWEEN 0 AND 100),
  wave INTEGER, queue_order INTEGER, unmet INTEGER NOT NULL DEFAULT 0,
  source TEXT NOT NULL, provenance TEXT NOT NULL, visibility TEXT NOT NULL,
  channel TEXT NOT NULL DEFAULT 'default', tier TEXT, assignee TEXT, parent INTEGER REFERENCES tickets,
  payload TEXT, outputs TEXT, scope TEXT,
  blocked_reason TEXT, outcome TEXT, last_session TEXT,
  claim_no INTEGER NOT NULL DEFAULT 0, version INTEGER NOT NULL DEFAULT 1,
  created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL, closed_ms INTEGER,
  UNIQUE (project, key)
) STRICT;
CREATE INDEX tickets_ready ON tickets (project, priority, queue_order, seq) WHERE status = 'OPEN' AND unmet = 0;
CREATE INDEX tickets_batch ON tickets (batch, status);

CREATE TABLE ticket_deps (
  ticket INTEGER NOT NULL REFERENCES tickets ON DELETE CASCADE, needs TEXT NOT NULL,
  PRIMARY KEY (ticket, needs)
) STRICT, WITHOUT ROWID;
CREATE INDEX ticket_deps_needs ON ticket_deps (needs);

CREATE TABLE claims (
  ticket INTEGER PRIMARY KEY REFERENCES tickets ON DELETE CASCADE, project INTEGER NOT NULL, session TEXT NOT NULL,
  claim_no INTEGER NOT NULL, claimed_ms INTEGER NOT NULL, leased_until_ms INTEGER, slot INTEGER
) STRICT;
CREATE INDEX claims_session ON claims (project, session);
CREATE UNIQUE INDEX claims_one_each ON claims (project, session, slot) WHERE slot IS NOT NULL;

CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, project INTEGER NOT NULL, ticket INTEGER,
  type TEXT NOT NULL, actor TEXT, from_status TEXT, to_status TEXT, reason TEXT, claim_no INTEGER, data TEXT
) STRICT;
CREATE INDEX events_ticket ON events (ticket, seq);
`,
  `
ALTER TABLE tickets ADD COLUMN required_work TEXT;
ALTER TABLE tickets ADD COLUMN acceptance TEXT;
ALTER TABLE tickets ADD COLUMN noted TEXT;
ALTER TABLE claims ADD COLUMN base TEXT;

CREATE TABLE readings (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, project INTEGER NOT NULL REFERENCES projects,
  source TEXT NOT NULL, batch TEXT, trigger TEXT NOT NULL, session TEXT,
  at_ms INTEGER NOT NULL, checked_ms INTEGER NOT NULL, checks INTEGER NOT NULL DEFAULT 1,
  note TEXT, outcome TEXT NOT NULL
) STRICT;
CREATE INDEX readings_source ON readings (project, source, batch, seq);
`,
  'ALTER TABLE tickets ADD COLUMN deleted_ms INTEGER;',
  `
DROP INDEX tickets_ready;
CREATE INDEX tickets_ready ON tickets (project, priority, queue_order IS NULL, queue_order, seq)
  WHERE type = 'WORKER' AND status = 'OPEN' AND stage = 'todo' AND unmet = 0 AND deleted_ms IS NULL;
CREATE INDEX tickets_wave ON tickets (batch, coalesce(wave, 0))
  WHERE type = 'WORKER' AND deleted_ms IS NULL AND status IN ('OPEN','CLAIMED','IN_PROGRESS','BLOCKED');
`,
  MEMORIES,
  'ALTER TABLE tickets ADD COLUMN proof TEXT;',
  'ALTER TABLE tickets ADD COLUMN worktree TEXT;',
  'ALTER TABLE tickets ADD COLUMN assignable_to TEXT;',
  `
CREATE TABLE requests (
  project INTEGER NOT NULL REFERENCES projects, key TEXT NOT NULL,
  operation TEXT NOT NULL, print TEXT NOT NULL, at_ms INTEGER NOT NULL, told TEXT NOT NULL,
  PRIMARY KEY (project, key)
) STRICT;
CREATE INDEX requests_age ON requests (project, at_ms);
`,
  'ALTER TABLE tickets ADD COLUMN kind TEXT;',
  'ALTER TABLE tickets ADD COLUMN aged_ms INTEGER; ALTER TABLE projects ADD COLUMN aged_ms INTEGER;',
  'ALTER TABLE tickets ADD COLUMN archived_ms INTEGER;',
  'CREATE INDEX claims_lease ON claims (project, leased_until_ms);',
  LOTS,
  // One index serves both: a slot that is NULL is like no other.
  `
DROP INDEX claims_session;
DROP INDEX claims_one_each;
CREATE UNIQUE INDEX claims_one_each ON claims (project, session, slot);
`,
  // A ticket of no batch has no wave: it need not be in the index that each change of a status writes to. What is free in a
  // batch is found without a look at what is free elsewhere.
  `
DROP INDEX tickets_wave;
CREATE INDEX tickets_wave ON tickets (batch, coalesce(wave, 0)) WHERE batch IS NOT NULL
  AND type = 'WORKER' AND deleted_ms IS NULL AND status IN ('OPEN','CLAIMED','IN_PROGRESS','BLOCKED');
CREATE INDEX tickets_turn ON tickets (batch, priority, queue_order IS NULL, queue_order, seq) WHERE batch IS NOT NULL
  AND type = 'WORKER' AND status = 'OPEN' AND stage = 'todo' AND unmet = 0 AND deleted_ms IS NULL;
`,
]
