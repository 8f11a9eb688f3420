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
      const meant = editValue(parse(text), one)
      expect(parse(editDocument(text, one))).toEqual(meant)
      expect(parse(editTree(text, one))).toEqual(meant)
    }),
    { numRuns: 1000 },
  )
})

test('an edit of our own files touches no character that it is not about', () => {
  fc.assert(
    fc.property(map, fc.stringMatching(/^[^\n]*$/), (value, status) => {
      const others = Object.entries(value).filter(([name]) => name !== 'status')
      const rest = `${renderDocument(Object.fromEntries(others))}# kept\n`
      const after = editDocument(`${rest}status: "open"   # why\nlast: [1,  2]\n`, {
        ...{ changes: { status }, entries: {}, order: 'append' },
      })
      const own = renderDocument({ status }).trimEnd()
      expect(after).toBe(`${rest}${own}   # why\nlast: [1,  2]\n`)
    }),
  )
})
