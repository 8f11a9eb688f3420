import { describe, expect, it } from 'vitest'
import { parsePlan } from '../../../src/bundles/model/plan-document.ts'

const parse = (text: string) => parsePlan(text, { file_name: 'plans/plan.md' })

describe('the route', () => {
  it.each([
    ['two tickets with categories', '# a\n## b\n- [ ] T [quick]\n- [ ] U', 'express'],
    ['three tickets', '- [ ] a\n- [ ] b\n- [ ] c', 'bundle'],
    ['no ticket', 'text', 'bundle'],
    ['a dependency word', '- [ ] a\n\nafter lunch', 'bundle'],
    ['an effort phrase', '- [ ] a\n\nestimate: 3h', 'bundle'],
    ['an effort', '- [ ] a\n- effort: small', 'bundle'],
    ['a fence', '- [ ] a\n```\n```', 'bundle'],
    ['two headings', '## a\n## b\n- [ ] c', 'bundle'],
    ['20 lines', `- [ ] a\n${'\nx'.repeat(19)}`, 'express'],
    ['21 lines', `- [ ] a\n${'\nx'.repeat(20)}`, 'bundle'],
    ['1201 characters', `- [ ] ${'a'.repeat(1195)}`, 'bundle'],
  ])('%s', (_title, text, route) => {
    expect(parse(text).route).toBe(route)
  })
})
