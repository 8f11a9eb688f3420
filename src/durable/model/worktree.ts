/** The branch and the folder that a ticket is worked on in, apart from all others: what goes on record, and how it is told. */

export interface TicketWorktree {
  /** From the project's root, or absolute. */
  readonly path: string
  readonly branch: string
  /** The branch that it goes into; undefined where none was checked out when it was made. */
  readonly target: string | undefined
  /** The commit that it began at. */
  readonly base: string
  /** The machine that its folder is on. */
  readonly host: string
}

/** In the published words (contracts: durable section 3.5). */
export const toldWorktree = ({ path, branch, target }: TicketWorktree, worktree_path = path) => ({
  worktree_path,
  branch,
  base_branch: target ?? null,
})
