/** An agent dies with a claim in hand: another takes the ticket over, and the dead one's last words come too late. */
import { setTimeout as wait } from 'node:timers/promises'
import { execa } from 'execa'
import { done, refused, STALE_MINUTES } from './place.ts'
import { about, report, WORKERS, type Play } from './play.ts'
import type { Stage } from './stage.ts'
import { StepFailed } from './step-failed.ts'

interface Lost {
  readonly ticket: string
  /** The one who claimed it, and dies. */
  readonly agent: string
  readonly stage: Stage
}

/** Kills the agent, waits until the claim is stale, lets another take it over, and returns that one. */
export async function loseAgent({ place }: Play, { ticket, agent, stage }: Lost): Promise<string> {
  await killed()
  stage.says(`kill -9: ${agent} is gone, with ${ticket} in hand`)
  await wait(STALE_MINUTES * 60_000 + 1_000) // claims are dated to the second
  const next = WORKERS.find((name) => name !== agent) ?? agent
  const asking = ['next', '--agent', next, '--claim']
  stage.command(['tkt', ...asking])
  const { ticket: free, reason } = await done(place, asking)
  if (free !== null) throw new StepFailed(['tkt', ...asking], { expected: null, answer: free })
  stage.refuses(String(reason))
  const taking = [...asking, '--take-over']
  stage.command(['tkt', ...taking])
  const taken = await done(place, taking)
  if (taken.ticket !== ticket) throw new StepFailed(['tkt', ...taking], taken)
  stage.says(
    `${ticket}: ${next} holds it by claim ${String(taken.claim_no)}, taken over from ${String(taken.taken_over_from)}`,
  )
  await done(place, [...about('update', ticket), '--status', 'in_progress', '--agent', next])
  return next
}

/** Its process, in place of the model that would think there. */
async function killed(): Promise<void> {
  const child = execa(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { reject: false })
  child.kill('SIGKILL')
  const { signal } = await child
  if (signal !== 'SIGKILL') throw new StepFailed(['kill', '-9'], { signal })
}

/** What the first agent reports when it is back, by the claim it was given. */
export async function lateReport({ place }: Play, { ticket, agent, stage }: Lost): Promise<void> {
  const words = [...about('update', ticket), '--status', 'done', '--agent', agent, '--claim-no', '1']
  stage.command(['tkt', ...words, ...report(ticket)], `${agent} is back, and knows nothing of it`)
  const { error, message } = await refused(place, [...words, ...report(ticket)], 'CLAIM_LOST')
  stage.refuses(`${String(error)}: ${String(message)}`)
}
