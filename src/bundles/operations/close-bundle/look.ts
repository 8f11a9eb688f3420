/** What close looks at before it judges: files, git, and how the commands end. */
import { resolve } from 'node:path'
import {
  runAcceptance,
  runCloseGate,
  runStructuralScript,
  structuralScript,
  type CheckPlace,
} from '../../effects/close-checks.ts'
import {
  leaveJudgedTree,
  predictJudgedTree,
  prepareJudgedTree,
  type Judged,
} from '../../../worktrees/judged-tree.ts'
import { inspectWorktree, peekAtWorktree } from '../../../worktrees/worktree-state.ts'
import { canMerge } from '../../../worktrees/merge-worktree.ts'
import type { Outcome, WorktreePlace } from '../../../worktrees/place.ts'
import { isSpecialFile, readTextIfPresent } from '../../../system/files.ts'
import { openGit } from '../../../system/git.ts'
import type { BundleContext } from '../../context.ts'
import { findBundle } from '../../find.ts'
import type { Bundle } from '../../model/bundle.ts'
import { isCommand } from '../../../evidence/acceptance.ts'
import type { FailedCriterion } from '../../model/carryover.ts'
import { judgeClose, type CheckResult, type CloseFacts } from '../../model/close-gates.ts'
import { isBundleId, type BundleId } from '../../model/ids.ts'
import { bundleFile, listTicketIds, reviewFile, ticketFile } from '../../store/layout.ts'
import { loadBundle, loadTickets } from '../../store/reading.ts'
import { checkStructure } from '../../store/structure-check.ts'
import { largestBytes } from '../../store/yaml-source.ts'
import type { CloseRequest } from '../close-bundle.ts'

export interface Looked {
  readonly facts: CloseFacts
  readonly review_path: string
  /** The texts of the files that were judged: they must be the same when the change is made. */
  readonly fingerprint: string
  readonly commands: readonly string[]
  readonly worktree: WorktreePlace | undefined
  readonly judged: Judged | undefined
  /** Untracked files that the commands left in the worktree. */
  readonly litter: readonly string[]
}

/** Runs everything. Acceptance commands are run when they can still matter: the other gates pass, or --strict asks. */
export async function lookAt(context: BundleContext, id: BundleId, request: CloseRequest): Promise<Looked> {
  const fingerprint = fingerprintOf(context, id)
  const files = await filesOf(context, id, request, inspectWorktree)
  const place = await worktreeOf(context, files.bundle)
  const prepared =
    files.worktree.state === 'clean' && place !== undefined ? await prepareJudgedTree(place) : undefined
  const judged = prepared?.ok === true ? prepared : undefined
  const merge_problem = await mergeProblem(place, prepared, request)
  const base = { review_path: reviewFile(context, id), fingerprint, commands: [], worktree: place, judged }
  let litter: readonly string[] = []
  let facts: CloseFacts
  try {
    const canRun =
      merge_problem === undefined && (files.worktree.state === 'none' || files.worktree.state === 'clean')
    const { root, environment, progress } = context
    const tree = { directory: judged?.directory ?? root, root, environment, progress }
    facts = { ...files, ...(await runChecks(context, files.bundle, tree, canRun)), merge_problem }
    const wantsAcceptance = canRun && (facts.strict || judgeClose(facts).length === 0)
    const timeout_ms = context.config().acceptance_timeout_ms
    if (wantsAcceptance) facts = { ...facts, failures: await runAcceptance(tree, facts.tickets, timeout_ms) }
  } finally {
    const left = judged !== undefined && place !== undefined ? await leaveJudgedTree(place) : undefined
    if (left?.ok === true) litter = left.litter
  }
  return { ...base, facts, litter }
}

/** Why the branch cannot be merged with its target; with `--merge`, why not into what is checked out. */
async function mergeProblem(
  place: WorktreePlace | undefined,
  judged: Outcome<Judged & { readonly tree?: string }> | undefined,
  { merge }: CloseRequest,
): Promise<CloseFacts['merge_problem']> {
  const isWanted = judged?.ok === true && place !== undefined && merge === true
  const found = isWanted ? await canMerge(place, judged, judged.tree ?? judged.merged_commit) : judged
  if (found === undefined || found.ok) return undefined
  const { message, paths = [], hint } = found
  return { message, paths, ...(hint === undefined ? {} : { hint }) }
}

/** For --dry-run: the gates that need no command, and the commands that a close would run. */
export async function lookOnly(context: BundleContext, id: BundleId, request: CloseRequest): Promise<Looked> {
  const files = await filesOf(context, id, request, peekAtWorktree)
  const place = await worktreeOf(context, files.bundle)
  const predicted =
    files.worktree.state === 'clean' && place !== undefined ? await predictJudgedTree(place) : undefined
  const { close_gate, run_structural } = context.config()
  const directory = place === undefined ? context.root : resolve(context.root, place.path)
  const script = run_structural ? structuralScript({ directory, root: context.root }) : undefined
  const criteria = files.tickets.flatMap(({ acceptance_criteria }) => acceptance_criteria.filter(isCommand))
  return {
    facts: {
      ...files,
      structural: run_structural && script === undefined ? builtInCheck(context, id) : { ran: false },
      close_gate: { ran: false },
      merge_problem: await mergeProblem(place, predicted, request),
    },
    review_path: reviewFile(context, id),
    fingerprint: '',
    commands: [
      ...(script === undefined ? [] : [[script.file, ...script.args].join(' ')]),
      ...(close_gate.command === undefined ? [] : [close_gate.command]),
      ...criteria.map(({ run }) => run),
    ],
    worktree: undefined,
    judged: undefined,
    litter: [],
  }
}

type Inspect = typeof peekAtWorktree

async function filesOf(context: BundleContext, id: BundleId, request: CloseRequest, inspect: Inspect) {
  const { thing: bundle } = findBundle(context, id)
  const { things: tickets, unreadable } = loadTickets(context, id)
  const dependencies = bundle.depends_on.filter(isBundleId).flatMap((other) => {
    const stored = loadBundle(context, other)
    if (stored.state === 'absent') return []
    return [{ id: other, status: stored.state === 'found' ? stored.thing.status : ('unreadable' as const) }]
  })
  const failures: readonly FailedCriterion[] = []
  const worktree = await worktreeFacts(context, bundle, inspect)
  return { bundle, tickets, unreadable, dependencies, worktree, failures, strict: request.strict === true }
}

async function worktreeFacts(
  context: BundleContext,
  bundle: Bundle,
  inspect: Inspect,
): Promise<CloseFacts['worktree']> {
  const place = await worktreeOf(context, bundle)
  if (place === undefined) return { state: 'none', message: '', paths: [] }
  const found = await inspect(place)
  if (found.ok) return { state: 'clean', message: '', paths: [] }
  const { message, paths = [] } = found
  if (found.problem !== 'gone') return { state: 'dirty', message, paths }
  return {
    state: 'gone',
    message: `${place.path} is gone; \`${await wayBack(place)}\` brings it back`,
    paths,
  }
}

/** Forced, as git may still know a worktree whose folder was deleted. */
async function wayBack({ root, environment, path, branch }: WorktreePlace): Promise<string> {
  const tip = await (await openGit(root, environment)).resolve(`refs/heads/${branch}`)
  return `git worktree add -f ${tip === undefined ? `-b ${branch} ${path}` : `${path} ${branch}`}`
}

/** A bundle's worktree; undefined when it has none. Older bundles did not note their target: it is what is checked out. */
export async function worktreeOf(context: BundleContext, bundle: Bundle): Promise<WorktreePlace | undefined> {
  if (bundle.worktree_path === undefined) return undefined
  const { root, environment } = context
  return {
    root,
    environment,
    name: bundle.id,
    title: bundle.title,
    path: bundle.worktree_path,
    branch: bundle.worktree_branch ?? `bundle/${bundle.id}`,
    target: bundle.worktree_target ?? (await checkedOut(context)),
  }
}

async function checkedOut({ root, environment }: BundleContext): Promise<string | undefined> {
  return (await openGit(root, environment)).headBranch()
}

async function runChecks(context: BundleContext, bundle: Bundle, tree: CheckPlace, canRun: boolean) {
  const { close_gate, run_structural } = context.config()
  const structural = run_structural
    ? await structuralCheck(context, bundle.id, tree, canRun)
    : ({ ran: false } as const)
  const gate: CheckResult =
    canRun && close_gate.command !== undefined
      ? await runCloseGate(tree, close_gate.command, close_gate.timeout_ms)
      : { ran: false }
  return { structural, close_gate: gate }
}

/** The project's own script if it has one, else the built-in check of the files. */
async function structuralCheck(
  context: BundleContext,
  id: BundleId,
  tree: CheckPlace,
  canRun: boolean,
): Promise<CheckResult> {
  if (canRun) {
    const own = await runStructuralScript(tree, context.config().close_gate.timeout_ms)
    if (own.ran) return own
  }
  return builtInCheck(context, id)
}

function builtInCheck(context: BundleContext, id: BundleId): CheckResult {
  const { problems, elsewhere } = checkStructure(context, id)
  if (elsewhere.length > 0)
    context.warn(`other bundles have files that cannot be read: ${elsewhere.slice(0, 3).join('; ')}`)
  if (problems.length === 0) return { ran: true, ok: true }
  return {
    ran: true,
    ok: false,
    reason: problems.slice(0, 5).join('; '),
    output: problems.join('\n').slice(0, 2000),
  }
}

/** The bundle's files as they are, one text. */
export function fingerprintOf(context: BundleContext, id: BundleId): string {
  const paths = [
    bundleFile(context, id),
    ...listTicketIds(context, id).map((ticket) => ticketFile(context, id, ticket)),
  ]
  const textOf = (path: string): string =>
    isSpecialFile(path) ? '' : (readTextIfPresent(path, largestBytes(path)) ?? '')
  return paths.map((path) => `${path}\n${textOf(path)}`).join('\n')
}
