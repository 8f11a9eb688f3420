import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { refusedEntry } from '../../../../src/durable/model/scope/scope-entry.ts'
import { meetingsOf } from '../../../../src/durable/model/scope/scope-overlap.ts'
import { scopeAdmits, scopeOf, type Scope } from '../../../../src/durable/model/scope/scope.ts'

const NO_CONFIG = { rules: [], defaults: { allow: [], deny: [] } }

const scope = (allow: readonly string[], deny: readonly string[] = []): Scope =>
  scopeOf('TKT-001', { allow, deny }, NO_CONFIG)

const MEET = [
  ['src/', 'src'],
  ['src/', 'src/a.ts'],
  ['src', 'src/a/**'],
  ['src/a.ts', 'src/a.ts'],
  ['src/**', '**/*.md'],
  ['src/*.ts', 'src/a*'],
  ['src/*.ts', '**'],
  ['src/{a,b}.ts', 'src/b*'],
  ['a/**/b', 'a/b'],
  ['**/a/**', 'b/a'],
  ['.', 'x'],
  ['src[/]a', 'src/b'], // cannot be told
  ['{a,b/c}/x', 'b/c'], // cannot be told
] as const

const APART = [
  ['src/', 'src2/'],
  ['src/', 'lib/'],
  ['a.py', 'a.py.bak'],
  ['src/a.ts', 'src/b.ts'],
  ['src/*.ts', 'src/*.md'],
  ['src/*.ts', 'src/a/b.ts'],
  ['src/*.ts', 'src/a.tsx'],
  ['src/**', 'lib/**/*.ts'],
  ['src/a*b', 'src/ab*c'],
  ['packages/*/src/', 'packages/a/test/'],
  ['a*/x', 'b*/x'],
  ['src/{a,b}.ts', 'src/*.md'],
  ['*', 'src/a/b'],
] as const

describe('two scopes', () => {
  test.each(MEET)('%s and %s may meet', (one, other) => {
    expect(meetingsOf(scope([one]), scope([other]))).toEqual([{ one, other }])
    expect(meetingsOf(scope([other]), scope([one]))).toEqual([{ one: other, other: one }])
  })

  test.each(APART)('%s and %s do not meet', (one, other) => {
    expect(meetingsOf(scope([one]), scope([other]))).toEqual([])
    expect(meetingsOf(scope([other]), scope([one]))).toEqual([])
  })

  test('do not meet where either denies the whole place', () => {
    expect(meetingsOf(scope(['src/'], ['src/db']), scope(['src/db/*.sql']))).toEqual([])
    expect(meetingsOf(scope(['src/db']), scope([], ['src/**']))).toEqual([])
    expect(meetingsOf(scope(['src/'], ['src/db/*.sql']), scope(['src/db']))).toHaveLength(1)
    expect(meetingsOf(scope(['src/']), scope([], ['src/db']))).toEqual([{ one: 'src/', other: '**' }])
  })

  test('of which one is undeclared are not known to meet', () => {
    expect(meetingsOf(scope([]), scope(['src/']))).toEqual([])
  })

  test('are told by their entries, and by all that meet', () => {
    expect(meetingsOf(scope(['a', 'b/*.ts', 'c']), scope(['b/x.ts', 'c/d', 'e']))).toEqual([
      { one: 'b/*.ts', other: 'b/x.ts' },
      { one: 'c', other: 'c/d' },
    ])
  })

  test('that both admit a path are found to meet, whatever they are made of', () => {
    let met = 0
    fc.assert(
      fc.property(twoScopesAndPath, ({ one, other, path }) => {
        if (!scopeAdmits(one)(path) || !scopeAdmits(other)(path)) return
        met += 1
        expect(meetingsOf(one, other)).not.toEqual([])
      }),
      { numRuns: 1_500 },
    )
    expect(met).toBeGreaterThan(200)
  })

  test('with many names and wildcards are compared at once', () => {
    const deep = (end: string): Scope => scope([`**/${'a/'.repeat(80)}**/${'a/'.repeat(80)}**/${end}`])
    expect(meetingsOf(deep('b'), deep('c'))).toEqual([])
  })
})

/** A path, and two scopes that are made from it, so that they often admit it. */
const twoScopesAndPath = fc
  .array(fc.constantFrom('a', 'b', 'ab', 'ba', 'aa', '(a)', '{a}'), { minLength: 1, maxLength: 4 })
  .chain((names) =>
    fc.record({ one: scopeAbout(names), other: scopeAbout(names), path: fc.constant(names.join('/')) }),
  )

const scopeAbout = (names: readonly string[]): fc.Arbitrary<Scope> =>
  fc
    .tuple(entryAbout(names), fc.array(entryAbout(['a', 'b', 'ab']), { maxLength: 1 }))
    .map(([entry, deny]) => scope([entry], deny))

const entryAbout = (names: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.tuple(...names.map(nameAbout)), fc.constantFrom('', '/', '/**'), fc.constantFrom('', '**/'))
    .map(([parts, end, start]) => start + parts.join('/') + end)
    .filter((entry) => refusedEntry(entry) === undefined)

const nameAbout = (name: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom(name, name, '*', '**', `${name.slice(0, 1)}*`, `*${name.slice(-1)}`, `?${name.slice(1)}`),
    fc.constantFrom(
      `{${name},b}`,
      `[${name}]`,
      '[!b]',
      `${name}{,b}`,
      `{x/,}${name}`,
      '{a,{b,ab}}',
      '{*/,}a',
      'a[+-9]b',
    ),
  )
