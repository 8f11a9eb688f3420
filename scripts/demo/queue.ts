/** The second engine: sessions drain a note, one of them dies, and the integrator ends the batch when that may be. */
import { appendFileSync, cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { done, refused, type Answer, type Place } from './place.ts'
import { inWords, type Play } from './play.ts'
import { LEASE_SECONDS, LOST, loseSession, SESSIONS, workAs } from './sessions.ts'
import type { Stage } from './stage.ts'
import { StepFailed } from './step-failed.ts'

const HOME = join(import.meta.dirname, '../..')
const INTEGRATOR = 'ses-9'

/** Plays in a folder of its own beside the project. Returns what the last line tells programs. */
export async function playQueue({ place: { folder }, stage }: Play): Promise<Answer> {
  const place = furnishQueue(folder)
  stage.heading('Another project: a queue for many sessions, filled by a note')
  stage.command(['cd', place.project])
  const preview = ['intake-ticket', '--from-note-tasks', '--dry-run']
  stage.command(['tkt', ...preview])
  const { tickets } = (await done(place, preview)).batch as { tickets: readonly Answer[] }
  for (const { ticket_id, title } of tickets) stage.row(`${String(ticket_id)}  ${String(title)}`)

  stage.heading(`Sessions take what is free; ${LOST} dies with a ticket in hand`)
  const lost = await loseOne(place, stage)
  await done(place, ['claim-ticket', 'TKT-109', '--session-id', INTEGRATOR])
  await refuseClose(place, stage, 'INTEGRATOR_CLOSE_NOT_READY')
  stage.says(`${inWords(SESSIONS)} work in processes of their own, each by session-loop and close-ticket:`)
  const told = (await Promise.all(SESSIONS.map((name) => workAs(place, name)))).flat()
  const taken = told.find(({ taken_over_from }) => taken_over_from === LOST)
  if (taken?.ticket_id !== lost) throw new StepFailed(['tkt', 'session-loop'], { expected: lost, told })
  for (const { session, ticket_id, title, taken_over_from: from } of told.filter(
    ({ title }) => title !== undefined,
  ))
    stage.row(
      `${String(session)}  ${String(ticket_id)}  ${from === undefined ? String(title) : `taken over from ${LOST}`}`,
    )

  stage.heading('The integrator ends the batch when, and only when, nothing is left')
  appendFileSync(join(place.project, 'note/note_tasks.md'), '\n### New\n\n- One thing more\n')
  stage.says('meanwhile somebody writes a line below ### New:')
  await refuseClose(place, stage, 'CONTINUE_DUE_TO_NEW_TASKS')
  const [more] = await workAs(place, 'ses-1')
  stage.says(`ses-1 does it: ${String(more?.ticket_id)}, ${String(more?.title)}`)
  const close = ['close-ticket', 'TKT-109', '--session-id', INTEGRATOR, '--resolution', 'all merged']
  stage.command(['tkt', ...close])
  await done(place, close)
  const { shown } = await done(place, ['list-tickets', '--unresolved-only'])
  stage.says(`closed; what is not over: ${String(shown)}`)
  return { queue_tickets: tickets.length + 1, taken_over: lost }
}

function furnishQueue(folder: string): Place {
  const project = join(folder, 'queue')
  mkdirSync(join(project, 'note'), { recursive: true })
  cpSync(join(HOME, 'examples/note_tasks.md'), join(project, 'note/note_tasks.md'))
  return { folder, project }
}

/** Returns the ticket that was in hand. */
async function loseOne(place: Place, stage: Stage): Promise<string> {
  stage.command(['tkt', 'session-loop', '--session-id', LOST])
  const { ticket_id, title } = await loseSession(place)
  stage.says(
    `${LOST} has ${String(ticket_id)}, ${String(title)}. kill -9: it is gone; its lease goes on for ${LEASE_SECONDS} s`,
  )
  return String(ticket_id)
}

async function refuseClose(place: Place, stage: Stage, error: string): Promise<void> {
  const words = ['close-ticket', 'TKT-109', '--session-id', INTEGRATOR]
  stage.command(['tkt', ...words])
  const { message } = await refused(place, words, error)
  stage.refuses(`${error}: ${String(message)}`)
}
