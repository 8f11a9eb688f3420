import { expect, test } from 'vitest'
import { readChecks } from '../../src/evidence/record.ts'

test('stored items are read back; what is none is left out, and so are facts of another type', () => {
  const item = { kind: 'cmd', value: 'npm test', status: 'verified', checked_at: 'now', exit_code: 0 }
  expect(readChecks([item])).toEqual([item])
  expect(readChecks([{ ...item, exit_code: 'zero', own: 1, status: 'fine', checked_at: 5 }])).toEqual([
    { kind: 'cmd', value: 'npm test', status: 'recorded', checked_at: '' },
  ])
  for (const none of [
    undefined,
    null,
    'cmd:x',
    {},
    [null],
    ['cmd:x'],
    [{ kind: 'text', value: 'x' }],
    [{ kind: 'cmd' }],
  ])
    expect(readChecks(none)).toEqual([])
})
