/** A worktree that belongs to a bundle, or seems to: what was seen of it, and how that is told. */
import { isBundleId, type BundleId } from './ids.ts'
import { bundleLifecycle, type BundleStatus } from './lifecycles.ts'

export const WORKTREE_STATES = [
  'clean',
  'dirty',
  'gone',
  'not_a_worktree',
  'locked',
  'judging',
  'leftover',
  'unreadable',
] as const

export type WorktreeState = (typeof WORKTREE_STATES)[number]

/** What was seen at one place. */
export interface SeenWorktree {
  /** By the record of its bundle; else by the name of its folder, or of the branch in it. */
  readonly bundle: BundleId | undefined
  /** From the project's root where it lies in it, else absolute. */
  readonly path: string
  readonly state: WorktreeState
  /** What is checked out there, or what git has on record of a folder that is gone. */
  readonly branch: string | undefined
  /** What belongs there: the branch that its bundle recorded, else `bundle/B-NNN`. */
  readonly own_branch: string | undefined
  readonly has_own_branch: boolean
  /** Whether it lies where its bundle recorded it. */
  readonly in_place: boolean
  /** Whether its branch is checked out in the project itself. */
  readonly in_project: boolean
  readonly target: string | undefined
  /** Commits that only it has, and that only its target has; undefined when one of both is not there. */
  readonly distance: { readonly ahead: number; readonly behind: number } | undefined
  /** Paths with changes, untracked files too. */
  readonly changes: readonly string[]
  /** Files and folders that git ignores; empty where nobody asked. */
  readonly ignored: readonly string[]
  readonly locked: boolean
  readonly has_submodules: boolean
  /** Of a folder that is gone: where its branch is checked out instead. */
  readonly elsewhere?: string
  /** Why it is unreadable. */
  readonly problem?: string
}

/** How its bundle stands; undefined where it has none, by any sign. */
export type OwnerStatus = BundleStatus | 'missing' | 'unreadable' | undefined

export interface OwnedWorktree extends SeenWorktree {
  readonly bundle_status: OwnerStatus
}

/** Nobody works in it any more. A bundle that cannot be read may be an open one. */
export const isOrphan = ({ bundle_status: status }: OwnedWorktree): boolean =>
  status === undefined || status === 'missing' || (status !== 'unreadable' && bundleLifecycle.isFinal(status))

/** Whether its target has all its commits; undefined when that is not known. */
export const isMerged = ({ distance }: SeenWorktree): boolean | undefined =>
  distance === undefined ? undefined : distance.ahead === 0

/** The folder of branches that create-bundle makes. */
export const BUNDLE_BRANCHES = 'bundle'

/** The bundle that a branch such as `bundle/B-001` was made for. */
export function bundleOfBranch(branch: string | undefined): BundleId | undefined {
  const [, id = ''] = /^bundle\/(.+)$/.exec(branch ?? '') ?? []
  return isBundleId(id) ? id : undefined
}
