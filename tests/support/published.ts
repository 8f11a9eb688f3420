/** What the public tests of the published tool do: they set PROJECT_ROOT and TKT_ROOT only, and edit files with PyYAML. */
import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { parse, stringify } from 'yaml'
import { projectFolder } from './project.ts'
import { tkt, type Ended } from './tkt.ts'

/** What a file holds; a test edits what it knows to be there. */
export type Content = Record<string, unknown>

/** Gives a file the text that it has after a program loaded, changed and dumped it. */
export type Redump = (path: string, change: (content: Content) => void) => void

export interface Commands {
  /** Runs a command that may be refused. */
  readonly run: (...args: readonly string[]) => Ended
  /** Runs a command that must succeed, with one compact line on standard output and nothing on standard error. */
  readonly ok: (...args: readonly string[]) => Readonly<Record<string, unknown>>
  /** Runs a command that must fail with this code in its output. */
  readonly refused: (code: string, ...args: readonly string[]) => Ended
}

export interface Published extends Commands {
  readonly root: string
  readonly store: string
  readonly file: (path: string) => string
  readonly text: (path: string) => string
  readonly read: (path: string) => Content
}

/** Opens a project as those tests do: from a working directory that has nothing to do with it. */
export function published(root: string, store = join(root, '.tkt')): Published {
  const env = { PROJECT_ROOT: root, TKT_ROOT: store }
  const file = (path: string): string => join(store, path)
  const text = (path: string): string => readFileSync(file(path), 'utf8')
  return {
    ...commands((...args) => tkt(args, { cwd: tmpdir(), env })),
    root,
    store,
    file,
    text,
    read: (path) => parse(text(path)) as Content,
  }
}

/** Runs commands as a person does who stands in that folder. */
export const standingIn = (cwd: string): Commands => commands((...args) => tkt(args, { cwd }))

const commands = (run: Commands['run']): Commands => ({
  run,
  ok: (...args) => {
    const { code, stdout, stderr, json } = run(...args)
    expect({ args, code, stderr, json }).toMatchObject({ code: 0, stderr: '', json: { ok: true } })
    expect(stdout).toBe(`${JSON.stringify(json)}\n`)
    return json
  },
  refused: (code, ...args) => {
    const ended = run(...args)
    expect(ended.code).not.toBe(0)
    expect(ended.stdout).toContain(code)
    const message = expect.stringMatching(/./) as string
    expect(ended.json).toMatchObject({ status: 'error', error_code: code, message })
    return ended
  },
})

/** A project with the store of tests/fixtures/older-trees. */
export function oldTree(): Published {
  const root = projectFolder()
  cpSync(join(import.meta.dirname, '../fixtures/older-trees/store'), join(root, '.tkt'), { recursive: true })
  renameSync(join(root, '.tkt/history.txt'), join(root, '.tkt/history.log'))
  return published(root)
}

const PYTHON = `
import json, sys, yaml
path = sys.argv[2]
if sys.argv[1] == "load":
    json.dump(yaml.safe_load(open(path, encoding="utf-8")), sys.stdout)
else:
    text = yaml.safe_dump(json.load(sys.stdin), sort_keys=False, allow_unicode=True)
    open(path, "w", encoding="utf-8").write(text)
`

/** Some scripts of projects are written in Python; tests of them are skipped, visibly, where there is none. */
export const hasPython = spawnSync('python3', ['-c', '']).status === 0

/** PyYAML itself; the test that uses it is skipped, visibly, where there is none. */
export const hasPyYaml = spawnSync('python3', ['-c', 'import yaml']).status === 0

const withPyYaml: Redump = (path, change) => {
  const load = spawnSync('python3', ['-c', PYTHON, 'load', path], { encoding: 'utf8' })
  expect(load.stderr).toBe('')
  const content = JSON.parse(load.stdout) as Content
  change(content)
  const dump = spawnSync('python3', ['-c', PYTHON, 'dump', path], {
    encoding: 'utf8',
    input: JSON.stringify(content),
  })
  expect(dump.stderr).toBe('')
}

/** As PyYAML writes: plain or single-quoted words, lists that are not indented, lines folded at 80 characters. */
const emulated: Redump = (path, change) => {
  const content = parse(readFileSync(path, 'utf8'), { version: '1.1' }) as Content
  change(content)
  writeFileSync(
    path,
    stringify(content, { version: '1.1', indentSeq: false, singleQuote: true, lineWidth: 80 }),
  )
}

/** Every way to re-dump a file that can be tried, the real one first. */
export const REDUMPS: readonly { readonly by: string; readonly isHere: boolean; readonly redump: Redump }[] =
  [
    { by: 'PyYAML', isHere: hasPyYaml, redump: withPyYaml },
    { by: 'an emulation of PyYAML', isHere: true, redump: emulated },
  ]
