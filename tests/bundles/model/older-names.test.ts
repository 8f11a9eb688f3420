import { describe, expect, test } from 'vitest'
import { OLDER_NAMES, withNamesOfToday } from '../../../src/bundles/model/older-names.ts'

describe('names of older trees', () => {
  test('become those of today, in fields and statuses', () => {
    const ticket = { ticket_id: 'TKT-001', acceptance: ['x'], status: 'completed', own: 1 }
    expect(withNamesOfToday(ticket, OLDER_NAMES.ticket)).toEqual({
      value: {
        ...{ ticket_id: undefined, acceptance: undefined, own: 1 },
        ...{ id: 'TKT-001', acceptance_criteria: ['x'], status: 'done' },
      },
      says: ['ticket_id -> id', 'acceptance -> acceptance_criteria', 'status completed -> done'],
    })
    expect(withNamesOfToday({ stage: 'completed' }, OLDER_NAMES.bundle)).toMatchObject({
      value: { status: 'closed' },
      says: ['stage -> status', 'status completed -> closed'],
    })
  })

  test('stay where the name of today is in use, and where there are none', () => {
    expect(withNamesOfToday({ title: 'a', goal: 'b', status: 'open' }, OLDER_NAMES.bundle)).toBeUndefined()
    expect(withNamesOfToday({ title: null, goal: 'b' }, OLDER_NAMES.bundle)?.value).toMatchObject({
      title: 'b',
    })
    expect(withNamesOfToday(null, OLDER_NAMES.express)).toBeUndefined()
  })
})
