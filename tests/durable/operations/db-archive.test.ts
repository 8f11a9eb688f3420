import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openStoreFile } from '../../../src/durable/effects/store-file.ts'
import { KINDS } from './databases.ts'
import { startDurable, type DurableProject } from './project.ts'

const DAY = 24 * 60
const typesOf = async ({ ok }: DurableProject, ticket_id: string) =>
  ((await ok('show-ticket', { ticket_id, limit: 99 })).events as { type: string }[]).map(({ type }) => type)

async function close({ ok }: DurableProject, ticket_id: string): Promise<void> {
  await ok('claim-ticket', { ticket_id, session_id: 's1' })
  await ok('comment', { ticket_id, body: 'as it was', session_id: 's2' })
  await ok('close-ticket', { ticket_id, session_id: 's1', resolution: 'done', output: ['{"a": 1}'] })
}

describe.each(KINDS)('db archive on %s', (_name, start) => {
  test('puts what is over for long into a file that is whole, and out of the database', async () => {
    const project = await start({ OLD: {}, TOLD: {}, OPEN: {}, NEW: {}, NEEDS: { depends_on: 'OLD' } })
    const { ok, root } = project
    await close(project, 'OLD')
    await close(project, 'TOLD')
    project.wait(100 * DAY)
    await close(project, 'NEW')
    await ok('comment', { ticket_id: 'TOLD', body: 'I looked at it again', session_id: 's3' })
    const archive = { action: 'archive', before: '90d', file: 'old.jsonl' }
    const told = await ok('db', archive)
    expect(told).toMatchObject({ archived_tickets: 1, archived_events: 4, rows: { tickets: 5 } })
    const file = join(root, 'old.jsonl')
    const { rows } = await openStoreFile(file)
    const events = [...rows()].filter(({ table, row }) => table === 'events' && row.ticket === 'OLD')
    expect(events.map(({ row }) => row.type)).toEqual(
      ['created', 'claimed', 'commented', 'closed'].map((type) => `ticket.${type}`),
    )
    expect(readFileSync(file, 'utf8')).toContain('as it was')
    const { ticket, events: left } = await ok('show-ticket', { ticket_id: 'OLD' })
    expect(left).toMatchObject([{ type: 'ticket.archived', file }])
    expect(ticket).toMatchObject({
      status: 'CLOSED',
      outcome: 'done',
      archived_at: '2026-06-09T12:00:00.000Z',
    })
    expect(ticket).not.toHaveProperty('outputs')
    for (const key of ['TOLD', 'NEW']) expect((await typesOf(project, key)).length).toBeGreaterThan(3)
    expect(await ok('next-ticket', { session_id: 's9' })).toMatchObject({ ticket: { ticket_id: 'OPEN' } })
    expect(await ok('intake-ticket', { ticket_id: 'OLD', title: 'T', summary: 'S' })).toMatchObject({
      created: false,
    })
    expect(await ok('db', { ...archive, file: 'again.jsonl' })).toMatchObject({ archived_tickets: 0 })
    expect(existsSync(join(root, 'again.jsonl'))).toBe(false)
    // Opened and closed again, it grows old again.
    await ok('reopen-ticket', { ticket_id: 'OLD', session_id: 's9', reason: 'not yet' })
    await close(project, 'OLD')
    project.wait(100 * DAY)
    expect(await ok('db', { ...archive, file: 'again.jsonl' })).toMatchObject({ archived_tickets: 3 })
  })
})

test('db archive writes over no file, and needs to know how old', async () => {
  const project = await startDurable({ A: {} })
  await close(project, 'A')
  project.wait(DAY)
  const archive = { action: 'archive', before: '1h', file: 'config.jsonl' }
  expect(await project.refused('db', { action: 'archive', file: 'x' })).toMatchObject({
    ...{ error: 'INPUT_INVALID', details: { field: 'before' } },
  })
  expect(await project.refused('db', { ...archive, before: '2999-01-01' })).toMatchObject({
    ...{ error: 'INPUT_INVALID', details: { field: 'before' } },
  })
  await project.ok('db', archive)
  const written = readFileSync(join(project.root, 'config.jsonl'), 'utf8')
  expect(await project.refused('db', archive)).toMatchObject({
    ...{ error: 'INPUT_INVALID', details: { field: 'file' } },
  })
  expect(readFileSync(join(project.root, 'config.jsonl'), 'utf8')).toBe(written)
})
