import { describe, expect, it } from 'vitest'
import { parsePlan } from '../../../src/bundles/model/plan-document.ts'

const parse = (text: string) => parsePlan(text, { file_name: 'plans/plan.md' })
const first = (text: string) => parse(text).tickets[0]

describe('metadata below a ticket', () => {
  it.each([
    [
      'keys in any case, bullet and indent',
      '* AGENT_TYPE: Deep\n      - Effort: 2 days\n+ wave: 3',
      { category: 'deep', effort_estimate: '2 days', wave: 3 },
    ],
    [
      'lists that repeat',
      '- skills: a; b|c\n- QA scenarios: "x, y", `p;q`\n- qa_scenarios: z',
      { skills: ['a', 'b', 'c'], qa_scenarios: ['"x, y"', '`p;q`', 'z'] },
    ],
    [
      'its own place in a plan',
      '- source_plan: a.md\n- source_ticket_index: 9',
      { source_plan: 'a.md', source_ticket_index: 9 },
    ],
    ['description lines', '- description: "a": $(b)\n- description: c', { description: '"a": $(b)\nc' }],
    [
      'indented text',
      '  one\n    two\n\n  ```\n  - wave: 3\n  ```\n  - see RFC 1\nnot this',
      { description: 'T\none\n  two\n\n```\n- wave: 3\n```\n- see RFC 1' },
    ],
    [
      'commands',
      '- run: `npm test`\n- expect_exit_code: 2\n- expect_contains: "ok: 3"',
      {
        acceptance_criteria: [
          { type: 'command', run: 'npm test', expect_exit_code: 2, expect_contains: 'ok: 3' },
        ],
      },
    ],
    [
      'text in two pairs of quotes as it is',
      '- run: "a" "b"',
      { acceptance_criteria: [{ type: 'command', run: '"a" "b"', expect_exit_code: 0 }] },
    ],
    [
      'a command as a flow map',
      '- acceptance: {type: command, run: a}',
      { acceptance_criteria: [{ type: 'command', run: 'a', expect_exit_code: 0 }] },
    ],
    [
      'a criterion that begins with run: or command:',
      '- acceptance: run: `npm test`\n- expect_contains: ok\n- acceptance: Command: a\n- acceptance: run:all is fast',
      {
        acceptance_criteria: [
          { type: 'command', run: 'npm test', expect_exit_code: 0, expect_contains: 'ok' },
          { type: 'command', run: 'a', expect_exit_code: 0 },
          'run:all is fast',
        ],
      },
    ],
    ['the obvious other names of a key', '- dependencies: none\n- depends: none', { depends_on: [] }],
    [
      'numbered steps as text',
      '  1. Open: the file\n  2) Then: save it',
      { description: 'T\n1. Open: the file\n2) Then: save it' },
    ],
  ])('%s', (_title, lines, expected) => {
    expect(parse(`- [ ] T\n${lines}`)).toMatchObject({ tickets: [expected], warnings: [] })
  })

  it.each([
    [
      'a refused flow map, kept as text',
      '- acceptance: {run: a}',
      /^line 2: acceptance kept as plain text: .*write {type/,
    ],
    [
      'an expectation without a command',
      '- acceptance: a\n- expect_contains: b',
      /^line 3: "expect_contains" has no "run"/,
    ],
    ['an exit code out of range', '- run: a\n- expect_exit_code: 256', /^line 3: expect_exit_code must be/],
    ['an empty value', '- run: ``\n', /^line 2: "run" has no value/],
    ['a wave that is no number', '- wave: two', /^line 2: wave must be/],
    [
      'a mistyped key',
      '- aceptance: a',
      /^line 2: unknown key "aceptance" is ignored; did you mean "acceptance"\?$/,
    ],
    ['an unknown key', '- colour: red', /^line 2: unknown key "colour" is ignored$/],
    [
      'a numbered key',
      '  1. Run: the migration',
      /^line 2: a numbered item is text; write "- run:" instead$/,
    ],
    ['a command without words', '- acceptance: run:', /^line 2: "run" has no value/],
    ['a fence that stays open', '```\n- [ ] b', /^line 2: this code fence is never closed/],
    ['a box without a title', '- [ ] [quick]', /^line 2: a ticket without a title/],
  ])('warns about %s', (_title, lines, warning) => {
    const { warnings } = parse(`- [ ] T\n${lines}`)
    expect(warnings).toEqual([expect.stringMatching(warning)])
  })

  it('nothing of the ticket line is lost when a description and metadata override it', () => {
    const ticket = first('- [ ] T [deep]\n  - category: quick\n  - description: d')
    expect(ticket).toMatchObject({ category: 'quick', description: 'T [deep]\nd' })
  })

  it.each([
    ['a deep heading keeps it', '## Wave 2\n### x\n- [ ] T', 2],
    ['a level 2 heading keeps it', '### wave 2\n## x\n- [ ] T', 2],
    ['a ticket may have its own', '# WAVE 2: x\n- [ ] T\n- wave: 5', 5],
    ['metadata goes on below a deep heading', '- [ ] T\n#### x\n- wave: 5', 5],
    ['metadata ends at a heading of level 2', '- [ ] T\n## x\n- wave: 5', undefined],
    ['metadata ends at a heading of a wave', '- [ ] T\n### wave 3\n- wave: 5', undefined],
  ])('wave: %s', (_title, text, wave) => {
    expect(first(text)?.wave).toBe(wave)
  })

  it('text below a heading ticket is its description, prose with colons included', () => {
    const ticket = first('## T (effort: 1h)\n\nOne.\n\n- Why: two\n- wave: 4\n')
    expect(ticket).toMatchObject({
      title: 'T',
      description: 'One.\n\n- Why: two',
      wave: 4,
    })
    expect(ticket).not.toHaveProperty('source_ticket_index')
  })
})
