/** Makes the worktree of a claimed ticket: on record first, so that whoever claims after a crash finds what was begun. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { OperationError } from '../operation/errors.ts'
import { accept } from '../operation/accept.ts'
import { cut } from '../operation/page.ts'
import { currentOwner } from '../system/owner.ts'
import { createWorktree, whereToBegin } from '../worktrees/create-worktree.ts'
import type { Outcome, WorktreeProblem } from '../worktrees/place.ts'
import { inspectWorktree } from '../worktrees/worktree-state.ts'
import type { DurableContext } from './context.ts'
import { locked, lockOfWorktree } from './locked.ts'
import type { Act } from './model/claiming.ts'
import type { DurableTicket } from './model/ticket.ts'
import type { TicketWorktree } from './model/worktree.ts'
import { worktreePlace } from './worktree-place.ts'
import type { TicketStore } from './store/ticket-store.ts'
import type { Cut } from './worktree-door.ts'

type Beginning = Extract<Awaited<ReturnType<typeof whereToBegin>>, { ok: true }>

/** Looks first whether there can be any: a claim is not made in vain. Throws one of CUT_ERRORS. */
export async function cutterIn(context: DurableContext): Promise<Cut> {
  const beginning = accepted(await whereToBegin(context), 'no worktree can be made')
  return async (store, claimed, act) => {
    const { ticket } = claimed
    const now = { ...act, claim_no: ticket.claim?.claim_no }
    try {
      const placed = await recorded(context, store, { ticket, act: now }, beginning)
      const made = await make(context, placed, claimed.taken_over_from)
      return {
        ...claimed,
        ticket: placed,
        ...made,
        warnings: [...leftElsewhere(ticket, placed), ...made.warnings],
      }
    } catch (error) {
      if (claimed.isNew) await giveBack(context, store, ticket.key, now)
      throw error
    }
  }
}

/** With its worktree on record: the one it has had, where its branch is here, else a new one at HEAD. */
async function recorded(
  { root, config }: DurableContext,
  store: TicketStore,
  { ticket, act }: { readonly ticket: DurableTicket; readonly act: Act },
  { git, head, target }: Beginning,
): Promise<DurableTicket> {
  const { key, worktree: known } = ticket
  const isHere = async (branch: string): Promise<boolean> =>
    (await git.resolve(`refs/heads/${branch}`)) !== undefined
  if (known !== undefined && (await isHere(known.branch))) return ticket
  const { host } = currentOwner()
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? key : `${key}-${number}`
    const [path, branch] = [`${config().isolation.folder}/${name}`, `tkt/${name}`]
    // What lies there is somebody's, whoever made it.
    if (existsSync(resolve(root, path)) || (await isHere(branch))) continue
    const worktree: TicketWorktree = { path, branch, target, base: head, host }
    return accept(await store.keepWorktree({ key, act, worktree }))
  }
}

/** Of one that was made on another machine, and whose branch is not here. */
function leftElsewhere(
  { key, worktree: known }: DurableTicket,
  { worktree }: DurableTicket,
): readonly string[] {
  if (known === undefined || known === worktree || known.host === worktree?.host) return []
  return [
    cut(`${key} was worked on in ${known.branch} on ${known.host}: that is not here, this begins anew`, 200),
  ]
}

interface Made {
  /** Whether it was not there before. */
  readonly created: boolean
  readonly warnings: readonly string[]
}

async function make(
  context: DurableContext,
  ticket: DurableTicket,
  taken_over_from: string | undefined,
): Promise<Made> {
  const { key, worktree } = ticket
  if (worktree === undefined) throw new Error(`the worktree of ${key} was put on record`)
  const place = worktreePlace(context, ticket, worktree)
  await endJudging(context, key, place)
  const { existed, changed } = accepted(
    await createWorktree({ ...place, at: worktree.base, own: true }),
    `${key} has no worktree`,
  )
  const isOfOther = taken_over_from !== undefined && changed.length > 0
  const paths = cut(changed.slice(0, 3).join(', '), 80)
  return {
    created: !existed,
    warnings: isOfOther ? [`${worktree.path} has changes of session ${taken_over_from}: ${paths}`] : [],
  }
}

/** A close that was cut may have left it on a commit of its own; one that is going on has the lock, and is let alone. */
async function endJudging(
  context: DurableContext,
  key: string,
  place: ReturnType<typeof worktreePlace>,
): Promise<void> {
  if (!existsSync(resolve(place.root, place.path))) return
  try {
    await locked(context, lockOfWorktree(key), () => inspectWorktree(place), 0)
  } catch (error) {
    if (!(error instanceof OperationError) || error.code !== 'LOCK_TIMEOUT') throw error // survived: it ends by itself
  }
}

/** Nobody should hold what he was told he did not get. */
async function giveBack(context: DurableContext, store: TicketStore, key: string, act: Act): Promise<void> {
  if (act.request !== undefined) await store.forget(act.request)
  const given = { ...act, now_ms: context.now_ms(), reason: 'its worktree could not be made' }
  accept(await store.move({ key, move: 'release', act: given, terms: context.terms() }))
}

function accepted<Done>(outcome: Outcome<Done>, what: string): { readonly ok: true } & Done {
  if (outcome.ok) return outcome
  const { problem, message, paths = [] }: WorktreeProblem = outcome
  const hasNone = problem === 'not_a_repository' || problem === 'no_commit'
  const name = hasNone ? 'NOT_A_REPOSITORY' : 'WORKTREE_FAILED'
  throw new OperationError(name, `${what}: ${message}`, { problem, paths: paths.slice(0, 10) })
}
