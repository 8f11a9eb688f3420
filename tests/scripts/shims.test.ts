import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import packageFile from '../../package.json' with { type: 'json' }
import { ERRORS } from '../../src/operation/errors.ts'
import { projectFolder, writeFiles } from '../support/project.ts'
import { SKILL } from '../support/skill-folder.ts'

const scripts = join(import.meta.dirname, '../../scripts')

/** What runs each entry, asked for by its full path: the PATH of these tests may be empty. */
const SHIMS = [
  { shim: 'tkt.sh', interpreter: 'bash', ask: ['-c', 'echo $BASH'] },
  { shim: 'tkt.sh', interpreter: 'sh', ask: ['-c', 'command -v sh'] },
  { shim: 'tickets.py', interpreter: 'python3', ask: ['-c', 'import sys; print(sys.executable)'] },
]

describe.each(SHIMS)('scripts/$shim, run by $interpreter', ({ shim, interpreter, ask }) => {
  let program = ''
  beforeAll(() => {
    program = spawnSync(interpreter, ask, { encoding: 'utf8' }).stdout.trim()
  })
  const run = (
    path: string,
    words: readonly string[] = [],
    options: { cwd?: string; input?: string; script?: string } = {},
  ) => {
    const { cwd = '/', input = '', script = join(scripts, shim) } = options
    const { status, stdout, stderr } = spawnSync(program, [script, ...words], {
      cwd,
      input,
      encoding: 'utf8',
      env: { PATH: path },
    })
    return { status, stdout, stderr }
  }

  test('hands over words, standard input and exit code as they are', () => {
    const words = ['add', '--title=a  "b" $HOME `c`', '', "it's", 'two\nlines', '--', '*']
    const { status, stdout, stderr } = run(nodeThatTells('v20.19.0'), words, { input: 'some input' })
    const received = [join(dirname(scripts), 'dist/tkt.cjs'), ...words].map((word) => `[${word}]`).join('')
    expect({ status, stdout, stderr }).toEqual({
      status: 5,
      stdout: `${received}some input`,
      stderr: 'a word\n',
    })
  })

  test.each(['v20.19.0', 'v20.20.2', 'v21.0.0', 'v24.21.0', 'v100.1.0'])('runs on node %s', (version) => {
    expect(run(nodeThatTells(version)).status).toBe(5)
  })

  test.each([
    ['v8.17.0', 'node 8.17 was found on the PATH'],
    ['v18.20.8', 'node 18.20 was found on the PATH'],
    ['v20.18.3', 'node 20.18 was found on the PATH'],
    ['', 'node on the PATH does not run'],
    ['Segmentation fault', 'node on the PATH does not run'],
  ])('refuses a node that tells %j in one line of JSON', (version, found) => {
    expectRefusal(run(nodeThatTells(version)), found)
  })

  test('refuses when there is no node', () => {
    expectRefusal(run(projectFolder()), 'node was not found on the PATH')
  })

  test('finds the skill through links to itself and to folders above it', () => {
    const folder = projectFolder({ 'somewhere/else.txt': '' })
    symlinkSync(dirname(scripts), join(folder, SKILL))
    symlinkSync(`${SKILL}/scripts/${shim}`, join(folder, 'first'))
    symlinkSync('../first', join(folder, 'somewhere/second'))
    symlinkSync(join(folder, 'somewhere/second'), join(folder, 'third'))
    const path = `${nodeThatTells('v24.0.0')}:/usr/bin:/bin` // readlink is no built-in
    const ways = [
      { script: 'third', cwd: folder },
      { script: './third', cwd: folder },
      { script: '../third', cwd: join(folder, 'somewhere') },
      { script: join(folder, SKILL, 'scripts', shim) },
      { script: shim, cwd: join(folder, SKILL, 'scripts') },
    ]
    for (const way of ways) {
      const received = `[${join(dirname(scripts), 'dist/tkt.cjs')}][list]`
      expect({ ...way, ...run(path, ['list'], way) }).toMatchObject({ ...way, status: 5, stdout: received })
    }
  })

  test('is a text with the line ends every system reads, and asks for the node of package.json', () => {
    const text = readFileSync(join(scripts, shim), 'utf8')
    expect(text).not.toContain('\r')
    expect(text).toContain(`Node.js ${packageFile.engines.node.slice(2)} or newer`)
  })
})

/** A folder with a `node` that tells this version, and otherwise repeats its words and its input, and exits 5. */
function nodeThatTells(version: string): string {
  const folder = join(projectFolder(), 'bin')
  mkdirSync(folder)
  writeFiles(folder, {
    node: `#!/bin/sh
if [ "$1" = --version ]; then echo '${version}'; exit; fi
printf '[%s]' "$@"
echo 'a word' >&2
/bin/cat
exit 5
`,
  })
  chmodSync(join(folder, 'node'), 0o755)
  return folder
}

function expectRefusal(
  ended: { readonly status: number | null; readonly stdout: string; readonly stderr: string },
  found: string,
): void {
  expect(ended).toMatchObject({ status: 6, stderr: '' })
  expect(ended.stdout).toMatch(/^\{.*\}\n$/)
  expect(JSON.parse(ended.stdout)).toEqual({
    ok: false,
    status: 'error',
    error: 'NODE_UNAVAILABLE',
    error_code: ERRORS.NODE_UNAVAILABLE.code,
    message: `${found}; 20.19 or newer is needed`,
    hint: ERRORS.NODE_UNAVAILABLE.hint,
  })
}
