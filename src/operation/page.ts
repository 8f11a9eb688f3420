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
  return pageOfThings(rows, (row) => row, request, beside)
}

/** The same of things that each make a row; only those that are shown are made. */
export function pageOfThings<Thing, Row>(
  things: readonly Thing[],
  rowOf: (thing: Thing) => Row,
  request: PageRequest,
  beside: object = {},
): Page<Row> {
  const { limit, offset = 0 } = request
  const room = Math.min(PAGE_BYTES, Math.max(SMALLEST_PAGE, ANSWER_BYTES - bytesOf(beside)))
  const rows =
    limit === undefined
      ? fitting(things.slice(offset), rowOf, room)
      : things.slice(offset, offset + limit).map(rowOf)
  const end = offset + rows.length
  return {
    rows,
    shown: `shown ${rows.length} of ${things.length}`,
    ...(end < things.length ? { next: `--offset=${end}` } : {}),
  }
}

function fitting<Thing, Row>(
  things: readonly Thing[],
  rowOf: (thing: Thing) => Row,
  room: number,
): readonly Row[] {
  const rows: Row[] = []
  let bytes = 0
  for (const thing of things) {
    const row = rowOf(thing)
    bytes += bytesOf(row) + 1
    if (bytes > room) return rows.length === 0 ? [cutTexts(row)] : rows
    rows.push(row)
  }
  return rows
}

/** Whether all the rows that these things make have room on a default page; looks no further than it has room. */
export function fitsPage<Thing>(things: readonly Thing[], rowOf: (thing: Thing) => unknown): boolean {
  let bytes = 0
  return things.every((thing) => {
    bytes += bytesOf(rowOf(thing)) + 1
    return bytes <= PAGE_BYTES
  })
}

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

/** With each text in it as it is told in passing. */
export const cutTexts = <Row>(row: Row): Row =>
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
