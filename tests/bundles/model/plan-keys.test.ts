import { describe, expect, it } from 'vitest'
import { parsePlan } from '../../../src/bundles/model/plan-document.ts'

const parse = (text: string) => parsePlan(text, { file_name: 'plans/plan.md' })

describe('a key that is not known', () => {
  it.each([
    ['expect_contain', 'expect_contains'],
    ['waves', 'wave'],
    ['catagory', 'category'],
    ['effrot', 'effort'],
    ['estimat', 'estimate'],
    ['requires', 'depends_on'],
    ['blocked_by', 'depends_on'],
    ['criteria', 'acceptance'],
    ['cmd', 'run'],
  ])('%s is answered with "did you mean %s?"', (written, meant) => {
    expect(parse(`- [ ] T\n  - ${written}: x`).warnings).toEqual([
      `line 2: unknown key "${written}" is ignored; did you mean "${meant}"?`,
    ])
  })

  it.each([['colour'], ['priority'], ['notes'], ['owner']])('%s is like none', (written) => {
    expect(parse(`- [ ] T\n  - ${written}: x`).warnings).toEqual([
      `line 2: unknown key "${written}" is ignored`,
    ])
  })

  it.each([
    ['of several words', '- [ ] T\n  - expect contain: ok', 'T\n- expect contain: ok'],
    ['below a heading', '## T\n- expect_contain: ok', '- expect_contain: ok'],
  ])('%s stays text, with the same answer', (_title, text, description) => {
    const { tickets, warnings } = parse(text)
    expect(tickets[0]?.description).toBe(description)
    expect(warnings).toEqual([
      'line 2: unknown key "expect_contain" is kept as text; did you mean "expect_contains"?',
    ])
  })
})

describe('depends and dependencies', () => {
  it.each([['depends'], ['dependencies']])('%s: is read as depends_on', (name) => {
    const { tickets, warnings } = parse(`- [ ] a\n- [ ] b\n  - ${name}: TKT-001`)
    expect([tickets[1]?.depends_on, warnings]).toEqual([['TKT-001'], []])
  })
})
