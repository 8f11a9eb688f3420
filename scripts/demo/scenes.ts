/** The demo from the first command to the last, scene by scene. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { CLOSE_GATE, done, git, type Answer } from './place.ts'
import { AUDITOR, BUNDLE, MAIN, about, inWords, report, WORKERS, type Planned, type Play } from './play.ts'
import { playPublished } from './published.ts'
import { playQueue } from './queue.ts'
import { showReview } from './review.ts'
import { StepFailed } from './step-failed.ts'
import { playWave, type Direction, type Race } from './wave.ts'

/** Plays everything. Returns what the last line tells programs. */
export async function playAll(play: Play): Promise<Answer> {
  const plan = await begin(play)
  const races: Race[] = []
  for (const number of new Set(plan.map(({ wave }) => wave))) {
    const tickets = plan.filter(({ wave }) => wave === number)
    const names = inWords(tickets.map(({ ticket }) => ticket))
    const claims = tickets.length * WORKERS.length
    play.stage.heading(`Wave ${number}: ${inWords(WORKERS)} race for ${names}, ${claims} claims at once`)
    races.push(await playWave(play, tickets, DIRECTIONS[number]))
  }
  await audit(play, races[0]?.winners.values().next().value ?? '')
  const closed = await close(play)
  const queue = await playQueue(play)
  const published = await playPublished(play)
  return {
    bundle: BUNDLE,
    tickets: plan.length + 2,
    claims_won: races.reduce((sum, { winners }) => sum + winners.size, 0),
    claims_refused: races.reduce((sum, race) => sum + race.refused, 0),
    ...closed,
    ...queue,
    ...published,
  }
}

const DIRECTIONS: Readonly<Partial<Record<number, Direction>>> = {
  1: { closely: 'TKT-001' },
  2: { stuck: 'TKT-003' },
  3: { lost: 'TKT-005' },
}

/** The project gets a store, the plan becomes a bundle, and the main agent takes the lead. */
async function begin({ place, stage }: Play): Promise<readonly Planned[]> {
  const step = async (words: readonly string[]): Promise<Answer> => {
    stage.command(['tkt', ...words])
    return done(place, words)
  }
  stage.heading('A project with a plan')
  stage.command(['cd', place.project])
  stage.says(`a git repository with plan.md; its config/tkt.yaml has close_gate.command: ${CLOSE_GATE}`)
  await step(['init-roadmap', '--project', 'linkcheck'])
  stage.says('.tkt/ holds the roadmap, the bundles and the history as files')

  stage.heading('The plan becomes a bundle of tickets')
  const preview = await step(['create-bundle', '--source-plan', 'plan.md', '--dry-run'])
  const planned = preview.planned as readonly (Planned & { readonly criteria: number })[]
  for (const { ticket, title, wave, criteria } of planned)
    stage.row(`wave ${wave}  ${ticket}  ${criteria} criteria  ${title}`)
  const created = await step(['create-bundle', '--source-plan', 'plan.md', '--worktree'])
  stage.says(
    `${String(created.bundle_id)}: ${planned.length} tickets for workers, TKT-000 to integrate, TKT-A00 to audit`,
  )
  stage.says(`work goes to ${String(created.worktree)}, a git worktree on branch bundle/${BUNDLE}`)
  await step([...about('claim', 'TKT-000'), '--agent', MAIN])
  stage.says(`${MAIN} is the main agent of ${BUNDLE}`)
  return planned
}

/** A worker who audits is found out; then somebody else does it. */
async function audit({ place, stage }: Play, worker: string): Promise<void> {
  const quietly = async (agent: string, words: readonly string[]): Promise<void> => {
    await done(place, [...about('claim', 'TKT-A00'), '--agent', agent])
    await done(place, [...about('update', 'TKT-A00'), '--status', 'done', '--agent', agent, ...words])
  }
  stage.heading('The audit: by somebody who did none of the work')
  await quietly(worker, ['--evidence', 'I looked at my own work again'])
  const dryRun = ['close', '--bundle', BUNDLE, '--dry-run']
  stage.command(['tkt', ...dryRun], `${worker}, a worker, did the audit`)
  const answer = await done(place, dryRun)
  const gates = answer.gates as readonly Answer[]
  if (!gates.some(({ error }) => error === 'AUDIT_NOT_INDEPENDENT'))
    throw new StepFailed(['tkt', ...dryRun], answer)
  for (const gate of gates) stage.refuses(`${String(gate.error)}: ${String(gate.message)}`)
  const reopen = [...about('reopen', 'TKT-A00'), '--reason', `${worker} cannot audit own work`]
  stage.command(['tkt', ...reopen])
  await done(place, reopen)
  const finish = [...about('update', 'TKT-A00'), '--status', 'done', '--agent', AUDITOR, ...report('TKT-A00')]
  stage.command(['tkt', ...about('claim', 'TKT-A00'), '--agent', AUDITOR])
  stage.command(['tkt', ...finish])
  await quietly(AUDITOR, report('TKT-A00'))
  stage.row(readFileSync(join(place.folder, 'work/TKT-A00/summary.txt'), 'utf8').trim())
}

/** Gates, merge, review; and the command that the plan asked for, run from main. */
async function close(play: Play): Promise<Answer> {
  const { place, stage } = play
  stage.heading('Close: every gate, the merge, the review')
  const words = ['close', '--bundle', BUNDLE, '--merge', '--strict', '--no-memory', '--agent', MAIN]
  stage.command(['tkt', ...words])
  const { review_path, done: finished, failed } = await done(place, words)
  stage.says(
    `closed: ${String(finished)} tickets done, ${String(failed)} failed; close gate and acceptance commands passed`,
  )
  const commit = await git(place.project, 'log', '-1', '--format=%h', 'main')
  stage.says(`main is at ${commit}, a merge commit; the worktree and its branch are gone`)

  stage.heading('The review, for a person to decide on')
  const review = await showReview(play, String(review_path))

  stage.heading('What was asked for works, on main')
  const linkcheck = ['bin/linkcheck.mjs', 'fixtures/broken']
  stage.command(['node', ...linkcheck])
  const { stdout, exitCode } = await execa(process.execPath, linkcheck, { cwd: place.project, reject: false })
  if (exitCode !== 1) throw new StepFailed(['node', ...linkcheck], { exit_code: exitCode, stdout })
  for (const line of stdout.split('\n')) stage.row(line)
  const { passed, failed: broken } = review.acceptance_results
  return {
    merge_commit: commit,
    acceptance_passed: passed,
    acceptance_failed: broken,
    review_path,
  }
}
