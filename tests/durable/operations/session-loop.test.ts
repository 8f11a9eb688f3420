import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startDurable, type DurableProject, type Fields } from './project.ts'

const NOTE = `# Prompt
## User
### New
- Count the hits of each redirect
  - each counts once
- [defer] Show the counts
- [x] Found the project
### Request
<none>
# TICKET_BATCH
batch_id: BATCH-5
mode: batch
status: READY
## TICKETS
### TKT-016
title: First ticket
objective:
- line one
- line two
required_work:
- write it
scope: src/, !src/db/
### TKT-017
title: A point that waits for an answer
status: BLOCKED
### TKT-015
title: It is done
status: CLOSED
### TKT-018
title: Close the batch
type: INTEGRATOR
`

const withNote = async (note = NOTE) => startDurable({}, { 'note/note_tasks.md': note })

const write = ({ root }: DurableProject, note: string): void => {
  writeFileSync(join(root, 'note/note_tasks.md'), note)
}

async function loop(project: DurableProject, session_id: string): Promise<Fields> {
  const { loop_state } = await project.ok('session-loop', { session_id })
  return loop_state as Fields
}

const keyOf = (ticket: unknown): unknown => (ticket as { readonly ticket_id?: unknown } | null)?.ticket_id

describe('session-loop', () => {
  test.each([
    ['without a note', {}],
    ['with an empty note', { 'note/note_tasks.md': '' }],
    [
      'with an inbox in no form that is read',
      { 'note/note_tasks.md': '## Review Agent Inbox\nplease look\n' },
    ],
    ['with a note that holds a NUL', { 'note/note_tasks.md': '### New\n- a\0b\n' }],
    ['with a note that is no text', { 'note/note_tasks.md/x': '' }],
  ])('%s says that there is nothing to do', async (_title, files) => {
    const project = await startDurable({}, files)
    expect(await loop(project, 's1')).toMatchObject({
      active_ticket: null,
      claimed_ticket: null,
      stop_reason: 'await_integrator_closure_after_refresh',
      next_action: 'handoff_or_integrator_review',
      open_or_stale_remaining: 0,
      integrator_eligible: false,
      batch_id: null,
    })
  })

  test('takes the note in and gives each session another ticket, then tells whom one waits for', async () => {
    const project = await withNote()
    const first = await loop(project, 's1')
    expect(first).toMatchObject({
      stop_reason: 'claimed_next_worker_ticket',
      next_action: 'work_claimed_ticket',
      active_ticket: { ticket_id: 'TKT-016', summary: 'line one line two', required_work: ['write it'] },
      open_or_stale_remaining: 1,
      latest_refresh: {
        path_resolution_status: 'RESOLVED_SINGLE_PATH',
        new_items_count: 2,
        changed: true,
        not_taken_in: ['TKT-015'],
        batch_tickets_ingested: ['TKT-016', 'TKT-017', 'TKT-018'],
        continue_due_to_new_policy: true,
      },
    })
    expect(await loop(project, 's1')).toMatchObject({
      stop_reason: 'resume_claimed_ticket',
      claimed_ticket: null,
      active_ticket: { ticket_id: 'TKT-016' },
      latest_refresh: { changed: false, new_items_count: 2, new_tickets_ingested: [] },
    })
    const second = await loop(project, 's2')
    expect(second).toMatchObject({ active_ticket: { source: 'note_tasks_new_section', batch_id: 'BATCH-5' } })
    expect(await loop(project, 's3')).toMatchObject({
      stop_reason: 'await_other_session_worker_resolution',
      active_ticket: null,
      waiting_workers: 1,
      can_close_batch: false,
    })
  })

  test('goes on to other work while a ticket is blocked, and comes back to it when there is none', async () => {
    const project = await startDurable({ 'TKT-1': {}, 'TKT-2': {} })
    await loop(project, 's1')
    await project.ok('block-ticket', { session_id: 's1', reason: 'no access' })
    expect(keyOf((await loop(project, 's1')).active_ticket)).toBe('TKT-2')
    await project.ok('close-ticket', { ticket_id: 'TKT-2', session_id: 's1' })
    expect(await loop(project, 's1')).toMatchObject({
      stop_reason: 'resume_claimed_ticket',
      active_ticket: { ticket_id: 'TKT-1', status: 'BLOCKED' },
      tickets_closed_this_session: ['TKT-2'],
      tickets_claimed_sequentially: ['TKT-2', 'TKT-1'],
    })
  })

  test('answers within 16 KB, whatever the note and the store hold', async () => {
    const tasks = Array.from({ length: 300 }, (_, number) => `- ${number} ${'word '.repeat(100)}`)
    const blocks = Array.from(
      { length: 200 },
      (_, number) => `### TKT-${number}\ntitle: ${'é'.repeat(400)}\nowner: me`,
    )
    const note = ['### New', ...tasks, '# TICKET_BATCH', 'batch_id: B', '## TICKETS', ...blocks].join('\n')
    const project = await withNote(note)
    const answer = await project.ok('session-loop', { session_id: 's1' })
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(16_384)
    for (const name of ['claim-summary', 'check-open-tickets', 'startup-flow', 'refresh-new-tasks'])
      expect(Buffer.byteLength(JSON.stringify(await project.ok(name)))).toBeLessThanOrEqual(16_384)
    expect((await project.ok('list-tickets')).shown).toMatch(/of 500$/)
  })
})

describe('a session that reads the note', () => {
  test.each([
    'claim-summary',
    'check-open-tickets',
    'startup-flow',
    'refresh-new-tasks',
    'refresh-review-inbox',
  ])('by %s keeps its ticket', async (name) => {
    const project = await startDurable({ 'TKT-1': {} })
    await loop(project, 's1')
    project.wait(59)
    await project.ok(name, { session_id: 's1' })
    project.wait(59)
    expect(await project.ok('next-ticket', { session_id: 's2' })).toMatchObject({ claimed: false })
  })

  test('or brings a ticket keeps its own', async () => {
    const project = await startDurable({ 'TKT-1': {} })
    await loop(project, 's1')
    project.wait(59)
    await project.ok('intake-ticket', { ticket_id: 'TKT-2', title: 'T', summary: 'S', session_id: 's1' })
    project.wait(59)
    expect(await project.ok('claim-ticket', { ticket_id: 'TKT-2', session_id: 's2' })).toMatchObject({
      claimed: true,
    })
    expect(await project.refused('claim-ticket', { ticket_id: 'TKT-1', session_id: 's3' })).toMatchObject({
      error: 'TICKET_CLAIMED_BY_OTHER_SESSION',
    })
  })
})

describe('a note that people change', () => {
  test('keeps the ids of its lines wherever they stand, and gives open tickets what it says now', async () => {
    const project = await withNote()
    const first = (await project.ok('refresh-new-tasks')).refresh_status as Fields
    const [id] = first.new_tickets_ingested as readonly string[]
    const moved = NOTE.replace('- Count the hits', '- Something new\n- Count the hits').replace(
      'First ticket',
      'Renamed',
    )
    write(project, moved)
    expect(await project.ok('refresh-new-tasks')).toMatchObject({
      refresh_status: {
        new_tickets_ingested: [expect.stringMatching(/^TKT-NEW-/)],
        updated_tickets: ['TKT-016'],
      },
    })
    expect(await project.ok('show-ticket', { ticket_id: 'TKT-016' })).toMatchObject({
      ticket: { title: 'Renamed', version: 2, scope: { allow: ['src/'], deny: ['src/db/'] } },
      events: [{ type: 'ticket.edited' }, { type: 'ticket.created' }],
    })
    const { tickets } = await project.ok('list-tickets', { batch_id: 'BATCH-5', limit: '20' })
    expect(tickets).toContainEqual(
      expect.objectContaining({ ticket_id: id, title: 'Count the hits of each redirect' }),
    )
    expect(tickets).toHaveLength(5)
  })

  test('changes nothing of what somebody has in hand', async () => {
    const project = await withNote()
    await loop(project, 's1')
    write(project, NOTE.replace('First ticket', 'Renamed'))
    await project.ok('refresh-new-tasks')
    expect(await project.ok('show-ticket', { ticket_id: 'TKT-016' })).toMatchObject({
      ticket: { title: 'First ticket' },
    })
  })

  test('is told, not taken in, by a preview, which makes no database', async () => {
    const project = await withNote()
    expect(await project.ok('intake-ticket', { from_note_tasks: true, dry_run: true })).toMatchObject({
      batch: {
        batch_id: 'BATCH-5',
        dry_run: true,
        ticket_count: 4,
        known_count: 0,
        not_taken_in: ['TKT-015'],
      },
    })
    for (const fresh of [3, 0])
      expect(await project.ok('intake-ticket', { from_note_tasks: true })).toMatchObject({
        ticket: null,
        batch: { batch_id: 'BATCH-5', mode: 'batch', status: 'READY', ticket_count: 4 },
        refresh_status: { batch_tickets_ingested: { length: fresh } },
      })
    expect(await project.ok('intake-ticket', { from_note_tasks: true, dry_run: true })).toMatchObject({
      batch: { ticket_count: 0, known_count: 4 },
    })
  })

  test('that is wrong is refused by the intake alone', async () => {
    const project = await withNote('# TICKET_BATCH\nbatch_id: B\n## TICKETS\n')
    expect(await project.refused('intake-ticket', { from_note_tasks: true })).toMatchObject({
      error: 'EMPTY_TICKET_BATCH',
      details: { batch_id: 'B' },
    })
    expect(await project.ok('startup-flow')).toMatchObject({
      warnings: [expect.stringMatching(/batch B has no tickets/)],
    })
    expect(await project.refused('intake-ticket', { title: 'T' })).toMatchObject({
      error: 'MISSING_TICKET_FIELDS',
      details: { missing: ['ticket_id', 'summary'] },
    })
  })
})

describe('the review inbox', () => {
  const INBOX = `## Review Agent Inbox
# TICKET_BATCH
batch_id: BATCH-0042
mode: review
## TICKETS
### RV-042-001
- title: Name the error
- summary: It says nothing.
- requested_status: OPEN
### RV-042-002
- title: Which way?
- requested_status: BLOCKED
`

  test('is taken in; what it wants answered first is given to nobody', async () => {
    const project = await withNote(INBOX)
    expect(await project.ok('refresh-review-inbox')).toMatchObject({
      refresh_status: {
        path_resolution_status: 'RESOLVED_SINGLE_INBOX_PATH',
        parser_shape: 'review_points_in_note_tasks',
        new_tickets_ingested: ['RV-042-001', 'RV-042-002'],
        consumed_or_pending_inbox_items: [{ state: 'ingested' }, { ticket_id: 'RV-042-002' }],
      },
    })
    expect(await project.ok('claim-summary')).toMatchObject({
      claim_summary: {
        continue_due_to_inbox_items: true,
        review_inbox_claimable_worker_tickets: [{ ticket_id: 'RV-042-001' }],
        counts: { claimable: 1, waiting_workers: 1 },
      },
    })
  })

  test('of another batch that takes an id that is taken says so', async () => {
    const project = await withNote(INBOX)
    await project.ok('refresh-review-inbox')
    write(project, INBOX.replace('BATCH-0042', 'BATCH-1042'))
    expect(await project.ok('refresh-review-inbox')).toMatchObject({
      refresh_status: { consumed_or_pending_inbox_items: [{ state: 'id_taken' }, { state: 'id_taken' }] },
    })
  })

  test('in no form that is read is an error only where it is asked for', async () => {
    const project = await withNote('## Review Agent Inbox\nplease look\n')
    expect(await project.refused('refresh-review-inbox')).toMatchObject({
      error: 'REVIEW_INBOX_FORMAT_UNSUPPORTED',
      details: { preview: ['please look'] },
    })
    expect(await project.ok('refresh-new-tasks')).toMatchObject({
      refresh_status: { refused: [{ refused: 'REVIEW_INBOX_FORMAT_UNSUPPORTED' }] },
    })
  })
})
