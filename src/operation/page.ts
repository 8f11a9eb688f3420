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

/** Without an explicit limit texts are cut at so many characters; what shows one thing has them whole. */
export const LONGEST_TEXT = 160

/**
 * The rows from `offset` on: `limit` of them, whole, or as many as keep a default page within its bytes, their texts cut
 * (at least one row).
 */
export function pageOf<Row>(rows: readonly Row[], request: PageRequest): Page<Row> {
  const offset = request.offset ?? 0
  const page =
    request.limit === undefined ? fitting(rows.slice(offset)) : rows.slice(offset, offset + request.limit)
  const end = offset + page.length
  return {
    rows: page,
    shown: `shown ${page.length} of ${rows.length}`,
    ...(end < rows.length ? { next: `--offset=${end}` } : {}),
  }
}

function fitting<Row>(rows: readonly Row[]): readonly Row[] {
  const page: Row[] = []
  let bytes = 0
  for (const row of rows) {
    const json = JSON.stringify(row, (_key, part: unknown) => (typeof part === 'string' ? cut(part) : part))
    bytes += Buffer.byteLength(json) + 1
    if (bytes > PAGE_BYTES && page.length > 0) break
    page.push(JSON.parse(json) as Row)
  }
  return page
}

/** A text as a default page shows it. */
export const cut = (text: string): string =>
  text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 1).replace(/[\ud800-\udbff]$/, '')}…`
