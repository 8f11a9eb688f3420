import { expect, test } from 'vitest'
import { startDurable } from './project.ts'

test('a list is narrowed by words that are checked, and says how much is hidden', async () => {
  const project = await startDurable({
    'TKT-1': {},
    'TKT-2': { provenance: 'verification' },
    'TKT-3': { ticket_type: 'INTEGRATOR' },
  })
  await project.ok('claim-ticket', { ticket_id: 'TKT-1', session_id: 's1' })
  const keysOf = async (raw: object): Promise<readonly unknown[]> => {
    const { tickets } = await project.ok('list-tickets', { ...raw })
    return (tickets as { readonly ticket_id: string }[]).map(({ ticket_id }) => ticket_id)
  }
  expect(await keysOf({ status: 'open,blocked' })).toEqual(['TKT-2', 'TKT-3'])
  expect(await keysOf({ session_id: 's1' })).toEqual(['TKT-1'])
  expect(await keysOf({ provenance: ['verification'] })).toEqual(['TKT-2'])
  expect(await keysOf({ ticket_type: 'INTEGRATOR' })).toEqual(['TKT-3'])
  expect(await project.ok('list-tickets', { visible_only: true })).toMatchObject({
    shown: 'shown 2 of 2',
    hidden: 1,
  })
  expect(await project.ok('list-tickets')).not.toHaveProperty('hidden')
  expect(await project.refused('list-tickets', { status: 'OPEN,DONE' })).toMatchObject({
    error: 'INPUT_INVALID',
    message: '--status: DONE is none of OPEN, CLAIMED, IN_PROGRESS, BLOCKED, FAILED, CLOSED',
    details: { field: 'status', value: 'DONE' },
  })
})
