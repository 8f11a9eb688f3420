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

describe('verification of a durable ticket', () => {
  const COMMANDS = (commands: string): Readonly<Record<string, string>> => ({
    'config/tkt.yaml': `verification: { commands: ${commands}, timeout_seconds: 20 }\n`,
  })
  const accepting = async (acceptance: readonly string[], files: Readonly<Record<string, string>> = {}) => {
    const project = await startDurable({ 'TKT-1': { acceptance } }, files)
    await project.ok('claim-ticket', own)
    return project
  }

  test('runs the commands of the project, then those of its acceptance, and keeps how they ended', async () => {
    const project = await accepting(
      ['it is fast', '{type: command, run: "echo $TKT_TICKET $TKT_CRITERION; exit 4", expect_exit_code: 4}'],
      COMMANDS(`['[[ -n $BASH_VERSION ]] && echo checked']`),
    )
    expect(await project.ok('close-ticket', own)).toMatchObject({
      ticket: { status: 'CLOSED', proof: { verification: { passed: 2 } } },
    })
    expect((await project.ok('show-ticket', { ticket_id: 'TKT-1' })).ticket).toMatchObject({
      proof: {
        evidence_checks: [],
        verification: [
          { asked_by: 'verification.commands', exit_code: 0, output_tail: 'checked\n' },
          { asked_by: 'acceptance 2', exit_code: 4, output_tail: 'TKT-1 2\n' },
        ],
      },
    })
  })

  test('that fails leaves the ticket in hand, says how it ended, and runs no more', async () => {
    const project = await accepting([], COMMANDS(`['echo broken >&2; exit 3', 'touch ran']`))
    expect(await project.refused('close-ticket', own)).toMatchObject({
      error: 'PRE_CLOSE_VERIFICATION_FAILED',
      error_code: 'SK-TKT-011',
      message:
        'TKT-1 is not closed: `echo broken >&2; exit 3` (verification.commands): exit code 3, expected 0',
      details: {
        ticket_id: 'TKT-1',
        verification: { passed: false, exit_code: 3, output_tail: 'broken\n' },
      },
    })
    await expect(readFile(join(project.root, 'ran'))).rejects.toThrow(/ENOENT/)
    expect((await project.ok('show-ticket', { ticket_id: 'TKT-1' })).ticket).toMatchObject({
      ...{ status: 'CLAIMED', assignee: 's1' },
    })
  })

  test.each([
    ['{type: command, run: "echo no", expect_contains: "ok"}', /output lacks "ok"/],
    ['{type: command, run: "true", expect_exit_code: 1}', /exit code 0, expected 1/],
    ['{type: command, run: "kill -9 $$"}', /killed by SIGKILL/],
  ])('refuses where acceptance does not hold: %s', async (criterion, message) => {
    const project = await accepting([criterion])
    const { error, message: said } = await project.refused('close-ticket', own)
    expect(error).toBe('PRE_CLOSE_VERIFICATION_FAILED')
    expect(said).toMatch(message)
  })

  test('refuses a criterion of a note that nobody can read, of which the intake warned', async () => {
    const note =
      '# TICKET\nticket_id: TKT-1\ntitle: T\nsummary: S\nacceptance:\n- it works\n- {run: "true"}\n'
    const project = await startDurable({}, { 'note/note_tasks.md': note })
    expect(await project.ok('intake-ticket', { from_note_tasks: true })).toMatchObject({
      warnings: [expect.stringContaining('TKT-1: acceptance 2 is a command criterion without') as string],
    })
    await project.ok('claim-ticket', own)
    expect(await project.refused('close-ticket', own)).toMatchObject({
      error: 'PRE_CLOSE_VERIFICATION_FAILED',
      message: expect.stringContaining('acceptance 2 is a command criterion without') as string,
    })
  })

  test('keeps nothing where acceptance is words only, whatever they begin with', async () => {
    const project = await accepting(['{all of it} is there', 'and fast'])
    expect((await project.ok('close-ticket', own)).ticket).not.toHaveProperty('proof')
  })

  test('is not asked of an integrator ticket, nor of who holds nothing', async () => {
    const project = await accepting([], COMMANDS(`['touch ran; false']`))
    expect(await project.refused('close-ticket', { ...own, session_id: 's2' })).toMatchObject({
      error: 'TICKET_NOT_OWNED_BY_SESSION',
    })
    await project.ok('cancel-ticket', { ...own, reason: 'not needed' })
    await project.ok('intake-ticket', {
      ticket_id: 'I-1',
      title: 'T',
      summary: 'S',
      ticket_type: 'INTEGRATOR',
    })
    await project.ok('claim-ticket', { ticket_id: 'I-1', session_id: 's1' })
    await project.ok('close-ticket', { ticket_id: 'I-1', session_id: 's1' })
    await expect(readFile(join(project.root, 'ran'))).rejects.toThrow(/ENOENT/)
  })

  test('closes nothing when the ticket is in other hands at its end', async () => {
    const project = await accepting([], COMMANDS(`['echo . > began; cat go']`))
    const { began, end } = pausing(project)
    const closing = project.refused('close-ticket', own)
    await began()
    project.wait(61)
    await project.ok('claim-ticket', { ...own, session_id: 's2' })
    await end()
    expect(await closing).toMatchObject({ error: 'TICKET_NOT_OWNED_BY_SESSION' })
  })
})
