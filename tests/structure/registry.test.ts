import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ERRORS, errorRow, type ErrorName } from '../../src/operation/errors.ts'
import { optionsOf } from '../../src/operation/input.ts'
import { registry } from '../../src/registry.ts'
import { parseArguments } from '../../src/surfaces/cli/arguments.ts'
import { manifest } from '../../src/surfaces/manifest.ts'
import { root, sourceFiles, wordsOf } from './sources.ts'

const listed = await Promise.all(registry.map(async (row) => ({ row, operation: await row.load() })))

describe('the operation table', () => {
  test('has a row for every operation file, and a file for every row', () => {
    const files = ['bundles', 'durable', 'bridge'].flatMap((engine) =>
      readdirSync(join(root, 'src', engine, 'operations'), { withFileTypes: true }),
    )
    const names = files.filter((entry) => entry.isFile()).map((entry) => entry.name.replace('.ts', ''))
    expect(registry.map((row) => row.name).toSorted()).toEqual(names.toSorted())
  })

  test('loads under each name the operation of that name', () => {
    expect(listed.map(({ operation }) => operation.name)).toEqual(registry.map((row) => row.name))
  })

  test('gives every word one meaning', () => {
    const words = registry.flatMap((row) => [...new Set([row.name, row.cli, ...row.aliases])])
    expect(words.toSorted()).toEqual([...new Set(words)].toSorted())
  })

  test.each(listed)('$row.cli: its examples are commands it understands', ({ row, operation }) => {
    for (const example of operation.examples) {
      const [word, ...rest] = wordsOf(example)
      expect(word).toBe(row.cli)
      const { raw } = parseArguments(rest, optionsOf(operation.input), operation.positional ?? [])
      const required = optionsOf(operation.input).filter((option) => option.required)
      expect(
        required.filter(({ name }) => raw[name] === undefined && raw[`${name}_file`] === undefined),
      ).toEqual([])
    }
  })

  test.each(listed)('$row.cli: its agent procedure exists', ({ operation }) => {
    expect(operation.agent === undefined || existsSync(join(root, operation.agent))).toBe(true)
  })

  test('lets every input reach its entrypoint in skill.json, one token an option', () => {
    for (const [name, entry] of Object.entries(manifest(listed).operations)) {
      const tokens = entry.entrypoints.unix.slice(3)
      expect([name, tokens.map((token) => /^--[a-z-]+=\{([a-z_]+)\}$/.exec(token)?.[1])]).toEqual([
        name,
        Object.keys(entry.input),
      ])
    }
  })
})

describe('the error table', () => {
  const shims = ['tkt.sh', 'tickets.py'].map((name) => ({
    path: name,
    text: readFileSync(join(root, 'scripts', name), 'utf8'),
  }))
  const sources = [...sourceFiles().filter(({ path }) => !path.includes('operation/error-table/')), ...shims]
  const names = Object.keys(ERRORS) as ErrorName[]

  test.each(names)('%s is raised somewhere', (name) => {
    const raised = sources.some(({ text }) =>
      text.replaceAll(/errors: \[[^\]]*\]/gs, '').match(new RegExp(`['"]${name}['"]`)),
    )
    expect(raised).toBe(true)
  })

  test.each(names.filter((name) => errorRow(name).universal !== true))(
    '%s is listed by an operation',
    (name) => {
      expect(listed.some(({ operation }) => operation.errors.includes(name))).toBe(true)
    },
  )

  test.each(listed)('$row.cli: lists every error that its own files name', ({ operation }) => {
    const own = sources.filter(({ path }) => new RegExp(`operations/${operation.name}(\\.ts|/)`).test(path))
    const named = own.flatMap(
      ({ text }) => text.match(/(?<=(?:OperationError|refuse)\(\s*')[A-Z_]+(?=')/g) ?? [],
    )
    const foreseen = (name: string): boolean =>
      errorRow(name as ErrorName).universal === true || operation.errors.includes(name as ErrorName)
    expect(own).not.toEqual([])
    expect(named.filter((name) => !foreseen(name))).toEqual([])
  })

  test('is told whole in the reference', async () => {
    const { referencePage } = await import('../../src/surfaces/reference.ts')
    const page = referencePage(listed)
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([])
  })
})
