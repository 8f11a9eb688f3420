/**
 * A ticket with its claim comes as one column, as JSON: fifty columns take the driver longer than the server.
 */
import type { Row } from '../rows.ts'

/** What is read with a ticket `t`, and the claim `c` of it: in the order in which it is unpacked. */
const COLUMNS = {
  batch_key: '(SELECT b.key FROM tkt.batches b WHERE b.id = t.batch)',
  parent_key: '(SELECT p.key FROM tkt.tickets p WHERE p.seq = t.parent)',
  session: 'c.session',
  held_no: 'c.claim_no',
  claimed_ms: 'c.claimed_ms',
  leased_until_ms: 'c.leased_until_ms',
  slot: 'c.slot',
  base: 'c.base',
}

/** SQL for the column, of a ticket whose own columns are that record. */
export const packed = (record: string): string =>
  `json_build_array(${[record, ...Object.values(COLUMNS)].join(', ')})::text AS packed`

/** The row with all that is packed in it as columns. They are written out, as names that are looked up take a claim longer. */
export function unpacked(row: Row): Row {
  if (typeof row.packed !== 'string') return row
  const [record, batch_key, parent_key, ...claim] = JSON.parse(row.packed) as readonly [Row, ...unknown[]]
  const [session, held_no, claimed_ms, leased_until_ms, slot, base] = claim
  const whole: Record<string, unknown> = {
    ...record,
    ...{ batch_key, parent_key, session, held_no, claimed_ms, leased_until_ms, slot, base },
  }
  for (const name in row) if (name !== 'packed') whole[name] = row[name]
  return whole
}
