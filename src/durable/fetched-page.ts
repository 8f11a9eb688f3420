/** A page of rows of which the database gave only some. */
import { pageOf, type Page, type PageRequest } from '../operation/page.ts'

/** Of rows that were fetched from `offset` on, where there are `total`. */
export function pageOfFetched<Row>(
  fetched: readonly Row[],
  total: number,
  { limit, offset = 0 }: PageRequest,
): Page<Row> {
  const { rows } = pageOf(fetched, { limit })
  const end = offset + rows.length
  return {
    rows,
    shown: `shown ${rows.length} of ${total}`,
    ...(end < total ? { next: `--offset=${end}` } : {}),
  }
}

/** More rows never have room on a default page. */
export const MOST_SHOWN = 50
