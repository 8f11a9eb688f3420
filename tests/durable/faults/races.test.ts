/** Many sessions in real processes at once: one holder a ticket, one ticket a session, nothing lost, no error of the database. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { crowd, numbered, race } from '../../faults/race.ts'
import { tkt, type Ended } from '../../support/tkt.ts'
import { DATABASES, type DatabaseProject } from './databases.ts'

const SESSIONS = 16
const LIMIT = { timeout: 240_000 }

const intake = (project: DatabaseProject, keys: readonly string[]): void => {
  for (const key of keys) expect(tkt(['intake-ticket', key, 'T', 'S'], project).code).toBe(0)
}

const ticketsIn = (answers: readonly Ended[]): readonly unknown[] =>
  answers.flatMap(({ json }) =>
    json.claimed === true ? [(json.ticket as { ticket_id: string }).ticket_id] : [],
  )

describe.each(DATABASES)('%s', (_name, { start }) => {
  test(`${SESSIONS} sessions claim the same ticket: one has it, the others are told who`, LIMIT, async () => {
    const project = await start()
    const keys = numbered('TKT', 1, 3)
    intake(project, keys)
    for (const key of keys) {
      const ended = await race(
        crowd(SESSIONS, (number) => ['claim-ticket', key, `${key}-s${number}`]),
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
