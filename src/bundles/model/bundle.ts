/** A bundle: how it is born, and how its file is read, old trees included. */
import type { BundleId } from './ids.ts'
import { bundleLifecycle, type BundleStatus } from './lifecycles.ts'
import { firstOf, mapOf, proseOf, textOf, textsOf, type RawMap, type Read } from './raw.ts'

export interface Bundle {
  readonly id: BundleId
  readonly title: string
  readonly status: BundleStatus
  readonly main_agent: string | undefined
  readonly created_at: string | undefined
  readonly closed_at: string | undefined
  readonly priority: string
  readonly track: string | undefined
  readonly source_plan: string | undefined
  readonly context: string | undefined
  readonly worktree_path: string | undefined
  readonly worktree_branch: string | undefined
  readonly worktree_target: string | undefined
  /** When close brought its branch into the target. */
  readonly merged_at: string | undefined
  readonly depends_on: readonly string[]
  /** The goal of the roadmap that it serves. */
  readonly goal_ref: string | undefined
  /** Bundles made by this program know that they were born with an audit; older ones do not say. */
  readonly audit_required: boolean
  /** The express ticket whose work it took over. */
  readonly upgraded_from: string | undefined
}

export interface NewBundle {
  readonly title: string
  readonly context?: string
  readonly priority?: string
  readonly track?: string
  readonly source_plan?: string
  readonly depends_on?: readonly string[]
  readonly goal_ref?: string
  readonly worktree?: { readonly path: string; readonly branch: string; readonly target: string | undefined }
  readonly upgraded_from?: string
}

/** The file of a new bundle, its keys in the published order (contracts: filesystem section 4.2), ours behind them. */
export function bundleDocument(
  id: BundleId,
  bundle: NewBundle,
  born: { readonly now: string; readonly ticket_count: number; readonly audit: boolean },
): RawMap {
  return {
    id,
    goal_ref: bundle.goal_ref ?? null,
    title: bundle.title,
    status: bundleLifecycle.initial,
    created_at: born.now,
    created_by: 'pm-agent',
    main_agent: null,
    ticket_count: born.ticket_count,
    priority: bundle.priority ?? 'normal',
    track: bundle.track ?? null,
    source_plan: bundle.source_plan ?? null,
    worktree_path: bundle.worktree?.path ?? null,
    worktree_branch: bundle.worktree?.branch ?? null,
    depends_on: bundle.depends_on ?? [],
    context: bundle.context ?? null,
    worktree_target: bundle.worktree?.target ?? null,
    audit_required: born.audit,
    closed_at: null,
    ...(bundle.upgraded_from === undefined ? {} : { upgraded_from: bundle.upgraded_from }),
  }
}

/** Reads a bundle's file; the id is the folder's name, whatever the file says. */
export function readBundle(id: BundleId, value: unknown): Read<Bundle> {
  const map = mapOf(value)
  if (map === undefined) return { ok: false, reason: 'the file holds no map of fields' }
  const status = statusOf(firstOf(map, 'status', 'stage'))
  if (status === undefined) {
    return {
      ok: false,
      reason: `status is ${JSON.stringify(map.status)}, not one of ${bundleLifecycle.states.join(', ')}`,
    }
  }
  return {
    ok: true,
    value: {
      id,
      title: proseOf(firstOf(map, 'title', 'goal')) ?? '',
      status,
      main_agent: textOf(map.main_agent),
      created_at: textOf(map.created_at),
      closed_at: textOf(map.closed_at),
      priority: textOf(map.priority) ?? 'normal',
      track: textOf(map.track),
      source_plan: textOf(map.source_plan),
      context: proseOf(map.context),
      worktree_path: textOf(map.worktree_path),
      worktree_branch: textOf(map.worktree_branch),
      worktree_target: textOf(map.worktree_target),
      merged_at: textOf(map.merged_at),
      depends_on: textsOf(firstOf(map, 'depends_on', 'depends_on_bundles')),
      goal_ref: textOf(map.goal_ref),
      audit_required: map.audit_required === true,
      upgraded_from: textOf(map.upgraded_from),
    },
  }
}

function statusOf(value: unknown): BundleStatus | undefined {
  const text = textOf(value)
  if (text === undefined) return bundleLifecycle.initial
  return bundleLifecycle.isState(text) ? text : OLDER_BUNDLE_STATUSES.get(text)
}

/** Words that people wrote by hand (contracts: filesystem section 12). */
export const OLDER_BUNDLE_STATUSES: ReadonlyMap<string, BundleStatus> = new Map([
  ['completed', 'closed'],
  ['complete', 'closed'],
  ['done', 'closed'],
  ['active', 'in_progress'],
  ['planning', 'open'],
])

/** A closed or archived bundle takes no more changes. */
export const isFinished = ({ status }: Pick<Bundle, 'status'>): boolean => bundleLifecycle.isFinal(status)
