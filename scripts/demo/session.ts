/** A session of the demo, in a process of its own: asks for its ticket, works, closes, until there is no more. */
import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { git, tkt, type Answer, type Place } from './place.ts'
import { layFiles } from './prepared.ts'

const { values: options } = parseArgs({
  options: {
    name: { type: 'string' },
    /** A published bundle, whose work is done in worktrees; else there is nothing to be seen of the work. */
    batch: { type: 'string' },
    config: { type: 'string' },
    stuck: { type: 'boolean' },
  },
})
const { name: session = 'nobody', batch, config, stuck = false } = options
const place: Place = { folder: dirname(process.cwd()), project: process.cwd(), config }
const [ofBatch, inWorktree] = batch === undefined ? [[], []] : [['--batch-id', batch], ['--worktree']]
const asking = ['session-loop', '--session-id', session, ...ofBatch, ...inWorktree]
/** Not for long: when all is over, nothing becomes free any more. */
const waiting = ['wait', 'claimable', ...ofBatch, '--timeout', '1']

/** A line for whoever watches. */
const tell = (line: Answer): void => void process.stdout.write(`${JSON.stringify({ session, ...line })}\n`)

for (;;) {
  const { loop_state, warnings } = await tkt(place, asking)
  const { active_ticket, next_action, taken_over_from } = loop_state as Loop
  if (active_ticket === null && next_action !== 'wait_for_other_session') break
  if (active_ticket === null) await tkt(place, waiting)
  else await work(active_ticket, { taken_over_from, warnings })
}

interface Loop {
  readonly active_ticket: Ticket | null
  readonly next_action: string
  readonly taken_over_from?: string
}

interface Ticket {
  readonly ticket_id: string
  readonly title: string
  readonly claim_no: number
  readonly worktree: { readonly worktree_path?: string }
}

async function work(ticket: Ticket, found: Answer): Promise<void> {
  const { ticket_id, title, claim_no } = ticket
  const begun = batch === undefined ? undefined : begin(ticket)
  tell({ ticket_id, title, claim_no, paths: begun?.paths, ...found })
  if (stuck) await wait(600_000) // until somebody kills it
  const report =
    begun === undefined ? ['--resolution', 'node --test: all passed'] : await handIn(ticket, begun)
  const { ok, error } = await tkt(place, [
    ...['close-ticket', '--ticket-id', ticket_id, '--session-id', session, '--claim-no', String(claim_no)],
    ...report,
  ])
  tell(ok === true ? { ticket_id, closed: true } : { ticket_id, lost: error })
}

interface Begun {
  readonly prepared: string
  readonly worktree: string
  readonly paths: readonly string[]
}

/** Writes the files of a bundle's ticket into the worktree that the ticket has. */
function begin({ ticket_id, worktree: { worktree_path: worktree = '' } }: Ticket): Begun {
  const prepared = join(place.folder, 'work', basename(ticket_id))
  return { prepared, worktree, paths: layFiles(prepared, worktree) }
}

/** Commits them. Returns what the ticket is closed with: evidence that is checked before it is. */
async function handIn(
  { ticket_id, title }: Ticket,
  { prepared, worktree, paths }: Begun,
): Promise<readonly string[]> {
  await git(worktree, 'add', ...paths)
  await git(worktree, 'commit', '--quiet', '--message', `${ticket_id}: ${title}`)
  const commit = await git(worktree, 'rev-parse', '--short', 'HEAD')
  const summary = readFileSync(join(prepared, 'summary.txt'), 'utf8').trim()
  return ['--resolution', summary, '--evidence', `commit:${commit}`, '--evidence', `file:${paths[0] ?? ''}`]
}
