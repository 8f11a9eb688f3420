import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { batchOf, readNote } from '../../../../src/durable/model/note/note.ts'
import { isNothing, isPlaceholder, oneLine } from '../../../../src/durable/model/note/words.ts'
import { renderInbox } from '../../../../src/durable/model/note/render-inbox.ts'

describe('the inbox that a review writes', () => {
  test('looks as published', () => {
    const next_actions = [{ title: 'Error page leaks the stack', summary: 'Show the id\nof the log line' }]
    expect(
      renderInbox({ batch_id: 'REVIEW-042', next_actions, discussion_points: ['Decide whether v1 stays'] }),
    ).toBe(`## Review Agent Inbox
# TICKET_BATCH
batch_id: REVIEW-042
mode: review
status: READY
## TICKETS
### RV-042-001
- title: Error page leaks the stack
- summary: Show the id of the log line
- ticket_type: WORKER
- requested_status: OPEN
- queue_order: 1
### RV-042-002
- title: Decide whether v1 stays
- summary: Decide whether v1 stays
- ticket_type: WORKER
- requested_status: BLOCKED
- queue_order: 2
`)
  })

  test('is an empty section without points, and needs no batch id', () => {
    expect(readNote(renderInbox({ discussion_points: [' '], next_actions: [] })).inbox).toEqual({
      kind: 'empty',
    })
    expect(readNote(renderInbox({ discussion_points: [], next_actions: ['a'] })).inbox).toMatchObject({
      items: [{ inbox_item_id: 'RV-001' }],
      batch: { batch_id: undefined },
    })
  })

  test('is read as it was written, whatever it says', () => {
    const words = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^(?:### TKT-1|```|<!--|- title: |\[x\] |type: |<none>)\n?\w*$/),
    )
    const title = words.filter((text) => !isNothing(oneLine(text)) && !isPlaceholder(oneLine(text)))
    const points = fc.array(fc.record({ title, summary: title }))
    fc.assert(
      fc.property(
        points,
        points,
        fc.option(title, { nil: undefined }),
        (next_actions, discussion_points, batch_id) => {
          const note = readNote(renderInbox({ batch_id, next_actions, discussion_points }))
          const batch = batchOf(note)
          const tickets = batch.kind === 'batch' ? batch.tickets : []
          const written = [
            ...next_actions.map((point) => ({ ...point, status: 'OPEN' })),
            ...discussion_points.map((point) => ({ ...point, status: 'BLOCKED' })),
          ]
          expect(
            tickets.map((ticket) => [
              ticket.title,
              ticket.summary,
              ticket.requested_status,
              ticket.queue_order,
            ]),
          ).toEqual(
            written.map((point, index) => [
              oneLine(point.title),
              oneLine(point.summary),
              point.status,
              index + 1,
            ]),
          )
          expect(note.ignored_lines).toEqual([])
          if (batch_id !== undefined && tickets.length > 0)
            expect(batch).toMatchObject({ batch_id: oneLine(batch_id) })
        },
      ),
    )
  })
})
