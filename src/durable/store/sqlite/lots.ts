/**
 * The tickets that are not in hand, counted by lots: those of a lot are the same to everybody who asks what may be done with
 * them. Triggers keep the counts in whatever transaction changes a ticket, so that no overview counts a hundred thousand.
 */

const COLUMNS = 'project, batch, type, status, waits, wave, who'

/**
 * What is in hand is no part of it: its claims are few, and lead to it. Compared one by one: of a list a table is made in
 * every statement that changes a ticket.
 */
const isCounted = (of: string): string =>
  `${of}deleted_ms IS NULL AND ${of}status <> 'CLAIMED' AND ${of}status <> 'IN_PROGRESS' AND ${of}status <> 'BLOCKED'`

const IS_READY = `type = 'WORKER' AND status = 'OPEN' AND stage = 'todo' AND unmet = 0 AND deleted_ms IS NULL`

/** Of a ticket whose columns have `of` before their names; the index tickets_last says the same words. */
const waits = (of: string): string =>
  `(${of}status = 'OPEN' AND (${of}unmet <> 0 OR ${of}stage IS NOT 'todo'))`
const wave = (of: string): string => `iif(${of}status = 'OPEN', coalesce(${of}wave, 0), 0)`
/** Who may have it; of what is over, who had it last. */
const who = (of: string): string => `CASE ${of}status WHEN 'OPEN' THEN coalesce(${of}assignable_to, '')
  ELSE iif(${of}resolution = 'cancelled' OR ${of}resolution = 'rejected', '', coalesce(${of}last_session, '')) END`

/** Of a ticket `t`, within its project, type and status. */
export const LOT = `coalesce(t.batch, 0), ${waits('t.')}, ${wave('t.')}, ${who('t.')}`
export const WHO = who('t.')

/** The indexes that tell tickets in the order of their turn, each with the words that make it fit. */
export const READY = `INDEXED BY tickets_ready WHERE ${IS_READY}`
export const REST = `INDEXED BY tickets_rest WHERE ${isCounted('t.')} AND NOT (${IS_READY})`
export const LAST = `INDEXED BY tickets_last WHERE ${isCounted('t.')} AND t.status <> 'OPEN'`

const lotOf = (of: string): string =>
  `${of}project, coalesce(${of}batch, 0), ${of}type, ${of}status, ${waits(of)}, ${wave(of)}, ${who(of)}`

/** All lots, as the tickets have them. */
export const COUNTED = `SELECT ${lotOf('')}, count(*) FROM tickets WHERE ${isCounted('')} GROUP BY 1, 2, 3, 4, 5, 6, 7`

const JOIN = `INSERT INTO lots (${COLUMNS}, count) VALUES (${lotOf('NEW.')}, 1) ON CONFLICT DO UPDATE SET count = count + 1;`
const LEAVE = `UPDATE lots SET count = count - 1 WHERE (${COLUMNS}) = (${lotOf('OLD.')});`

const DECISIVE =
  'project, batch, type, status, stage, resolution, unmet, wave, assignable_to, last_session, deleted_ms'

/** A migration: what it says is never edited. */
export const LOTS = `
CREATE TABLE lots (
  project INTEGER NOT NULL, batch INTEGER NOT NULL, type TEXT NOT NULL, status TEXT NOT NULL,
  waits INTEGER NOT NULL, wave INTEGER NOT NULL, who TEXT NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY (${COLUMNS})
) STRICT, WITHOUT ROWID;
INSERT INTO lots ${COUNTED};
CREATE TRIGGER lots_made AFTER INSERT ON tickets WHEN ${isCounted('NEW.')} BEGIN ${JOIN} END;
CREATE TRIGGER lots_gone AFTER DELETE ON tickets WHEN ${isCounted('OLD.')} BEGIN ${LEAVE} END;
CREATE TRIGGER lots_left AFTER UPDATE OF ${DECISIVE} ON tickets WHEN ${isCounted('OLD.')} BEGIN ${LEAVE} END;
CREATE TRIGGER lots_joined AFTER UPDATE OF ${DECISIVE} ON tickets WHEN ${isCounted('NEW.')} BEGIN ${JOIN} END;
CREATE TRIGGER lots_empty AFTER UPDATE OF count ON lots WHEN NEW.count = 0 BEGIN
  DELETE FROM lots
  WHERE (${COLUMNS}) = (NEW.project, NEW.batch, NEW.type, NEW.status, NEW.waits, NEW.wave, NEW.who);
END;
DROP INDEX tickets_ready;
CREATE INDEX tickets_ready ON tickets
  (project, priority, queue_order IS NULL, queue_order, seq, batch, wave, channel, assignable_to) WHERE ${IS_READY};
CREATE INDEX tickets_rest ON tickets
  (project, type, status, priority, queue_order IS NULL, queue_order, seq,
   batch, stage, unmet, wave, assignable_to, last_session, resolution)
  WHERE ${isCounted('')} AND NOT (${IS_READY});
CREATE INDEX tickets_last ON tickets (project, type, status, ${who('')}, priority, queue_order IS NULL, queue_order)
  WHERE ${isCounted('')} AND status <> 'OPEN';
DROP INDEX tickets_batch;
CREATE INDEX tickets_batch ON tickets (batch);
`
