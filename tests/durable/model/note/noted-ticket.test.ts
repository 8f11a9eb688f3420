import { describe, expect, test } from 'vitest'
import type { NotedTicket } from '../../../../src/durable/model/note/noted-ticket.ts'
import { readNote, type Note } from '../../../../src/durable/model/note/note.ts'

/** The note is read as it is given: its first lines are `# TICKET_BATCH` and `### TKT-1`. */
const noteOf = (...lines: readonly string[]): Note =>
  readNote(['# TICKET_BATCH', '### TKT-1', ...lines].join('\n'))
const ticketOf = (...lines: readonly string[]): NotedTicket | undefined => {
  const { batch } = noteOf(...lines)
  return batch.kind === 'batch' ? batch.tickets[0] : undefined
}
const ignoredOf = (...lines: readonly string[]): readonly string[] =>
  noteOf(...lines).ignored_lines.map(({ text, why }) => `${why}: ${text}`)

describe('the keys of a ticket', () => {
  const values = { title: 'a', ticket_type: 'INTEGRATOR', requested_status: 'READY', summary: 'b c' }

  test.each([
    ['plain', ['title: a', 'type: integrator', 'status: READY', 'objective:', '- b', '- c']],
    [
      'with bullets',
      ['- title: a', '- ticket_type: Integrator', '- requested_status: READY', '- summary: b', '  - c'],
    ],
    [
      'with other bullets',
      ['* Title: a', '* TYPE: INTEGRATOR', '* status: READY', '* objective:', '* b', '* c'],
    ],
    ['indented', ['  title: a', '  type: INTEGRATOR', '  status: READY', '  objective:', '  - b', '  - c']],
    ['as headings', ['title: a', 'type: INTEGRATOR', 'status: READY', '#### Objective', 'b', 'c']],
    ['without blanks', ['title:a', 'type:INTEGRATOR', 'status:READY', 'objective:b', 'summary:c']],
  ])('are read %s', (_title, lines) => {
    expect(ticketOf(...lines)).toMatchObject(values)
    expect(ignoredOf(...lines)).toEqual([])
  })

  test('that are not there leave a worker that asks for nothing', () => {
    expect(ticketOf()).toEqual({
      ticket_id: 'TKT-1',
      line: 2,
      title: 'TKT-1',
      ticket_type: 'WORKER',
      requested_status: undefined,
      summary: '',
      required_work: [],
      acceptance: [],
      scope: [],
      depends_on: [],
      assignable_to: [],
      priority: undefined,
      wave: undefined,
      batch_id: undefined,
      queue_order: 1,
    })
  })

  test('without a value do not take the next line for it', () => {
    const lines = [
      'title:',
      'type: INTEGRATOR',
      'status:',
      '- stray',
      'objective:',
      'acceptance: <none>',
      'wave: -',
    ]
    expect(ticketOf(...lines)).toMatchObject({
      title: 'TKT-1',
      ticket_type: 'INTEGRATOR',
      summary: '',
      acceptance: [],
    })
    expect(ignoredOf(...lines)).toEqual(['no_key: - stray'])
  })

  test('that nobody knows stay out of the summary, with what is below them', () => {
    const lines = ['title: a', 'objective:', '- b', 'owner: me', '- and you', '#### Risks', '- none known']
    expect(ticketOf(...lines)).toMatchObject({ summary: 'b' })
    expect(ignoredOf(...lines)).toEqual([
      'unknown_key: owner: me',
      'no_key: - and you',
      'no_section: #### Risks',
      'no_key: - none known',
    ])
  })

  test.each([
    ['type: reviewer', { ticket_type: 'WORKER' }],
    ['priority: urgent', { priority: undefined }],
    ['priority: 101', { priority: undefined }],
    ['wave: second', { wave: undefined }],
    ['queue_order: -1', { queue_order: 1 }],
    ['depends_on: TKT-2, the other one', { depends_on: ['TKT-2'] }],
    ['assignable_to: impl-*, two words', { assignable_to: ['impl-*'] }],
    ['ticket_id: TKT-9', { ticket_id: 'TKT-1' }],
  ])('with a value that cannot be (%s) are told', (line, ticket) => {
    expect(ticketOf(line)).toMatchObject(ticket)
    expect(ignoredOf(line)).toEqual([`bad_value: ${line}`])
  })

  test('that come twice count once, but lists grow', () => {
    const lines = ['title: a', 'title: b', 'scope: x', 'scope:', '- y']
    expect(ticketOf(...lines)).toMatchObject({ title: 'a', scope: ['x', 'y'] })
    expect(ignoredOf(...lines)).toEqual(['repeated: title: b'])
  })

  test('priority is a number or a word', () => {
    const priorities = ['critical', 'High', 'medium', 'low', '7'].map(
      (word) => ticketOf(`priority: ${word}`)?.priority,
    )
    expect(priorities).toEqual([0, 20, 50, 80, 7])
  })
})

describe('the lists of a ticket', () => {
  test('hold lines that look like keys', () => {
    const lines = [
      'title: a',
      'objective:',
      '- status: shown in red',
      '  type: bold',
      '- https://a.b',
      '- Note: c',
      'D: e',
    ]
    expect(ticketOf(...lines)?.summary).toBe('status: shown in red type: bold https://a.b Note: c D: e')
  })

  test('hold what is nested below a key with a bullet', () => {
    const lines = [
      '- title: a',
      '- acceptance:',
      '  - status: 201',
      '  - [x] b',
      '- scope:',
      '  - src/**',
      '- type: worker',
    ]
    expect(ticketOf(...lines)).toMatchObject({ acceptance: ['status: 201', 'b'], scope: ['src/**'] })
    expect(ignoredOf(...lines)).toEqual([])
  })

  test('of globs and ids may stand in one line', () => {
    const lines = ['scope: `src/{a,b}/**`, tests/**; *.md', 'depends_on: TKT-2, feature_3;TKT-2']
    expect(ticketOf(...lines)).toMatchObject({
      scope: ['src/{a,b}/**', 'tests/**', '*.md'],
      depends_on: ['TKT-2', 'feature_3'],
    })
  })

  test('hold code, and no placeholders', () => {
    const lines = [
      'objective:',
      '- run',
      '```',
      '### TKT-2',
      '```',
      'acceptance:',
      '- <one line each>',
      '- none',
      '- b',
    ]
    expect(ticketOf(...lines)).toMatchObject({ summary: 'run ``` ### TKT-2 ```', acceptance: ['b'] })
    expect(ignoredOf(...lines)).toEqual(['placeholder: - <one line each>'])
  })
})

describe('the heading of a ticket', () => {
  const ticketsOf = (...lines: readonly string[]): readonly string[] => {
    const { batch } = readNote(['# TICKET_BATCH', ...lines].join('\n'))
    return batch.kind === 'batch' ? batch.tickets.map(({ ticket_id, title }) => `${ticket_id} ${title}`) : []
  }

  test.each([
    ['### TKT-016 — a', 'TKT-016 a'],
    ['### TKT-016: a ', 'TKT-016 a'],
    ['### TKT-016 - a', 'TKT-016 a'],
    ['### TKT-016 a', 'TKT-016 a'],
    ['## RV-042-001\t', 'RV-042-001 RV-042-001'],
    ['#### TKT-A_b', 'TKT-A_b TKT-A_b'],
  ])('is %s', (heading, ticket) => {
    expect(ticketsOf(heading)).toEqual([ticket])
  })

  test('is any other id of up to 51 characters, when keys stand below', () => {
    const longest = `a${'-_9'.repeat(16)}zz`
    expect(ticketsOf(`### ${longest}`, 'title: b', '### FEAT-1 — c', 'type: worker')).toEqual([
      `${longest} b`,
      'FEAT-1 c',
    ])
    expect(
      ticketsOf(`### ${longest}z`, 'title: b', '### FEAT-1', 'text', '### UTF-8 names', 'title: c'),
    ).toEqual([])
  })

  test('gives the title that no key gives; one that differs is told', () => {
    expect(ticketsOf('### TKT-1 — a', 'title: b')).toEqual(['TKT-1 b'])
    expect(ignoredOf('### TKT-2 — a', 'title: b')).toEqual(['repeated: ### TKT-2 — a'])
    expect(ticketsOf('### TKT-1', `objective: ${'é'.repeat(200)}`)).toEqual([`TKT-1 ${'é'.repeat(120)}`])
  })

  test('counts once', () => {
    const text = '# TICKET_BATCH\n### TKT-1\ntitle: a\n### TKT-1\ntitle: b'
    expect(readNote(text)).toMatchObject({ batch: { tickets: [{ title: 'a' }] }, ignored_count: 2 })
  })
})
