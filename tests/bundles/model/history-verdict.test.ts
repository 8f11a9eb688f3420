import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chained, hashOf } from '../../../src/bundles/model/history-chain.ts'
import { judgeHistory } from '../../../src/bundles/model/history-verdict.ts'

const told = (word: string): string => `[2026-03-01T12:00:00Z] INIT project=${word}`
const logOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')
/** Lines as processes write them one after the other, each with what it says. */
const written = (words: readonly string[], before = ''): string =>
  words.reduce((log, word) => log + logOf(chained([told(word)], log)), before)
const problemsIn = (log: string) =>
  judgeHistory(log).problems.map(({ line, kind }) => `${line ?? '-'} ${kind}`)
const replaced = (lines: readonly string[], at: number, ...by: readonly string[]): readonly string[] =>
  lines.toSpliced(at, 1, ...by)

describe('a history that is as it was written', () => {
  test('is found so, with its lines counted', () => {
    expect(judgeHistory(written(['a', 'b', 'c']))).toEqual({
      lines: 3,
      chained: 3,
      unchained: 0,
      joins: 0,
      open_ends: 1,
      problems: [],
    })
    expect(judgeHistory('')).toMatchObject({ lines: 0, open_ends: 0, problems: [] })
  })

  test('may have forks, which the next line joins', () => {
    const base = written(['a'])
    const [left, right] = [written(['b', 'c'], base), written(['d'], base)]
    const merged = left + right.slice(base.length)
    expect(judgeHistory(merged)).toMatchObject({ joins: 0, open_ends: 2, problems: [] })
    expect(judgeHistory(written(['e', 'f'], merged))).toMatchObject({
      ...{ chained: 6, joins: 1, open_ends: 1, problems: [] },
    })
  })

  test('may begin without hashes, and have lines of another tool that a later line names', () => {
    const older = logOf([told('old'), 'torn li', told('older')])
    const log = written(['a'], older)
    expect(judgeHistory(log)).toMatchObject({ chained: 1, unchained: 3, problems: [] })
    expect(judgeHistory(written(['b'], log + logOf([told('x'), told('y')])))).toMatchObject({
      ...{ chained: 2, unchained: 5, joins: 1, problems: [] },
    })
  })

  test('may have the line ends of Windows', () => {
    expect(judgeHistory(written(['a', 'b']).replaceAll('\n', '\r\n'))).toMatchObject({
      ...{ chained: 2, problems: [] },
    })
  })
})

describe('what is told of one that is not', () => {
  const lines = written(['a', 'b', 'c']).trimEnd().split('\n')

  test.each<readonly [string, readonly string[], readonly string[]]>([
    ['another word in a line', replaced(lines, 1, (lines[1] ?? '').replace('=b', '=B')), ['2 changed']],
    ['a line taken out', replaced(lines, 1), ['2 missing']],
    ['the first line taken out', replaced(lines, 0), ['1 missing']],
    ['a line put in', replaced(lines, 1, told('x'), lines[1] ?? ''), ['2 unchained']],
    ['a line twice', replaced(lines, 1, lines[1] ?? '', lines[1] ?? ''), ['3 repeated']],
    ['a line without its hash', replaced(lines, 1, told('b')), ['2 unchained', '3 missing']],
    ['a damaged hash', replaced(lines, 2, (lines[2] ?? '').replace(/.$/, 'x')), ['3 changed']],
  ])('%s', (_, changed, problems) => {
    expect(problemsIn(logOf(changed))).toEqual(problems)
  })

  test('a line that a crash cut anywhere is torn, until the next one names it', () => {
    const [first = '', second = ''] = lines
    for (let length = 1; length < second.length; length += 1) {
      const log = `${first}\n${second.slice(0, length)}`
      expect(problemsIn(log)).toEqual(['2 torn'])
      expect(problemsIn(written(['y', 'z'], `${log}\n`))).toEqual([])
    }
  })

  test('a line of an older time that was changed is missed by the first one with a hash', () => {
    const log = written(['a'], logOf([told('old')]))
    expect(problemsIn(log.replace('=old', '=new'))).toEqual(['2 missing'])
    expect(judgeHistory(log.replace('=old', '=new')).problems[0]?.says).toContain(hashOf(told('old')))
  })
})

describe('in any chain, with forks,', () => {
  const words = fc.array(fc.stringMatching(/^[a-z"= ]{1,12}$/), { minLength: 1, maxLength: 6 })
  /** The words of a line of work, of two branches of it, and of what follows their merge. */
  const histories = fc.tuple(words, words, words, words).map(([begun, left, right, after]) => {
    const base = written(begun)
    const other = right.map((word) => `${word}!`)
    return written(after, written(left, base) + written(other, base).slice(base.length))
  })

  test('nothing is found that is not there', () => {
    fc.assert(fc.property(histories, (log) => judgeHistory(log).problems.length === 0))
  })

  test('any changed character is found', () => {
    const character = fc.oneof(
      fc.constantFrom('0', 'a', ' ', '=', '\n', '"', ','),
      fc.string({ minLength: 1 }),
    )
    fc.assert(
      fc.property(histories, fc.nat(), character, (log, at, other) => {
        const place = at % (log.length - 1) // the last line break may go: no word goes with it
        fc.pre(log[place] !== other && !(log[place] === '\n' && /^[\r\n]+$/.test(other)))
        const changed = log.slice(0, place) + other + log.slice(place + 1)
        expect(judgeHistory(changed).problems).not.toEqual([])
      }),
      { numRuns: 2000 },
    )
  })

  test('any line taken out that another one names is found', () => {
    fc.assert(
      fc.property(histories, fc.nat(), (log, at) => {
        const lines = log.trimEnd().split('\n')
        const place = at % (lines.length - 1)
        expect(judgeHistory(logOf(lines.toSpliced(place, 1))).problems).not.toEqual([])
      }),
    )
  })
})
