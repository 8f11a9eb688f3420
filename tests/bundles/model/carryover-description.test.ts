import { describe, expect, test } from 'vitest'
import { carriedDescription, originalDescription } from '../../../src/bundles/model/carryover-description.ts'
import { failure } from './make.ts'

const left = {
  origin: 'B-001/TKT-001',
  description: 'Make\tslugs.\nShort.',
  is_failed: false,
  failure_reason: undefined,
  failed_criteria: [],
}
const HEAD = 'carryover_from: B-001/TKT-001 | Make slugs. Short.'
const linesOf = (more: Partial<Parameters<typeof carriedDescription>[0]>): readonly string[] =>
  carriedDescription({ ...left, ...more }).split('\n')

describe('the description of a ticket that is carried over', () => {
  test('is the published line when nothing more is known', () => {
    expect(carriedDescription(left)).toBe(HEAD)
    expect(carriedDescription({ ...left, description: '' })).toBe('carryover_from: B-001/TKT-001 |')
  })

  test('says below it why the ticket failed', () => {
    expect(linesOf({ is_failed: true, failure_reason: 'no machine,\nno time\n' })).toEqual([
      HEAD,
      '',
      'Why B-001/TKT-001 was left behind:',
      '- it failed: no machine,',
      '  no time',
    ])
    expect(linesOf({ is_failed: true }).at(-1)).toBe('- it failed: nobody said why')
  })

  test('shows each failed check with the end of what it printed', () => {
    const stdout = Array.from({ length: 9 }, (_, index) => `line ${index + 1}\n\n`).join('')
    const failed_criteria = [
      failure('TKT-001', { run: 'npm test \\\n  -- slugs', stdout, stderr: '  boom\n' }),
      failure('TKT-001', { run: 'true', reason: 'output lacks "12"', stderr: '' }),
    ]
    expect(linesOf({ failed_criteria }).slice(3)).toEqual([
      '- `npm test \\ -- slugs`: exit code 1, expected 0',
      ...[4, 5, 6, 7, 8, 9].map((number) => `    line ${number}`),
      '      boom',
      '- `true`: output lacks "12"',
    ])
  })

  test.each([
    [
      'of the published tool without a command',
      { criterion_index: 2, reason: 'run is empty' },
      ['- check 2: run is empty'],
    ],
    ['that has no reason', { run: 'true' }, ['- `true`: it failed']],
    ['that says nothing', { stdout: 'x' }, []],
    ['that is none', 'npm test', []],
  ])('is readable with a failure %s', (_title, failed, lines) => {
    expect(linesOf({ failed_criteria: [failed] }).slice(3)).toEqual(lines)
  })

  test('stays short, whatever was printed, and splits no character', () => {
    const line = `${'x'.repeat(159)}😀${'y'.repeat(4000)}`
    const failed_criteria = Array.from({ length: 40 }, () => failure('TKT-001', { run: line, stdout: line }))
    const description = carriedDescription({ ...left, failed_criteria })
    expect(Buffer.from(description).toString()).toBe(description)
    expect(description.length).toBeLessThan(3000)
    expect(description).toMatch(/\n- and 35 more: see carryover\.yaml of B-001$/)
  })
})

test('the causes of an earlier try do not travel on', () => {
  const first = carriedDescription({ ...left, is_failed: true, failure_reason: 'no machine' })
  expect(originalDescription(first)).toBe(HEAD)
  expect(originalDescription('Find out\n\nWhy it was left behind:\n- ask')).toBe(
    'Find out Why it was left behind: - ask',
  )
})
