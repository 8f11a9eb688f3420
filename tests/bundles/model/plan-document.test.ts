import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePlan } from '../../../src/bundles/model/plan-document.ts'

const shortener = `# Ship a self-hosted URL shortener

A small HTTP service that turns long links into short ones, keeps counts, and can be run from one folder.

## Wave 1 - foundations
- [ ] Write the slug module: 7 characters, base-62, no look-alikes
  - category: quick
  - effort: 30m-1h
  - skills: typescript
  - acceptance: \`node --test test/slug.test.mjs\` passes
  - acceptance: no slug contains 0, O, I or l
- [ ] Choose the storage and write the schema (key, target, created_at, hits)
  - category: deep
  - effort: 2h
  - qa_scenarios: insert 10,000 links, restart, count them
- [x] Create the repository and the licence

### WAVE 2: the service
- [ ] POST /links creates a link [build] (effort: 1h) (depends on TKT-001)
  - depends_on: TKT-001, TKT-002
  - acceptance: 201 with a Location header; 409 for a taken alias; 422 for a target that isn't http(s)
- [ ] GET /:slug redirects and counts
  - depends_on: TKT-002
  - acceptance: 302, and \`hits\` grows by exactly one under 50 parallel requests
  - qa_scenarios: run wrk for 10 s; compare hits with requests; "quotes" and $HOME stay text
* [ ] a star bullet is not a ticket
- [ ] Rate-limit writes per address — emoji 🚦 and a colon: stay as they are
  - wave: 2
  - skills: http, security
  - depends_on: TKT-003

## Wave 3 - finish
- [ ] README with two commands, and a \`docker\`-free quick start
  - category: quick
  - depends on: TKT-003, TKT-004
- [ ] Load test report
  - estimate: 45m
  - agent: explore
  - depends_on: TKT-004
`
const express = `# Fix the typo on the pricing page

- [ ] "recieve" -> "receive" in pricing.html
  - acceptance: grep finds no "recieve"
`

const parse = (text: string) => parsePlan(text, { file_name: 'plans/plan.md' })
const titles = (text: string) => parse(text).tickets.map((ticket) => ticket.title)

describe('the sample plans', () => {
  it('the long one is a bundle with every field in its place', () => {
    const plan = parse(shortener)
    expect(plan).toMatchObject({ goal: 'Ship a self-hosted URL shortener', route: 'bundle' })
    expect(plan.warnings).toEqual([expect.stringMatching(/^line 26: a checkbox after "\*"/)])
    expect(plan.skipped).toEqual([{ line: 16, title: 'Create the repository and the licence' }])
    const rows = plan.tickets.map((t) => [
      t.source_ticket_index,
      t.wave,
      t.category,
      t.effort_estimate,
      t.depends_on.join(),
    ])
    expect(rows).toEqual([
      [1, 1, 'quick', '30m-1h', ''],
      [2, 1, 'deep', '2h', ''],
      [4, 2, 'build', '1h', 'TKT-001,TKT-002'],
      [5, 2, undefined, undefined, 'TKT-002'],
      [6, 2, undefined, undefined, 'TKT-003'],
      [7, 3, 'quick', undefined, 'TKT-003,TKT-004'],
      [8, 3, 'explore', '45m', 'TKT-004'],
    ])
    expect(plan.tickets[1]).toMatchObject({
      qa_scenarios: ['insert 10,000 links', 'restart', 'count them'],
      line: 12,
    })
    expect(plan.tickets[2]).toMatchObject({
      title: 'POST /links creates a link',
      description: 'POST /links creates a link [build] (effort: 1h) (depends on TKT-001)',
      source_plan: 'plan.md',
    })
    expect(plan.tickets[3]?.qa_scenarios).toContain('"quotes" and $HOME stay text')
    expect(plan.tickets[4]?.title).toBe(
      'Rate-limit writes per address — emoji 🚦 and a colon: stay as they are',
    )
    expect(plan.tickets[4]?.skills).toEqual(['http', 'security'])
  })

  it('Windows line ends and a byte order mark change nothing', () => {
    expect(parse(`\uFEFF${shortener.replaceAll('\n', '\r\n')}`)).toEqual(parse(shortener))
  })

  it('the short one is an express ticket', () => {
    const title = '"recieve" -> "receive" in pricing.html'
    expect(parse(express)).toMatchObject({
      route: 'express',
      tickets: [{ title, acceptance_criteria: ['grep finds no "recieve"'] }],
    })
  })
})

describe('what is a ticket', () => {
  it.each([
    ['a star bullet, a number and a link are none', '* [ ] a\n1. [ ] b\n- [x](c)\n- [ ] d', ['d']],
    ['a plus bullet is one, at any indent', '+ [ ] a\n  + [X] b\n\t+ [ ] c\n- [ ] d', ['a', 'c', 'd']],
    ['a nested box is one', '- [ ] a\n    - [ ] b', ['a', 'b']],
    ['a checked box is none, and keeps its metadata', '- [ ] a\n- [X] b\n  - wave: 7\n- [ ] c', ['a', 'c']],
    [
      'boxes and headings in fences are text',
      '- [ ] a\n```\n- [ ] b\n# c\n~~~\n```\n~~~\n- [ ] d\n~~~',
      ['a'],
    ],
    ['a box without a title is none', '- [ ]\n- [ ] [quick]\n- [ ] a', ['a']],
    [
      'without boxes headings are',
      '# Goal\n## Context\n## Release notes\n## Wave 1\n### a\n## Notebook',
      ['a', 'Notebook'],
    ],
    ['with only checked boxes none is', '## a\n- [x] b', []],
  ])('%s', (_title, text, expected) => {
    expect(titles(text)).toEqual(expected)
  })

  it.each([
    ['the first heading', '\n#### Goal: "x" `y`\n# z', 'Goal: "x" `y`'],
    ['the file name when there is none', '- [ ] a', 'plan'],
    ['the file name when headings are too deep or fenced', '```\n# a\n```\n##### b', 'plan'],
  ])('the goal is %s', (_title, text, goal) => {
    expect(parse(text).goal).toBe(goal)
  })
})

describe('any plan', () => {
  const piece = fc.constantFrom(
    '- [ ] a',
    '- [x] b',
    '\n',
    '```',
    '~~~',
    '# ',
    '## c',
    '  - run: ',
    '(after ',
    '[quick]',
    '{',
    '- depends_on: 1',
    '"',
    '`',
  )
  const word = fc.string({ unit: 'grapheme' })

  it('is read without failing', () => {
    const text = fc
      .array(fc.oneof(piece, word, fc.string({ unit: 'binary' })))
      .map((pieces) => pieces.join(''))
    fc.assert(fc.property(text, (plan) => parse(plan).tickets.every((ticket) => ticket.title.length <= 300)))
  })

  it('has one ticket or one skipped title for each box outside fences', () => {
    const line = fc.constantFrom(
      '- [ ] a',
      '  - [x] b',
      '- [X] c',
      '## d',
      'text',
      '* [ ] e',
      '  + [ ] g',
      '- wave: 1',
      '```\n- [ ] f\n```',
    )
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const plan = parse([...lines, '- [x] last'].join('\n'))
        const boxes = lines.filter((text) => /^ *[-+] \[/.test(text)).length + 1
        expect(plan.tickets.length + plan.skipped.length).toBe(boxes)
      }),
    )
  })

  it('keeps a title without brackets and parentheses to the letter', () => {
    const title = word
      .map((text) => text.replaceAll(/[[\]()\r\n]/g, '').trim())
      .filter((text) => text !== '' && text.length <= 300)
    fc.assert(
      fc.property(title, (text) => {
        expect(titles(`- [ ] ${text}`)).toEqual([text])
      }),
    )
  })

  it.each([
    ['open parentheses', `- [ ] ${'('.repeat(9e4)}\n`.repeat(11)],
    ['groups that never close', `- [ ] (${'(a)'.repeat(3e4)}\n`.repeat(11)],
    ['half phrases', `- [ ] ${'(after '.repeat(1.2e4)}\n`.repeat(11)],
    ['one line', `- [ ] (${'(a)'.repeat(6e6)}`],
    ['spaces', `- [ ] a\n - depends_on: x${' '.repeat(1e6)}y`],
    ['quotes', `- [ ] a\n - skills: ${'"`'.repeat(5e5)}`],
    [
      'a long chain',
      Array.from({ length: 25_000 }, (_, index) => `- [ ] t${index}\n - depends_on: ${index + 2}`).join('\n'),
    ],
    ['many lists', `- [ ] a\n${'- skills:\n  - run:\n    - b\n'.repeat(4e4)}`],
    ['stray boxes', '* [ ] a\n'.repeat(1e5)],
    ['many criteria', `- [ ] a\n${'- acceptance: {run: {{\n'.repeat(4e4)}`],
  ])('of a megabyte of %s is read in linear time', (_title, text) => {
    const start = performance.now()
    parse(text)
    expect(performance.now() - start).toBeLessThan(5000) // quadratic work would take minutes
  })
})
