import { describe, expect, test } from 'vitest'
import { judgeInput, type Validator } from '../../src/operation/validate.ts'
import { fieldKey } from '../../src/operation/schema.ts'
import { findRow } from '../../src/registry.ts'

/** What the generated validator of an operation says about one field, as the caller reads it. */
async function judge(name: string, input: Readonly<Record<string, unknown>>) {
  const operation = await findRow(name)?.load()
  if (operation === undefined) throw new Error(`no operation ${name}`)
  return judgeInput(operation.input, input)
}

describe('an input that does not fit its schema is refused in words', () => {
  test.each([
    ['show', { bundle: 'B-1' }, 'bundle', '--bundle must be a bundle id such as B-001, got "B-1"'],
    ['show', { bundle: '../etc' }, 'bundle', '--bundle must be a bundle id such as B-001, got "../etc"'],
    ['show', { bundle: 'B-001\n' }, 'bundle', '--bundle must be a bundle id such as B-001, got "B-001\\n"'],
    [
      'show',
      { ticket: 'TKT-A1' },
      'ticket',
      '--ticket must be a ticket id such as TKT-001, TKT-A00 or EXP-001, got "TKT-A1"',
    ],
    [
      'list',
      { status: 'shut' },
      'status',
      '--status must be one of open, in_progress, closed, archived, got "shut"',
    ],
    ['list', { limit: 0 }, 'limit', '--limit must be at least 1, got "0"'],
    ['list', { offset: 2_000_000 }, 'offset', '--offset must be at most 1000000, got "2000000"'],
    [
      'express',
      { title: 'x'.repeat(1001) },
      'title',
      /^--title must be at most 1000 characters long, got "x{80}…"$/,
    ],
    ['express', { acceptance: ['fine', ''] }, 'acceptance', '--acceptance must not be empty, got ""'],
    ['add', { skills: Array(201).fill('a') }, 'skills', /^--skills must have at most 200 entries, got /],
    ['claim', { agent: 'bo\u200bb' }, 'agent', /^--agent must be one line of visible text, got /],
    ['claim', { agent: 'a\u001bb' }, 'agent', /^--agent must be one line of visible text, got /],
  ])('%s %j', async (name, more, field, message) => {
    const required = { bundle: 'B-001', ticket: 'TKT-001', title: 'a', agent: 'alice' }
    const row = await findRow(name)?.load()
    const known = Object.entries(required).filter(([key]) => key in (row?.input.properties ?? {}))
    const error = await judge(name, { ...Object.fromEntries(known), ...more })
    expect(error).toMatchObject({ code: 'INPUT_INVALID', details: { field } })
    expect(error?.message).toMatch(message)
    if (typeof message === 'string') expect(error?.message).toBe(message)
  })

  test('and one that fits is accepted', async () => {
    expect(await judge('show', { bundle: 'B-001', ticket: 'TKT-A00' })).toBeUndefined()
    expect(await judge('show', {})).toBeUndefined()
  })

  test('and a fault without a field or a known rule is told as it is', async () => {
    const operation = await findRow('show')?.load()
    if (operation === undefined) throw new Error('no show')
    const schema = operation.input
    const rejecting = (errors: Validator['errors']): Readonly<Record<string, Validator>> => ({
      [fieldKey(schema.properties.bundle)]: Object.assign(() => false, { errors: errors ?? null }),
    })
    const said = (errors: Validator['errors']) =>
      judgeInput(schema, { bundle: 'x' }, rejecting(errors))?.message
    expect(said(null)).toBe('--bundle is not valid, got "x"')
    const strange = [{ instancePath: '', keyword: 'format', params: {}, message: 'must be lucky' }]
    expect(said(strange)).toBe('--bundle must be lucky, got "x"')
    expect(() => judgeInput(schema, { bundle: 'x' }, {})).toThrow(
      'no validator of bundle: run `npm run generate`',
    )
  })
})
