import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import packageFile from '../../../package.json' with { type: 'json' }
import { projectFolder } from '../../support/project.ts'
import { tkt } from './tkt.ts'

const brokenClock = (): Date => new Date(Number.NaN)

describe('without a command', () => {
  test.each([
    [[]],
    [['--help']],
    [['-h']],
    [['help']],
    [['help', '--json']],
    [['help', 'help']],
    [['help', 'version']],
    [['--root', 'elsewhere', 'help']],
    [['--root', 'elsewhere', '--help']],
  ])('%j is help, and no failure', async (argv) => {
    const { code, json, stderr } = await tkt(argv)
    expect({ code, stderr, ok: json.ok }).toEqual({ code: 0, stderr: '', ok: true })
    expect(json.help).toMatch(/^Usage: tkt <command>/)
  })

  test.each(['--version', '-v', 'version'])('%s tells the version', async (word) => {
    expect(await tkt([word])).toMatchObject({ code: 0, json: { ok: true, version: packageFile.version } })
  })

  test('a word that is near one is answered with it', async () => {
    const { code, json } = await tkt(['clsoe', '--bundle', 'B-001'])
    expect(code).toBe(2)
    expect(json).toMatchObject({
      ok: false,
      error: 'UNKNOWN_COMMAND',
      error_code: 'SK-CLI-002',
      hint: 'did you mean close?',
      details: { command: 'clsoe' },
    })
    expect(json.message).toMatch(
      /^unknown command "clsoe"; there are: init-roadmap, create-bundle, add, edit, claim,/,
    )
  })

  test.each(['frobnicate', '', '--json', '{command}'])('%j is answered with all there are', async (word) => {
    expect(await tkt([word])).toMatchObject({
      code: 2,
      json: { error: 'UNKNOWN_COMMAND', hint: 'see `tkt --help`' },
    })
  })
})

describe('the help of a command', () => {
  test.each([
    ['help', 'close'],
    ['help', 'close-bundle'],
    ['--help', 'close'],
    ['close', '--help'],
    ['close', '-h'],
    ['close-bundle', '--bundle', 'B-001', '--help'],
  ])('is given for %s %s', async (...argv) => {
    const { code, json } = await tkt(argv)
    expect(code).toBe(0)
    expect(json.help).toMatch(/^Usage: tkt close /)
  })

  test('is that of an action when one is named', async () => {
    const asked = [
      ['help', 'express', 'close'],
      ['express', 'close', 'EXP-001', '--help'],
    ]
    for (const argv of asked) expect((await tkt(argv)).json.help).toMatch(/^Usage: tkt express close /)
  })

  test.each([60, 80, 100, 140])(
    'is as wide as a terminal of %i columns, and its last line short',
    async (columns) => {
      const { stdout, json } = await tkt(['help', 'update'], { stdoutIsTerminal: true, columns })
      const lines = stdout.split('\n')
      expect(lines.filter((line) => line.length > Math.min(columns, 100))).toEqual([])
      expect(json).toEqual({ ok: true, command: 'update' })
      expect((await tkt(['help'], { stdoutIsTerminal: true, columns })).json).toEqual({ ok: true })
    },
  )

  test('is the same line for programs, whatever the terminal', async () => {
    const piped = await tkt(['help', 'update'])
    const asked = await tkt(['help', 'update', '--json'], { stdoutIsTerminal: true, columns: 60 })
    expect(asked.stdout).toBe(piped.stdout)
  })

  test('is refused for nonsense, with the nearest word', async () => {
    expect(await tkt(['help', 'clost'])).toMatchObject({ code: 2, json: { hint: 'did you mean close?' } })
    expect(await tkt(['close', '--help=maybe'])).toMatchObject({ code: 2, json: { error: 'INPUT_INVALID' } })
  })
})

describe('output', () => {
  test.each([
    ['a success', ['list'], 0],
    ['a refusal', ['show', '--bundle', 'B-009'], 3],
    ['a wrong call', ['show', '--bundle', 'nine'], 2],
    ['an unknown option', ['list', '--colour'], 2],
  ])('of %s is one line when it is not for a terminal', async (_title, argv, code) => {
    const said = await tkt(argv)
    expect(said.stdout.match(/\n/g)).toHaveLength(1)
    expect(said).toMatchObject({ code, stderr: '' })
  })

  test.each([
    ['a success', ['list']],
    ['a refusal', ['show', '--bundle', 'B-009']],
    ['an unknown option', ['list', '--colour']],
  ])('of %s ends with that line on a terminal, and --json leaves only it', async (_title, argv) => {
    const said = await tkt(argv, { stdoutIsTerminal: true })
    const plain = await tkt([...argv, '--json'], { stdoutIsTerminal: true })
    expect(said.stdout.split('\n').length).toBeGreaterThan(2)
    expect(plain.stdout).toBe(`${JSON.stringify(plain.json)}\n`)
    expect(Object.keys(plain.json)).toEqual(Object.keys(said.json))
  })

  test('draws all that is in it on a terminal, and means the same', async () => {
    const title = 'a\u202eb\u200bc\u001b[2Jd\u{e0041}'
    const cwd = projectFolder({
      '.tkt/bundles/B-001/bundle.yaml': `id: B-001\ntitle: ${JSON.stringify(title)}\nstatus: open\n`,
    })
    const [line] = (await tkt(['list'], { cwd })).stdout.split('\n')
    expect(line).toContain('a\u202eb\u200bc')
    for (const argv of [['list'], ['list', '--json'], ['show', 'B-001']]) {
      const { stdout, json } = await tkt(argv, { cwd, stdoutIsTerminal: true })
      expect(stdout).not.toMatch(/[\u202e\u200b\u001b]|\u{e0041}/u)
      expect(JSON.stringify(json)).toContain('a\u202eb\u200bc\\u001b[2Jd\u{e0041}')
    }
  })

  test('carries the warnings of the command line', async () => {
    expect((await tkt(['list', '--status'])).json.warnings).toEqual([
      '--status came without a value and was left out',
    ])
  })

  test('goes on being quiet about --json=false, which is no wish', async () => {
    const { stdout } = await tkt(['list', '--json=off'], { stdoutIsTerminal: true })
    expect(stdout.split('\n').length).toBeGreaterThan(2)
  })
})

describe('a fault of this program', () => {
  test('is told without its stack, unless --debug asks for it', async () => {
    const argv = ['init-roadmap', '--project', 'demo', '--force']
    const silent = await tkt(argv, { now: brokenClock })
    expect(silent).toMatchObject({
      code: 70,
      stderr: '',
      json: { error: 'INTERNAL', error_code: 'SK-SYS-070' },
    })
    const { stderr, stdout } = await tkt([...argv, '--debug'], { now: brokenClock })
    expect(stderr).toMatch(/^RangeError: Invalid time value\n {4}at /)
    expect(stdout.match(/\n/g)).toHaveLength(1)
  })

  test('has a stack only when it is ours', async () => {
    expect((await tkt(['show', '--bundle', 'B-009', '--debug'])).stderr).toBe('')
    expect((await tkt(['list', '--colour', '--debug'])).stderr).toBe('')
  })
})

describe('the project', () => {
  test('is the one --root names, from the working directory', async () => {
    const folder = projectFolder({ 'inner/.tkt/roadmap.yaml': 'project: inner\n' })
    expect((await tkt(['roadmap-status', '--root', 'inner'], { cwd: folder })).json.project).toBe('inner')
    for (const absent of ['', '{root}', 'None'])
      expect(
        (await tkt(['roadmap-status', `--root=${absent}`], { cwd: join(folder, 'inner') })).json.project,
      ).toBe('inner')
  })

  test('may be named before the command, as may the other options that every command has', async () => {
    const folder = projectFolder({ 'inner/.tkt/roadmap.yaml': 'project: inner\n' })
    const argvs = [
      ['--root', 'inner', 'roadmap-status'],
      ['--root=inner', '--json', 'roadmap-status'],
    ]
    for (const argv of argvs) expect((await tkt(argv, { cwd: folder })).json.project).toBe('inner')
  })
})
