import { describe, expect, test } from 'vitest'
import { KINDS } from './databases.ts'
import { startDurable } from './project.ts'

const PAYLOAD = { url: 'https://example.org', list: [1, null, 'é'], deep: { a: { b: "'; --" } } }

describe.each(KINDS)('what a ticket carries for programs on %s', (_name, start) => {
  test('is kept as it was said, told, changed and cleared', async () => {
    const project = await start({ A: {} })
    const said = { kind: 'render', channel: 'my-project:run-1', tier: 'sonnet', assignee: 'ada' }
    const { ticket } = await project.ok('intake-ticket', {
      ...{ ticket_id: 'B', title: 'T', summary: 'S', parent: '1', ...said },
      payload: JSON.stringify(PAYLOAD),
    })
    const { assignee: assigned_to, ...others } = said
    const told = { ...others, assigned_to, assignee: 'ada', parent: 'A', payload: PAYLOAD }
    expect(ticket).toMatchObject(told)
    const show = async () => (await project.ok('show-ticket', { ticket_id: 'B' })).ticket
    expect(await show()).toEqual(ticket)
    const edit = (edits: object) => project.ok('edit-ticket', { ticket_id: 'B', session_id: 's9', ...edits })
    expect(await edit({ tier: 'opus', channel: 'docs', payload: '[1]' })).toMatchObject({
      changed: ['channel', 'tier', 'payload'],
      ticket: { channel: 'docs', tier: 'opus', payload: [1], kind: 'render', version: 2 },
    })
    expect(await edit({ payload: ' [ 1 ] ' })).toMatchObject({ changed: [], ticket: { version: 2 } })
    const clear = ['kind', 'channel', 'tier', 'assignee', 'payload']
    const { ticket: cleared } = await edit({ clear })
    for (const name of [...clear.slice(0, 3), 'payload', 'assigned_to'])
      expect(cleared).not.toHaveProperty(name)
    expect(cleared).toMatchObject({ parent: 'A', assignee: null })
  })

  test('narrows lists, and what sessions are given', async () => {
    const project = await start({
      ...{ A: { priority: 0 }, B: { channel: 'docs', tier: 'opus', priority: 20 } },
      ...{ C: { channel: 'docs', kind: 'render', assignee: 'ada', priority: 80 } },
    })
    await project.ok('intake-ticket', { ticket_id: 'D', title: 'T', summary: 'S', parent: 'B' })
    const list = async (filter: object) => {
      const { tickets } = await project.ok('list-tickets', { ...filter })
      return (tickets as { ticket_id: string }[]).map(({ ticket_id }) => ticket_id).join(' ')
    }
    expect(await list({ channel: 'docs' })).toBe('B C')
    expect(await list({ channel: 'docs', tier: 'opus' })).toBe('B')
    expect(await list({ kind: 'render' })).toBe('C')
    expect(await list({ assignee: 'ada' })).toBe('C')
    expect(await list({ parent: 'B' })).toBe('D')
    expect(await list({ priority_to: 20 })).toBe('A B')
    expect(await list({ priority_from: 20, priority_to: 50 })).toBe('B D')
    expect(await list({ channel: 'docs', priority_from: 81 })).toBe('')
    const next = (session_id: string, channel: string) => project.ok('next-ticket', { session_id, channel })
    expect(await next('s1', 'docs')).toMatchObject({ ticket: { ticket_id: 'B' } })
    expect(await next('s2', 'none')).toMatchObject({ ticket: null })
    expect(await project.ok('session-loop', { session_id: 's2', channel: 'docs' })).toMatchObject({
      loop_state: { active_ticket: { ticket_id: 'C', assignee: 's2' } },
    })
    project.wait(60)
    expect(await next('s3', 'default')).toMatchObject({ ticket: { ticket_id: 'A' } })
    expect(await next('s4', 'docs')).toMatchObject({ ticket: { ticket_id: 'B' }, taken_over_from: 's1' })
    expect(await project.ok('stats', { by: 'channel' })).toMatchObject({
      groups: [{ channel: 'docs', counts: { claimed: 2, taken_over: 1 } }, { channel: 'default' }],
    })
  })

  test('grows by what came of it, which the next close replaces', async () => {
    const project = await start({ A: {} })
    const end = async (output?: readonly string[]) => {
      await project.ok('claim-ticket', { ticket_id: 'A', session_id: 's1' })
      const { ticket } = await project.ok('close-ticket', { session_id: 's1', ...(output && { output }) })
      await project.ok('reopen-ticket', { ticket_id: 'A', session_id: 's9', reason: 'again' })
      return (ticket as { outputs?: unknown }).outputs
    }
    expect(await end(['{"urls": ["a"]}', 'plain words', '3'])).toEqual([{ urls: ['a'] }, 'plain words', 3])
    expect(await project.ok('show-ticket', { ticket_id: 'A' })).toMatchObject({
      ticket: { outputs: [{ urls: ['a'] }, 'plain words', 3] },
    })
    expect(await end(['false'])).toEqual([false])
    expect(await end()).toBeUndefined()
  })
})

test('a payload that is no JSON, and a parent that is not there, are refused', async () => {
  const project = await startDurable({ A: {} })
  const ticket = { ticket_id: 'B', title: 'T', summary: 'S' }
  expect(await project.refused('intake-ticket', { ...ticket, payload: '{a: 1}' })).toMatchObject({
    ...{ error: 'INPUT_INVALID', details: { field: 'payload', value: '{a: 1}' } },
  })
  await project.ok('delete-ticket', { ticket_id: 'A', session_id: 's1', reason: 'x' })
  for (const parent of ['A', 'none'])
    expect(await project.refused('intake-ticket', { ...ticket, parent })).toMatchObject({
      error: 'UNKNOWN_TICKET',
    })
  expect(await project.ok('list-tickets')).toMatchObject({ tickets: [] })
})
