/** The worktrees of tickets as they stand: what is shown, and what of them is taken away. */
import { OperationError } from '../operation/errors.ts'
import { openGit } from '../system/git.ts'
import { removeWorktree } from '../worktrees/remove-worktree.ts'
import { enterWorktree, JUDGING } from '../worktrees/worktree-state.ts'
import type { DurableContext } from './context.ts'
import { locked, lockOfWorktree } from './locked.ts'
import { isLeft, whyKept, type Kept, type SeenWorktree } from './model/left-worktree.ts'
import type { DurableTicket } from './model/ticket.ts'
import type { TicketWorktree } from './model/worktree.ts'
import type { TicketStore } from './store/ticket-store.ts'
import { worktreePlace } from './worktree-place.ts'

/** Of tickets whose branches are here. A database that cannot be used is warned of, for there may be others to tell. */
export async function tellTicketWorktrees(context: DurableContext) {
  const seen = await overTickets(context, (ticket) => see(context, ticket))
  return seen.map((one) => {
    const { ticket, status, isDeleted, state, path, branch, target, distance, changes } = one
    return {
      ...{ ticket, ticket_status: isDeleted ? 'DELETED' : status },
      ...{
        path,
        branch,
        target,
        state,
        distance,
        changes,
        isLeft: isLeft(one),
        kept: whyKept(one, WITHOUT_IGNORED),
      },
    }
  })
}

const WITHOUT_IGNORED = { with_ignored: false }

interface Request {
  readonly dry_run: boolean
  readonly with_ignored: boolean
}

/** Takes away what nobody works in and what would be no loss; tells the rest, and why it stays. */
export const pruneTicketWorktrees = (context: DurableContext, request: Request) =>
  overTickets(context, async (ticket, store) => {
    const seen = await see(context, ticket)
    const { key, worktree } = ticket
    const kept = seen && whyKept(seen, request)
    if (seen === undefined || worktree === undefined) return undefined
    const told = { ticket: key, path: seen.path, branch: seen.branch }
    if (kept !== undefined || request.dry_run) return { ...told, kept }
    return { ...told, kept: await remove(context, store, ticket, worktree) }
  })

/** Looks again under the locks. One that somebody is at is no reason to leave the others. */
async function remove(
  context: DurableContext,
  store: TicketStore,
  ticket: DurableTicket,
  worktree: TicketWorktree,
): Promise<Kept | undefined> {
  const { key, status, deleted_ms } = ticket
  try {
    return await locked(context, lockOfWorktree(key), async () => {
      const now = await store.find(key)
      if (now?.status !== status || now.deleted_ms !== deleted_ms) return taken(key)
      const place = worktreePlace(context, ticket, worktree)
      const removed = await locked(context, 'merging', () => removeWorktree(place, []))
      return removed.ok ? undefined : { reason: removed.message, next_step: 'mend that, then prune again' }
    })
  } catch (error) {
    if (!(error instanceof OperationError) || error.code !== 'LOCK_TIMEOUT') throw error
    return { reason: error.message, next_step: 'prune again when that has ended' } // survived: it is told
  }
}

const taken = (key: string): Kept => ({
  reason: `${key} was taken up meanwhile`,
  next_step: `\`tkt show-ticket ${key}\``,
})

/** Asks for no ticket where there is no branch that one may have. */
async function overTickets<Told>(
  context: DurableContext,
  tell: (ticket: DurableTicket, store: TicketStore) => Promise<Told | undefined>,
): Promise<readonly Told[]> {
  const { root, environment } = context
  try {
    const git = await openGit(root, environment)
    const branches = (await git.folders()) === undefined ? [] : await git.branchesIn('tkt')
    if (branches.length === 0 || !context.hasStore()) return []
    return await context.withStore(async (store) => {
      const told: Told[] = []
      for (const branch of branches) {
        const ticket = await ownerOf(store, branch)
        const one = ticket && (await tell(ticket, store))
        if (one !== undefined) told.push(one)
      }
      return told
    })
  } catch (error) {
    if (!(error instanceof OperationError) && !(error instanceof Error && error.name === 'GitFailure'))
      throw error
    context.warn(`worktrees of durable tickets: ${error.message}`) // survived: those of bundles are told
    return []
  }
}

/** `tkt/KEY`, or with a number behind it where that was taken; a branch that is on no record is somebody's own. */
async function ownerOf(store: TicketStore, branch: string): Promise<DurableTicket | undefined> {
  const name = branch.replace('tkt/', '')
  for (const key of [name, name.replace(/-\d+$/, '')]) {
    const ticket = await store.find(key)
    if (ticket?.worktree?.branch === branch) return ticket
  }
  return undefined
}

async function see(context: DurableContext, ticket: DurableTicket): Promise<SeenWorktree | undefined> {
  const { key, status, deleted_ms, worktree } = ticket
  if (worktree === undefined) return undefined
  const { path, branch, target } = worktree
  const { root, environment } = context
  const main = await openGit(root, environment)
  const known = { ticket: key, status, isDeleted: deleted_ms !== undefined, path, branch, target }
  const distance = await main.distance(`refs/heads/${branch}`, `refs/heads/${target ?? ''}`)
  const entered = await enterWorktree({ root, environment, path, branch })
  if (!entered.ok) return { ...known, state: 'gone', distance, changes: [], ignored: [] }
  const { git } = entered
  if (await git.hasRef(JUDGING)) return { ...known, state: 'judging', distance, changes: [], ignored: [] }
  const changes = (await git.changes()).map((change) => change.path)
  const ignored = await git.ignored()
  return { ...known, state: changes.length > 0 ? 'dirty' : 'clean', distance, changes, ignored }
}
