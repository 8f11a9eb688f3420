import { describe, expect, test } from 'vitest'
import { KINDS } from './databases.ts'
import type { Fields } from './project.ts'

describe.each(KINDS)('a ticket on %s', (_name, start) => {
  test('is found by its number, its uuid and the beginning of that, by every operation', async () => {
    const project = await start({ 'TKT-1': {}, 'TKT-2': {} })
    const { ticket } = await project.ok('show-ticket', { ticket_id: 'TKT-1' })
    const { task_id, uuid } = ticket as { readonly task_id: number; readonly uuid: string }
    for (const ticket_id of [String(task_id), uuid, uuid.toUpperCase(), uuid.slice(0, 8)])
      expect((await project.ok('show-ticket', { ticket_id })).ticket).toMatchObject({ ticket_id: 'TKT-1' })
    const by = { session_id: 's1', reason: 'why not' }
    const told = async (name: string, raw: Fields): Promise<Fields> =>
      (await project.ok(name, raw)).ticket as Fields
    expect(await told('claim-ticket', { ticket_id: uuid, session_id: 's1' })).toMatchObject({
      status: 'CLAIMED',
    })
    expect(await told('edit-ticket', { ...by, ticket_id: task_id, title: 'New' })).toMatchObject({
      title: 'New',
    })
    expect(await told('block-ticket', { ...by, ticket_id: task_id })).toMatchObject({ status: 'BLOCKED' })
    expect(await told('close-ticket', { ticket_id: uuid.slice(0, 13), session_id: 's1' })).toMatchObject({
      ticket_id: 'TKT-1',
      status: 'CLOSED',
    })
    expect(await told('reopen-ticket', { ...by, ticket_id: uuid })).toMatchObject({ ticket_id: 'TKT-1' })
    expect(
      (await project.ok('check-ticket-scope', { ticket_id: task_id, changed_file: ['a'] })).scope_report,
    ).toMatchObject({
      ticket_id: 'TKT-1',
    })
  })

  test('is unknown by what no ticket has, and a key goes before a uuid', async () => {
    const project = await start({ 'TKT-1': {} })
    expect(await project.refused('show-ticket', { ticket_id: '77' })).toMatchObject({
      error: 'UNKNOWN_TICKET',
      message: 'there is no ticket 77',
    })
    await project.ok('intake-ticket', { ticket_id: 'abcdef01', title: 'T', summary: 'S' })
    expect((await project.ok('show-ticket', { ticket_id: 'abcdef01' })).ticket).toMatchObject({ title: 'T' })
    expect(
      await project.refused('intake-ticket', { ticket_id: '77', title: 'T', summary: 'S' }),
    ).toMatchObject({
      error: 'INPUT_INVALID',
    })
  })
})
