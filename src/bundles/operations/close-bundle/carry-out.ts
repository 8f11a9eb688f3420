/** What close does once every gate has passed. */
import { OperationError } from '../../../operation/errors.ts'
import { storeMemory } from '../../effects/memory.ts'
import { leaveJudgedTree, prepareJudgedTree } from '../../../worktrees/judged-tree.ts'
import { mergeWorktree } from '../../../worktrees/merge-worktree.ts'
import { removeWorktree } from '../../../worktrees/remove-worktree.ts'
import { inspectWorktree } from '../../../worktrees/worktree-state.ts'
import type { Outcome, WorktreePlace, WorktreeProblemName } from '../../../worktrees/place.ts'
import type { BundleContext } from '../../context.ts'
import { findBundle, findTicket } from '../../find.ts'
import { carryoverDocument } from '../../model/carryover.ts'
import { gatesAsked } from '../../model/close-gates.ts'
import { planClose, type CloseStep } from '../../model/close-plan.ts'
import { INTEGRATE, type BundleId } from '../../model/ids.ts'
import { textOf } from '../../model/raw.ts'
import { acceptanceResults, type AcceptanceResults } from '../../model/review.ts'
import type { Ticket } from '../../model/ticket.ts'
import { finishIntegrate } from '../../model/ticket-moves.ts'
import { carryoverFile, listTicketIds, reviewFile, reviewPage } from '../../store/layout.ts'
import { carriedIn, readReport, reviewFiles } from '../../review-files.ts'
import { loadTickets } from '../../store/reading.ts'
import { editYaml, renderYaml } from '../../store/yaml-file.ts'
import { readYamlFile } from '../../store/yaml-source.ts'
import type { CloseRequest } from '../close-bundle.ts'
import { fingerprintOf, worktreeOf, type Looked } from './look.ts'

/** Carries out the plan of one close that every gate has let pass. */
export async function carryOut(context: BundleContext, looked: Looked, request: CloseRequest) {
  const { bundle, tickets, failures } = looked.facts
  const carryover = carryoverDocument(bundle.id, tickets, failures)
  const hasWorktree = looked.facts.worktree.state !== 'none'
  const merge = request.merge === true && hasWorktree
  if (request.merge === true && !hasWorktree)
    context.warn(`--merge: ${bundle.id} has no worktree, so there was nothing to merge`)
  const steps = planClose({ merge, memory: request.no_memory !== true })
  const isBefore = ({ step }: CloseStep): boolean => step === 'merge' || step === 'set-status'
  let memory: string | undefined
  const work = { context, looked, request, carryover, merge }
  assertWritable(context, bundle.id)
  await context.locked(bundle.id, async () => {
    if (fingerprintOf(context, bundle.id) !== looked.fingerprint) {
      throw new OperationError('CHANGED_MEANWHILE', `${bundle.id} was changed while its gates were checked`, {
        bundle: bundle.id,
      })
    }
    for (const step of steps.filter(isBefore)) await apply(step, work)
  })
  for (const step of steps.filter((step) => !isBefore(step))) memory = (await apply(step, work)) ?? memory
  const closed = loadTickets(context, bundle.id).things
  return {
    ...answer(context, bundle.id, closed, carryover?.carryover.length ?? 0),
    merged: merge,
    ...(memory === undefined ? {} : { memory }),
    next_steps_hint: hints(context, bundle.id, {
      carryover: carryover !== undefined,
      pendingMerge: hasWorktree && !merge,
    }),
  }
}

/** What set-status needs to be there, asked before the merge, which is not undone. Throws TICKET_NOT_FOUND or FILE_UNREADABLE. */
function assertWritable(context: BundleContext, bundle: BundleId): void {
  findTicket(context, bundle, INTEGRATE)
  readReport(reviewFile(context, bundle))
}

interface Work {
  readonly context: BundleContext
  readonly looked: Looked
  readonly request: CloseRequest
  readonly carryover: ReturnType<typeof carryoverDocument>
  readonly merge: boolean
}

async function apply(step: CloseStep, work: Work): Promise<string | undefined> {
  const { context, looked } = work
  const { bundle } = looked.facts
  switch (step.step) {
    case 'merge':
      if (looked.worktree !== undefined && looked.judged !== undefined) {
        merged(await mergeWorktree(looked.worktree, looked.judged))
      }
      return undefined
    case 'set-status':
      await setStatus(work)
      return undefined
    case 'remove-worktree':
      if (looked.worktree !== undefined) await remove(bundle.id, looked.worktree, looked.litter)
      return undefined
    case 'store-memory':
      return storeMemory({
        skillFolder: context.skillFolder,
        root: context.root,
        environment: context.environment,
        title: `${bundle.id} closed: ${bundle.title}`.slice(0, 200),
        content: loadTickets(context, bundle.id)
          .things.map(({ id, title, status }) => `${id} ${status}: ${title}`)
          .join('\n')
          .slice(0, 4000),
        tags: ['tkt', bundle.id],
      })
    default:
      return step satisfies never
  }
}

function merged<Merged>(outcome: Outcome<Merged>): void {
  if (outcome.ok) return
  const name = NAMES.get(outcome.problem) ?? 'MERGE_FAILED'
  const { message, problem, paths = [], hint } = outcome
  throw new OperationError(name, message, { problem, paths }, hint)
}

/** Problems that the gates know by another name. */
const NAMES: ReadonlyMap<WorktreeProblemName, 'WORKTREE_DIRTY'> = new Map([
  ['dirty', 'WORKTREE_DIRTY'],
  ['off_branch', 'WORKTREE_DIRTY'],
])

/** The commit point: review and carryover first, then TKT-000, and the bundle's own file last. */
async function setStatus({ context, looked, request, carryover, merge }: Work): Promise<void> {
  const { bundle, tickets, failures } = looked.facts
  const now = context.now()
  const integrate = findTicket(context, bundle.id, INTEGRATE)
  const agent = request.agent ?? integrate.thing.claimed_by ?? bundle.main_agent ?? null
  const acceptance = acceptanceResults(tickets, failures)
  const move = finishIntegrate(integrate.thing, agent, evidenceOf(looked, acceptance), now)
  const after = tickets.map((ticket): Ticket => (ticket.id === INTEGRATE ? finished(ticket, move) : ticket))
  const left = carryover?.carryover ?? []
  const facts = { bundle: bundle.id, title: bundle.title, tickets: after, acceptance, carryover: left, now }
  const file = findBundle(context, bundle.id).file
  const transition = integrate.thing.status === 'done' ? {} : { transition_log: move.transition }
  await context.commit(
    {
      removals: carryover === undefined ? [carryoverFile(context, bundle.id)] : [],
      files: {
        ...reviewFiles(context, facts, readReport(reviewFile(context, bundle.id))),
        ...(carryover === undefined ? {} : { [carryoverFile(context, bundle.id)]: renderYaml(carryover) }),
        [integrate.file.path]: editYaml(integrate.file, move.changes, transition),
        [file.path]: editYaml(file, {
          status: 'closed',
          closed_at: now,
          ticket_count: listTicketIds(context, bundle.id).length,
          ...(merge ? { merged_at: now } : {}),
        }),
      },
      events: [
        {
          event: 'BUNDLE_CLOSED',
          fields: {
            bundle: bundle.id,
            ...countsOf(after),
            agent: agent ?? undefined,
            from: bundle.status,
            to: 'closed',
          },
        },
      ],
    },
    now,
  )
}

/** Acceptance is a gate under --strict only; what came of its commands is told either way. */
function evidenceOf({ facts }: Looked, { passed, failed }: AcceptanceResults): string {
  const gates = gatesAsked(facts).map(({ id }) => id)
  return `tkt close: all gates passed (${gates.join(', ')}); acceptance commands: ${passed} passed, ${failed} failed`
}

const finished = (ticket: Ticket, move: ReturnType<typeof finishIntegrate>): Ticket => ({
  ...ticket,
  status: 'done',
  evidence: textOf(move.changes['result.evidence']) ?? ticket.evidence,
  transition_log:
    ticket.status === 'done' ? ticket.transition_log : [...ticket.transition_log, move.transition],
})

/** For a bundle that is closed already: finishes a merge that was left for later, else only tells how it stands. */
export async function finishMerge(context: BundleContext, id: BundleId, wantsMerge: boolean) {
  const { thing } = findBundle(context, id)
  const place = await worktreeOf(context, thing)
  const found = place === undefined ? undefined : await inspectWorktree(place)
  const isThere = found !== undefined && (found.ok || found.problem !== 'gone')
  if (wantsMerge && isThere && place !== undefined) await mergeLater(context, id, place)
  const left = readYamlFile(carryoverFile(context, id))
  const carried = left?.ok === true ? carriedIn(left.value).length : 0
  return {
    ...answer(context, id, loadTickets(context, id).things, carried),
    already_closed: true,
    merged: thing.merged_at !== undefined || (wantsMerge && isThere),
    next_steps_hint: hints(context, id, { carryover: carried > 0, pendingMerge: isThere && !wantsMerge }),
  }
}

async function mergeLater(context: BundleContext, id: BundleId, place: WorktreePlace): Promise<void> {
  const judged = await prepareJudgedTree(place)
  if (!judged.ok) return merged(judged)
  await leaveJudgedTree(place)
  merged(await mergeWorktree(place, judged))
  await context.locked(id, async () => {
    const now = context.now()
    const { file } = findBundle(context, id)
    await context.commit({ files: { [file.path]: editYaml(file, { merged_at: now }) }, events: [] }, now)
  })
  await remove(id, place, [])
}

async function remove(id: BundleId, place: WorktreePlace, litter: readonly string[]): Promise<void> {
  const removed = await removeWorktree(place, litter)
  if (removed.ok) return
  throw new OperationError('WORKTREE_NOT_REMOVED', `${id} is closed and merged, but: ${removed.message}`, {
    paths: removed.paths ?? [],
  })
}

function answer(
  context: BundleContext,
  bundle: BundleId,
  tickets: readonly Ticket[],
  carryover_count: number,
) {
  return {
    closed: true,
    bundle,
    review_path: reviewFile(context, bundle),
    ...countsOf(tickets),
    carryover_count,
  }
}

const countsOf = (tickets: readonly Ticket[]) => ({
  done: tickets.filter(({ status }) => status === 'done').length,
  failed: tickets.filter(({ status }) => status === 'failed').length,
})

function hints(
  context: BundleContext,
  id: BundleId,
  left: { readonly carryover: boolean; readonly pendingMerge: boolean },
): string[] {
  return [
    `read ${reviewPage(context, id)}, and complete review.yaml beside it as scripts/generate-review.md says`,
    ...(left.carryover ? [`tkt create-bundle --goal "..." --carryover ${id} takes up what failed`] : []),
    ...(left.pendingMerge
      ? [`tkt close --bundle ${id} --merge merges the worktree that is still there`]
      : []),
  ]
}
