import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SimpleTask } from '../../../../src/durable/model/note/tasks.ts'
import { readNote } from '../../../../src/durable/model/note/note.ts'

const noteOf = (lines: readonly string[]) => readNote(['### New', ...lines].join('\n'))
const tasksOf = (...lines: readonly string[]): readonly SimpleTask[] =>
  noteOf(lines).new_items.filter((item) => item.item_type === 'simple_task')
const titlesOf = (...lines: readonly string[]): readonly string[] =>
  tasksOf(...lines).map(({ title }) => title)
const ignoredOf = (...lines: readonly string[]): readonly string[] =>
  noteOf(lines).ignored_lines.map(({ text, why }) => `${why}: ${text}`)

describe('a task', () => {
  test.each([
    '- a',
    '* a',
    '+ a',
    '• a',
    '1. a',
    '2) a',
    '  - a',
    '-a',
    '-   a  ',
    'a',
    '- [ ] a',
    '* [] a',
    '1. [ ] a',
    '[ ] a',
  ])('is %j', (line) => {
    expect(tasksOf(line)).toMatchObject([
      { item_type: 'simple_task', title: 'a', summary: 'a', ticket_type: 'WORKER', line: 2 },
    ])
    expect(ignoredOf(line)).toEqual([])
  })

  test.each(['', '-', '- ', '<none>', '- <none>', '- None', '* n/a', '---', '***', '- …'])(
    'is not %j',
    (line) => {
      expect(noteOf([line])).toMatchObject({ new_items: [], ignored_count: 0 })
    },
  )

  test.each([
    ['- [x] a', 'done'],
    ['1. [X] a', 'done'],
    ['- <what to do>', 'placeholder'],
    ['- [ ]', 'no_text'],
    ['- [defer]', 'no_text'],
    ['<!-- a -->', 'comment'],
  ])('is not %s, which is told', (line, why) => {
    expect(titlesOf(line)).toEqual([])
    expect(ignoredOf(line)).toEqual([`${why}: ${line}`])
  })

  test('takes in deeper lines, wrapped or with bullets', () => {
    const [task, ...others] = tasksOf(
      '- a',
      '  b',
      '  - c',
      '    d',
      '  - [x] e',
      '    f',
      '',
      '   g',
      '```',
      'h',
      '```',
      '- i',
    )
    expect(task).toMatchObject({ title: 'a b', summary: 'a b\n- c d\n```\nh\n```' })
    expect(others).toMatchObject([{ title: 'i' }])
    expect(ignoredOf('- a', '  - [x] e', '    f', '- [x] i', '  j', '  - k')).toEqual(
      ['- [x] e', 'f', '- [x] i', 'j', '- k'].map((text) => `done: ${text}`),
    )
  })

  test('is every line of a list that is indented as a whole, and a line at the margin', () => {
    expect(titlesOf('  - a', '  - b', ' - c', 'd', '- e', 'f')).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
  })

  test('has a title of 120 characters', () => {
    expect(tasksOf(`- ${'🙂'.repeat(130)}`)).toMatchObject([
      { title: '🙂'.repeat(120), summary: '🙂'.repeat(130) },
    ])
  })

  test.each([
    ['[defer] a', 'defer', 'a'],
    ['[Map to review-followup] a', 'map_to_review_followup', 'a'],
    ['[ ] [absorb_into_current_work] a', 'absorb_into_current_work', 'a'],
    ['[materialize_ticket] [ ] a', 'materialize_ticket', 'a'],
    ['[ui] a', 'materialize_ticket', '[ui] a'],
    ['[defer](https://a.b) a', 'materialize_ticket', '[defer](https://a.b) a'],
  ])('%s is %s', (text, resolution, title) => {
    expect(tasksOf(`- ${text}`)).toMatchObject([{ resolution, title }])
  })
})

describe('a ticket with an id of its own', () => {
  test('stands before the tasks, and takes in none of them', () => {
    const note = noteOf([
      '- a',
      '### TKT-50 — [defer] Title',
      'objective:',
      '- b',
      '### TKT-50',
      '### Ideas',
      '- c',
    ])
    expect(note.new_items).toMatchObject([
      {
        item_type: 'explicit_ticket',
        ticket_id: 'TKT-50',
        title: 'Title',
        summary: 'b',
        resolution: 'defer',
      },
      { item_type: 'simple_task', title: 'a' },
    ])
    expect(note.batch).toEqual({ kind: 'empty' })
    expect(note.ignored_lines.map(({ line, why }) => `${line} ${why}`)).toEqual([
      '6 repeated',
      '7 no_section',
      '8 no_section',
    ])
  })

  test('is not new when it is ticked off', () => {
    expect(noteOf(['### TKT-50 — [x] Title', 'objective:', '- b'])).toMatchObject({
      new_items: [],
      ignored_count: 3,
    })
  })
})

describe('the id of a task', () => {
  const idOf = (line: string): string | undefined => tasksOf(line)[0]?.ticket_id

  test('does not depend on marks, blanks, case, the batch, or what is nested below', () => {
    const id = idOf('- Fix the header')
    expect(id).toMatch(/^TKT-NEW-[0-9A-F]{8}$/)
    for (const line of [
      '* [ ] fix  the header',
      '1. [defer] Fix the\theader',
      '- Fix\n  the header\n  - soon',
    ])
      expect([line, idOf(line)]).toEqual([line, id])
    expect(idOf('- Fix the footer')).not.toBe(id)
    const elsewhere = readNote('### New\n- Fix the header\n# TICKET_BATCH\nbatch_id: B-2\n### TKT-1')
    expect(elsewhere.new_items).toMatchObject([{ ticket_id: id }])
  })

  test('is another one for its twin, and for a task that was ticked off and written again', () => {
    const [first, second] = tasksOf('- a', '- A').map(({ ticket_id }) => ticket_id)
    expect(first).not.toBe(second)
    for (const lines of [
      ['- [x] a', '- a'],
      ['- a', '- [x] a'],
    ])
      expect(tasksOf(...lines).map(({ ticket_id }) => ticket_id)).toEqual([second])
  })

  const tasks = fc.uniqueArray(
    fc.string({ unit: fc.constantFrom('a', 'b', 'ß', '#', '2', ' x'), minLength: 1 }),
    {
      maxLength: 12,
      selector: (text) => text.trim().replaceAll(/\s+/g, ' '),
    },
  )
  const idsByTitle = (texts: readonly string[]): ReadonlyMap<string, string> =>
    new Map(tasksOf(...texts.map((text) => `- ${text}`)).map(({ title, ticket_id }) => [title, ticket_id]))

  test('stays when other lines are moved, inserted or deleted', () => {
    const edited = tasks.chain((texts) =>
      fc.tuple(
        fc.constant(texts),
        fc.shuffledSubarray(texts),
        fc.array(fc.constantFrom('new', '<none>', '[x] old', '---', '')),
      ),
    )
    fc.assert(
      fc.property(edited, ([texts, kept, inserted]) => {
        const before = idsByTitle(texts)
        const after = idsByTitle(
          inserted
            .flatMap((line, index) => [line, ...kept.slice(index, index + 1)])
            .concat(kept.slice(inserted.length)),
        )
        for (const [title, id] of after)
          if (title !== 'new') expect([title, id]).toEqual([title, before.get(title)])
      }),
    )
  })

  test('is one of its own for every line', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('- a', '- a#2', '- a#3', '- b', 'A')), (lines) => {
        const ids = tasksOf(...lines).map(({ ticket_id }) => ticket_id)
        expect(new Set(ids).size).toBe(lines.length)
      }),
    )
  })
})
