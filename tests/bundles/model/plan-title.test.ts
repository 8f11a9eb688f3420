import { describe, expect, it } from 'vitest'
import { parsePlan } from '../../../src/bundles/model/plan-document.ts'

const parse = (text: string) => parsePlan(text, { file_name: 'plans/plan.md' })
const first = (text: string) => parse(text).tickets[0]

describe('what the ticket line says', () => {
  it.each([
    ['ordinary words name no category', 'Build a quick, deep page', 'Build a quick, deep page', {}],
    ['a bracketed word does', 'Do [Quick] it [deep]', 'Do it [deep]', { category: 'quick' }],
    ['a link or code does not', '[build](x) `[deep]`', '[build](x) `[deep]`', {}],
    [
      'an effort range is kept whole',
      'Do it (estimate 30m-1h), now',
      'Do it, now',
      { effort_estimate: '30m-1h' },
    ],
    ['an effort may be days', 'Do it (Time: 2d)', 'Do it', { effort_estimate: '2d' }],
    ['a time of day is no effort', 'Do (time of day) in 3h', 'Do (time of day) in 3h', {}],
    [
      'an effort in plain words stays in the title',
      'Do effort 3h',
      'Do effort 3h',
      { effort_estimate: '3h' },
    ],
    ['an effort in code is none', 'Do `effort 3h`', 'Do `effort 3h`', {}],
    ['a dependency in plain words is none', 'Tidy up after TKT-002', 'Tidy up after TKT-002', {}],
    [
      'dependencies add up',
      'Do (after 2) it (requires TKT-3)',
      'Do it',
      { depends_on: ['TKT-002', 'TKT-003'] },
    ],
    ['spaces inside stay', 'two  spaces: `a  b`', 'two  spaces: `a  b`', {}],
  ])('%s', (_title, line, title, fields) => {
    const { category, effort_estimate, depends_on, description } =
      first(`- [ ] ${line}\n- [ ] b\n- [ ] c`) ?? {}
    expect(first(`- [ ] ${line}`)?.title).toBe(title)
    expect({ category, effort_estimate, depends_on, description }).toEqual({
      depends_on: [],
      description: line,
      ...fields,
    })
  })

  it('dependency words that name no ticket end up in the description', () => {
    expect(first('- [ ] Do it (after x (y))')).toMatchObject({
      title: 'Do it',
      description: 'Do it (after x (y))\nDepends on: x (y)',
    })
  })

  it('a long title is cut, whole characters only, and the description has it all', () => {
    const long = `${'a'.repeat(299)}🚦 tail`
    expect(first(`- [ ] ${long}\n  - description: d`)).toMatchObject({
      title: 'a'.repeat(299),
      description: `${long}\nd`,
    })
  })
})
