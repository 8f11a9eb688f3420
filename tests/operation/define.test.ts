import { Object as Fields } from 'typebox'
import { expect, test } from 'vitest'
import { defineOperation, type Effect } from '../../src/operation/define.ts'
import { optionsOf } from '../../src/operation/input.ts'
import { registry } from '../../src/registry.ts'

const EFFECTS: readonly Effect[] = [
  'fs.read',
  'fs.write',
  'git.read',
  'git.write',
  'proc.exec',
  'db.read',
  'db.write',
]

test('defining an operation gives it back as it is', () => {
  const operation = {
    name: 'wait',
    summary: 'Wait.',
    capability: 'wait',
    effects: [],
    input: Fields({}),
    output: Fields({}),
    errors: [],
    examples: [],
    run: async () => ({}),
  }
  expect(defineOperation(operation)).toBe(operation)
})

test.each(registry.map((row) => [row.name, row] as const))(
  '%s is defined as the table promises',
  async (name, row) => {
    const operation = await row.load()
    expect(operation.name).toBe(name)
    expect(operation.summary).toMatch(/^[A-Z].*\.$/)
    expect(operation.capability).toMatch(/^(tkt|pm)-[a-z-]+$/)
    expect(EFFECTS).toEqual(expect.arrayContaining([...operation.effects]))
    const names = optionsOf(operation.input).map((option) => option.name)
    expect(names.filter((option) => !/^[a-z]+(_[a-z]+)*$/.test(option))).toEqual([])
    expect(operation.positional?.filter((option) => !names.includes(option)) ?? []).toEqual([])
    expect(operation.examples.length).toBeGreaterThan(0)
    expect(operation.examples.filter((example) => example.split(' ')[0] !== row.cli)).toEqual([])
  },
)
