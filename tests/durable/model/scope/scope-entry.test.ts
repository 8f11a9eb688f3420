import { describe, expect, test } from 'vitest'
import { compileEntry, refusedEntry } from '../../../../src/durable/model/scope/scope-entry.ts'

interface Case {
  readonly entry: string
  readonly admits: readonly string[]
  readonly not: readonly string[]
}

const CASES: readonly Case[] = [
  { entry: 'src/', admits: ['src', 'src/a', 'src/.x/b c'], not: ['src2', 'src2/a', 'lib/src/a'] },
  { entry: 'src', admits: ['src', 'src/a/b'], not: ['src2', 'srcs/a', 'Src/a'] },
  { entry: './src//a/./b/', admits: ['src/a/b', 'src/a/b/c'], not: ['src/a'] },
  { entry: '.', admits: ['a', '.a/b', 'a\nb/c'], not: [] },
  { entry: 'a.py', admits: ['a.py'], not: ['a.py.bak', 'aXpy', 'b/a.py'] },
  { entry: 'src/**', admits: ['src', 'src/a', 'src/a/.b/c'], not: ['src2/a'] },
  { entry: '**/*.ts', admits: ['a.ts', 'a/b/.c.ts', 'a/\n.ts'], not: ['a.tsx', 'a.ts/b'] },
  { entry: 'src/*.ts', admits: ['src/a.ts', 'src/.ts'], not: ['src/a/b.ts', 'src/a.js'] },
  { entry: 'packages/*', admits: ['packages/a'], not: ['packages', 'packages/a/b'] },
  { entry: 'packages/*/', admits: ['packages/a', 'packages/a/b/c'], not: ['packages'] },
  { entry: 'a/**/b', admits: ['a/b', 'a/x/b', 'a/x/y/b'], not: ['ab', 'a/bb'] },
  { entry: '*.{ts,tsx}', admits: ['a.ts', 'a.tsx'], not: ['a.t', 'b/a.ts'] },
  { entry: 'v[12]?/[!x]', admits: ['v1a/y', 'v2\u{dc80}/a'], not: ['v3a/y', 'v1a/x', 'v1/y'] },
  { entry: 'app/[slug]/*', admits: ['app/[slug]/a', 'app/s/a'], not: ['app/slug/a'] },
  { entry: 'app/(site)/*', admits: ['app/(site)/a'], not: ['app/site/a'] },
  { entry: 'c++|@(a)/!*', admits: ['c++|@(a)/!x'], not: ['c+|@(a)/!x', 'ccc|@a/!x'] },
  { entry: 'ä/\u{1f600}*', admits: ['ä/\u{1f600}', 'ä/\u{1f600}\udce9'], not: ['ä/x'] },
  { entry: '[*]', admits: ['*'], not: ['a'] },
]

describe('an entry', () => {
  test.each(CASES)('$entry admits what it says and nothing else', ({ entry, admits, not }) => {
    expect(refusedEntry(entry)).toBeUndefined()
    const isAdmitted = compileEntry(entry)
    expect(admits.filter((path) => !isAdmitted(path))).toEqual([])
    expect(not.filter((path) => isAdmitted(path))).toEqual([])
  })

  test.each([
    ['', 'empty'],
    [' ', 'empty'],
    ['/src', 'absolute'],
    ['C:/src', 'absolute'],
    ['src\\a', 'with /'],
    ['../a', 'upwards'],
    ['src/../a', 'upwards'],
    ['a/..', 'upwards'],
    ['!src', 'deny'],
    ['a\0', 'NUL'],
    ['a'.repeat(501), '500'],
    ['src/{a', 'brackets'],
    ['src/a[', 'brackets'],
    ['*]', 'brackets'],
    ['[z-a]', 'brackets'],
    ['src/**.ts', 'alone'],
    ['a**/b', 'alone'],
    ['***', 'alone'],
    ['{**/a,b}', 'alone'],
    ['{1..3}', 'ranges'],
    ['*a*a*a*a', 'more than three'],
    ['{a,aa}{a,aa}{a,aa}{a,aa}', 'more than three'],
    ['**/a/**/b/*/**/c/**/d', 'more than three **'],
    ['**/a/**/b/*/*/*.{ts,js}', 'more than five'],
  ])('%j is refused by name', (entry, reason) => {
    const refusal = refusedEntry(entry)
    expect(refusal).toContain(reason)
    expect(refusal).toContain(JSON.stringify(entry.slice(0, 200)))
  })

  test.each(['..a/b..', '**/src/**/test/**/*.{ts,js}', 'a..b', 'x/**/*-*-*.md'])(
    '%s is none of these',
    (entry) => {
      expect(refusedEntry(entry)).toBeUndefined()
    },
  )
})
