import { describe, expect, it } from 'vitest'
import { parsePlan } from '../../../src/bundles/model/plan-document.ts'

const parse = (text: string) => parsePlan(text, { file_name: 'plans/plan.md' })

describe('dependencies', () => {
  const plan = (words: string) =>
    `- [x] Done thing\n- [ ] One\n- [ ] Salt, \`pepper\` and oil!\n- [ ] T\n  - depends_on: ${words}`
  it.each([
    ['ids in any case', 'tkt-1 and [TKT-0002]', ['TKT-001', 'TKT-002']],
    ['numbers', 'ticket 1, #2, and 1', ['TKT-001', 'TKT-002']],
    ['titles', 'ONE, "salt, pepper and oil"', ['TKT-001', 'TKT-002']],
    ['a title with "and" in it', 'Salt, pepper and oil', ['TKT-002']],
    ['work already done, and none', 'done thing, none', []],
  ])('%s are resolved', (_title, words, ids) => {
    const { tickets, warnings } = parse(plan(words))
    expect([tickets[2]?.depends_on, warnings]).toEqual([ids, []])
  })

  it.each([
    [
      'prose is left out',
      'the docs and 1',
      ['TKT-001'],
      ['line 4: "the docs" names no ticket of this plan; left out of depends_on'],
    ],
    [
      'an unknown id is kept',
      'TKT-1000',
      ['TKT-1000'],
      ['line 4: TKT-1000 is not among the 3 open tickets of this plan'],
    ],
    ['itself is kept', '#3', ['TKT-003'], ['line 4: TKT-003 depends on itself']],
  ])('%s with a warning', (_title, words, ids, expected) => {
    const { tickets, warnings } = parse(plan(words))
    expect([tickets[2]?.depends_on, warnings]).toEqual([ids, expected])
  })

  it('a circle is named in order', () => {
    const { warnings } = parse(
      '- [ ] a (after c)\n- [ ] b (after a)\n- [ ] c (requires b)\n- [ ] d (blocked by a)',
    )
    expect(warnings).toEqual(['dependency cycle: TKT-001 -> TKT-003 -> TKT-002 -> TKT-001'])
  })
})
