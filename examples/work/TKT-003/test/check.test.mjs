import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { checkPaths } from '../src/check.mjs'

/** Checks a directory that holds just these files; gives the problems as `file:line target: reason`. */
function problemsOf(files) {
  const root = mkdtempSync(join(tmpdir(), 'linkcheck-'))
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true })
      writeFileSync(join(root, name), text)
    }
    return checkPaths([root], root).problems.map(
      ({ file, line, target, reason }) => `${file.slice(root.length + 1)}:${line} ${target}: ${reason}`,
    )
  } finally {
    rmSync(root, { recursive: true })
  }
}

test('a link to a file that is there is fine, one to a missing file is not', () => {
  const problems = problemsOf({ 'a.md': '[b](docs/b.md)\n[c](docs/c.md)', 'docs/b.md': '[a](../a.md)' })
  assert.deepEqual(problems, ['a.md:2 docs/c.md: no such file'])
})

test('an anchor has to be in the file that the link names', () => {
  const problems = problemsOf({
    'a.md': '# Here\n[1](#here)\n[2](b.md#here)\n[3](b.md#there)',
    'b.md': '# There',
  })
  assert.deepEqual(problems, ['a.md:3 b.md#here: no such anchor'])
})

test('anchors set by hand and the top of the page count', () => {
  assert.deepEqual(problemsOf({ 'a.md': '<a id="X"></a>\n[1](#X) [2](#top) [3](#)' }), [])
})

test('links to elsewhere, and lines of source files, are not looked at', () => {
  const text = '[1](https://x.org/y.md) [2](mailto:x@y.org) [3](//x.org/y) [4](code.mjs#L1)'
  assert.deepEqual(problemsOf({ 'a.md': text, 'code.mjs': '' }), [])
})

test('escapes are decoded, queries dropped, and a slash starts at the root', () => {
  const text = '[1](/b%20c.md?plain=1#gr%C3%B6%C3%9Fe) [2](100%.md)'
  assert.deepEqual(problemsOf({ 'docs/a.md': text, 'b c.md': '# Größe', 'docs/100%.md': '' }), [])
})

test('other files, hidden directories and node_modules are passed over', () => {
  const names = ['a.txt', '.cache/b.md', 'node_modules/c.md', 'd.md']
  const problems = problemsOf(Object.fromEntries(names.map((name) => [name, '[1](x.md)'])))
  assert.deepEqual(problems, ['d.md:1 x.md: no such file'])
})

test('counts files and relative links, and gives each problem its place', () => {
  const { files, links, problems } = checkPaths(['fixtures/broken', 'fixtures/broken/guide.md'])
  assert.deepEqual([files, links, problems.length], [2, 5, 4])
  assert.deepEqual(problems[0], {
    file: 'fixtures/broken/index.md',
    line: 3,
    column: 47,
    target: 'tutorial.md',
    reason: 'no such file',
  })
})
