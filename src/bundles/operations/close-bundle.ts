/** Closes a bundle: every gate, the merge, the review. Setting the status is the commit point; before it, run it again. */
import { Array as ListOf, Boolean, Integer, Object as Fields, Optional, String, Unknown } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { ERRORS, OperationError } from '../../operation/errors.ts'
import { flag, word } from '../../operation/schema.ts'
import { warnOfUnusedKeys, type BundleContext } from '../context.ts'
import { findBundle, requireBundle } from '../find.ts'
import { AUDIT, bundleField } from '../model/ids.ts'
import { isFinished } from '../model/bundle.ts'
import { judgeClose, unauditedWork, unprovenWork, type GateFailure } from '../model/close-gates.ts'
import { planClose } from '../model/close-plan.ts'
import type { Ticket } from '../model/ticket.ts'
import { carryOut, finishMerge } from './close-bundle/carry-out.ts'
import { lookAt, lookOnly, type Looked } from './close-bundle/look.ts'

export const closeBundle = defineOperation({
  name: 'close-bundle',
  summary: 'Close a bundle: check every gate, merge its worktree if asked, write review.yaml.',
  capability: 'tkt-close',
  effects: ['fs.read', 'fs.write', 'git.read', 'git.write', 'proc.exec'],
  input: Fields({
    bundle: bundleField('the bundle'),
    merge: Optional(flag('merge the branch of the worktree into its target, and remove the worktree')),
    strict: Optional(
      flag(
        'refuse to close when acceptance commands fail, instead of carrying the failures over, and when work was finished after its audit',
      ),
    ),
    no_memory: Optional(flag('do not tell the memory skill')),
    dry_run: Optional(flag('ask the gates that need no command, print what would be done, do nothing')),
    agent: Optional(word('who closes it')),
  }),
  output: Fields({
    closed: Boolean(),
    bundle: String(),
    review_path: String(),
    done: Integer(),
    failed: Integer(),
    carryover_count: Integer(),
    next_steps_hint: ListOf(String()),
    merged: Optional(Boolean()),
    memory: Optional(String()),
    already_closed: Optional(Boolean()),
    dry_run: Optional(Boolean()),
    gates: Optional(ListOf(Unknown())),
    steps: Optional(ListOf(Unknown())),
    commands: Optional(ListOf(String())),
  }),
  errors: [
    'NOT_INITIALISED',
    'BUNDLE_NOT_FOUND',
    'TICKET_NOT_FOUND',
    'DEPENDENCY_UNFINISHED',
    'WORKTREE_GONE',
    'WORKTREE_DIRTY',
    'WORK_UNFINISHED',
    'AUDIT_UNFINISHED',
    'AUDIT_NOT_INDEPENDENT',
    'STRUCTURE_INVALID',
    'CLOSE_GATE_FAILED',
    'ACCEPTANCE_FAILED',
    'MERGE_FAILED',
    'WORKTREE_NOT_REMOVED',
    'CHANGED_MEANWHILE',
    'LOCK_TIMEOUT',
  ],
  positional: ['bundle'],
  examples: ['close --bundle B-001', 'close --bundle B-001 --merge --strict', 'close B-001 --dry-run'],
  run: async ({ bundle, dry_run = false, ...request }, context: BundleContext) => {
    requireBundle(context, bundle)
    warnOfUnusedKeys(context)
    if (dry_run) {
      const looked = await lookOnly(context, bundle, request)
      warnOfAudit(context, looked.facts.tickets)
      return preview(looked, request)
    }
    return context.locked(`closing-${bundle}`, async () => {
      if (isFinished(findBundle(context, bundle).thing))
        return finishMerge(context, bundle, request.merge ?? false)
      const looked = await lookAt(context, bundle, request)
      const failures = judgeClose(looked.facts)
      if (failures.length > 0) throw refusal(bundle, failures, looked.litter)
      warnOfAudit(context, looked.facts.tickets)
      return carryOut(context, looked, request)
    })
  },
})

export interface CloseRequest {
  readonly merge?: boolean
  readonly strict?: boolean
  readonly no_memory?: boolean
  readonly agent?: string
}

/** What the gates let pass, as published, and a person should know all the same. */
function warnOfAudit(context: BundleContext, tickets: readonly Ticket[]): void {
  const told = (ids: readonly string[], words: string): void => {
    if (ids.length > 0) context.warn(`${words}: ${ids.slice(0, 10).join(', ')}`)
  }
  told(unprovenWork(tickets), "done with no agent on record, so the auditor's independence is not proven")
  told(
    unauditedWork(tickets),
    `finished after the audit, which cannot have looked at it (reopen ${AUDIT} to have it audited)`,
  )
}

/** One error for all gates that failed: it has the name of the first, and tells every one. */
function refusal(
  bundle: string,
  failures: readonly GateFailure[],
  litter: readonly string[],
): OperationError {
  const [first] = failures
  const told = failures.map((failure) => ({
    ...failure,
    error_code: ERRORS[failure.error].code,
    hint: new OperationError(failure.error, failure.message, { bundle }, failure.hint).hint,
  }))
  const lines = failures.map(({ gate, message }) => `${gate}: ${message}`).join('; ')
  const words = failures.length === 1 ? 'a gate refuses' : `${failures.length} gates refuse`
  const left =
    litter.length === 0
      ? ''
      : `. The commands left ${litter.slice(0, 5).join(', ')} in the worktree: commit or remove that before the next close`
  return new OperationError(
    first?.error ?? 'INTERNAL',
    `${bundle} stays open, ${words}: ${lines}${left}`,
    { bundle, failures: told, ...(litter.length === 0 ? {} : { litter: litter.slice(0, 20) }) },
    first?.hint,
  )
}

function preview(looked: Looked, request: CloseRequest) {
  const { facts, commands } = looked
  const { bundle, tickets } = facts
  const merge = request.merge === true && facts.worktree.state !== 'none'
  const told = {
    dry_run: true,
    bundle: bundle.id,
    review_path: looked.review_path,
    done: tickets.filter(({ status }) => status === 'done').length,
    failed: tickets.filter(({ status }) => status === 'failed').length,
    carryover_count: 0,
  }
  if (isFinished(bundle)) {
    const isPending = merge && facts.worktree.state === 'clean'
    const steps = planClose({ merge: isPending, memory: false }).filter(({ step }) => step !== 'set-status')
    const next_steps_hint = [`${bundle.id} is ${bundle.status} already`]
    return {
      ...told,
      closed: true,
      already_closed: true,
      next_steps_hint,
      gates: [],
      commands: [],
      steps: [...steps],
    }
  }
  const failures = judgeClose(facts)
  return {
    ...told,
    closed: false,
    next_steps_hint: [
      failures.length === 0
        ? 'no gate without commands refuses: run it without --dry-run'
        : 'mend what the gates name',
    ],
    gates: [...failures],
    commands: [...commands],
    steps: [...planClose({ merge, memory: request.no_memory !== true })],
  }
}
