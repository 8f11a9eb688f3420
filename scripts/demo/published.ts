/** Both engines in one story: a bundle is published, drained by sessions of which one dies, collected, audited and closed. */
import { join } from 'node:path'
import { done, furnish, printed, refused, type Answer, type Place } from './place.ts'
import { about, AUDITOR, BUNDLE, inWords, MAIN, report, type Play } from './play.ts'
import { readReview } from './review.ts'
import { LEASE_SECONDS, LOST, loseSession, SESSIONS, workAs } from './sessions.ts'
import type { Stage } from './stage.ts'
import { StepFailed } from './step-failed.ts'

/** Plays in a repository of its own beside the project. Returns what the last line tells programs. */
export async function playPublished({ place: { folder }, stage }: Play): Promise<Answer> {
  const place = { folder, project: join(folder, 'published') }
  await furnish(place)
  const published = await publish(place, stage)
  const lost = await drain(place, stage)
  stage.heading('What came of it goes back into the files: audit, close and review as ever')
  await collect(place, stage)
  await close(place, stage, lost)
  return { published_tickets: published, published_taken_over: lost }
}

/** The plan becomes a bundle, and its workers tickets of the database. Returns how many. */
async function publish(place: Place, stage: Stage): Promise<number> {
  stage.heading('Both at once: a bundle whose tickets are published, for sessions on any machine')
  stage.command(['cd', place.project])
  stage.says('the first repository as it was before the work, with the same plan')
  await done(place, ['init-roadmap', '--project', 'linkcheck'])
  const creating = ['create-bundle', '--source-plan', 'plan.md']
  stage.command(['tkt', ...creating])
  await done(place, creating)
  const publishing = ['publish-bundle', BUNDLE]
  stage.command(['tkt', ...publishing])
  const { published } = await done(place, publishing)
  stage.says(`${String(published)} tickets are in the database too, and it alone gives them out now:`)
  const claim = [...about('claim', 'TKT-001'), '--agent', 'ada']
  stage.command(['tkt', ...claim])
  const { error, message } = await refused(place, claim, 'TICKET_PUBLISHED')
  stage.refuses(`${String(error)}: ${String(message)}`)
  return Number(published)
}

/** Sessions work it off, each ticket in its own worktree, and finish what a dead one has begun. Returns that ticket. */
async function drain(place: Place, stage: Stage): Promise<string> {
  stage.heading(`Sessions drain it, each ticket in a git worktree of its own; ${LOST} dies at work`)
  stage.command(['tkt', 'session-loop', '--session-id', LOST, '--batch-id', BUNDLE, '--worktree'])
  const { ticket_id, paths } = await loseSession(place, BUNDLE)
  const lost = String(ticket_id)
  const count = (paths as readonly string[]).length
  stage.says(
    `${LOST} has ${lost} and ${count} files written. kill -9; its lease goes on for ${LEASE_SECONDS} s`,
  )
  stage.says(`${inWords(SESSIONS)} go on: each asks, works, commits, and closes with evidence`)
  const told = (await Promise.all(SESSIONS.map((name) => workAs(place, name, BUNDLE)))).flat()
  const taken = told.find(({ taken_over_from }) => taken_over_from === LOST)
  if (taken?.ticket_id !== lost) throw new StepFailed(['tkt', 'session-loop'], { expected: lost, told })
  await showEvents(place, stage)
  const [warning] = taken.warnings as readonly string[]
  stage.row(`${String(taken.session)} was told: ${String(warning)}`)
  const late = ['close-ticket', lost, '--session-id', LOST, '--evidence', 'file:src/markdown.mjs']
  stage.command(['tkt', ...late], `${LOST} is back, and knows nothing of it`)
  const { error, message } = await refused(place, late, 'TICKET_NOT_OWNED_BY_SESSION')
  stage.refuses(`${String(error)}: ${String(message)}`)
  return lost
}

/** Who finished what, in the order on record. */
async function showEvents(place: Place, stage: Stage): Promise<void> {
  const words = ['watch', '--once', '--batch-id', BUNDLE, '--type', 'taken_over,closed']
  stage.command(['tkt', ...words])
  const { lines, answer } = await printed(place, words)
  if (answer.ok !== true) throw new StepFailed(['tkt', ...words], answer)
  for (const line of lines) {
    const { at, event, ticket_id, session_id, data } = JSON.parse(line) as Told
    const from = data?.taken_over_from === undefined ? '' : ` from ${data.taken_over_from}`
    stage.row(
      `${at.slice(11, 19)}  ${event.replace('ticket.', '').padEnd(10)}  ${ticket_id}  ${session_id}${from}`,
    )
  }
}

interface Told {
  readonly at: string
  readonly event: string
  readonly ticket_id: string
  readonly session_id: string
  readonly data?: { readonly taken_over_from?: string }
}

/** The files of the bundle tell it again; whoever worked on it, wherever that was, may not audit. */
async function collect(place: Place, stage: Stage): Promise<void> {
  const collecting = ['collect-bundle', BUNDLE]
  stage.command(['tkt', ...collecting])
  const { counts } = await done(place, collecting)
  stage.says(
    `${String((counts as Answer).done)} tickets are done; .tkt/ tells who did them, and on what evidence`,
  )
  const asking = ['next', '--agent', LOST, '--claim']
  stage.command(['tkt', ...asking])
  const { ticket: free, reason } = await done(place, asking)
  if (free !== null) throw new StepFailed(['tkt', ...asking], { expected: null, answer: free })
  stage.refuses(String(reason))
  const finish = [...about('update', 'TKT-A00'), '--status', 'done', '--agent', AUDITOR, ...report('TKT-A00')]
  for (const words of [['next', '--agent', AUDITOR, '--claim'], finish]) {
    stage.command(['tkt', ...words])
    await done(place, words)
  }
}

/** As any bundle; its work is on main already. Checks that the review tells what was taken over. */
async function close(place: Place, stage: Stage, lost: string): Promise<void> {
  const closing = ['close', '--bundle', BUNDLE, '--strict', '--no-memory', '--agent', MAIN]
  stage.command(['tkt', ...closing])
  const { done: finished } = await done(place, closing)
  stage.says(`closed: ${String(finished)} tickets done; main has had the merge of each since it was closed`)
  const showing = ['show-review', BUNDLE]
  stage.command(['tkt', ...showing])
  const { tickets, commands, audited_by, review_path } = await done(place, showing)
  for (const { id, worked_by, evidence } of tickets as readonly Answer[])
    if (id !== 'TKT-000' && id !== 'TKT-A00')
      stage.row(`${String(id)}  ${String(worked_by)}  ${String(evidence)}`)
  const { passed, failed } = commands as Answer
  stage.says(
    `audit by ${String(audited_by)}; ${String(passed)} acceptance commands passed, ${String(failed)} failed`,
  )
  const [takeover] = readReview(String(review_path)).transition_stats.takeovers
  if (takeover === undefined || lost !== `${BUNDLE}/${takeover.ticket_id}`)
    throw new StepFailed(['tkt', ...showing], { expected: lost, takeover })
  stage.says(`${takeover.ticket_id} was ${takeover.reason}`)
}
