import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { startDurable } from './project.ts'

const IN_BATCH = { batch_id: 'B' }
const END = { 'TKT-9': { ...IN_BATCH, ticket_type: 'INTEGRATOR' } }

const integrator = async (files: Readonly<Record<string, string>> = {}) => {
  const project = await startDurable({ 'TKT-1': IN_BATCH, 'TKT-2': IN_BATCH, elsewhere: {}, ...END }, files)
  await project.ok('claim-ticket', { ticket_id: 'TKT-9', session_id: 'end' })
  const work = async (ticket_id: string, ...moves: readonly string[]): Promise<void> => {
    await project.ok('claim-ticket', { ticket_id, session_id: ticket_id })
    for (const move of moves) await project.ok(move, { ticket_id, session_id: ticket_id, reason: 'why' })
  }
  return { ...project, work }
}

/** The end of the batch, as the database has it. */
function onRecord(root: string): readonly object[] {
  const database = new DatabaseSync(join(root, '.tkt/tickets.db'))
  const rows = database
    .prepare(
      `SELECT e.type, e.data, b.closed_by FROM events e JOIN tickets t ON t.seq = e.ticket JOIN batches b ON b.id = t.batch
       WHERE t.type = 'INTEGRATOR' AND e.to_status = 'CLOSED'`,
    )
    .all()
  database.close()
  return rows.map((row) => ({ ...row }))
}

describe('the integrator', () => {
  test('is told what stands in the way, and closes the batch when nothing does', async () => {
    const project = await integrator()
    const report = async () =>
      (await project.ok('integrator-closure-report', { session_id: 'end' })).closure_report
    expect(await report()).toMatchObject({
      final_batch_closure_status: 'NOT_READY_UNRESOLVED_WORKERS',
      closure_legality: 'ILLEGAL',
      unresolved_claimed_worker_tickets: ['TKT-1', 'TKT-2'],
    })
    await project.work('TKT-1', 'block-ticket')
    expect(await project.refused('close-ticket', { session_id: 'end' })).toMatchObject({
      error: 'INTEGRATOR_CLOSE_NOT_READY',
      error_code: 'SK-TKT-012',
      details: { unresolved_workers: 1, blocked_or_failed_workers: 1 },
    })
    await project.ok('claim-ticket', { ticket_id: 'TKT-2', session_id: 's2' })
    await project.ok('close-ticket', { ticket_id: 'TKT-2', session_id: 's2' })
    expect(await report()).toMatchObject({
      final_batch_closure_status: 'READY_WITH_BLOCKED_WORKERS',
      closed_worker_tickets: ['TKT-2'],
      unresolved_blocked_tickets: ['TKT-1'],
      can_close_batch: false,
    })
    expect(await project.refused('close-ticket', { session_id: 'end' })).toMatchObject({
      error: 'INTEGRATOR_CLOSE_NOT_READY',
      hint: expect.stringContaining('--accept-blocked') as unknown,
    })
    const accepted = { session_id: 'end', accept_blocked: 'next round' }
    expect(await project.ok('close-ticket', accepted)).toMatchObject({ ticket: { status: 'CLOSED' } })
    expect(onRecord(project.root)).toEqual([
      { type: 'ticket.closed', data: '{"accepted_blocked":"next round"}', closed_by: 'end' },
    ])
  })

  test('goes on when the note brings work, which stays taken in', async () => {
    const project = await integrator({ 'note/note_tasks.md': '# Prompt\n' })
    await project.work('TKT-1', 'fail-ticket')
    await project.work('TKT-2', 'close-ticket')
    const note = (text: string): void => {
      writeFileSync(join(project.root, 'note/note_tasks.md'), text)
    }
    note('### New\n- One thing more\n')
    expect(await project.refused('close-ticket', { session_id: 'end' })).toMatchObject({
      error: 'CONTINUE_DUE_TO_NEW_TASKS',
      details: { ticket_id: 'TKT-9', refresh_status: { refresh_trigger_point: 'close-ticket' } },
    })
    expect((await project.ok('list-tickets', IN_BATCH)).shown).toBe('shown 4 of 4')
    expect(await project.ok('next-ticket', { session_id: 's4', ...IN_BATCH })).toMatchObject({
      claimed: true,
    })
    await project.ok('close-ticket', { session_id: 's4' })
    note('## Review Agent Inbox\n# TICKET_BATCH\nbatch_id: R\n## TICKETS\n### RV-1\n- title: Look again\n')
    expect(await project.refused('integrator-closure-report', { session_id: 'end' })).toMatchObject({
      error: 'CONTINUE_DUE_TO_REVIEW_INBOX_ITEMS',
      details: { review_inbox_claimable_worker_tickets: ['RV-1'] },
    })
  })

  test('is the holder of an integrator ticket; nobody else has the note read for him', async () => {
    const project = await integrator({ 'note/note_tasks.md': '### New\n- New\n' })
    expect(
      await project.refused('integrator-closure-report', { ticket_id: 'TKT-9', session_id: 'stranger' }),
    ).toMatchObject({ error: 'TICKET_NOT_OWNED_BY_SESSION' })
    expect((await project.ok('list-tickets', { limit: 9 })).shown).toBe('shown 4 of 4')
    await project.ok('claim-ticket', { ticket_id: 'TKT-1', session_id: 's1' })
    expect(await project.refused('integrator-closure-report', { session_id: 's1' })).toMatchObject({
      error: 'TICKET_NOT_INTEGRATOR',
    })
  })
})
