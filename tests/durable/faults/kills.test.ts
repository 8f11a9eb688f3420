/** `kill -9` before each statement that a command gives the database: all of it is there or none, and who comes next goes on. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { preloadFile } from '../../faults/preload.ts'
import { DIST, environment, tkt, type Ended } from '../../support/tkt.ts'
import { DATABASES, type DatabaseProject } from './databases.ts'

const LIMIT = { timeout: 600_000 }

/** What a session takes in before it is given a ticket, and a worker when it closes one. */
const NOTE = '### New\n- One thing\n- Another\n'

type Case = readonly [
  string,
  readonly (readonly string[])[],
  readonly string[],
  (again: Ended) => void,
  config?: string,
]

/** A session may hold several tickets: it would get another one each time. */
const SEVERAL = 'durable: { one_ticket_at_a_time: false }\n'

const CASES: readonly Case[] = [
  [
    'the first intake of a project',
    [],
    ['intake-ticket', 'TKT-1', 'T', 'S', '--batch-id', 'B', '--depends-on', 'TKT-2'],
    ({ json }) => {
      expect(json.ticket).toMatchObject({ ticket_id: 'TKT-1', batch_id: 'B', depends_on: ['TKT-2'] })
    },
  ],
  [
    'a claim',
    [['intake-ticket', 'TKT-1', 'T', 'S']],
    ['claim-ticket', 'TKT-1', 's1'],
    ({ json }) => {
      expect(json).toMatchObject({ claimed: true, claim_no: 1 })
    },
  ],
  [
    'the claim of the next ticket',
    [['intake-ticket', 'TKT-1', 'T', 'S']],
    ['next-ticket', 's1'],
    ({ json }) => {
      expect(json).toMatchObject({ claimed: true, claim_no: 1 })
    },
  ],
  [
    'the claim of the next ticket under a key, with room for more than one',
    [
      ['intake-ticket', 'TKT-1', 'T', 'S'],
      ['intake-ticket', 'TKT-2', 'T', 'S'],
    ],
    ['next-ticket', 's1', '--idempotency-key', 'k'],
    ({ json }) => {
      expect(json).toMatchObject({ claimed: true, claim_no: 1, ticket: { ticket_id: 'TKT-1' } })
    },
    SEVERAL,
  ],
  [
    'several claims at once under a key',
    ['TKT-1', 'TKT-2', 'TKT-3', 'TKT-4'].map((key) => ['intake-ticket', key, 'T', 'S']),
    ['next-ticket', 's1', '--count', '3', '--idempotency-key', 'k'],
    ({ json }) => {
      const claims = ['TKT-1', 'TKT-2', 'TKT-3'].map((ticket_id) => ({ ticket_id, claim_no: 1 }))
      expect(json).toMatchObject({ claimed: true, claims })
    },
    SEVERAL,
  ],
  [
    'a comment under a key',
    [['intake-ticket', 'TKT-1', 'T', 'S']],
    ['comment', 'TKT-1', 'once', '--session-id', 's1', '--idempotency-key', 'k'],
    ({ json }) => {
      expect(json).toMatchObject({ ok: true, comments: 1 })
    },
  ],
  [
    'a session that reads a new note',
    [],
    ['session-loop', 's1'],
    ({ json }) => {
      const { active_ticket } = json.loop_state as { active_ticket: { ticket_id: string } }
      expect(active_ticket).toMatchObject({
        status: 'CLAIMED',
        claim_no: 1,
        source: 'note_tasks_new_section',
      })
    },
  ],
  [
    'a close',
    [
      ['intake-ticket', 'TKT-1', 'T', 'S'],
      ['intake-ticket', 'TKT-2', 'T', 'S', '--depends-on', 'TKT-1'],
      ['claim-ticket', 'TKT-1', 's1'],
    ],
    ['close-ticket', 'TKT-1', '--session-id', 's1'],
    // Run again after it was done, it is told so.
    ({ json }) => {
      expect(json.ok === true || json.error === 'TICKET_NOT_OWNED_BY_SESSION').toBe(true)
    },
  ],
  [
    'a cancel of what another holds',
    [
      ['intake-ticket', 'TKT-1', 'T', 'S'],
      ['claim-ticket', 'TKT-1', 's1'],
    ],
    ['cancel-ticket', 'TKT-1', '--session-id', 's9', '--reason', 'no'],
    ({ json }) => {
      expect(json.ok === true || json.error === 'TRANSITION_REFUSED').toBe(true)
    },
  ],
  [
    'a reopen of what another needs',
    [
      ['intake-ticket', 'TKT-1', 'T', 'S', '--batch-id', 'B'],
      ['intake-ticket', 'TKT-2', 'T', 'S', '--depends-on', 'TKT-1'],
      ['cancel-ticket', 'TKT-1', '--session-id', 's1', '--reason', 'no'],
    ],
    ['reopen-ticket', 'TKT-1', '--session-id', 's9', '--reason', 'not yet'],
    ({ json }) => {
      expect(json.ok === true || json.error === 'TRANSITION_REFUSED').toBe(true)
    },
  ],
  [
    'an edit',
    [
      ['intake-ticket', 'TKT-1', 'T', 'S', '--depends-on', 'TKT-8'],
      ['intake-ticket', 'TKT-2', 'T', 'S'],
    ],
    [
      'edit-ticket',
      'TKT-1',
      '--session-id',
      's9',
      '--depends-on',
      'TKT-2',
      '--batch-id',
      'B',
      '--if-version',
      '1',
    ],
    // Run again after it was done, it changes nothing.
    ({ json }) => {
      expect(json.ticket).toMatchObject({ depends_on: ['TKT-2'], batch_id: 'B', version: 2 })
    },
  ],
]

// One PostgreSQL of several: it is not the server that is killed.
describe.each(DATABASES.slice(0, 2))('%s', (_name, { start, killer }) => {
  test.each(CASES.map((one) => [one[0], one] as const))('%s', LIMIT, async (_title, one) => {
    const [, before, words, judge, config = ''] = one
    const killAt = preloadFile(killer)
    for (let step = 1; ; step += 1) {
      const project = await start()
      const { cwd, env } = project
      mkdirSync(`${cwd}/note`)
      writeFileSync(`${cwd}/note/note_tasks.md`, NOTE)
      mkdirSync(`${cwd}/config`)
      writeFileSync(`${cwd}/config/tkt.yaml`, config)
      for (const command of before) expect(tkt(command, project).code).toBe(0)
      const { signal, status, stderr } = spawnSync(process.execPath, [...killAt, DIST, ...words], {
        cwd,
        env: environment({ ...env, KILL_AT: String(step) }),
        encoding: 'utf8',
      })
      if (signal !== 'SIGKILL') {
        expect([step > 3, status, stderr]).toEqual([true, 0, ''])
        return
      }
      judge(tkt(words, project))
      await expectSound(project)
      expect(tkt(['next-ticket', 's2'], project).json.ok).toBe(true)
    }
  })
})

/** Nothing is found by doctor, each ticket is as its events say, and each claim is of a ticket in hand. */
async function expectSound({ ask, check }: DatabaseProject): Promise<void> {
  expect(await check()).toEqual([])
  const tickets = await ask(
    `SELECT t.key, t.status, t.claim_no, c.claim_no AS held,
       (SELECT to_status FROM events e WHERE e.ticket = t.seq AND e.to_status IS NOT NULL
        ORDER BY e.seq DESC LIMIT 1) AS told,
       (SELECT count(*) FROM events e WHERE e.ticket = t.seq AND e.type IN ('ticket.claimed', 'ticket.taken_over')) AS claims
     FROM tickets t LEFT JOIN claims c ON c.ticket = t.seq`,
  )
  expect(tickets).not.toEqual([])
  for (const { key, status, claim_no, held, told, claims } of tickets) {
    expect([key, status, String(claim_no)]).toEqual([key, told, String(claims)])
    expect([key, held]).toEqual([key, status === 'CLAIMED' ? claim_no : null])
  }
}
