import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const examples = [...readme.matchAll(/^```console\n\$ node (.+)\n([\s\S]*?)^```$/gm)]

test('the README shows a sound and a broken example', () => assert.equal(examples.length, 2))

for (const [, command, output] of examples) {
  test(`README: node ${command}`, () => {
    const run = spawnSync(process.execPath, command.split(' '), { cwd: root, encoding: 'utf8' })
    assert.equal(run.stdout, output)
  })
}
