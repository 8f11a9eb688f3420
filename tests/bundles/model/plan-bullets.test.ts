import { describe, expect, it } from 'vitest'
import { parsePlan } from '../../../src/bundles/model/plan-document.ts'

const parse = (text: string) => parsePlan(text, { file_name: 'plans/plan.md' })
const command = (run: string) => ({ type: 'command', run, expect_exit_code: 0 })

describe('a checkbox after a star or a number', () => {
  it.each([
    ['* [ ] a', 'line 1'],
    ['- [ ] a\n  1. [x] b\n\n* [ ]', 'lines 2, 4'],
    ['1) [X] a\n\n```\n* [ ] b\n```\n* [x](c)\n2) [ ]d', 'line 1'],
    ['* [ ] a\n'.repeat(12), 'lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more'],
  ])('%j is no ticket, and one warning names its lines', (text, lines) => {
    const { warnings } = parse(text)
    expect(warnings).toEqual([expect.stringMatching(/: a checkbox after "\*".*write "- \[ \]" instead$/)])
    expect(warnings[0]?.startsWith(`${lines}:`)).toBe(true)
  })
})

describe('bullets nested below a key without a value', () => {
  it.each([
    [
      'acceptance: sentences, commands and what they must print',
      '- acceptance:\n  - a: b\n  * run: c\n  - expect_contains: d\n\n  1. run: e\n  2) f',
      {
        acceptance_criteria: ['a: b', { ...command('c'), expect_contains: 'd' }, command('e'), 'f'],
      },
    ],
    [
      'run',
      '- run:\n\t- `npm test`\n\t- npm run a:b\n\t- expect_exit_code: 1',
      { acceptance_criteria: [command('npm test'), { ...command('npm run a:b'), expect_exit_code: 1 }] },
    ],
    ['depends on', '- depends on:\n  - none\n  - TKT-001', { depends_on: ['TKT-001'] }],
    ['skills, each of which may be a list', '- skills:\n  - a, b\n  - c', { skills: ['a', 'b', 'c'] }],
    [
      'qa_scenarios, each of which may hold a comma',
      '- qa_scenarios:\n  - insert, then count\n  - wait',
      { qa_scenarios: ['insert, then count', 'wait'] },
    ],
    [
      'a list in a list, and what follows either',
      '- acceptance:\n  - run:\n    - a\n  - b\n    - c\n- effort: 1h',
      { acceptance_criteria: [command('a'), 'b', 'c'], effort_estimate: '1h' },
    ],
    [
      'other keys among them stay keys',
      '- acceptance:\n  - a\n  - wave: 2\n  - b',
      { acceptance_criteria: ['a', 'b'], wave: 2 },
    ],
  ])('%s', (_title, lines, expected) => {
    const { tickets, warnings } = parse(`- [ ] Other\n- [ ] T\n${lines}`)
    expect(tickets[1]).toMatchObject({ description: 'T', ...expected })
    expect(warnings).toEqual([])
  })

  it('are entries below a heading ticket too', () => {
    const { tickets } = parse('## T\n\nText.\n\n- acceptance:\n  - a\n\n- b')
    expect(tickets[0]).toMatchObject({ acceptance_criteria: ['a'], description: 'Text.\n\n- b' })
  })

  it.each([
    ['a bullet beside the key is none of them', '  - skills:\n  - a', 'T\n- a'],
    ['a key that takes one value has none', '  - category:\n    - a', 'T\n- a'],
    ['a line in a fence is none', '  - skills:\n    ```\n    - a\n    ```', 'T\n```\n- a\n```'],
    ['a stray checkbox is none', '  - skills:\n    * [ ] a', 'T\n* [ ] a'],
  ])('%s', (_title, lines, description) => {
    const { tickets, warnings } = parse(`- [ ] T\n${lines}`)
    expect(tickets[0]).toMatchObject({ description, skills: [] })
    expect(warnings).toContainEqual(
      expect.stringMatching(/^line 2: "(?:skills|category)" has no value and is ignored$/),
    )
  })

  it('warnings come in the order of the lines', () => {
    expect(parse('- [ ] T\n- acceptance:\n  - wave: two\n- skills:\n- colour: red').warnings).toEqual([
      'line 2: "acceptance" has no value and is ignored',
      'line 3: wave must be a whole number; it is ignored',
      'line 4: "skills" has no value and is ignored',
      'line 5: unknown key "colour" is ignored',
    ])
  })

  it('a mistyped key among them is kept as an entry, with a warning', () => {
    const { tickets, warnings } = parse('- [ ] T\n- acceptance:\n  - run: a\n  - expect_contain: b')
    expect(tickets[0]?.acceptance_criteria).toEqual([command('a'), 'expect_contain: b'])
    expect(warnings).toEqual([
      'line 4: unknown key "expect_contain" is read as text; did you mean "expect_contains"?',
    ])
  })
})
