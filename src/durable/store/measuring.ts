/** How work is measured, in words that both databases understand: from the events of worker tickets. */
import { COUNTED, type Counted, type Measure, type MEASURED_BY } from '../model/measure.ts'
import type { Row } from './rows.ts'

export interface MeasureWanted {
  readonly by?: (typeof MEASURED_BY)[number] | undefined
  readonly since_ms: number
  readonly batch?: string | undefined
  /** Who acted. */
  readonly session?: string | undefined
  readonly channel?: string | undefined
  /** Of the groups, those with the most closed tickets first. */
  readonly limit: number
  readonly offset: number
}

export interface Measured {
  readonly groups: readonly Measure[]
  readonly total: number
}

const GROUPS = { batch: 'b.key', session: 'e.actor', channel: 't.channel' } as const

/** `schema` stands before the name of each table. Its parameters are those of `wanted`, and `project`. */
export const measureStatement = ({ by }: MeasureWanted, schema: string): string => `
WITH happened AS MATERIALIZED (
  SELECT coalesce(${by === undefined ? 'NULL' : GROUPS[by]}, '') AS name, e.type, e.at_ms, e.ticket, t.created_ms, (
    SELECT min(f.at_ms) FROM ${schema}events f WHERE f.ticket = e.ticket AND f.type IN ('ticket.claimed','ticket.taken_over')
      AND e.type IN ('ticket.claimed','ticket.closed')) AS begun_ms
  FROM ${schema}events e JOIN ${schema}tickets t ON t.seq = e.ticket LEFT JOIN ${schema}batches b ON b.id = t.batch
  WHERE e.project = :project AND e.at_ms >= :since_ms AND t.type = 'WORKER'
    AND (CAST(:batch AS text) IS NULL OR b.key = :batch) AND (CAST(:session AS text) IS NULL OR e.actor = :session)
    AND (CAST(:channel AS text) IS NULL OR t.channel = :channel)),
spans AS (
  SELECT name, 'cycle' AS kind, at_ms - begun_ms AS ms FROM happened WHERE type = 'ticket.closed' AND begun_ms IS NOT NULL
  UNION ALL
  SELECT name, 'waiting', at_ms - created_ms FROM happened WHERE type = 'ticket.claimed' AND at_ms = begun_ms),
ranked AS (
  SELECT name, kind, ms, row_number() OVER (PARTITION BY name, kind ORDER BY ms) AS place,
    count(*) OVER (PARTITION BY name, kind) AS many FROM spans),
times AS (
  SELECT name, ${['cycle', 'waiting'].map(timesOf).join(', ')} FROM ranked GROUP BY name),
counts AS (
  SELECT name, ${COUNTED.map((one) => `count(*) FILTER (WHERE type = 'ticket.${one}') AS ${one}`).join(', ')}
  FROM happened GROUP BY name),
page AS (
  SELECT c.*, ${TIMES.join(', ')} FROM counts c LEFT JOIN times t ON t.name = c.name
  ORDER BY c.closed DESC, c.claimed DESC, c.name LIMIT :limit OFFSET :offset)
SELECT p.*, n.groups FROM (SELECT count(*) AS groups FROM counts) n LEFT JOIN page p ON true
ORDER BY p.closed DESC, p.claimed DESC, p.name`

/** The middle one, and the first that nine of ten are not above. */
const timesOf = (kind: string): string => `
  max(CASE WHEN kind = '${kind}' AND place = (many + 1) / 2 THEN ms END) AS ${kind}_median,
  max(CASE WHEN kind = '${kind}' AND place = (9 * many + 9) / 10 THEN ms END) AS ${kind}_p90,
  max(CASE WHEN kind = '${kind}' THEN ms END) AS ${kind}_longest`

const TIMES = ['cycle', 'waiting'].flatMap((kind) =>
  ['median', 'p90', 'longest'].map((of) => `t.${kind}_${of}`),
)

export const measuredOf = (rows: readonly Row[]): Measured => ({
  groups: rows.filter(isGroup).map((row) => ({
    name: row.name === '' ? undefined : (row.name as string),
    counts: Object.fromEntries(COUNTED.map((one) => [one, Number(row[one])])) as Record<Counted, number>,
    cycle: timesIn(row, 'cycle'),
    waiting: timesIn(row, 'waiting'),
  })),
  total: Number(rows[0]?.groups ?? 0),
})

/** There is always a row, for the number of groups. */
const isGroup = ({ name }: Row): boolean => name !== null

function timesIn(row: Row, kind: string): Measure['cycle'] {
  const number = (value: unknown): number | undefined => (value === null ? undefined : Number(value))
  return {
    median: number(row[`${kind}_median`]),
    p90: number(row[`${kind}_p90`]),
    longest: number(row[`${kind}_longest`]),
  }
}
