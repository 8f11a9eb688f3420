/** Closes a ticket that has a worktree: judged as its target would be with it, and exactly that is merged, before it is closed. */
import { OperationError } from '../operation/errors.ts'
import { elapsed_ms } from '../system/clock.ts'
import { leaveJudgedTree, prepareJudgedTree, type JudgedTree } from '../worktrees/judged-tree.ts'
import { mergeWorktree } from '../worktrees/merge-worktree.ts'
import { removeWorktree } from '../worktrees/remove-worktree.ts'
import type { Outcome, WorktreePlace, WorktreeProblem, WorktreeProblemName } from '../worktrees/place.ts'
import type { DurableContext } from './context.ts'
import { heldTicket, type Judge, type Judgement } from './holder-move.ts'
import { locked, lockOfWorktree } from './locked.ts'
import { NO_PROOF } from './model/proof.ts'
import type { TicketWorktree } from './model/worktree.ts'
import type { TicketStore } from './store/ticket-store.ts'
import { worktreePlace } from './worktree-place.ts'

/**
 * Has `judge` judge the ticket in its worktree, and merges it. Throws WORKTREE_GONE, WORKTREE_DIRTY, MERGE_FAILED or
 * LOCK_TIMEOUT: then nothing was merged, and the session still holds the ticket.
 */
export function judgeInWorktree(
  context: DurableContext,
  worktree: TicketWorktree,
  judge: (folder: string) => Judge,
): Judge {
  return async (ticket, store, act) => {
    const place = worktreePlace(context, ticket, worktree)
    const { merges } = context.config().isolation
    const claim_no = ticket.claim?.claim_no
    // Asked right before the merge: what is merged for a claim that is lost cannot be taken back.
    const stillHeld = async (): Promise<void> => {
      await store.renew(act.session, context.now_ms(), context.terms())
      await heldTicket(store, ticket.key, { move: 'close', act: { ...act, claim_no } })
    }
    return locked(context, lockOfWorktree(ticket.key), async () => {
      for (const mayRepeat = repeating(context); ;) {
        const { judged, judgement, litter } = await judgeMerged(place, (folder) =>
          judge(folder)(ticket, store, act),
        )
        if (!merges) return { ...judgement, afterwards: () => Promise.resolve({ worktree: unmerged(place) }) }
        await stillHeld()
        const merged = await locked(context, 'merging', () => mergeWorktree(place, judged))
        if (merged.ok) return whenMerged(context, place, { judgement, litter, commit: merged.commit })
        if (merged.problem !== 'target_moved' || !mayRepeat()) throw refusalOf(merged, place)
      }
    })
  }
}

/** Others may merge meanwhile: three times at least, and then as long as one waits for a lock. */
function repeating(context: DurableContext): () => boolean {
  const begun = elapsed_ms()
  let rounds = 0
  return () => (rounds += 1) < 3 || elapsed_ms() - begun < context.config().lock_timeout_ms
}

interface JudgedThere {
  readonly judged: JudgedTree
  readonly judgement: Judgement
  /** Untracked files that judging left. */
  readonly litter: readonly string[]
}

async function judgeMerged(
  place: WorktreePlace,
  judge: (folder: string) => Promise<Judgement>,
): Promise<JudgedThere> {
  const judged = accepted(await prepareJudgedTree(place), place)
  let judgement: Judgement
  try {
    judgement = await judge(judged.directory)
  } catch (error) {
    await leaveJudgedTree(place)
    throw error
  }
  const { litter } = accepted(await leaveJudgedTree(place), place)
  return { judged, judgement, litter }
}

/** The merge is part of the proof; what is merged needs no folder any more, once the ticket is closed. */
function whenMerged(
  context: DurableContext,
  place: WorktreePlace,
  { judgement, litter, commit }: Omit<JudgedThere, 'judged'> & { readonly commit: string },
): Judgement {
  const { branch, path, target = '' } = place
  const { proof = NO_PROOF } = judgement
  return {
    ...judgement,
    proof: { ...proof, merge: { branch, target, commit } },
    afterwards: async (_, store) => {
      const cleaned_up = await cleanUp(context, store, place, litter)
      return { worktree: { branch, worktree_path: path, merged: true, commit, cleaned_up } }
    },
  }
}

/** The ticket is closed, whatever becomes of this: what stays is for `tkt worktree-prune`. */
async function cleanUp(
  context: DurableContext,
  store: TicketStore,
  place: WorktreePlace,
  litter: readonly string[],
): Promise<boolean> {
  const key = place.name
  const left = (why: string): false => {
    context.warn(`${key} is closed and merged, but its worktree is still there: ${why}`)
    return false
  }
  try {
    return await locked(context, lockOfWorktree(key), async () => {
      // Whoever opened and claimed it again meanwhile works in it.
      if ((await store.find(key))?.status !== 'CLOSED') return false
      const removed = await locked(context, 'merging', () => removeWorktree(place, litter))
      return removed.ok || left(removed.message)
    })
  } catch (error) {
    if (!(error instanceof OperationError)) throw error
    return left(error.message) // survived: it is told
  }
}

/** isolation.auto_merge_on_close is false: a person merges, and removes the worktree then. */
const unmerged = ({ branch, path }: WorktreePlace) => ({
  ...{ branch, worktree_path: path, merged: false },
  reason: 'isolation.auto_merge_on_close is false',
})

function accepted<Done>(outcome: Outcome<Done>, place: WorktreePlace): { readonly ok: true } & Done {
  if (outcome.ok) return outcome
  throw refusalOf(outcome, place)
}

function refusalOf({ problem, message, paths = [], hint }: WorktreeProblem, place: WorktreePlace) {
  const { name: ticket_id, branch, path: worktree_path } = place
  const worktree = { branch, worktree_path, merged: false, conflict: problem === 'conflict' }
  const details = { ticket_id, problem, paths: paths.slice(0, 20), worktree }
  const next = problem === 'gone' ? `\`tkt claim-ticket ${ticket_id} --worktree\` makes it again` : hint
  return new OperationError(NAMES[problem] ?? 'MERGE_FAILED', message, details, next)
}

const NAMES: Partial<Record<WorktreeProblemName, 'WORKTREE_DIRTY' | 'WORKTREE_GONE'>> = {
  dirty: 'WORKTREE_DIRTY',
  off_branch: 'WORKTREE_DIRTY',
  gone: 'WORKTREE_GONE',
}
