import { describe, expect, test } from 'vitest'
import { cut, PAGE_BYTES, pageOf, type PageRequest } from '../../src/operation/page.ts'

const rows = (count: number, text = 'a ticket'): readonly { readonly id: number; readonly text: string }[] =>
  Array.from({ length: count }, (_, id) => ({ id, text }))

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

describe('a page without a limit', () => {
  test('holds every row that fits its bytes, and says where the rest begins', () => {
    const page = pageOf(rows(500), {})
    expect(bytesOf(page.rows)).toBeLessThanOrEqual(PAGE_BYTES + 2)
    expect(bytesOf([...page.rows, rows(500)[page.rows.length]])).toBeGreaterThan(PAGE_BYTES)
    expect(page).toMatchObject({
      shown: `shown ${page.rows.length} of 500`,
      next: `--offset=${page.rows.length}`,
    })
  })

  test('holds a row that fills it to the last byte', () => {
    const filling = 'x'.repeat(PAGE_BYTES - 3) // with its quotes and the comma behind it
    expect(pageOf([filling.slice(10), 'xxxxxxx', 'y'], {}).rows).toHaveLength(2)
    expect(pageOf([filling.slice(10), 'xxxxxxxx', 'y'], {}).rows).toHaveLength(1)
  })

  test('counts bytes, not characters', () => {
    expect(pageOf(rows(500, 'ä'.repeat(200)), {}).rows).toHaveLength(3)
  })

  test('has fewer rows when much is told beside them', () => {
    const all = rows(500, 'x'.repeat(80))
    const count = (title: string): number => pageOf(all, {}, { title }).rows.length
    expect(count('short')).toBe(pageOf(all, {}).rows.length)
    expect(count('x'.repeat(1000))).toBeLessThan(count('short'))
    expect(count('x'.repeat(5000))).toBeGreaterThan(1)
  })

  test('shows one row however large it is, its texts cut where it fills more than a page alone', () => {
    const long = '\u{1f600}'.repeat(1000)
    const page = pageOf(
      [
        { title: long, log: [{ reason: long }] },
        { title: 'b', log: [] },
      ],
      {},
    )
    expect(page).toMatchObject({ shown: 'shown 1 of 2', next: '--offset=1' })
    expect(page.rows).toEqual([{ title: cut(long), log: [{ reason: cut(long) }] }])
    expect(cut(long)).toBe(`${'\u{1f600}'.repeat(99)}…`)
    expect(pageOf([{ title: long }], { limit: 1 }).rows).toEqual([{ title: long }])
  })

  test('leads through all rows, each once, when its next is followed', () => {
    const all = rows(200)
    const from = (offset: number): readonly unknown[] => {
      const { rows: shown, next } = pageOf(all, { offset })
      return next === undefined ? shown : [...shown, ...from(Number(next.replace('--offset=', '')))]
    }
    expect(from(0)).toEqual(all)
  })
})

describe('a page', () => {
  test.each<readonly [string, number, PageRequest, number, string | undefined]>([
    ['of no rows', 0, {}, 0, undefined],
    ['of as many rows as asked for', 10, { limit: 3 }, 3, '--offset=3'],
    ['in the middle', 10, { limit: 3, offset: 3 }, 3, '--offset=6'],
    ['at the end', 10, { limit: 3, offset: 8 }, 2, undefined],
    ['that ends where the rows end', 10, { limit: 5, offset: 5 }, 5, undefined],
    ['with a limit beyond the rows', 10, { limit: 1000 }, 10, undefined],
    ['beyond the end', 10, { offset: 10 }, 0, undefined],
    ['far beyond the end', 10, { limit: 3, offset: 1000 }, 0, undefined],
  ])('%s is right', (_title, count, request, shown, next) => {
    const page = pageOf(rows(count), request)
    expect(page.rows).toEqual(rows(count).slice(request.offset ?? 0, (request.offset ?? 0) + shown))
    expect(page.shown).toBe(`shown ${shown} of ${count}`)
    expect(page.next).toBe(next)
  })

  test('with a limit is as large as one asks for', () => {
    expect(pageOf(rows(5, 'x'.repeat(PAGE_BYTES)), { limit: 4 }).rows).toHaveLength(4)
  })
})
