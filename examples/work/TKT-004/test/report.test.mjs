import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readMarkdown } from '../src/markdown.mjs'
import { formatJson, formatText } from '../src/report.mjs'

const { links } = readMarkdown('# Title\n\n[one](a.md) and [two](#b)')
const reasons = ['no such file', 'no such anchor']
const problems = links.map((link, index) => ({ file: 'docs/x.md', ...link, reason: reasons[index] }))

test('names place, target and reason of each problem, then the sums', () => {
  const lines = formatText({ files: 1, links: 2, problems }).split('\n')
  assert.deepEqual(lines, [
    'docs/x.md:3:7 a.md: no such file',
    'docs/x.md:3:23 #b: no such anchor',
    '1 file, 2 links, 2 problems',
  ])
})

test('says in one line that nothing is wrong', () => {
  assert.equal(formatText({ files: 0, links: 1, problems: [] }), '0 files, 1 link, 0 problems')
})

test('JSON holds the sums and every field of a problem', () => {
  const outcome = JSON.parse(formatJson({ files: 1, links: 2, problems }))
  assert.deepEqual(outcome, { files: 1, links: 2, problems })
  assert.deepEqual(Object.keys(outcome.problems[0]), ['file', 'line', 'column', 'target', 'reason'])
})
