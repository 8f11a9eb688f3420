/** The gates of close as data (contracts: filesystem section 6): all are asked, every failing one is told. */
import type { Bundle } from './bundle.ts'
import type { FailedCriterion } from './carryover.ts'
import { AUDIT, INTEGRATE, roleOf, type TicketId } from './ids.ts'
import { ticketLifecycle, type BundleStatus } from './lifecycles.ts'
import type { Ticket } from './ticket.ts'
import { workersOf } from './ticket-moves.ts'

/** How a check that runs a program went; `output` is the tail of what it printed. */
export type CheckResult =
  | { readonly ran: false }
  | { readonly ran: true; readonly ok: true }
  | { readonly ran: true; readonly ok: false; readonly reason: string; readonly output: string }

export interface CloseFacts {
  readonly bundle: Bundle
  readonly tickets: readonly Ticket[]
  /** Files of tickets that cannot be read: nobody knows whether their work is finished. */
  readonly unreadable: readonly { readonly id: string; readonly reason: string }[]
  readonly dependencies: readonly { readonly id: string; readonly status: BundleStatus | 'unreadable' }[]
  readonly worktree: {
    readonly state: 'none' | 'clean' | 'gone' | 'dirty'
    readonly message: string
    readonly paths: readonly string[]
  }
  /** Why the branch cannot be merged with its target. */
  readonly merge_problem:
    { readonly message: string; readonly paths: readonly string[]; readonly hint?: string } | undefined
  readonly structural: CheckResult
  readonly close_gate: CheckResult
  /** Failures of command criteria; they refuse the close only under --strict. */
  readonly failures: readonly FailedCriterion[]
  readonly strict: boolean
}

export interface GateFailure {
  readonly gate: string
  readonly error: GateError
  readonly message: string
  readonly details?: Readonly<Record<string, unknown>>
  /** The next step, where the error has another one. */
  readonly hint?: string
}

type GateError =
  | 'DEPENDENCY_UNFINISHED'
  | 'WORKTREE_GONE'
  | 'WORKTREE_DIRTY'
  | 'WORK_UNFINISHED'
  | 'AUDIT_UNFINISHED'
  | 'AUDIT_NOT_INDEPENDENT'
  | 'STRUCTURE_INVALID'
  | 'CLOSE_GATE_FAILED'
  | 'ACCEPTANCE_FAILED'
  | 'MERGE_FAILED'

interface Gate {
  readonly id: string
  readonly asks: string
  readonly error: GateError
  readonly applies: (facts: Pick<CloseFacts, 'strict'>) => boolean
  /** What is wrong, or undefined when the gate is passed or does not apply. */
  readonly check: (facts: CloseFacts) => Omit<GateFailure, 'gate' | 'error'> | undefined
}

const always = (): boolean => true
const underStrict = ({ strict }: Pick<CloseFacts, 'strict'>): boolean => strict

/** In the published order: the first failing gate names the error of the refusal. */
export const CLOSE_GATES: readonly Gate[] = [
  {
    id: 'dependencies',
    asks: 'Are the bundles this one depends on closed?',
    error: 'DEPENDENCY_UNFINISHED',
    applies: always,
    check: ({ dependencies }) => {
      const unfinished = dependencies.filter(({ status }) => status !== 'closed' && status !== 'archived')
      return told(unfinished.map(({ id, status }) => `${id} is ${status}`))
    },
  },
  {
    id: 'worktree-present',
    asks: 'Does the recorded worktree exist?',
    error: 'WORKTREE_GONE',
    applies: always,
    check: ({ worktree }) => (worktree.state === 'gone' ? { message: worktree.message } : undefined),
  },
  {
    id: 'worktree-clean',
    asks: 'Is everything in the worktree committed?',
    error: 'WORKTREE_DIRTY',
    applies: always,
    check: ({ worktree: { state, message, paths } }) =>
      state === 'dirty' ? { message, details: { paths: paths.slice(0, 20) } } : undefined,
  },
  {
    id: 'work-finished',
    asks: 'Is every worker ticket done or failed, and the integration not failed or blocked?',
    error: 'WORK_UNFINISHED',
    applies: always,
    check: ({ tickets, unreadable }) =>
      told([
        ...(isLost(INTEGRATE, tickets, unreadable) ? [`${INTEGRATE}.yaml is missing`] : []),
        ...tickets.filter(isUnfinishedWork).map(({ id, status }) => `${id} is ${status}`),
        ...unreadable.map(({ id, reason }) => `${id} cannot be read: ${reason}`),
      ]),
  },
  {
    id: 'audit-finished',
    asks: 'Is the audit claimed and done?',
    error: 'AUDIT_UNFINISHED',
    applies: always,
    check: ({ tickets, unreadable, bundle }) => {
      const audit = tickets.find(({ id }) => id === AUDIT)
      if (audit === undefined) {
        const isNeeded = bundle.audit_required && isLost(AUDIT, tickets, unreadable)
        return isNeeded ? { message: `${AUDIT}.yaml is missing` } : undefined
      }
      if (audit.claimed_by === undefined)
        return { message: `${AUDIT} was never claimed (it is ${audit.status})` }
      return audit.status === 'done'
        ? undefined
        : { message: `${AUDIT} is ${audit.status}, held by ${audit.claimed_by}` }
    },
  },
  {
    id: 'audit-independent',
    asks: 'Did the auditor work on no worker ticket?',
    error: 'AUDIT_NOT_INDEPENDENT',
    applies: always,
    check: ({ tickets }) => {
      const auditor = tickets.find(({ id }) => id === AUDIT)?.claimed_by
      const own = tickets.filter(
        (ticket) =>
          roleOf(ticket.id) === 'worker' && auditor !== undefined && workersOf(ticket).includes(auditor),
      )
      return told(own.map(({ id }) => `${auditor ?? ''} worked on ${id}`))
    },
  },
  {
    id: 'structural',
    asks: 'Does the structural check pass?',
    error: 'STRUCTURE_INVALID',
    applies: always,
    check: ({ structural }) => failed(structural),
  },
  {
    id: 'close-gate',
    asks: 'Does close_gate.command of config/tkt.yaml succeed?',
    error: 'CLOSE_GATE_FAILED',
    applies: always,
    check: ({ close_gate }) => failed(close_gate),
  },
  {
    id: 'acceptance',
    asks: 'With --strict: do all acceptance commands hold?',
    error: 'ACCEPTANCE_FAILED',
    applies: underStrict,
    check: ({ failures }) =>
      told(failures.map(({ ticket_id, run, reason }) => `${ticket_id}: \`${run.slice(0, 60)}\`: ${reason}`)),
  },
  {
    id: 'audit-current',
    asks: 'With --strict: was all work finished before its audit?',
    error: 'AUDIT_UNFINISHED',
    applies: underStrict,
    check: ({ tickets }) => {
      const late = told(unauditedWork(tickets))
      return late && { message: `finished after the audit: ${late.message}`, hint: AUDIT_AGAIN }
    },
  },
  {
    id: 'merge',
    asks: 'Can the branch be merged with its target?',
    error: 'MERGE_FAILED',
    applies: always,
    check: ({ merge_problem: problem }) =>
      problem === undefined
        ? undefined
        : {
            message: problem.message,
            details: { paths: problem.paths.slice(0, 20) },
            ...(problem.hint === undefined ? {} : { hint: problem.hint }),
          },
  },
]

const AUDIT_AGAIN =
  'run `tkt reopen --bundle {bundle} --ticket TKT-A00 --reason TEXT` and have the work audited again'

/** The gates that are asked. */
export const gatesAsked = (facts: Pick<CloseFacts, 'strict'>): readonly Gate[] =>
  CLOSE_GATES.filter(({ applies }) => applies(facts))

/** Every gate that fails, in order. */
export function judgeClose(facts: CloseFacts): readonly GateFailure[] {
  return gatesAsked(facts).flatMap((gate) => {
    const problem = gate.check(facts)
    return problem === undefined ? [] : [{ gate: gate.id, error: gate.error, ...problem }]
  })
}

/** Worker tickets that are done with nobody on record: the auditor's independence of them cannot be shown. */
export function unprovenWork(tickets: readonly Ticket[]): readonly string[] {
  return tickets
    .filter(
      (ticket) =>
        roleOf(ticket.id) === 'worker' && ticket.status === 'done' && workersOf(ticket).length === 0,
    )
    .map(({ id }) => id)
}

/** Worker tickets that were finished later than the audit: it cannot have looked at them. */
export function unauditedWork(tickets: readonly Ticket[]): readonly string[] {
  const timeOf = (ticket: Ticket | undefined): number => Date.parse(ticket?.completed_at ?? '')
  const audited = timeOf(tickets.find(({ id }) => id === AUDIT))
  return tickets
    .filter(
      (ticket) => roleOf(ticket.id) === 'worker' && ticket.status === 'done' && timeOf(ticket) > audited,
    )
    .map(({ id }) => id)
}

/** Neither there nor told to be unreadable. */
const isLost = (id: TicketId, ...listed: readonly (readonly { readonly id: string }[])[]): boolean =>
  !listed.flat().some((other) => other.id === id)

function isUnfinishedWork({ id, status }: Ticket): boolean {
  const role = roleOf(id)
  if (role === 'main') return status === 'failed' || status === 'blocked'
  return id !== AUDIT && !ticketLifecycle.isFinal(status) // a further TKT-A01 counts: nothing else asks for it
}

function told(parts: readonly string[]): { readonly message: string } | undefined {
  if (parts.length === 0) return undefined
  const more = parts.length > 10 ? `, and ${parts.length - 10} more` : ''
  return { message: parts.slice(0, 10).join(', ') + more }
}

function failed(result: CheckResult): Omit<GateFailure, 'gate' | 'error'> | undefined {
  if (!result.ran || result.ok) return undefined
  return { message: result.reason, details: { output: result.output } }
}
