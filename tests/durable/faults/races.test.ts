/** Many sessions in real processes at once: one holder a ticket, one ticket a session, nothing lost, no error of the database. */
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { crowd, numbered, race } from '../../faults/race.ts'
import { endOf, environment, tkt, type Ended } from '../../support/tkt.ts'
import { DATABASES, type DatabaseProject } from './databases.ts'

const SESSIONS = 16
const MANY = 50
const LIMIT = { timeout: 240_000 }

const intake = (project: DatabaseProject, keys: readonly string[]): void => {
  for (const key of keys) expect(tkt(['intake-ticket', key, 'T', 'S'], project).code).toBe(0)
}

const ticketsIn = (answers: readonly Ended[]): readonly unknown[] =>
  answers.flatMap(({ json }) =>
    json.claimed === true ? [(json.ticket as { ticket_id: string }).ticket_id] : [],
  )

describe.each(DATABASES)('%s', (_name, { start }) => {
  test(`${MANY} sessions claim the same ticket: one has it, the others are told who`, LIMIT, async () => {
    const project = await start()
    const keys = numbered('TKT', 1, 2)
    intake(project, keys)
    for (const key of keys) {
      const ended = await race(
        crowd(MANY, (number) => ['claim-ticket', key, `${key}-s${number}`]),
        project,
      )
      expect(ticketsIn(ended)).toEqual([key])
      const holder = ended.findIndex(({ code }) => code === 0)
      for (const { code, json } of ended.filter((_, index) => index !== holder))
        expect([code, json.error, json.details]).toEqual([
          4,
          'TICKET_CLAIMED_BY_OTHER_SESSION',
          { ticket_id: key, claimed_by_session: `${key}-s${holder}`, status: 'CLAIMED' },
        ])
    }
  })

  test(
    `${SESSIONS} sessions ask for the next of 12 tickets: each gets another, the rest hear that there is none`,
    LIMIT,
    async () => {
      const project = await start()
      const keys = numbered('TKT', 1, 12)
      intake(project, keys)
      const ended = await race(
        crowd(SESSIONS, (number) => ['next-ticket', `s${number}`]),
        project,
      )
      expect(ended.map(({ code }) => code)).toEqual(crowd(SESSIONS, () => []).map(() => 0))
      expect(ticketsIn(ended).toSorted()).toEqual(keys)
    },
  )

  test(
    `${MANY} sessions drain 500 tickets: each has one holder, each session one ticket`,
    LIMIT,
    async () => {
      const project = await start()
      const tasks = crowd(500, (number) => [`- Task ${number}`]).flat()
      mkdirSync(join(project.cwd, 'note'))
      writeFileSync(join(project.cwd, 'note/note_tasks.md'), `### New\n${tasks.join('\n')}\n`)
      expect(tkt(['refresh-new-tasks'], project).code).toBe(0)
      const drain = (session: string): Promise<Ended> =>
        endOf(
          spawn(process.execPath, [join(import.meta.dirname, 'drain.ts'), project.cwd, session], {
            env: environment(project.env),
          }),
        )
      const ended = await Promise.all(
        crowd(MANY, (number) => [`s${number}`]).map(([session = '']) => drain(session)),
      )
      expect(ended.filter(({ code, stdout }) => code !== 0 || stdout !== '')).toEqual([])
      const events = await project.ask(
        `SELECT ticket, actor, type FROM events WHERE type <> 'ticket.created' ORDER BY seq`,
      )
      const by = (field: 'ticket' | 'actor') =>
        [...new Set(events.map((event) => event[field]))].map((value) =>
          events.filter((event) => event[field] === value),
        )
      const types = ['ticket.claimed', 'ticket.closed']
      expect(by('ticket')).toHaveLength(500)
      for (const [claimed, closed, ...more] of by('ticket'))
        expect([claimed?.type, closed?.type, closed?.actor, more]).toEqual([...types, claimed?.actor, []])
      for (const day of by('actor'))
        expect(day.filter(({ type }, index) => type !== types[index % 2])).toEqual([])
    },
  )

  test('several processes of one session at once get one and the same ticket', LIMIT, async () => {
    const project = await start()
    intake(project, numbered('TKT', 1, 4))
    const ended = await race(
      crowd(8, () => ['next-ticket', 's1']),
      project,
    )
    expect(new Set(ticketsIn(ended)).size).toBe(1)
    const named = await race(
      numbered('TKT', 1, 4).map((key) => ['claim-ticket', key, 's2']),
      project,
    )
    expect(ticketsIn(named)).toHaveLength(1)
  })

  test(
    'sessions that read the same new note at once take each task in once, and each gets another',
    LIMIT,
    async () => {
      const project = await start()
      const tasks = crowd(12, (number) => [`- Task ${number}`]).flat()
      mkdirSync(join(project.cwd, 'note'))
      writeFileSync(join(project.cwd, 'note/note_tasks.md'), `### New\n${tasks.join('\n')}\n`)
      const ended = await race(
        crowd(SESSIONS, (number) => ['session-loop', `s${number}`]),
        project,
      )
      expect(ended.map(({ code, json }) => [code, json.message])).toEqual(ended.map(() => [0, undefined]))
      const states = ended.map(
        ({ json }) => json.loop_state as { active_ticket: { ticket_id: string } | null },
      )
      const given = states.flatMap(({ active_ticket }) => active_ticket?.ticket_id ?? [])
      expect(new Set(given).size).toBe(12)
      expect(given).toHaveLength(12)
      expect(tkt(['list-tickets'], project).json.shown).toMatch(/of 12$/)
      expect(await project.ask("SELECT * FROM events WHERE type = 'ticket.created'")).toHaveLength(12)
    },
  )

  test(
    'a close and those who cancel at once: one of them ends it, the others are refused',
    LIMIT,
    async () => {
      const project = await start()
      const keys = numbered('TKT', 1, 6)
      intake(project, keys)
      for (const [round, key] of keys.entries()) {
        const holder = `h${round}`
        expect(tkt(['claim-ticket', key, holder], project).code).toBe(0)
        const [closed, ...cancelled] = await race(
          [
            ['close-ticket', key, '--session-id', holder],
            ...crowd(3, (number) => ['cancel-ticket', key, '--session-id', `s${number}`, '--reason', 'no']),
          ],
          project,
        )
        const winners = [closed, ...cancelled].filter((one) => one?.code === 0)
        expect(winners.map((one) => (one?.json.ticket as { resolution: string }).resolution)).toEqual([
          closed?.code === 0 ? 'done' : 'cancelled',
        ])
        if (closed?.code !== 0) expect(closed?.json.error).toBe('TICKET_NOT_OWNED_BY_SESSION')
        for (const { code, json } of cancelled) if (code !== 0) expect(json.error).toBe('TRANSITION_REFUSED')
      }
      const ends = "SELECT * FROM events WHERE type IN ('ticket.closed', 'ticket.cancelled')"
      expect(await project.ask(ends)).toHaveLength(keys.length)
      expect(await project.ask('SELECT * FROM claims')).toEqual([])
    },
  )

  test('an edit, a delete and a claim at once: nobody works on what is not so any more', LIMIT, async () => {
    const project = await start()
    const keys = numbered('TKT', 1, 6)
    intake(project, keys)
    for (const key of keys) {
      const [claimed, edited, deleted] = await race(
        [
          ['claim-ticket', key, `${key}-s`],
          ['edit-ticket', key, '--session-id', 's1', '--title', 'other', '--if-version', '1'],
          ['delete-ticket', key, '--session-id', 's2', '--reason', 'no'],
        ],
        project,
      )
      const shown = tkt(['show-ticket', key], project).json.ticket as Record<string, unknown>
      expect(claimed?.code === 0).toBe(deleted?.code !== 0)
      expect(claimed?.json.error).toBe(deleted?.code === 0 ? 'UNKNOWN_TICKET' : undefined)
      expect([shown.deleted_at === undefined, shown.assignee]).toEqual(
        deleted?.code === 0 ? [false, null] : [true, `${key}-s`],
      )
      expect([shown.title, shown.version]).toEqual(edited?.code === 0 ? ['other', 2] : ['T', 1])
      // Who edits without a reason did so before the claim, which therefore tells the new title.
      if (claimed?.code === 0) expect((claimed.json.ticket as { title: string }).title).toBe(shown.title)
      if (edited?.code !== 0)
        expect(edited?.json.error).toBe(
          deleted?.code === 0 ? 'UNKNOWN_TICKET' : 'TICKET_CLAIMED_BY_OTHER_SESSION',
        )
    }
  })

  test(
    'the end of a batch, and work for it at once: no batch is closed while there is work in it',
    LIMIT,
    async () => {
      const project = await start()
      const ok = (...words: string[]): void => {
        expect(tkt(words, project).code).toBe(0)
      }
      const batches = numbered('B', 1, 6)
      for (const batch of batches) {
        const [work, end, session] = [`W-${batch}`, `I-${batch}`, `s-${batch}`]
        ok('intake-ticket', work, 'T', 'S', '--batch-id', batch)
        ok('intake-ticket', end, 'T', 'S', '--batch-id', batch, '--ticket-type', 'INTEGRATOR')
        ok('cancel-ticket', work, '--session-id', 's', '--reason', 'no')
        ok('claim-ticket', end, session)
        const [closed, reopened] = await race(
          [
            ['close-ticket', end, '--session-id', session],
            ['reopen-ticket', work, '--session-id', 's', '--reason', 'yes'],
          ],
          project,
        )
        expect(reopened?.json.message).toBeUndefined()
        if (closed?.code !== 0) expect(closed?.json.error).toBe('INTEGRATOR_CLOSE_NOT_READY')
      }
      expect(await project.ask('SELECT * FROM batches WHERE closed_ms IS NOT NULL')).toEqual([])
      ok('cancel-ticket', 'W-B-001', '--session-id', 's', '--reason', 'no')
      tkt(['reopen-ticket', 'I-B-001', '--session-id', 's', '--reason', 'yes'], project) // or it was not closed
      tkt(['claim-ticket', 'I-B-001', 's-B-001'], project) // or it is held still
      ok('close-ticket', 'I-B-001', '--session-id', 's-B-001')
      const closed = 'SELECT key, closed_by FROM batches WHERE closed_ms IS NOT NULL'
      expect(await project.ask(closed)).toMatchObject([{ key: 'B-001', closed_by: 's-B-001' }])
      ok('intake-ticket', 'I-B-001', 'T', 'S', '--batch-id', 'B-001')
      expect(await project.ask(closed)).toHaveLength(1)
      ok('intake-ticket', 'more', 'T', 'S', '--batch-id', 'B-001')
      expect(await project.ask(closed)).toEqual([])
    },
  )

  test(
    'of edits of one version at once one is made; of those that would meet, no circle',
    LIMIT,
    async () => {
      const project = await start()
      const keys = numbered('TKT', 1, 4)
      intake(project, keys)
      const titled = await race(
        crowd(6, (number) => [
          'edit-ticket',
          'TKT-001',
          '--session-id',
          's',
          '--title',
          `${number}`,
          '--if-version',
          '1',
        ]),
        project,
      )
      expect(titled.filter(({ code }) => code === 0)).toHaveLength(1)
      for (const { code, json } of titled) if (code !== 0) expect(json.error).toBe('VERSION_CONFLICT')
      const joined = await race(
        keys.map((key, index) => [
          'edit-ticket',
          key,
          '--session-id',
          key,
          '--depends-on',
          keys[(index + 1) % 4] ?? '',
        ]),
        project,
      )
      expect(joined.filter(({ code }) => code === 0)).toHaveLength(3)
      expect(joined.flatMap(({ json }) => json.error ?? [])).toEqual(['DEPENDENCY_CYCLE'])
    },
  )

  test('a command that many send under one key is done once, and all are told the same', LIMIT, async () => {
    const project = await start()
    mkdirSync(join(project.cwd, 'config'))
    writeFileSync(join(project.cwd, 'config/tkt.yaml'), 'durable: { one_ticket_at_a_time: false }\n')
    intake(project, numbered('TKT', 1, 12))
    const commands = [
      ['next-ticket', 's1', '--idempotency-key', 'claim'],
      ['comment', 'TKT-012', 'once', '--session-id', 's1', '--idempotency-key', 'say'], // what somebody is at is skipped
    ]
    const ended = await race(
      crowd(SESSIONS, (number) => commands[number % 2] ?? []),
      project,
    )
    expect(ended.map(({ code, json }) => [code, json.message])).toEqual(ended.map(() => [0, undefined]))
    const firsts = ended.filter(({ json }) => json.replayed === undefined)
    expect(firsts).toHaveLength(2)
    expect(new Set(ticketsIn(ended))).toEqual(new Set(['TKT-001']))
    expect(new Set(ended.map(({ json }) => json.comment)).size).toBe(2) // undefined, and one number
    const told = await project.ask(`SELECT type FROM events WHERE type <> 'ticket.created' ORDER BY type`)
    expect(told.map(({ type }) => type)).toEqual(['ticket.claimed', 'ticket.commented'])
  })

  test(
    'processes that meet a project without a database make it once, and none of their tickets is lost',
    LIMIT,
    async () => {
      for (let round = 0; round < 4; round += 1) {
        const project = await start()
        const ended = await race(
          crowd(8, (number) => ['intake-ticket', `TKT-${number}`, 'T', 'S']),
          project,
        )
        expect(ended.map(({ code, json }) => [code, json.message])).toEqual(ended.map(() => [0, undefined]))
        expect(tkt(['list-tickets'], project).json.shown).toBe('shown 8 of 8')
        expect(await project.ask('SELECT * FROM projects')).toHaveLength(1)
      }
    },
  )
})
