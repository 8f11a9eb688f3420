/** Bounded answers: every list has a page, and says how much of how many it shows. */

export interface PageRequest {
  readonly limit?: number | undefined
  readonly offset?: number | undefined
}

export interface Page<Row> {
  readonly rows: readonly Row[]
  readonly shown: string
  /** How to get the rest; absent when this is the end. */
  readonly next?: string
}

/** Without an explicit limit a page takes as many rows as fit in this many bytes of JSON. */
export const PAGE_BYTES = 1500

/** The rows from `offset` on: `limit` of them, or as many as keep a default page within its bytes (at least one). */
export function pageOf<Row>(rows: readonly Row[], request: PageRequest): Page<Row> {
  const offset = request.offset ?? 0
  const rest = rows.slice(offset, request.limit === undefined ? undefined : offset + request.limit)
  const page = request.limit === undefined ? rest.slice(0, countFitting(rest)) : rest
  const end = offset + page.length
  return {
    rows: page,
    shown: `shown ${page.length} of ${rows.length}`,
    ...(end < rows.length ? { next: `--offset=${end}` } : {}),
  }
}

function countFitting(rows: readonly unknown[]): number {
  let bytes = 0
  const first = rows.findIndex((row) => {
    bytes += Buffer.byteLength(JSON.stringify(row)) + 1
    return bytes > PAGE_BYTES
  })
  return first === -1 ? rows.length : Math.max(1, first)
}
