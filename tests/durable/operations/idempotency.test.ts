import { describe, expect, test } from 'vitest'
import type { RawInput } from '../../../src/operation/input.ts'
import { git } from '../../support/project.ts'
import { startDurable, startInRepository } from './project.ts'

const SEVERAL = { 'config/tkt.yaml': 'durable: { one_ticket_at_a_time: false }\n' }
const idempotency_key = '01J-run-7'

/** Each creates or claims something; without a key it would do so again, or say something else the second time. */
const COMMANDS: readonly (readonly [name: string, raw: RawInput])[] = [
  ['claim-ticket', { ticket_id: 'A', session_id: 's1' }],
  ['next-ticket', { session_id: 's1' }],
  ['session-loop', { session_id: 's1' }],
  ['intake-ticket', { ticket_id: 'NEW', title: 'T', summary: 'S', session_id: 's1' }],
  ['comment', { ticket_id: 'A', body: 'once', session_id: 's1' }],
  ['record-subagent', { subagent_name: 'explorer', purpose: 'read', session_id: 's0' }],
]

describe.each(COMMANDS)('%s under a key', (name, raw) => {
  const begin = async () => {
    const project = await startDurable(
      { A: { assignable_to: ['s1'] }, B: {}, ZERO: { queue_order: 0 } },
      SEVERAL,
    )
    await project.ok('claim-ticket', { ticket_id: 'ZERO', session_id: 's0' })
    return project
  }

  test('is done once, and says so when it is sent again', async () => {
    const project = await begin()
    const first = await project.ok(name, { ...raw, idempotency_key })
    const { shown } = await project.ok('history')
    const again = await project.ok(name, { ...raw, idempotency_key })
    expect(first).not.toHaveProperty('replayed')
    expect(again).toMatchObject({ replayed: true })
    if (name !== 'session-loop') expect(again).toEqual({ ...first, replayed: true })
    expect(await project.ok('history')).toMatchObject({ shown })
  })

  test('is refused under the key of another command, and changes nothing', async () => {
    const project = await begin()
    await project.ok('comment', { ticket_id: 'B', body: 'first', session_id: 's1', idempotency_key })
    const { shown } = await project.ok('history')
    expect(await project.refused(name, { ...raw, idempotency_key })).toMatchObject({
      error: 'IDEMPOTENCY_KEY_REUSED',
      error_code: 'SK-TKT-086',
      message: `--idempotency-key ${idempotency_key} was given at 2026-03-01T12:00:00.000Z to another comment`,
      details: { operation: 'comment', value: idempotency_key },
    })
    expect(await project.ok('history')).toMatchObject({ shown })
    expect(await project.ok(name, { ...raw, idempotency_key: 'another' })).not.toHaveProperty('replayed')
  })
})

describe('a claim that is told again', () => {
  test('is told with its ticket as it is now, and as over when it is over', async () => {
    const project = await startDurable({ A: {}, B: {} }, SEVERAL)
    const asked = { session_id: 's1', idempotency_key }
    await project.ok('next-ticket', asked)
    await project.ok('start-ticket', { ticket_id: 'A', session_id: 's1' })
    expect(await project.ok('next-ticket', asked)).toMatchObject({
      ...{ replayed: true, claim_no: 1, ticket: { ticket_id: 'A', status: 'IN_PROGRESS' } },
    })
    await project.ok('close-ticket', { ticket_id: 'A', session_id: 's1' })
    const over = await project.ok('next-ticket', asked)
    expect(over).toMatchObject({
      ...{ replayed: true, claim_no: 1, ticket: { ticket_id: 'A', status: 'CLAIMED' } },
      warnings: ['the claim that is told again is over: A is CLOSED'],
    })
    expect(await project.refused('next-ticket', { ...asked, session_id: 's2' })).toMatchObject({
      error: 'IDEMPOTENCY_KEY_REUSED',
    })
    expect(await project.refused('next-ticket', { ...asked, batch_id: 'X' })).toMatchObject({
      error: 'IDEMPOTENCY_KEY_REUSED',
    })
  })

  test('stays within 1 KB', async () => {
    const project = await startDurable({ A: { title: 'é'.repeat(500), summary: 'long '.repeat(9000) } })
    const asked = { session_id: 's'.repeat(100), idempotency_key: 'k'.repeat(200) }
    await project.ok('next-ticket', asked)
    for (const move of ['heartbeat', 'close-ticket']) {
      await project.ok(move, {
        session_id: asked.session_id,
        ...(move === 'heartbeat' ? {} : { ticket_id: 'A' }),
      })
      const told = await project.ok('next-ticket', asked)
      expect(told).toMatchObject({ replayed: true })
      expect(Buffer.byteLength(JSON.stringify(told))).toBeLessThanOrEqual(1024)
    }
  })

  test('is made anew when it was given back because its worktree could not be made', async () => {
    const project = await startInRepository({ A: {} })
    git(project.root, 'branch', 'tkt') // no branch can lie below it
    const asked = { session_id: 's1', worktree: true, idempotency_key }
    expect(await project.refused('next-ticket', asked)).toMatchObject({ error: 'WORKTREE_FAILED' })
    git(project.root, 'branch', '-D', 'tkt')
    const told = await project.ok('next-ticket', asked)
    expect(told).toMatchObject({ claim_no: 2, ticket: { worktree: { created: true } } })
    expect(told).not.toHaveProperty('replayed')
    expect(await project.ok('next-ticket', asked)).toMatchObject({
      ...{ replayed: true, claim_no: 2, ticket: { worktree: { created: false, already_exists: true } } },
    })
  })
})
