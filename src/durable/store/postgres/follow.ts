/**
 * Follows events. Their numbers become visible out of order, so a position is a transaction and a number in it, and only
 * what no transaction under way can still come before is told.
 */
import { PositionRefused } from '../follow-wanted.ts'
import { followedOf } from '../rows.ts'
import type { Followed, FollowWanted, HeldBack } from '../ticket-store.ts'
import type { Place } from './place.ts'

export async function followEvents({ database, project }: Place, wanted: FollowWanted): Promise<Followed> {
  const { after, key, batch, session, types, since_ms, limit } = wanted
  const { tx, seq } = after === undefined ? NOW : partsOf(after)
  const rows = await database.all(FOLLOWING, {
    ...{ project, tx, seq, key, batch, session, since_ms, most: limit + 1 },
    types: types === undefined ? undefined : JSON.stringify(types),
  })
  const events = rows
    .filter((row) => row.seq !== null)
    .slice(0, limit)
    .map((row) => followedOf(row, `${String(row.tx)}.${String(row.seq)}`))
  const isCut = rows.length > limit
  const position = isCut ? events.at(-1)?.position : undefined
  return { events, position: position ?? `${String(rows[0]?.floor)}.0`, isCut }
}

/** There is always a row, for the floor. Both numbers of a transaction are texts: they may be larger than a number here. */
const FOLLOWING = `
SELECT f.floor::text, e.* FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS floor) f LEFT JOIN LATERAL (
  SELECT e.tx::text, e.seq, e.at_ms, e.type, e.actor, e.from_status, e.to_status, e.reason, e.claim_no, e.data,
    t.key, b.key AS batch_key
  FROM tkt.events e LEFT JOIN tkt.tickets t ON t.seq = e.ticket LEFT JOIN tkt.batches b ON b.id = t.batch
  WHERE (e.tx, e.seq) > (coalesce(:tx::text::xid8, f.floor), :seq::bigint) AND e.tx < f.floor AND e.project = :project
    AND (:key::text IS NULL OR t.key = :key) AND (:batch::text IS NULL OR b.key = :batch)
    AND (:session::text IS NULL OR e.actor = :session)
    AND (:types::text IS NULL OR e.type IN (SELECT jsonb_array_elements_text(:types::jsonb)))
    AND (:since_ms::bigint IS NULL OR e.at_ms >= :since_ms)
  ORDER BY e.tx, e.seq LIMIT :most::bigint) e ON true`

/** A server tells the processes of its own user to everybody, and those of others to who may see them. */
export async function heldBack({ database, project }: Place): Promise<HeldBack | undefined> {
  const row = await database.one(HOLDING, { project })
  if (row === undefined) return undefined
  const [pid, since_ms] = [row.pid, row.since_ms] as readonly (number | null)[]
  return { pid: pid ?? undefined, since_ms: since_ms ?? undefined }
}

/** Of a transaction the activity has the lower half of the number. */
const HOLDING = `
SELECT a.pid, (1000 * extract(epoch FROM a.xact_start))::bigint AS since_ms
FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS floor) f
LEFT JOIN pg_stat_activity a ON a.backend_xid::text::bigint = f.floor::text::bigint % 4294967296
WHERE EXISTS (SELECT FROM tkt.events e WHERE e.tx >= f.floor AND e.project = :project)`

const NOW = { tx: undefined, seq: 0 }

function partsOf(position: string): { readonly tx: string; readonly seq: number } {
  const [, tx, seq = '0'] = /^(\d{1,19})(?:\.(\d{1,15}))?$/.exec(position) ?? []
  if (tx !== undefined && (tx === '0' || position.includes('.'))) return { tx, seq: Number(seq) }
  throw new PositionRefused(position)
}
