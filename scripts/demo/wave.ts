/** A wave of the plan: all agents race for all its tickets at once, then the winners work side by side. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loseAgent, lateReport } from './lost.ts'
import { done, git, refused, tkt, type Answer } from './place.ts'
import { BUNDLE, about, inWords, report, WORKERS, type Planned, type Play } from './play.ts'
import { layFiles } from './prepared.ts'
import type { Stage } from './stage.ts'
import { StepFailed } from './step-failed.ts'

/** What the play is to show while a wave is worked on. */
export interface Direction {
  /** The ticket whose work is shown command by command. */
  readonly closely?: string
  /** The ticket whose first agent gets stuck. */
  readonly stuck?: string
  /** The ticket whose first agent dies with the claim in hand. */
  readonly lost?: string
}

export interface Race {
  readonly winners: ReadonlyMap<string, string>
  readonly refused: number
}

/** Plays one wave to its end: every ticket of it is done. */
export async function playWave(
  play: Play,
  tickets: readonly Planned[],
  direction: Direction = {},
): Promise<Race> {
  const race = await raceFor(play, tickets)
  const works = tickets.map((planned) => ({
    planned,
    agent: race.winners.get(planned.ticket) ?? '',
    ...play.aside(),
  }))
  await Promise.all(works.map((work) => workOn(play, { ...work, direction })))
  for (const { tell } of works) tell()
  return race
}

/** Every agent claims every ticket, in processes that all run at once. Of each ticket's claims exactly one must succeed. */
async function raceFor({ place, stage }: Play, tickets: readonly Planned[]): Promise<Race> {
  const claims = shuffled(
    tickets.flatMap(({ ticket }) =>
      WORKERS.map((agent) => ({ ticket, agent, words: claimOf(ticket, agent) })),
    ),
  )
  const answers = await Promise.all(
    claims.map(async (claim) => ({ ...claim, answer: await tkt(place, claim.words) })),
  )
  const winners = new Map<string, string>()
  for (const { ticket } of tickets) {
    const own = answers.filter((claim) => claim.ticket === ticket)
    const [winner, ...more] = own.filter(({ answer }) => answer.ok === true)
    const losers = own.filter(({ answer }) => answer.error === 'CLAIM_CONFLICT')
    if (winner === undefined || more.length > 0 || losers.length !== WORKERS.length - 1)
      throw new StepFailed(['tkt', ...claimOf(ticket, WORKERS.join('|'))], own)
    winners.set(ticket, winner.agent)
    if (winners.size === 1) stage.command(['tkt', ...winner.words])
    stage.says(
      `${ticket}: ${winner.agent} holds it; ${inWords(losers.map(({ agent }) => agent))} got CLAIM_CONFLICT`,
    )
  }
  return { winners, refused: answers.filter(({ answer }) => answer.ok !== true).length }
}

const claimOf = (ticket: string, agent: string): readonly string[] => [
  ...about('claim', ticket),
  '--agent',
  agent,
]

interface Work {
  readonly planned: Planned
  readonly agent: string
  readonly stage: Stage
  readonly direction: Direction
}

/** One agent does one ticket: in progress, files, commit, done with evidence. */
async function workOn(play: Play, work: Work): Promise<void> {
  const { place } = play
  const { planned, direction, stage } = work
  const { ticket, title } = planned
  const closely = direction.closely === ticket
  const say = closely ? stage.command : (): void => undefined
  const step = async (words: readonly string[]): Promise<Answer> => {
    say(['tkt', ...words])
    return done(place, words)
  }
  await step([...about('update', ticket), '--status', 'in_progress', '--agent', work.agent])
  const agent = await whoGoesOn(play, work)
  const worktree = join(place.project, '.worktrees', BUNDLE)
  const paths = layFiles(join(place.folder, 'work', ticket), worktree)
  const [add, commit] = [
    ['add', ...paths],
    ['commit', '-m', `${ticket}: ${title}`, '--', ...paths],
  ]
  say(['git', '-C', `.worktrees/${BUNDLE}`, ...add, '&&', 'git', '-C', `.worktrees/${BUNDLE}`, ...commit])
  await git(worktree, ...add)
  await git(worktree, ...commit)
  const finish = [...about('update', ticket), '--status', 'done', '--agent', agent]
  if (closely) {
    const answer = await refused(place, finish, 'EVIDENCE_REQUIRED')
    say(['tkt', ...finish])
    stage.refuses(`${String(answer.error)}: ${String(answer.message)}`)
  }
  await step([...finish, ...report(ticket)])
  const evidence = readFileSync(join(place.folder, 'work', ticket, 'evidence.txt'), 'utf8')
  stage.row(`${ticket}: ${agent} is done. ${evidence.split('\n')[0] ?? ''}`)
  if (direction.lost === ticket) await lateReport(play, { ticket, agent: work.agent, stage })
}

/** The agent who finishes the ticket: in two scenes another one than began it. */
async function whoGoesOn(play: Play, work: Work): Promise<string> {
  const { direction, agent, stage } = work
  const { ticket } = work.planned
  if (direction.stuck === ticket) return handOver(play, work)
  return direction.lost === ticket ? loseAgent(play, { ticket, agent, stage }) : agent
}

/** The agent cannot go on and says why; another one takes the ticket over, on the record. */
async function handOver({ place }: Play, { planned, agent, stage }: Work): Promise<string> {
  const { ticket } = planned
  const reason = 'my context is used up, nothing is committed yet'
  const block = [...about('update', ticket), '--status', 'blocked', '--agent', agent, '--reason', reason]
  stage.command(['tkt', ...block])
  await done(place, block)
  const next = WORKERS.find((name) => name !== agent) ?? agent
  stage.command(['tkt', ...claimOf(ticket, next)])
  const answer = await done(place, claimOf(ticket, next))
  stage.says(`${ticket}: ${next} holds it, taken over from ${String(answer.taken_over_from)}`)
  await done(place, [...about('update', ticket), '--status', 'in_progress', '--agent', next])
  return next
}

/** In no order: the first agent of the list is not to win every race. */
const shuffled = <Entry>(entries: readonly Entry[]): readonly Entry[] =>
  entries
    .map((entry) => ({ entry, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ entry }) => entry)
