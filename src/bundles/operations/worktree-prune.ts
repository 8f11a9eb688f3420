/** Removes worktrees that nobody needs any more, with their branches: only what is merged, clean and of no open bundle. */
import { resolve } from 'node:path'
import { Array as ListOf, Boolean, Integer, Null, Object as Fields, Optional, String, Union } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { OperationError } from '../../operation/errors.ts'
import { cut, pageOf } from '../../operation/page.ts'
import { count, flag, word } from '../../operation/schema.ts'
import type { BundleContext } from '../context.ts'
import { removeLeftover, removeWorktree } from '../../worktrees/remove-worktree.ts'
import { requireBundle } from '../find.ts'
import { actorOf } from '../lease.ts'
import type { Bundle } from '../model/bundle.ts'
import { bundleField } from '../model/ids.ts'
import { judgePrune, type Kept, type Prunable } from '../model/prune.ts'
import type { Changes } from '../model/ticket-moves.ts'
import { seeWorktrees } from '../see-worktrees.ts'
import { loadBundle } from '../store/reading.ts'
import { editYaml } from '../store/yaml-file.ts'

export const worktreePrune = defineOperation({
  name: 'worktree-prune',
  summary: 'Remove worktrees of what is over that are merged and clean; any other is kept, and why is told.',
  capability: 'tkt-worktree-prune',
  effects: ['fs.read', 'fs.write', 'git.read', 'git.write', 'db.read'],
  input: Fields({
    bundle: Optional(bundleField('only worktrees of this bundle')),
    ignored: Optional(flag('also those with files that git ignores, which are lost')),
    dry_run: Optional(flag('say what would go and what would stay, and remove nothing')),
    agent: Optional(word('who prunes')),
    limit: Optional(count('show at most this many that go, and that stay', 1)),
    offset: Optional(count('leave out this many that stay first')),
  }),
  output: Fields({
    pruned: ListOf(
      Fields({
        bundle: Optional(String()),
        ticket: Optional(String()),
        path: String(),
        branch: Optional(String()),
        branch_deleted: Optional(Boolean()),
      }),
    ),
    pruned_count: Integer(),
    kept: ListOf(
      Fields({
        bundle: Union([String(), Null()]),
        ticket: Optional(String()),
        path: String(),
        reason: String(),
        next_step: String(),
      }),
    ),
    shown: String(),
    next: Optional(String()),
    dry_run: Optional(Boolean()),
  }),
  errors: ['NOT_INITIALISED', 'BUNDLE_NOT_FOUND', 'GIT_FAILED'],
  positional: ['bundle'],
  examples: ['worktree-prune --dry-run', 'worktree-prune', 'worktree-prune --bundle B-001 --ignored'],
  run: async ({ bundle, ignored = false, dry_run = false, agent, limit, offset }, context: BundleContext) => {
    context.requireStore()
    actorOf(context, { agent })
    const request = { with_ignored: ignored, agent }
    const seen = await seeWorktrees(context, { only: bundle, ignored: true })
    if (bundle !== undefined && seen.length === 0) requireBundle(context, bundle)
    const pruned: PrunedRow[] = []
    const kept: KeptRow[] = []
    for (const worktree of seen) {
      const verdict = judgePrune(worktree, request)
      const isTried = verdict.ok && !dry_run
      const outcome = isTried ? await pruneIfFree(context, verdict.worktree, request) : verdict
      if (outcome?.ok === true) pruned.push(prunedRow(outcome))
      if (outcome?.ok === false) kept.push(keptRow(worktree, outcome))
    }
    const ofTickets =
      bundle === undefined ? await context.ticketWorktrees.prune({ dry_run, with_ignored: ignored }) : []
    for (const { kept: why, ...told } of ofTickets)
      if (why === undefined) pruned.push(told)
      else kept.push({ bundle: null, ticket: told.ticket, path: told.path, ...why, reason: cut(why.reason) })
    const gone = { pruned: pruned.slice(0, limit ?? MOST_PRUNED), pruned_count: pruned.length }
    const { rows, ...page } = pageOf(kept, { limit, offset }, gone)
    return { ...gone, kept: [...rows], ...page, ...(dry_run ? { dry_run } : {}) }
  },
})

/** Of those that went a default answer shows the first; nobody has to do anything about them. */
const MOST_PRUNED = 8

interface Request {
  readonly with_ignored: boolean
  readonly agent: string | undefined
}

interface Pruned {
  readonly ok: true
  readonly worktree: Prunable
  readonly branch_deleted?: boolean
}

interface PrunedRow {
  readonly bundle?: string
  readonly ticket?: string
  readonly path: string
  readonly branch?: string
  readonly branch_deleted?: boolean
}

interface KeptRow {
  readonly bundle: string | null
  readonly ticket?: string
  readonly path: string
  readonly reason: string
  readonly next_step: string
}

const prunedRow = ({ worktree: { bundle, path, state, own_branch }, branch_deleted }: Pruned): PrunedRow => ({
  bundle,
  path,
  ...(state === 'leftover' || own_branch === undefined ? {} : { branch: own_branch }),
  ...(branch_deleted === undefined ? {} : { branch_deleted }),
})

const keptRow = (
  { bundle, path }: { readonly bundle: string | undefined; readonly path: string },
  kept: Kept,
): KeptRow => ({
  bundle: bundle ?? null,
  path,
  reason: cut(kept.reason),
  next_step: kept.next_step,
})

/** Undefined when somebody else was faster. One bundle that is at work elsewhere is no reason to leave the others. */
async function pruneIfFree(
  context: BundleContext,
  worktree: Prunable,
  request: Request,
): Promise<Pruned | Kept | undefined> {
  const { bundle, bundle_status } = worktree
  // A bundle is not there yet while create-bundle makes its worktree; reopen takes the lock of the bundle.
  const beside = bundle_status === 'missing' ? 'bundles' : bundle
  try {
    return await context.locked(`closing-${bundle}`, () =>
      context.locked(beside, () => pruneAlone(context, worktree, request)),
    )
  } catch (error) {
    if (!(error instanceof OperationError) || error.code !== 'LOCK_TIMEOUT') throw error
    return { ok: false, reason: error.message, next_step: 'prune again when that has ended' } // survived: told
  }
}

/** Looks again under the locks; what is then removed is in the history, and in the file of its bundle, before it goes. */
async function pruneAlone(
  context: BundleContext,
  { bundle, path }: Prunable,
  request: Request,
): Promise<Pruned | Kept | undefined> {
  const seen = await seeWorktrees(context, { only: bundle, ignored: true })
  const found = seen.find((one) => one.path === path)
  const verdict = found === undefined ? undefined : judgePrune(found, request)
  if (verdict?.ok !== true) return verdict
  const { worktree } = verdict
  const { root, environment } = context
  const { own_branch = `bundle/${bundle}`, target } = worktree
  if (worktree.state !== 'leftover') await record(context, worktree, request)
  const removed =
    worktree.state === 'leftover'
      ? await removeLeftover(resolve(root, path))
      : await removeWorktree(
          { root, environment, name: bundle, title: '', path, branch: own_branch, target },
          [],
        )
  if (!removed.ok) return { ok: false, reason: removed.message, next_step: 'mend that, then prune again' }
  return { ...removed, worktree }
}

async function record(context: BundleContext, worktree: Prunable, { agent }: Request): Promise<void> {
  const { bundle, path, own_branch: branch } = worktree
  const now = context.now()
  const stored = loadBundle(context, bundle)
  const changes = stored.state === 'found' ? changesOf(stored.thing, worktree, now) : {}
  await context.commit(
    {
      files:
        stored.state === 'found' && Object.keys(changes).length > 0
          ? { [stored.file.path]: editYaml(stored.file, changes) }
          : {},
      events: [{ event: 'WORKTREE_PRUNED', fields: { bundle, path, branch, agent } }],
    },
    now,
  )
}

/** As close leaves it: merged. What has neither folder nor branch any more may never have been, and is forgotten. */
function changesOf({ merged_at }: Bundle, { state, has_own_branch }: Prunable, now: string): Changes {
  if (merged_at !== undefined) return {}
  return state === 'gone' && !has_own_branch
    ? { worktree_path: null, worktree_branch: null, worktree_target: null }
    : { merged_at: now }
}
