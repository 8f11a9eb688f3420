import { describe, expect, test } from 'vitest'
import { readNote } from '../../../../src/durable/model/note/note.ts'

const lines = (...all: readonly string[]): string => all.join('\n')

describe('a batch', () => {
  test('may stand anywhere; the inbox has its own', () => {
    const text = lines(
      '# TICKET_BATCH',
      'batch_id: B-1',
      '### TKT-1',
      '## Review Agent Inbox',
      '# TICKET_BATCH',
      '### TKT-2',
    )
    expect(readNote(text)).toMatchObject({
      batch: { batch_id: 'B-1', tickets: [{ ticket_id: 'TKT-1' }] },
      inbox: { items: [{ inbox_item_id: 'TKT-2' }] },
    })
  })

  test('may do without a head', () => {
    expect(readNote('## TICKETS\n### TKT-1\n### TKT-2')).toMatchObject({
      batch: { batch_id: undefined, mode: undefined, tickets: [{ queue_order: 1 }, { queue_order: 2 }] },
    })
  })

  test('gives its tickets its id, and their place where they have none', () => {
    const text = lines(
      ...[
        '# TICKET_BATCH',
        '- batch_id: B-1',
        '- mode: any words',
        '- owner: me',
        '### TKT-1',
        'queue_order: 7',
      ],
      ...['### TKT-2', 'batch_id: B-9', '# TICKET_BATCH', 'batch_id: B-2', 'mode: other', '### TKT-3'],
    )
    const note = readNote(text)
    expect(note.batch).toMatchObject({
      batch_id: 'B-1',
      mode: 'any words',
      tickets: [
        { batch_id: 'B-1', queue_order: 7 },
        { batch_id: 'B-9', queue_order: 2 },
        { batch_id: 'B-1', queue_order: 3 },
      ],
    })
    expect(note.ignored_lines.map(({ line, why }) => [line, why])).toEqual([
      [4, 'unknown_key'],
      [10, 'repeated'],
      [11, 'repeated'],
    ])
  })

  test('may be projected, from no request bundle', () => {
    const note = readNote(
      '## System Managed Ticket Projection\n# TICKET_BATCH\n### TKT-1\n## Review Agent Inbox',
    )
    expect(note).toMatchObject({ batch: { tickets: [{ ticket_id: 'TKT-1' }] }, inbox: { kind: 'empty' } })
  })

  test('without tickets is refused', () => {
    expect(readNote('# TICKET_BATCH\nbatch_id: B-1\n## TICKETS\n- TKT-1').batch).toEqual({
      kind: 'refused',
      refused: 'EMPTY_TICKET_BATCH',
      message: 'the batch B-1 has no tickets',
      details: { batch_id: 'B-1' },
    })
    expect(readNote('# TICKET_BATCH').batch).toMatchObject({
      message: 'the batch without an id has no tickets',
    })
  })

  test('is none where only words speak of tickets', () => {
    expect(readNote('# Prompt\nsee # TICKET_BATCH\n### TKT-1\ntitle: a').batch).toEqual({ kind: 'empty' })
  })
})

describe('a single ticket', () => {
  const head = ['# TICKET', 'ticket_id: TKT-7', 'title: a', 'status: OPEN', 'owner: me']

  test('is a batch of one', () => {
    const note = readNote(
      lines(
        ...head,
        '## OBJECTIVE',
        'Two lines',
        'of prose.',
        '## ACCEPTANCE',
        '- it works',
        '### New',
        '- b',
      ),
    )
    expect(note).toMatchObject({
      batch: {
        batch_id: undefined,
        mode: 'single-ticket',
        status: 'OPEN',
        tickets: [
          { ticket_id: 'TKT-7', summary: 'Two lines of prose.', acceptance: ['it works'], queue_order: 1 },
        ],
      },
      new_items: [{ title: 'b' }],
    })
    expect(note.ignored_lines).toEqual([{ line: 5, text: 'owner: me', why: 'unknown_key' }])
  })

  test.each([
    ['title: a', ['ticket_id']],
    ['ticket_id: not an id\ntitle: a', ['ticket_id']],
    ['objective: b', ['ticket_id', 'title']],
  ])('is refused with %j only', (text, missing) => {
    expect(readNote(`# TICKET\n${text}`).batch).toMatchObject({
      refused: 'INVALID_TICKET_BLOCK',
      details: { line: 1, missing },
    })
  })
})
