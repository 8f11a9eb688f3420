import { execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startDurable, type DurableProject } from './project.ts'

const own = { ticket_id: 'TKT-1', session_id: 's1' }
const REQUIRED = { 'config/tkt.yaml': 'evidence: { required: ["cmd|attest"] }\n' }

async function startHeld(files: Readonly<Record<string, string>> = {}): Promise<DurableProject> {
  const project = await startDurable({ 'TKT-1': {} }, files)
  await project.ok('claim-ticket', own)
  return project
}

/** A command that says when it began, and ends when it is told to. */
function pausing({ root }: DurableProject) {
  const [began, go] = [join(root, 'began'), join(root, 'go')]
  execFileSync('mkfifo', [began, go])
  return {
    command: 'echo . > began; cat go',
    began: () => readFile(began),
    end: () => writeFile(go, 'on'),
  }
}

describe('evidence of a durable ticket', () => {
  test('is checked at the close, kept with the ticket, and counted in its history', async () => {
    const project = await startHeld({ 'report.md': 'all is well' })
    const evidence = ['file:report.md', 'cmd:echo 12 passed', 'attest:looked at by a person', 'it works']
    expect(await project.ok('close-ticket', { ...own, evidence })).toMatchObject({
      ticket: { status: 'CLOSED', proof: { evidence: { verified: 2, recorded: 1 } } },
    })
    const { ticket, events } = await project.ok('show-ticket', { ticket_id: 'TKT-1' })
    expect(ticket).toMatchObject({
      proof: {
        evidence: evidence.join('\n'),
        evidence_checks: [
          { kind: 'file', status: 'verified', path: 'report.md', bytes: 11 },
          { kind: 'cmd', status: 'verified', exit_code: 0, output_tail: '12 passed\n' },
          { kind: 'attest', status: 'recorded' },
        ],
      },
    })
    expect((events as unknown[])[0]).toMatchObject({
      type: 'ticket.closed',
      proof: { evidence: { verified: 2, recorded: 1 } },
    })
  })

  test('that fails leaves the ticket in hand, and nothing of it is kept', async () => {
    const project = await startHeld()
    const evidence = ['attest:tried', 'cmd:echo broken; exit 3']
    expect(await project.refused('close-ticket', { ...own, evidence })).toMatchObject({
      error: 'EVIDENCE_FAILED',
      details: { ticket: 'TKT-1', checks: [{ kind: 'cmd', exit_code: 3, output_tail: 'broken\n' }] },
    })
    const { ticket } = await project.ok('show-ticket', { ticket_id: 'TKT-1' })
    expect(ticket).toMatchObject({ status: 'CLAIMED', assignee: 's1' })
    expect(ticket).not.toHaveProperty('proof')
  })

  test('is demanded by evidence.required, of workers only', async () => {
    const project = await startHeld(REQUIRED)
    expect(await project.refused('close-ticket', own)).toMatchObject({
      error: 'EVIDENCE_REQUIRED',
      details: { missing: ['cmd|attest'] },
    })
    expect(await project.refused('close-ticket', { ...own, evidence: ['it works'] })).toMatchObject({
      error: 'EVIDENCE_INSUFFICIENT',
      details: { missing: ['cmd|attest'], given: ['text'] },
    })
    await project.ok('close-ticket', { ...own, evidence: ['attest:looked at'] })
    await project.ok('intake-ticket', {
      ticket_id: 'I-1',
      title: 'T',
      summary: 'S',
      ticket_type: 'INTEGRATOR',
    })
    await project.ok('claim-ticket', { ticket_id: 'I-1', session_id: 's1' })
    await project.ok('close-ticket', { ticket_id: 'I-1', session_id: 's1' })
  })

  test('of somebody who does not hold the ticket runs nothing', async () => {
    const project = await startHeld()
    const asked = { ticket_id: 'TKT-1', session_id: 's2', evidence: ['cmd:touch ran'] }
    expect(await project.refused('close-ticket', asked)).toMatchObject({
      error: 'TICKET_NOT_OWNED_BY_SESSION',
    })
    await expect(readFile(join(project.root, 'ran'))).rejects.toThrow(/ENOENT/)
  })

  test.each([
    ['is in other hands', 's2', 'TICKET_NOT_OWNED_BY_SESSION'],
    ['is held by another claim of the same session', 's1', 'CLAIM_LOST'],
  ])('closes nothing when the ticket %s at its end', async (_, session, error) => {
    const project = await startHeld()
    const { command, began, end } = pausing(project)
    const closing = project.refused('close-ticket', { ...own, evidence: [`cmd:${command}`] })
    await began()
    project.wait(61)
    await project.ok('claim-ticket', { ticket_id: 'TKT-1', session_id: 's2' })
    if (session === 's1') {
      await project.ok('release-ticket', { ticket_id: 'TKT-1', session_id: 's2' })
      await project.ok('claim-ticket', own)
    }
    await end()
    expect(await closing).toMatchObject({ error })
    const { ticket } = await project.ok('show-ticket', { ticket_id: 'TKT-1' })
    expect(ticket).toMatchObject({ status: 'CLAIMED', assignee: session })
    expect(ticket).not.toHaveProperty('proof')
  })

  test('holds nobody up while it is checked, and renews the lease first', async () => {
    const project = await startHeld()
    await project.ok('intake-ticket', { ticket_id: 'TKT-2', title: 'T', summary: 'S' })
    project.wait(50)
    const { command, began, end } = pausing(project)
    const closing = project.ok('close-ticket', { ...own, evidence: [`cmd:${command}`] })
    await began()
    project.wait(50)
    expect(await project.refused('claim-ticket', { ...own, session_id: 's2' })).toMatchObject({
      error: 'TICKET_CLAIMED_BY_OTHER_SESSION',
    })
    await project.ok('next-ticket', { session_id: 's2' })
    await end()
    expect(await closing).toMatchObject({ ticket: { closed_at: '2026-03-01T13:40:00.000Z' } })
  })

  test('is that of the last close', async () => {
    const project = await startHeld()
    await project.ok('close-ticket', { ...own, evidence: ['attest:the first time'] })
    await project.ok('reopen-ticket', { ...own, reason: 'it is not done' })
    expect(await project.ok('show-ticket', { ticket_id: 'TKT-1' })).toMatchObject({
      ticket: { proof: { evidence: 'attest:the first time' } },
    })
    await project.ok('claim-ticket', own)
    expect((await project.ok('close-ticket', own)).ticket).not.toHaveProperty('proof')
  })
})
