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
/** What the rows and all that is told beside them may take; with much beside them there are fewer rows. */
const ANSWER_BYTES = 1900
/** However much stands beside them, rows have this much room. */
const SMALLEST_PAGE = 500
/** Bytes of a text in a row that alone is larger than its page. */
export const LONGEST_TEXT = 400

/** The rows from `offset` on: `limit` of them, or as many as keep a default page within its bytes (at least one). */
export function pageOf<Row>(rows: readonly Row[], request: PageRequest, beside: object = {}): Page<Row> {
  const offset = request.offset ?? 0
  const room = Math.min(PAGE_BYTES, Math.max(SMALLEST_PAGE, ANSWER_BYTES - bytesOf(beside)))
  const page =
    request.limit === undefined
      ? fitting(rows.slice(offset), room)
      : rows.slice(offset, offset + request.limit)
  const end = offset + page.length
  return {
    rows: page,
    shown: `shown ${page.length} of ${rows.length}`,
    ...(end < rows.length ? { next: `--offset=${end}` } : {}),
  }
}

function fitting<Row>(rows: readonly Row[], room: number): readonly Row[] {
  let bytes = 0
  const end = rows.findIndex((row) => {
    bytes += bytesOf(row) + 1
    return bytes > room
  })
  const [first] = rows
  if (end !== 0 || first === undefined) return end === -1 ? rows : rows.slice(0, end)
  return [cutTexts(first)]
}

/** Whether all of them have room on a default page; looks no further than it has room. */
export function fitsPage(rows: readonly unknown[]): boolean {
  let bytes = 0
  return rows.every((row) => {
    bytes += bytesOf(row) + 1
    return bytes <= PAGE_BYTES
  })
}

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

const cutTexts = <Row>(row: Row): Row =>
  JSON.parse(
    JSON.stringify(row, (_key, part: unknown) => (typeof part === 'string' ? cut(part) : part)),
  ) as Row

/** A text as it is told in passing, of at most so many bytes; what shows one thing has it whole. */
export function cut(text: string, most = LONGEST_TEXT): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= most) return text
  return `${bytes
    .subarray(0, most - 3)
    .toString('utf8')
    .replace(/\ufffd+$/, '')}…`
}
