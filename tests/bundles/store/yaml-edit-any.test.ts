/** Edits and new files for any document at all: what is read back is what was meant, and other lines stay as they were. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse, stringify, type DocumentOptions, type ToStringOptions } from 'yaml'
import type { RawMap } from '../../../src/bundles/model/raw.ts'
import { editTree } from '../../../src/bundles/store/yaml-edit-tree.ts'
import { editDocument, editValue, type Edit } from '../../../src/bundles/store/yaml-edit.ts'
import { renderDocument } from '../../../src/bundles/store/yaml-write.ts'

const key = fc.constantFrom('status', 'result', 'claimed_by', 'log', 'a', 'b c', '1', 'null', 'no', '- x')
const scalar = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(null, true, 'a\nb', 'a\n\n b\n', 'x: y', '- a', '# c', ' ', 'null', '1'),
  fc.integer(),
  fc.double(),
)
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
  ),
}))
const map = fc.dictionary(key, tree, { minKeys: 1, maxKeys: 6 }) as fc.Arbitrary<RawMap>

const edit: fc.Arbitrary<Edit> = fc.record({
  changes: fc.dictionary(
    fc.constantFrom('status', 'claimed_by', 'result.summary', 'result.evidence', 'a'),
    fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(null, 'one\ntwo'), fc.integer()),
  ),
  entries: fc.dictionary(
    fc.constantFrom('log', 'b c'),
    fc.oneof(fc.string(), fc.dictionary(fc.constantFrom('from', 'to'), fc.string())),
  ),
  order: fc.constantFrom('append' as const, 'prepend' as const),
})

/** The ways in which people and other programs write. */
const WAYS: readonly (DocumentOptions & ToStringOptions & Record<string, unknown>)[] = [
  {},
  { indentSeq: false, defaultStringType: 'QUOTE_SINGLE' },
  { collectionStyle: 'flow' },
  { indent: 4 },
]
const written = fc.oneof(
  map.map((value) => renderDocument(value)),
  fc.tuple(map, fc.constantFrom(...WAYS)).map(([value, way]) => stringify(value, way)),
)

test('a new file is read as the value it was made of', () => {
  fc.assert(
    fc.property(map, (value) => {
      expect(parse(renderDocument(value))).toEqual(value)
    }),
    { numRuns: 1000 },
  )
})

test('an edited file is read as its old value with the edit carried out', () => {
  fc.assert(
    fc.property(written, edit, (text, one) => {
      const before: unknown = parse(text)
      const after = editValue(before, one)
      expect(parse(editDocument(text, { before, after }))).toEqual(after)
      expect(parse(editTree(text, { before, after }))).toEqual(after)
    }),
    { numRuns: 1000 },
  )
})

test('a file can be made to hold anything else, and what is the same in both stays as it is written', () => {
  const rows = fc.array(
    fc.oneof(scalar, fc.dictionary(fc.constantFrom('id', 'a', 'log', 'b c'), tree, { maxKeys: 3 })),
    { maxLength: 5 },
  )
  const other = fc.tuple(map, rows, rows).map(([value, one, two]) => ({
    before: { ...value, rows: one, log: two },
    after: { ...value, rows: two, log: [...two.slice(1), ...one], status: one[0] },
  }))
  const nameOf = (entry: unknown): string => JSON.stringify((entry as RawMap | null)?.id ?? entry)
  const way = fc.constantFrom(undefined, ...WAYS)
  fc.assert(
    fc.property(other, way, fc.constantFrom(undefined, nameOf), ({ before, after }, style, named) => {
      const text = `# kept\n${style === undefined ? renderDocument(before) : stringify(before, style)}`
      const read = parse(text) as RawMap
      const revision = { before: read, after, ...(named === undefined ? {} : { nameOf: named }) }
      const meant = parse(renderDocument(after)) as unknown
      for (const edit of [editDocument, editTree]) {
        expect(parse(edit(text, revision))).toEqual(meant)
        expect(edit(text, { ...revision, after: read })).toMatch(/^# kept\n/)
      }
      expect(editDocument(renderDocument(before), { before, after: before })).toBe(renderDocument(before))
    }),
    { numRuns: 300 },
  )
})

test('an edit of our own files touches no character that it is not about', () => {
  fc.assert(
    fc.property(map, fc.stringMatching(/^[^\n]*$/), (value, status) => {
      const others = Object.entries(value).filter(([name]) => name !== 'status')
      const rest = `${renderDocument(Object.fromEntries(others))}# kept\n`
      const text = `${rest}status: "open"   # why\nlast: [1,  2]\n`
      const before = parse(text) as RawMap
      const after = editDocument(text, { before, after: { ...before, status } })
      const own = status === 'open' ? 'status: "open"' : renderDocument({ status }).trimEnd()
      expect(after).toBe(`${rest}${own}   # why\nlast: [1,  2]\n`)
    }),
  )
})
