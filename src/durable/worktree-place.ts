/** The worktree of a ticket, as the steps that work on it ask for it. */
import type { WorktreePlace } from '../worktrees/place.ts'
import type { DurableContext } from './context.ts'
import type { DurableTicket } from './model/ticket.ts'
import type { TicketWorktree } from './model/worktree.ts'

export const worktreePlace = (
  { root, environment }: DurableContext,
  { key, title }: DurableTicket,
  { path, branch, target }: TicketWorktree,
): WorktreePlace => ({ root, environment, name: key, title, path, branch, target })
