import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anchorsOf } from '../src/anchors.mjs'

const headings = [
  ['Getting started', 'getting-started'],
  ["What's new in 2.0?", 'whats-new-in-20'],
  ['Questions & answers', 'questions--answers'],
  ['🎉 Done', '-done'],
  ['Größe und Maß', 'größe-und-maß'],
  ['日本語', '日本語'],
  ['snake_case and __init__', 'snake_case-and-init'],
  ['The `__init__` and `Map<T>` types', 'the-__init__-and-mapt-types'],
  ['*Strong* and _soft_ words', 'strong-and-soft-words'],
  ['[`v1.0`](https://example.org) released', 'v10-released'],
  ['![logo](logo.png) Name<br>', '-name'],
]

for (const [heading, anchor] of headings) {
  test(`${heading} -> #${anchor}`, () => assert.deepEqual([...anchorsOf([heading])], [anchor]))
}

test('numbers headings that are alike', () => {
  const anchors = anchorsOf(['Same', 'same', 'Same!', '*Same*'])
  assert.deepEqual([...anchors], ['same', 'same-1', 'same-2', 'same-3'])
})

test('a number never takes the anchor of another heading', () => {
  assert.deepEqual([...anchorsOf(['Step', 'Step 1', 'Step'])], ['step', 'step-1', 'step-2'])
})
