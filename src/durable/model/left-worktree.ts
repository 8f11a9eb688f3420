/** The worktree of a ticket as it was seen, and whether it can go without loss. */
import { durableLifecycle, type DurableStatus } from './lifecycle.ts'

export interface SeenWorktree {
  readonly ticket: string
  readonly status: DurableStatus
  readonly isDeleted: boolean
  /** From the project's root, or absolute. */
  readonly path: string
  readonly branch: string
  readonly target: string | undefined
  readonly state: 'clean' | 'dirty' | 'judging' | 'gone'
  /** Commits that only it has, and that only its target has; undefined when its target is not there. */
  readonly distance: { readonly ahead: number; readonly behind: number } | undefined
  /** Paths with changes, untracked files too. */
  readonly changes: readonly string[]
  /** Files and folders that git ignores. */
  readonly ignored: readonly string[]
}

export interface Kept {
  readonly reason: string
  readonly next_step: string
}

/** Nobody works in it any more. */
export const isLeft = ({ status, isDeleted }: SeenWorktree): boolean =>
  isDeleted || durableLifecycle.isFinal(status)

/** Why it stays, by the first rule that holds; undefined when nothing of it would be lost. */
export function whyKept(
  seen: SeenWorktree,
  { with_ignored }: { readonly with_ignored: boolean },
): Kept | undefined {
  const { ticket, status, path, branch, target, state, distance, changes, ignored } = seen
  const few = (paths: readonly string[]): string =>
    paths.slice(0, 5).join(', ') + (paths.length > 5 ? `, and ${paths.length - 5} more` : '')
  if (!isLeft(seen))
    return {
      reason: `${ticket} is ${status}`,
      next_step: `\`tkt close-ticket ${ticket}\` when the work is done`,
    }
  if (state === 'judging')
    return {
      reason: 'a close is judging it, or was cut while it did',
      next_step: `in ${path}: \`git switch ${branch} && git update-ref -d refs/worktree/tkt-judging\``,
    }
  if (changes.length > 0)
    return {
      reason: `it has changes: ${few(changes)}`,
      next_step: `\`git -C ${path} status\`, then commit, move or discard them`,
    }
  if (distance === undefined)
    return {
      reason: `${branch} cannot be compared with ${target ?? 'a target, as none is known'}`,
      next_step: `\`git branch -D ${branch}\` if nobody needs it`,
    }
  if (distance.ahead > 0)
    return {
      reason: `${branch} has ${distance.ahead} commit${distance.ahead === 1 ? '' : 's'} that ${target ?? ''} does not have`,
      next_step: `\`git merge ${branch}\`, or \`git worktree remove ${path} && git branch -D ${branch}\` if nobody needs it`,
    }
  if (ignored.length > 0 && !with_ignored)
    return {
      reason: `files that git ignores would go with it: ${few(ignored)}`,
      next_step: 'move what is needed, then prune with --ignored',
    }
  return undefined
}
