import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '..')
const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

function linkcheck(...args) {
  const run = spawnSync(process.execPath, [bin.linkcheck, ...args], { cwd: root, encoding: 'utf8' })
  return { exitCode: run.status, output: run.stdout, errors: run.stderr }
}

test('exits with 0 when all links work', () => {
  assert.deepEqual(linkcheck('fixtures/sound'), {
    exitCode: 0,
    output: '2 files, 6 links, 0 problems\n',
    errors: '',
  })
})

test('exits with 1 when a link is broken, and lists it', () => {
  const { exitCode, output } = linkcheck('fixtures/broken', 'fixtures/sound')
  assert.equal(exitCode, 1)
  assert.match(output, /^fixtures\/broken\/index\.md:3:47 tutorial\.md: no such file$/m)
})

test('checks the current directory when no path is given', () => {
  assert.match(linkcheck().output, /^fixtures\/broken\/index\.md:7:14 /m)
})

test('prints nothing but JSON with --json', () => {
  const { exitCode, output } = linkcheck('--json', 'fixtures/broken')
  assert.equal(exitCode, 1)
  assert.equal(JSON.parse(output).problems.length, 4)
})

for (const args of [['--jsno'], ['no-such-directory']]) {
  test(`exits with 2 and shows the usage for ${args}`, () => {
    const { exitCode, output, errors } = linkcheck(...args)
    assert.deepEqual([exitCode, output], [2, ''])
    assert.ok(errors.includes(args[0]) && errors.includes('Usage: linkcheck'))
  })
}

test('shows the usage with --help', () => {
  assert.match(linkcheck('--help').output, /^Usage: linkcheck/)
})
