import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readMarkdown } from '../src/markdown.mjs'

const targetsOf = (markdown) => readMarkdown(markdown).links.map((link) => link.target)

const linkForms = [
  ['an inline link', 'See [a](b.md).', ['b.md']],
  ['a link with a title', '[a](b.md "Title")', ['b.md']],
  ['a target in angle brackets', '[a](<b c.md>)', ['b c.md']],
  ['a target with parentheses', '[a](b_(c).md)', ['b_(c).md']],
  ['a picture inside a link', '[![a](b.png)](c.md)', ['b.png', 'c.md']],
  ['a reference definition', '[a]: b.md', ['b.md']],
  ['HTML', '<a href="b.md"><img alt="x" src="c.png"></a> and [d](d.md)', ['b.md', 'c.png', 'd.md']],
  ['a link whose text is code', '[`a`](b.md)', ['b.md']],
  ['no footnote', '[^1]: b.md', []],
  ['no code span', 'Write `[a](b.md)` or ``[a](`b`.md)``.', []],
]

for (const [name, markdown, targets] of linkForms) {
  test(`finds ${name}`, () => assert.deepEqual(targetsOf(markdown), targets))
}

test('passes over fenced code until a fence that is long enough', () => {
  const markdown = ['````md', '[a](a.md)', '```', '[b](b.md)', '````', '[c](c.md)'].join('\n')
  assert.deepEqual(targetsOf(markdown), ['c.md'])
})

test('points at the target, with line and column from 1, also with Windows line ends', () => {
  const { links, headings } = readMarkdown('# Title\r\n\r\n`code` and [a](b.md)\r\n')
  assert.deepEqual(links, [{ line: 3, column: 16, target: 'b.md' }])
  assert.deepEqual(headings, ['Title'])
})

test('finds headings in both styles, and no comment of a shell script', () => {
  const markdown = [
    '# One #',
    '',
    'Two',
    '---',
    '- item',
    '---',
    '```sh',
    '# not me',
    '```',
    '###### Six',
  ].join('\n')
  assert.deepEqual(readMarkdown(markdown).headings, ['One', 'Two', 'Six'])
})

test('finds anchors set by hand', () => {
  assert.deepEqual(readMarkdown('<a id="x"></a> <h2 align="center" id="y">').explicitAnchors, ['x', 'y'])
})
