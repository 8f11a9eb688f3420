/** The steps of a close, in order: plain data, printed by --dry-run and carried out by close. */

export type CloseStep =
  | { readonly step: 'merge'; readonly must: true; readonly says: string }
  | { readonly step: 'set-status'; readonly must: true; readonly says: string }
  | { readonly step: 'remove-worktree'; readonly must: false; readonly says: string }
  | { readonly step: 'store-memory'; readonly must: false; readonly says: string }

/** Every step can be repeated; what stands before set-status changes nothing that a second run would not find done. */
export function planClose(plan: { readonly merge: boolean; readonly memory: boolean }): readonly CloseStep[] {
  const steps: readonly (CloseStep | undefined)[] = [
    plan.merge
      ? { step: 'merge', must: true, says: 'merge the branch of the worktree into its target' }
      : undefined,
    {
      step: 'set-status',
      must: true,
      says: 'write the review and what is carried over, finish TKT-000, set the bundle to closed: the commit point',
    },
    plan.merge
      ? { step: 'remove-worktree', must: false, says: 'remove the worktree and its merged branch' }
      : undefined,
    plan.memory
      ? { step: 'store-memory', must: false, says: 'tell the memory skill, where there is one' }
      : undefined,
  ]
  return steps.filter((step) => step !== undefined)
}
