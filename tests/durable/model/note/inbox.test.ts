import { describe, expect, test } from 'vitest'
import { readNote } from '../../../../src/durable/model/note/note.ts'

const inboxOf = (...lines: readonly string[]) => readNote(['## Review Agent Inbox', ...lines].join('\n'))

describe('the review inbox', () => {
  test('reads a batch as a review writes it', () => {
    const note = inboxOf(
      ...[
        '# TICKET_BATCH',
        'batch_id: REVIEW-042',
        '## TICKETS',
        '### RV-042-001',
        '- title: a',
        '- summary: b',
      ],
      ...[
        '- ticket_type: WORKER',
        '- requested_status: BLOCKED',
        '- queue_order: 4',
        '### RV-042-002',
        '- title: c',
      ],
    )
    expect(note.inbox).toMatchObject({
      kind: 'inbox',
      parser_shape: 'review_points_in_note_tasks',
      items: [
        { inbox_item_id: 'RV-042-001', title: 'a', ticket_type: 'WORKER', mapped_ticket_id: 'RV-042-001' },
        { inbox_item_id: 'RV-042-002', title: 'c' },
      ],
      batch: {
        batch_id: 'REVIEW-042',
        tickets: [
          { summary: 'b', requested_status: 'BLOCKED', queue_order: 4 },
          { summary: '', queue_order: 2 },
        ],
      },
    })
    expect(note.ignored_count).toBe(0)
  })

  test('tells words before its batch, and reads it', () => {
    const note = inboxOf('Please look.', '# TICKET_BATCH', '### TKT-1', 'title: a')
    expect(note.inbox).toMatchObject({ items: [{ inbox_item_id: 'TKT-1' }] })
    expect(note.ignored_lines).toEqual([{ line: 2, text: 'Please look.', why: 'no_section' }])
  })

  test.each([
    [[]],
    [['', '<none>', '- none', '---', '<!-- by the review -->', '<points>']],
    [['### New', '- a']],
  ])('is empty with %j', (lines) => {
    expect(inboxOf(...lines).inbox).toEqual({ kind: 'empty' })
  })

  test('of any other form is refused, with its first lines', () => {
    const note = inboxOf('Look at:', '- a', '## Notes', '- b', '- c', '- d')
    expect(note.inbox).toMatchObject({
      kind: 'refused',
      refused: 'REVIEW_INBOX_FORMAT_UNSUPPORTED',
      details: { preview: ['Look at:', '- a', '## Notes', '- b', '- c'] },
    })
    expect(note).toMatchObject({ batch: { kind: 'empty' }, ignored_count: 6 })
  })

  test('with a batch that has no tickets is refused', () => {
    expect(inboxOf('# TICKET_BATCH', 'batch_id: B-1').inbox).toMatchObject({ refused: 'EMPTY_TICKET_BATCH' })
  })
})

describe('a request bundle', () => {
  const plan = [
    '## Requested ticket plan',
    '- requested_ticket_count: 2',
    '- required tickets:',
    '  1. Write it',
    '  2. Ship it',
    '     today',
  ]
  const charter = ['## Round Charter', '- round_goal: less waiting', '- one page', '  at most']
  const projection = [
    '## System Managed Ticket Projection',
    '# TICKET_BATCH',
    'batch_id: ROUND-3',
    '## TICKETS',
    '### TKT-31',
    'title: a',
    'type: integrator',
  ]
  const inbox = {
    kind: 'inbox',
    parser_shape: 'request_bundle_round_charter',
    items: [
      {
        inbox_item_id: 'REQUIRED-1',
        title: 'Write it',
        ticket_type: 'INTEGRATOR',
        mapped_ticket_id: 'TKT-31',
      },
      {
        inbox_item_id: 'REQUIRED-2',
        title: 'Ship it today',
        ticket_type: 'WORKER',
        mapped_ticket_id: undefined,
      },
    ],
    batch: { batch_id: 'ROUND-3' },
    charter: {
      requested_ticket_count: 2,
      required_tickets: ['Write it', 'Ship it today'],
      points: ['round_goal: less waiting', 'one page at most'],
    },
  }

  test.each([
    ['below a plain word', ['REQUEST_BUNDLE', ...charter, ...plan, ...projection]],
    ['below headings', ['# REQUEST_BUNDLE', ...charter, ...plan, ...projection]],
    [
      'without headings',
      [
        'REQUEST_BUNDLE',
        'Round Charter',
        ...charter.slice(1),
        'Requested ticket plan:',
        ...plan.slice(1),
        ...projection,
      ],
    ],
    ['with its projection first', [...projection, '# REQUEST_BUNDLE', ...charter, ...plan]],
  ])('maps the tickets of its plan to the projected ones, %s', (_title, lines) => {
    const note = inboxOf(...lines)
    expect(note.inbox).toMatchObject(inbox)
    expect(note).toMatchObject({ batch: { kind: 'empty' }, ignored_lines: [] })
  })

  test('may be a file of its own', () => {
    expect(readNote(['# REQUEST_BUNDLE', ...charter, ...plan, ...projection].join('\n')).inbox).toMatchObject(
      inbox,
    )
  })

  test('may have no projection yet', () => {
    const note = inboxOf(
      'REQUEST_BUNDLE',
      '- requested_ticket_count: many',
      ...plan,
      '- requested_ticket_count: 3',
      'words',
    )
    expect(note.inbox).toMatchObject({
      batch: { kind: 'empty' },
      items: [{ mapped_ticket_id: undefined }, {}],
    })
    expect(note.ignored_lines.map(({ text, why }) => `${why}: ${text}`)).toEqual([
      'bad_value: - requested_ticket_count: many',
      'repeated: - requested_ticket_count: 3',
      'no_key: words',
    ])
  })
})
