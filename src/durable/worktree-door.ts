/** Leads to the worktrees of tickets where one is asked for, or on record: whoever has none pays nothing for them. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { DurableContext } from './context.ts'
import type { Act } from './model/claiming.ts'
import type { Judge } from './holder-move.ts'
import { toldWorktree, type TicketWorktree } from './model/worktree.ts'
import type { Claimed, TicketStore } from './store/ticket-store.ts'

/** Gives a claimed ticket its worktree. Throws WORKTREE_FAILED, and then a new claim is given back. */
export type Cut = (store: TicketStore, claimed: Claimed, act: Act) => Promise<WithPlace>

export interface WithPlace extends Claimed {
  /** Whether its worktree was made for this claim. */
  readonly created?: boolean
  /** What is to be known of it. */
  readonly warnings?: readonly string[]
}

/** Undefined where none is wanted. Throws NOT_A_REPOSITORY, before anything is claimed. */
export async function cutterFor(
  context: DurableContext,
  asked: boolean | undefined,
): Promise<Cut | undefined> {
  if (!(asked ?? context.config().isolation.enabled)) return undefined
  const { cutterIn } = await import('./cut-worktree.ts')
  return cutterIn(context)
}

/** Where a claimed ticket is to be worked on (contracts: durable section 3.5). */
export function placeTold(
  { root }: DurableContext,
  { ticket, created = false }: Pick<WithPlace, 'ticket' | 'created'>,
): PlaceTold {
  if (ticket.worktree === undefined) return { skipped: true, reason: 'it was not asked for' }
  const folder = resolve(root, ticket.worktree.path)
  const exists = created ? {} : { already_exists: existsSync(folder) }
  return { created, ...exists, ...toldWorktree(ticket.worktree, folder) }
}

export interface PlaceTold {
  readonly branch?: string
  readonly skipped?: true
  readonly [key: string]: unknown
}

export const CUT_ERRORS = ['NOT_A_REPOSITORY', 'WORKTREE_FAILED', 'LOCK_TIMEOUT'] as const

/** Judges in the worktree of the ticket, and merges it. Throws one of MERGE_ERRORS or WORKTREE_GONE. */
export async function inWorktree(
  context: DurableContext,
  worktree: TicketWorktree,
  judgeIn: (folder: string) => Judge,
): Promise<Judge> {
  const { judgeInWorktree } = await import('./judge-in-worktree.ts')
  return judgeInWorktree(context, worktree, judgeIn)
}

/** Why the branch of a ticket is not merged, and the ticket not closed; WORKTREE_GONE stands among SCOPE_ERRORS. */
export const MERGE_ERRORS = ['WORKTREE_DIRTY', 'MERGE_FAILED', 'LOCK_TIMEOUT'] as const
