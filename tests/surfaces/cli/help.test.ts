import { describe, expect, test } from 'vitest'
import { KINDS } from '../../../src/operation/errors.ts'
import { flagOf, optionsOf } from '../../../src/operation/input.ts'
import { findRow, registry } from '../../../src/registry.ts'
import { GLOBAL_OPTIONS } from '../../../src/surfaces/cli/arguments.ts'
import { helpText } from '../../../src/surfaces/cli/help.ts'

describe('the help of the program', () => {
  test('names every command with what it does, and its other names', async () => {
    const text = await helpText(undefined)
    for (const row of registry) {
      const { summary } = await row.load()
      expect(text).toMatch(RegExp(`^  ${row.cli} `, 'm'))
      expect(flat(text)).toContain(summary)
      if (row.aliases.length > 0) expect(flat(text)).toContain(`(also: ${row.aliases.join(', ')})`)
    }
  })

  test('tells every exit code and what the last line is', async () => {
    const text = await helpText(undefined)
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
      const text = await helpText(row)
      expect(text).toMatch(RegExp(`^Usage: tkt ${cli} `))
      expect(flat(text)).toContain(operation.summary)
      for (const { name, description, required } of [...optionsOf(operation.input), ...GLOBAL_OPTIONS]) {
        expect(text).toContain(`  ${flagOf(name)}`)
        expect(flat(text)).toContain(`${description}${required ? ' (required)' : ''}`)
      }
      for (const name of operation.positional ?? []) expect(text).toContain(`[${name}]`)
      for (const example of operation.examples) expect(text).toContain(`  tkt ${example}\n`)
    },
  )

  test('offers the words an option may be', async () => {
    expect(flat(await helpText(findRow('list')))).toContain(
      '(choices: "open", "in_progress", "closed", "archived")',
    )
  })
})

/** The text as if no line had been broken. */
const flat = (text: string): string => text.replace(/\s+/g, ' ')
