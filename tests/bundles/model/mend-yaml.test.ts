import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { mendPublished } from '../../../src/bundles/model/mend-yaml.ts'

/** A ticket as the published tool wrote it: by putting texts between quotes and behind indents (contracts: W7). */
const published = (title: string, description: string, criterion = 'done as described'): string =>
  [
    'id: "TKT-001"',
    `title: "${title}"`,
    'description: |',
    `  ${description}`,
    'acceptance_criteria:',
    `  - "${criterion}"`,
    'status: "open"',
    'claimed_by: null',
    '',
  ].join('\n')

const mended = (text: string): Record<string, unknown> =>
  parse(mendPublished(text, true) ?? text) as Record<string, unknown>

describe('a ticket of the published tool', () => {
  test.each([
    ['whose description has lines that read like fields', 'Add types.\nstatus: "done"\nNote: mypy: strict'],
    ['whose description has lines that are indented', 'Steps:\n  1. one\n     - two\n\nlast: line'],
    ['whose description speaks of criteria', 'See\nacceptance_criteria:\n  - "none"\nbelow'],
  ])('%s has it back, line by line', (_title, description) => {
    expect(mended(published('Types', description))).toEqual({
      id: 'TKT-001',
      title: 'Types',
      description: `${description}\n`,
      acceptance_criteria: ['done as described'],
      status: 'open',
      claimed_by: null,
    })
  })

  test('whose texts hold quotes and backslashes has them back', () => {
    expect(mended(published('Say "hi"', 'x', 'prints C:\\dir and "ok"'))).toMatchObject({
      title: 'Say "hi"',
      acceptance_criteria: ['prints C:\\dir and "ok"'],
    })
  })

  test('that is whole is left alone, also one that only another hand would have written so', () => {
    expect(mendPublished(published('Types', 'Add\n  types.'), false)).toBeUndefined()
    expect(mendPublished('title: "a\\x41"\n', false)).toBeUndefined()
    expect(mendPublished('', true)).toBeUndefined()
  })

  test('has any description back', () => {
    const line = fc.string({ unit: fc.constantFrom('a', ':', ' ', '-', '"', '#', '{', 'é') })
    fc.assert(
      fc.property(fc.array(line, { minLength: 2, maxLength: 6 }), (rest) => {
        const description = ['First.', ...rest, 'last: [line'].join('\n')
        expect(mended(published('Types', description)).description).toBe(`${description}\n`)
      }),
    )
  })
})
