import { describe, expect, test } from 'vitest'
import { KINDS } from '../../../src/operation/errors.ts'
import { flagOf, optionsOf } from '../../../src/operation/input.ts'
import { findRow, registry } from '../../../src/registry.ts'
import { GLOBAL_OPTIONS } from '../../../src/surfaces/cli/arguments.ts'
import { helpText, WIDEST_HELP } from '../../../src/surfaces/cli/help.ts'

describe('the help of the program', () => {
  test('names every command with what it does, and its other names', async () => {
    const text = await helpText({})
    for (const row of registry) {
      const { summary } = await row.load()
      expect(text).toMatch(RegExp(`^  ${row.cli} `, 'm'))
      expect(flat(text)).toContain(summary)
      if (row.aliases.length > 0) expect(flat(text)).toContain(`(also: ${row.aliases.join(', ')})`)
    }
  })

  test('tells every exit code and what the last line is', async () => {
    const text = await helpText({})
    expect(text).toContain('  0   done')
    for (const [kind, { exit, means }] of Object.entries(KINDS))
      expect(text).toContain(`  ${String(exit).padEnd(3)} ${kind}: ${means}`)
    expect(text).toMatch(/\nThe last line of every command is one JSON object\.\n$/)
  })
})

describe('the help of a command', () => {
  test.each(registry.map((row) => [row.cli, row] as const))(
    'explains every option of %s',
    async (cli, row) => {
      const operation = await row.load()
      const text = await helpText({ row })
      expect(text).toMatch(RegExp(`^Usage: tkt ${cli} `))
      expect(flat(text)).toContain(operation.summary)
      for (const { name, description, required } of [...optionsOf(operation.input), ...GLOBAL_OPTIONS]) {
        expect(text).toContain(`  ${flagOf(name)}`)
        expect(flat(text)).toContain(`${description}${required ? ' (required)' : ''}`)
      }
      for (const name of operation.positional ?? []) expect(text).toContain(`[${name}]`)
      for (const example of operation.examples) expect(joined(text)).toContain(`  tkt ${example}\n`)
    },
  )

  test('offers the words an option may be', async () => {
    expect(flat(await helpText({ row: findRow('list') }))).toContain(
      '(choices: "open", "in_progress", "closed", "archived")',
    )
  })
})

describe('the width of help', () => {
  const rows = [undefined, ...registry]

  test.each([40, 60, 80, 100, 140])('is that of a terminal of %i columns, 100 at most', async (columns) => {
    for (const row of rows) {
      const lines = (await helpText({ row, columns })).split('\n')
      expect(lines.filter((line) => line.length > Math.min(columns, WIDEST_HELP))).toEqual([])
    }
  })

  test('is 100 where there is no terminal, and words are whole at any width', async () => {
    for (const row of rows) {
      const wide = await helpText({ row })
      expect(wide).toBe(await helpText({ row, columns: WIDEST_HELP }))
      const narrow = await helpText({ row, columns: 40 })
      expect(flat(narrow.replaceAll(' \\\n', ' '))).toBe(flat(wide.replaceAll(' \\\n', ' ')))
    }
  })

  test('breaks an example between options, as a shell reads it', async () => {
    const text = await helpText({ row: findRow('express'), columns: 60 })
    expect(text).toContain(
      [
        '  tkt express create \\',
        '      --title "Fix the typo on the pricing page" \\',
        '      --acceptance "grep finds no recieve"',
        '',
      ].join('\n'),
    )
  })
})

describe('the help of an action', () => {
  test('has the options and examples of that action', async () => {
    const text = await helpText({ row: findRow('express'), words: ['claim'] })
    expect(text).toMatch(/^Usage: tkt express claim \[ticket_id\] \[options\]\n/)
    expect(text.match(/^ {2}--[a-z-]+/gm)?.map((flag) => flag.trim())).toEqual(
      [
        'ticket_id',
        'agent',
        'session_id',
        'take_over',
        'idempotency_key',
        ...GLOBAL_OPTIONS.map(({ name }) => name),
      ].map(flagOf),
    )
    expect(text).toMatch(/\nExamples:\n {2}tkt express claim EXP-001 --agent alice\n$/)
  })

  test('is the help of the command when there is no such action', async () => {
    const row = findRow('express')
    expect(await helpText({ row, words: ['why'] })).toBe(await helpText({ row }))
    const reopen = findRow('reopen')
    expect(await helpText({ row: reopen, words: ['why'] })).toBe(await helpText({ row: reopen }))
  })
})

/** The examples as a shell would read them. */
const joined = (text: string): string => text.replace(/ \\\n +/g, ' ')

/** The text as if no line had been broken. */
const flat = (text: string): string => text.replace(/\s+/g, ' ')
