import { expect, test } from 'vitest'
import { eventLine } from '../../src/durable/told-event.ts'

const EVENT = {
  ...{ seq: 1, position: '1', at_ms: Date.parse('2026-03-01T12:00:05Z'), key: 'TKT-016', batch: undefined },
  ...{
    type: 'ticket.edited',
    actor: 'ses-9',
    from: 'OPEN',
    to: 'OPEN',
    reason: undefined,
    claim_no: undefined,
  },
}

test('a line for people says what was changed: of numbers from what to what', () => {
  const changed = {
    ...{ title: { from: 'a', to: 'b' }, priority: { from: 50, to: 10 }, wave: { from: null, to: 2 } },
  }
  expect(eventLine({ ...EVENT, data: { changed } })).toBe(
    '12:00:05  edited       TKT-016       ses-9         title, priority 50 → 10, wave',
  )
  expect(eventLine({ ...EVENT, data: {}, reason: 'why\nso' })).toBe(
    '12:00:05  edited       TKT-016       ses-9           "why so"',
  )
})
