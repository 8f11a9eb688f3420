import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { chained, hashOf, linesOf, linkOf } from '../../../src/bundles/model/history-chain.ts'

const line = (number: number): string => `[2026-03-01T12:00:00Z] INIT project=p${number}`
const prevOf = (text: string | undefined): readonly string[] | undefined => linkOf(text ?? '')?.prev
const hashIn = (text: string | undefined): string => linkOf(text ?? '')?.hash ?? ''
/** A log of these lines, and what a further line names as those before it. */
const namedAfter = (...lines: readonly (string | undefined)[]): readonly string[] | undefined =>
  prevOf(chained([line(9)], lines.map((text) => `${text ?? ''}\n`).join(''))[0])

describe('a line of the chain', () => {
  test('ends in what it is behind, and in the first digits of the SHA-256 of all before that', () => {
    const [first = ''] = chained([line(1)], '')
    const body = `${line(1)} prev=none`
    const sum = createHash('sha256').update(body).digest('hex').slice(0, 16)
    expect(first).toBe(`${body} hash=${sum}`)
    expect(linkOf(first)).toEqual({ hash: sum, prev: [], body })
  })

  test.each(['', 'ascii', 'äöü \u{1f600}', '\ud800', 'x'.repeat(100_000)])(
    'has the hash that everybody computes: %#',
    (text) => {
      expect(hashOf(text)).toBe(createHash('sha256').update(text).digest('hex').slice(0, 16))
    },
  )

  test('names the one before it, in the log or written with it', () => {
    const [one, two] = chained([line(1), line(2)], '')
    expect(prevOf(two)).toEqual([hashIn(one)])
    expect(namedAfter(one, two)).toEqual([hashIn(two)])
  })

  test('names all that none had named: of processes that wrote at once, or of two branches', () => {
    const [base = ''] = chained([line(0)], '')
    const [one, two, three] = [1, 2, 3].map((number) => chained([line(number)], `${base}\n`)[0])
    expect(namedAfter(base, one, two, three)).toEqual([one, two, three].map(hashIn))
    const join = chained([line(4)], `${base}\n${one ?? ''}\n${two ?? ''}\n`)[0]
    expect(namedAfter(base, one, two, join)).toEqual([hashIn(join)])
  })

  test('names lines without a hash that came last: of the time before there were hashes only the newest', () => {
    expect(namedAfter(line(1), line(2))).toEqual([hashOf(line(2))])
    const [own] = chained([line(3)], '')
    expect(namedAfter(line(1), own, line(4), line(5))).toEqual([
      hashIn(own),
      hashOf(line(4)),
      hashOf(line(5)),
    ])
    expect(prevOf(chained([line(9)], 'half a li')[0])).toEqual([hashOf('half a li')])
  })

  test('is seen where git gave the log the line ends of Windows', () => {
    const [one = '', two = ''] = chained([line(1), line(2)], '')
    expect(prevOf(chained([line(3)], `${one}\r\n${two}\r\n`)[0])).toEqual([hashIn(two)])
    expect(linesOf(`${one}\r\n${two}\r\n`)).toEqual([one, two, ''])
  })

  test('is not taken for one in a text that looks like one', () => {
    const forged = `[2026-03-01T12:00:00Z] INIT project="x hash=0123456789abcdef" prev=none`
    const [own] = chained([forged], '')
    expect(namedAfter(own)).toEqual([hashIn(own)])
    expect([line(1), '', forged, `${line(1)} hash=0123456789abcdef`].map(linkOf)).toEqual(
      Array.from({ length: 4 }, () => undefined),
    )
  })
})
