import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { batchOf, readNote } from '../../../../src/durable/model/note/note.ts'

const usual = `# Prompt
Everybody reads this.
## User
### New
- Add a dark theme
- [defer] Look at the new codec
### Request
Please keep the API stable.
- not a task
### Asking Question(free text)
<none>
## Review Agent Inbox
# TICKET_BATCH
batch_id: BATCH-005
mode: sequential
status: READY
## TICKETS
### TKT-016
title: Export as CSV
type: WORKER
status: OPEN
scope:
- src/export/**
objective:
- Stream rows, never hold
  the table in memory
- Quote per RFC 4180
required_work:
- writer
acceptance:
- 1 GB in 100 MB
### TKT-018 — Close the batch
type: integrator
depends_on: TKT-016
`

const idsOf = (text: string): readonly string[] => {
  const batch = batchOf(readNote(text))
  return batch.kind === 'batch' ? batch.tickets.map(({ ticket_id }) => ticket_id) : [batch.kind]
}
const titlesOf = (text: string): readonly string[] => readNote(text).new_items.map(({ title }) => title)
const whysOf = (text: string): readonly string[] =>
  readNote(text).ignored_lines.map(({ line, why }) => `${line} ${why}`)

describe('a note of the usual layout', () => {
  test('gives its batch, its tasks and its inbox', () => {
    const note = readNote(usual)
    expect(note.batch).toEqual({ kind: 'empty' })
    expect(batchOf(note)).toMatchObject({
      kind: 'batch',
      batch_id: 'BATCH-005',
      mode: 'sequential',
      status: 'READY',
      tickets: [
        {
          ticket_id: 'TKT-016',
          title: 'Export as CSV',
          ticket_type: 'WORKER',
          requested_status: 'OPEN',
          summary: 'Stream rows, never hold the table in memory Quote per RFC 4180',
          required_work: ['writer'],
          acceptance: ['1 GB in 100 MB'],
          scope: ['src/export/**'],
          batch_id: 'BATCH-005',
          queue_order: 1,
        },
        {
          ticket_id: 'TKT-018',
          title: 'Close the batch',
          ticket_type: 'INTEGRATOR',
          depends_on: ['TKT-016'],
          queue_order: 2,
        },
      ],
    })
    expect(note.new_items.map(({ title, resolution }) => [title, resolution])).toEqual([
      ['Add a dark theme', 'materialize_ticket'],
      ['Look at the new codec', 'defer'],
    ])
    expect(note.inbox).toMatchObject({
      parser_shape: 'embedded_ticket_batch_in_note_tasks',
      items: [{ inbox_item_id: 'TKT-016', mapped_ticket_id: 'TKT-016' }, { inbox_item_id: 'TKT-018' }],
    })
    expect(note).toMatchObject({ ignored_lines: [], ignored_count: 0 })
  })

  test.each([
    ['line ends of Windows', usual.replaceAll('\n', '\r\n')],
    ['line ends of old', usual.replaceAll('\n', '\r')],
    ['a byte order mark', `\uFEFF${usual}`],
    ['trailing blanks', usual.replaceAll('\n', ' \t\n')],
    ['blank lines', usual.replaceAll('\n##', '\n\n\n##')],
  ])('means the same with %s', (_title, text) => {
    const withoutLines = (note: unknown): unknown =>
      JSON.parse(JSON.stringify(note, (key, value: unknown) => (key === 'line' ? 0 : value)))
    expect(withoutLines(readNote(text))).toEqual(withoutLines(readNote(usual)))
  })

  test.each(['', '\uFEFF\r\n', '# Prompt\n## User\n### New\n<none>\n- <none>\n## Review Agent Inbox\n'])(
    'that says nothing (%j) is empty',
    (text) => {
      expect(readNote(text)).toEqual({
        batch: { kind: 'empty' },
        new_items: [],
        inbox: { kind: 'empty' },
        ignored_lines: [],
        ignored_count: 0,
      })
    },
  )
})

test('a project may name the headings of its new tasks and of its inbox', () => {
  const text =
    '## Todo:\n- One thing\n### New\n- Not a task\n## From review\n# TICKET_BATCH\nbatch_id: B-1\n### TKT-7\n'
  const note = readNote(text, { added: 'todo', inbox: 'From Review' })
  expect(note.new_items).toMatchObject([{ title: 'One thing' }])
  expect(note.inbox).toMatchObject({ kind: 'inbox', batch: { tickets: [{ ticket_id: 'TKT-7' }] } })
  expect(readNote(text).new_items).toMatchObject([{ title: 'Not a task' }])
})

describe('a section ends where another begins', () => {
  const ticket = '# TICKET_BATCH\n### TKT-1\ntitle: a\nobjective:\n- b'

  test.each(['### New', '## New:', '### Request', '### Asking Question(free text)', '## Review Agent Inbox'])(
    'so a ticket does not take in %s',
    (heading) => {
      const { batch } = readNote(`${ticket}\n${heading}\n- other words`)
      expect(batch).toMatchObject({ tickets: [{ ticket_id: 'TKT-1', summary: 'b' }] })
    },
  )

  test('so what stands below a heading nobody knows is told, and is no ticket', () => {
    const text = `### New\n- a\n### Ideas\n- not yet\n### New\n- b\n${ticket}\n## Notes\ntitle: x\n### TKT-2\ntitle: c`
    expect(titlesOf(text)).toEqual(['a', 'b'])
    expect(idsOf(text)).toEqual(['TKT-1', 'TKT-2'])
    expect(whysOf(text)).toEqual(['3 no_section', '4 no_section', '12 no_section', '13 no_section'])
  })

  test('but smaller headings group tasks', () => {
    expect(titlesOf('### New\n#### Backend\n- a\n##### Cache\n- b')).toEqual(['a', 'b'])
  })

  test('and what is in a code fence or a comment begins none', () => {
    const quoted = '### New\n- no\n# TICKET_BATCH\n### TKT-9\ntitle: no'
    for (const text of [
      `\`\`\`md\n${quoted}\n\`\`\``,
      `~~~\n${quoted}\n\`\`\`\n~~~~`,
      `<!--\n${quoted}\n-->`,
    ]) {
      expect([...titlesOf(text), ...idsOf(text)]).toEqual(['empty'])
      expect(readNote(text).ignored_count).toBe(text.split('\n').length)
    }
  })

  test('and a fence or a comment that is never closed hides nothing', () => {
    expect(titlesOf('```\n<!--\n````\n### New\n- a\n~~~')).toEqual(['a', '~~~'])
  })
})

describe('what is told as ignored', () => {
  test('is bounded, in the order of the note, and counted', () => {
    const note = readNote(`- ${'a'.repeat(1000)}\n`.repeat(60))
    expect(note.ignored_count).toBe(60)
    expect(note.ignored_lines).toHaveLength(50)
    expect(note.ignored_lines[0]).toEqual({ line: 1, text: `- ${'a'.repeat(118)}`, why: 'no_section' })
    expect(whysOf('a\n### New\n- [x] b\n# TICKET_BATCH\nc')).toEqual(['1 no_section', '3 done', '5 no_key'])
  })
})

/** Whatever a line is made of, the word in it is found again. */
const lineWith = (word: string): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom('', '  ', '\t', '    '),
      fc.constantFrom(
        ...[
          '',
          '- ',
          '* ',
          '1. ',
          '- [ ] ',
          '- [x] ',
          '- [defer] ',
          '# ',
          '### ',
          '#### ',
          '### TKT-',
          '### TKT-1 — ',
        ],
        ...[
          'title: ',
          'type: ',
          '- status: ',
          'objective: ',
          'owner: ',
          '- note: ',
          'wave: ',
          '<!-- ',
          '```',
          '~~~',
        ],
        ...[
          'acceptance: ',
          'depends_on: ',
          'scope: ',
          'batch_id: ',
          'mode: ',
          'requested_ticket_count: ',
          '> ',
        ],
      ),
      fc.constantFrom('', ' -->', ' <none>', ': x'),
    )
    .map(([indent, start, end]) => `${indent}${start}${word}${end}`)

const structure = fc.constantFrom(
  ...[
    '### New',
    '## Review Agent Inbox',
    '# TICKET_BATCH',
    '# TICKET',
    '## TICKETS',
    '## System Managed Ticket Projection',
  ],
  ...[
    'REQUEST_BUNDLE',
    '## Round Charter',
    '## Requested ticket plan',
    'required tickets:',
    'objective:',
    'scope:',
  ],
  ...['acceptance:', '```', '~~~', '-->', '', '- ', '---', '#### Objective', '### TKT-7'],
)

describe('any note', () => {
  test('loses no word without telling', () => {
    const word = fc.nat(999).map((number) => `word${number}x`)
    const lines = fc
      .uniqueArray(word, { maxLength: 25 })
      .chain((words) =>
        fc.tuple(...words.map((one) => fc.tuple(lineWith(one), fc.option(structure, { nil: undefined })))),
      )
    fc.assert(
      fc.property(lines, (pairs) => {
        const text = pairs
          .flat()
          .filter((line) => line !== undefined)
          .join('\n')
        const told = JSON.stringify(readNote(text))
        const missing = [...text.matchAll(/word\d+x/g)]
          .map(([one]) => one)
          .filter((one) => !told.includes(one))
        expect(missing).toEqual([])
      }),
      { numRuns: 2000 },
    )
  })

  test('is read without failing', () => {
    const line = fc.oneof(structure, fc.string(), fc.string({ unit: 'binary' }), lineWith('word'))
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        expect(readNote(lines.join('\n')).ignored_count).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  test.each([
    ['one line of 500,000 characters', `### New\n- ${'a'.repeat(500_000)}`],
    [
      'as many blanks, in a heading, a bullet, a key',
      `### New ${' '.repeat(200_000)}x\n- ${' '.repeat(200_000)}x\n### TKT-1 ${' '.repeat(200_000)}x`,
    ],
    [
      'hyphens, backticks, brackets',
      ['-', '- ', '`', '[', '[ ] ', '<', '<!--', ': ', '{,', '#']
        .map((mark) => `### New\n${mark.repeat(100_000)}x`)
        .join('\n'),
    ],
    ['20,000 bullets', `### New\n${'- a\n  b\n  - c\n'.repeat(20_000)}`],
    [
      '20,000 bullets that differ',
      `### New\n${Array.from({ length: 20_000 }, (_, index) => `- ${index}`).join('\n')}`,
    ],
    ['10,000 headings', `# TICKET_BATCH\n${'### TKT-1\ntitle: a\n'.repeat(5000)}${'### a\n'.repeat(5000)}`],
    [
      '10,000 tickets',
      `# TICKET_BATCH\n${Array.from({ length: 10_000 }, (_, index) => `### TKT-${index}\n- title: a`).join('\n')}`,
    ],
    ['100,000 fences and comments that are open', '```a\n<!--\n~~~~b\n'.repeat(33_000)],
    ['300,000 lines nobody reads', 'a\n'.repeat(300_000)],
    ['300,000 lines in one ticket', `# TICKET_BATCH\n### TKT-1\nobjective:\n${'- a\n  b\n'.repeat(150_000)}`],
  ])('with %s is read', (_title, text) => {
    expect(readNote(text).ignored_lines.length).toBeLessThanOrEqual(50)
  })
})
