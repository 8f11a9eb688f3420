/** Whether a worktree can go without loss; where it cannot, why, and what a person does next. */
import type { BundleId } from './ids.ts'
import { isMerged, isOrphan, type OwnedWorktree } from './worktree.ts'

export interface Kept {
  readonly ok: false
  readonly reason: string
  readonly next_step: string
}

/** One that goes belongs to a bundle, be that closed, archived or missing. */
export type Prunable = OwnedWorktree & { readonly bundle: BundleId }

export type PruneVerdict = { readonly ok: true; readonly worktree: Prunable } | Kept

/** The first rule that holds keeps it. `with_ignored`: its ignored files are no reason to keep it. */
export function judgePrune(
  worktree: OwnedWorktree,
  request: { readonly with_ignored: boolean },
): PruneVerdict {
  if (!isOfBundle(worktree))
    return { ok: false, reason: 'it belongs to no bundle', next_step: 'look at it, and move or remove it' }
  const rules = worktree.state === 'leftover' ? OF_ITS_BUNDLE : [...OF_ITS_BUNDLE, ...OF_ITSELF]
  const seen = request.with_ignored ? { ...worktree, ignored: [] } : worktree
  const rule = rules.find(({ keeps }) => keeps(seen))
  return rule === undefined
    ? { ok: true, worktree }
    : { ok: false, reason: rule.reason(seen), next_step: rule.next(seen) }
}

const isOfBundle = (worktree: OwnedWorktree): worktree is Prunable => worktree.bundle !== undefined

interface Rule {
  readonly keeps: (worktree: Prunable) => boolean
  readonly reason: (worktree: Prunable) => string
  readonly next: (worktree: Prunable) => string
}

const OF_ITS_BUNDLE: readonly Rule[] = [
  {
    keeps: ({ bundle_status }) => bundle_status === 'unreadable',
    reason: ({ bundle }) => `${bundle} cannot be read, so it may be open`,
    next: ({ bundle }) => `mend what \`tkt status --bundle ${bundle}\` names`,
  },
  {
    keeps: (worktree) => !isOrphan(worktree),
    reason: ({ bundle, bundle_status }) => `${bundle} is ${bundle_status ?? 'open'}`,
    next: ({ bundle }) => `\`tkt close --bundle ${bundle} --merge\` when the work is done`,
  },
]

const OF_ITSELF: readonly Rule[] = [
  {
    keeps: ({ state }) => state === 'not_a_worktree',
    reason: () => 'it is no worktree of this repository',
    next: () => 'look at it and move it away',
  },
  {
    keeps: ({ state }) => state === 'unreadable',
    reason: ({ problem = '' }) => problem,
    next: () => 'mend what git says',
  },
  {
    keeps: ({ elsewhere }) => elsewhere !== undefined,
    reason: ({ elsewhere = '' }) => `it was moved to ${elsewhere}`,
    next: ({ elsewhere = '' }) => `\`git worktree remove ${word(elsewhere)}\` if nobody needs it`,
  },
  {
    keeps: ({ in_place }) => !in_place,
    reason: ({ bundle }) => `it is not where the worktree of ${bundle} should be`,
    next: ({ path }) => `\`git worktree remove ${word(path)}\` if nobody needs it`,
  },
  {
    keeps: ({ locked }) => locked,
    reason: () => 'it is locked',
    next: ({ path }) => `\`git worktree unlock ${word(path)}\` if nobody needs it`,
  },
  {
    keeps: ({ state }) => state === 'judging',
    reason: () => 'a close is judging it, or was cut while it did',
    next: ({ bundle, bundle_status, path, own_branch = '' }) =>
      bundle_status === 'closed'
        ? `\`tkt close --bundle ${bundle} --merge\` ends that`
        : `in ${path}: \`git switch ${own_branch} && git update-ref -d refs/worktree/tkt-judging\``,
  },
  {
    keeps: ({ changes }) => changes.length > 0,
    reason: ({ changes }) => `it has changes: ${few(changes)}`,
    next: ({ path }) => `\`git -C ${word(path)} status\`, then commit, move or discard them`,
  },
  {
    keeps: ({ has_submodules }) => has_submodules,
    reason: () => 'it has submodules',
    next: ({ path }) => `push what is in them, then \`git worktree remove --force ${word(path)}\``,
  },
  {
    keeps: ({ branch, own_branch }) => branch !== own_branch,
    reason: ({ branch = 'a commit without a branch', own_branch = '' }) =>
      `it is on ${branch}, not on ${own_branch}`,
    next: ({ path, own_branch = '' }) =>
      `\`git -C ${word(path)} switch ${own_branch}\`, or \`git worktree remove ${word(path)}\` if nobody needs it`,
  },
  {
    keeps: ({ has_own_branch, own_branch, target }) => has_own_branch && own_branch === target,
    reason: ({ own_branch = '' }) => `its branch ${own_branch} is what it would be merged into`,
    next: ({ bundle }) => `name the right worktree_branch or worktree_target in the bundle.yaml of ${bundle}`,
  },
  {
    keeps: ({ has_own_branch, in_project }) => has_own_branch && in_project,
    reason: ({ own_branch = '' }) => `its branch ${own_branch} is checked out in the project`,
    next: ({ target = '' }) => `\`git switch ${target}\` there`,
  },
  {
    // Of a branch that is gone, a folder that is gone has nothing left to lose.
    keeps: (worktree) => worktree.has_own_branch && isMerged(worktree) !== true,
    reason: ({ distance, target, own_branch = '' }) =>
      distance === undefined
        ? `${own_branch} cannot be compared with ${target ?? 'a target, as none is known'}`
        : `${own_branch} has ${distance.ahead} commit${distance.ahead === 1 ? '' : 's'} that ${target ?? ''} does not have`,
    next: ({ bundle, bundle_status, state, path, own_branch = '' }) => {
      const merge =
        bundle_status === 'closed' ? `tkt close --bundle ${bundle} --merge` : `git merge ${own_branch}`
      const first = state === 'gone' ? 'git worktree prune' : `git worktree remove ${word(path)}`
      return `\`${merge}\`, or \`${first} && git branch -D ${own_branch}\` if nobody needs it`
    },
  },
  {
    keeps: ({ ignored }) => ignored.length > 0,
    reason: ({ ignored }) => `files that git ignores would go with it: ${few(ignored)}`,
    next: () => 'move what is needed, then prune with --ignored',
  },
]

/** A path as a shell takes it for one word. */
const word = (path: string): string =>
  /^[\w./+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`

function few(paths: readonly string[]): string {
  const more = paths.length > 5 ? `, and ${paths.length - 5} more` : ''
  return paths.slice(0, 5).join(', ') + more
}
