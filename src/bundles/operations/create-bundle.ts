/** Turns a goal, or a whole plan, into a bundle: all its tickets in one step. */
import {
  Array as ListOf,
  Boolean,
  Integer,
  Object as Fields,
  Optional,
  String,
  Unknown,
  type Static,
} from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { OperationError } from '../../operation/errors.ts'
import { pageOf, type PageRequest } from '../../operation/page.ts'
import { idempotencyField } from '../../operation/request-door.ts'
import { count, flag, list, longText, path, text, word } from '../../operation/schema.ts'
import { warnOfUnusedKeys, type BundleContext } from '../context.ts'
import { requireBundles, requireGoal } from '../find.ts'
import { actorOf } from '../lease.ts'
import {
  AUDIT,
  bundleField,
  goalField,
  INTEGRATE,
  workerId,
  type BundleId,
  type TicketId,
} from '../model/ids.ts'
import type { NewBundle } from '../model/bundle.ts'
import { planBundle } from '../model/new-bundle.ts'
import type { PlanDocument } from '../model/plan-document.ts'
import type { NewTicket } from '../model/ticket.ts'
import { once } from '../once.ts'
import { bundleFolder } from '../store/layout.ts'
import { freeBundleId } from '../store/numbering.ts'
import { renderYaml } from '../store/yaml-file.ts'
import { inherited, warnOfTakers } from './create-bundle/carryover.ts'
import { readPlan } from './create-bundle/read-plan.ts'

const input = Fields({
  goal: Optional(text('what the bundle is to reach; the first heading of the plan when left out')),
  goal_ref: Optional(goalField('the goal of the roadmap that it serves')),
  context: Optional(longText('what one should know about it; `show` tells it with each ticket')),
  depends_on: Optional(list('bundles that must be closed before this one, comma-separated')),
  priority: Optional(word('low, normal, high or critical')),
  track: Optional(text('the track it belongs to')),
  source_plan: Optional(path('a Markdown plan: every open checkbox becomes a ticket')),
  worktree: Optional(flag('work in a git worktree of its own: .worktrees/B-NNN on branch bundle/B-NNN')),
  carryover: Optional(bundleField('take over what this bundle left behind')),
  agent: Optional(word('who does it')),
  dry_run: Optional(flag('say what would be created, and create nothing')),
  limit: Optional(count('with --dry-run: show at most this many of the planned tickets', 1)),
  offset: Optional(count('with --dry-run: leave out this many planned tickets first')),
  idempotency_key: Optional(idempotencyField()),
})

type Request = Static<typeof input>

export const createBundle = defineOperation({
  name: 'create-bundle',
  summary: 'Create a bundle from a goal, or from a Markdown plan with all its tickets in one step.',
  capability: 'tkt-create-bundle',
  effects: ['fs.read', 'fs.write', 'git.read', 'git.write'],
  input,
  output: Fields({
    bundle_id: String(),
    path: Optional(String()),
    tickets: ListOf(String()),
    ticket_count: Integer(),
    worktree: Optional(String()),
    replayed: Optional(Boolean()),
    skipped: Optional(Integer()),
    dry_run: Optional(Boolean()),
    goal: Optional(String()),
    route: Optional(String()),
    planned: Optional(ListOf(Unknown())),
    shown: Optional(String()),
    next: Optional(String()),
  }),
  errors: [
    'NOT_INITIALISED',
    'DEPENDENCY_MISSING',
    'GOAL_NOT_FOUND',
    'NOT_A_REPOSITORY',
    'WORKTREE_FAILED',
    'CARRYOVER_MISSING',
    'CHANGED_MEANWHILE',
    'IDEMPOTENCY_KEY_REUSED',
    'LOCK_TIMEOUT',
  ],
  agent: 'scripts/create-bundle.md',
  examples: [
    'create-bundle --goal "Ship the URL shortener" --track core',
    'create-bundle --source-plan plan.md --dry-run',
    'create-bundle --source-plan plan.md --worktree',
    'create-bundle --goal "Second try" --carryover B-001',
  ],
  run: async (request, context: BundleContext) => {
    if (request.goal === undefined && request.source_plan === undefined) throw goalMissing()
    context.requireStore()
    return request.dry_run === true
      ? create(request, context)
      : once(context, 'create-bundle', request, (keyed) => create(request, keyed))
  },
})

async function create(
  { worktree = false, carryover, agent, dry_run = false, limit, offset, ...rest }: Request,
  context: BundleContext,
) {
  const { idempotency_key: _, ...request } = rest
  const { goal, source_plan } = request
  requireBundles(context, request.depends_on ?? [])
  if (request.goal_ref !== undefined) requireGoal(context, request.goal_ref)
  const plan = source_plan === undefined ? undefined : readPlan(context, source_plan)
  const title = goal ?? plan?.goal
  if (title === undefined)
    throw new OperationError('FILE_NOT_FOUND', `--source-plan: there is no file ${source_plan ?? ''}`)
  const planned = plan?.tickets ?? []
  const carried = carryover === undefined ? [] : inherited(context, carryover, planned.length)
  const workers = [...planned, ...carried]
  reportPlan(context, plan, workers.length)
  const warn = (): void => (carryover === undefined ? undefined : warnOfTakers(context, carryover, carried))
  if (dry_run) {
    warn()
    return preview(context, title, plan, { workers, page: { limit, offset } })
  }
  actorOf(context, { agent })
  return context.locked('bundles', () => {
    warn() // under the lock, where no other bundle can take them up meanwhile
    return createOne(context, { ...request, title }, workers, { worktree, agent })
  })
}

const goalMissing = (): OperationError =>
  new OperationError('INPUT_INVALID', 'missing: --goal (or a plan with a heading in --source-plan)', {
    missing: ['goal'],
  })

async function createOne(
  context: BundleContext,
  bundle: NewBundle,
  workers: readonly NewTicket[],
  how: { readonly worktree: boolean; readonly agent: string | undefined },
) {
  const now = context.now()
  const id = freeBundleId(context)
  const worktree = how.worktree ? await addWorktree(context, id) : undefined
  const born = planBundle(id, { ...bundle, ...(worktree === undefined ? {} : { worktree }) }, workers, {
    now,
    audit: context.config().auto_audit,
    agent: how.agent,
  })
  const folder = bundleFolder(context, id)
  const documents = Object.entries(born.documents).map(
    ([name, document]) =>
      [name, renderYaml(name === 'bundle.yaml' ? { ...document, ...context.mark } : document)] as const,
  )
  const told = {
    bundle_id: id,
    path: folder,
    tickets: born.tickets.slice(0, LONGEST_ID_LIST),
    ticket_count: born.tickets.length,
    ...(worktree === undefined ? {} : { worktree: worktree.path }),
  }
  await context.commit(
    { folders: { [folder]: Object.fromEntries(documents) }, events: born.events, told },
    now,
  )
  return told
}

/** An answer names no more tickets than this; `ticket_count` tells them all. */
const LONGEST_ID_LIST = 60

function reportPlan(context: BundleContext, plan: PlanDocument | undefined, workers: number): void {
  for (const warning of plan?.warnings.slice(0, 10) ?? []) context.warn(`plan: ${warning}`)
  const { max_tickets } = context.config()
  if (workers > max_tickets)
    context.warn(
      `${workers} workers are more than bundle.max_tickets (${max_tickets}): think of several bundles`,
    )
  warnOfUnusedKeys(context)
}

function preview(
  context: BundleContext,
  goal: string,
  plan: PlanDocument | undefined,
  { workers, page }: { readonly workers: readonly NewTicket[]; readonly page: PageRequest },
) {
  const planned = workers.map((worker, index) => ({
    ticket: workerId(index + 1),
    title: worker.title,
    ...(worker.wave === undefined ? {} : { wave: worker.wave }),
    ...(worker.depends_on === undefined || worker.depends_on.length === 0
      ? {}
      : { depends_on: worker.depends_on }),
    criteria: worker.acceptance_criteria?.length ?? 0,
  }))
  const { auto_audit } = context.config()
  const beside = {
    dry_run: true,
    bundle_id: freeBundleId(context),
    tickets: idsOf(workers.length, auto_audit),
    goal,
    ...(plan === undefined ? {} : { route: plan.route, skipped: plan.skipped.length }),
    ticket_count: workers.length + (auto_audit ? 2 : 1),
  }
  const { rows, ...shown } = pageOf(planned, page, beside)
  return { ...beside, planned: [...rows], ...shown }
}

const idsOf = (workers: number, audit: boolean): TicketId[] =>
  [
    INTEGRATE,
    ...(audit ? [AUDIT] : []),
    ...Array.from({ length: workers }, (_, index) => workerId(index + 1)),
  ].slice(0, LONGEST_ID_LIST)

async function addWorktree(context: BundleContext, id: BundleId) {
  const { createWorktree } = await import('../../worktrees/create-worktree.ts')
  const { root, environment } = context
  const place = { path: `.worktrees/${id}`, branch: `bundle/${id}` }
  const created = await createWorktree({ root, environment, ...place })
  if (created.ok) return created
  const name =
    created.problem === 'not_a_repository' || created.problem === 'no_commit'
      ? 'NOT_A_REPOSITORY'
      : 'WORKTREE_FAILED'
  throw new OperationError(name, created.message, { bundle: id, problem: created.problem })
}
