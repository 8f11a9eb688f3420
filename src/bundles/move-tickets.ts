/** Moves tickets of one bundle by `update`: judged, their evidence checked, and changed all at once or not at all. */
import type { Evidence } from '../evidence/forms.ts'
import { evidenceGiven, requireKinds } from '../evidence/given.ts'
import type { EvidenceCheck } from '../evidence/record.ts'
import { OperationError, type ErrorName } from '../operation/errors.ts'
import { accept } from '../operation/accept.ts'
import type { BundleContext } from './context.ts'
import { checksChanged } from './evidence.ts'
import { coordinatorOf, findOpenBundle, findTicket, requireTicket, type Found } from './find.ts'
import { actorOf } from './lease.ts'
import type { Bundle } from './model/bundle.ts'
import type { HistoryEvent } from './model/history-event.ts'
import { roleOf, type BundleId, type TicketId } from './model/ids.ts'
import { bundleLifecycle } from './model/lifecycles.ts'
import { judgeUpdate, type Move, type UpdateRequest } from './model/ticket-moves.ts'
import type { Ticket } from './model/ticket.ts'
import { editYaml } from './store/yaml-file.ts'

/** What an operation that moves tickets may end in. */
export const MOVE_ERRORS = [
  'NOT_INITIALISED',
  'TICKET_NOT_FOUND',
  'BUNDLE_NOT_FOUND',
  'BUNDLE_CLOSED',
  'TRANSITION_REFUSED',
  'TICKET_PUBLISHED',
  'NOT_OWNER',
  'CLAIM_LOST',
  'EVIDENCE_REQUIRED',
  'EVIDENCE_INSUFFICIENT',
  'EVIDENCE_FAILED',
  'LOCK_TIMEOUT',
] as const satisfies readonly ErrorName[]

export interface MoveRequest extends Omit<UpdateRequest, 'evidence' | 'coordinator'> {
  readonly bundle: BundleId
  readonly tickets: readonly TicketId[]
  readonly evidence?: readonly string[]
}

export interface Moved {
  readonly moved: readonly TicketId[]
  /** Those that this very request had moved before, as when a command that was cut is run again. */
  readonly already: readonly TicketId[]
  readonly checks: readonly EvidenceCheck[]
}

/** Throws what the first ticket is refused with; of several it names every one that is refused. */
export async function moveTickets(context: BundleContext, input: MoveRequest): Promise<Moved> {
  const { bundle, tickets } = input
  for (const ticket of tickets) requireTicket(context, bundle, ticket)
  const request = { ...actorOf(context, input), evidence: evidenceGiven(input.evidence, context.warn) }
  const checks = request.evidence.items.length === 0 ? [] : await check(context, request)
  return context.locked(bundle, async () => {
    const now = context.now()
    const { parent, judged, already } = judge(context, request, now)
    const started = bundleLifecycle.next(parent.thing.status, 'start')
    const ticketFiles = judged.map(({ ticket: { thing, file }, move }) => {
      const changes = { ...move.changes, ...checksChanged(request.evidence, checks, thing) }
      return [file.path, editYaml(file, changes, { transition_log: move.transition })] as const
    })
    const bundleFiles =
      started === undefined ? [] : [[parent.file.path, editYaml(parent.file, { status: started })] as const]
    if (judged.length > 0)
      await context.commit(
        {
          files: Object.fromEntries([...bundleFiles, ...ticketFiles]),
          events: judged.map((one) => eventOf(request, one)),
        },
        now,
      )
    return { moved: judged.map(({ ticket }) => ticket.thing.id), already, checks }
  })
}

interface Request extends Omit<MoveRequest, 'evidence'> {
  readonly evidence: Evidence
}

interface Judged {
  readonly ticket: Found<Ticket>
  readonly move: Move
}

/** Judged first: a move that is refused runs nothing. */
async function check(context: BundleContext, request: Request): Promise<readonly EvidenceCheck[]> {
  const { parent, judged } = judge(context, request, context.now())
  if (judged.length === 0) return []
  const { checkItems } = await import('./check-evidence.ts')
  const id = request.tickets.join(', ')
  const isDone = judged.some(({ move }) => move.transition.to === 'done')
  return checkItems(context, request.evidence.items, { id, bundle: parent.thing, isDone })
}

/** The moves as the files stand: asked before evidence is checked, and again under the lock. */
function judge(
  context: BundleContext,
  request: Request,
  now: string,
): {
  readonly parent: Found<Bundle>
  readonly judged: readonly Judged[]
  readonly already: readonly TicketId[]
} {
  const { bundle, tickets } = request
  const [judged, refusals]: [Judged[], OperationError[]] = [[], []]
  const found = tickets.map((id) => findTicket(context, bundle, id))
  const parent = findOpenBundle(context, bundle)
  const isAlready = tickets.length > 1 ? found.filter(({ thing }) => isMovedBy(request, thing)) : []
  for (const ticket of found.filter((one) => !isAlready.includes(one))) {
    try {
      judged.push({ ticket, move: judgeOne(context, request, ticket.thing, now) })
    } catch (error) {
      if (!(error instanceof OperationError) || tickets.length === 1) throw error
      refusals.push(error) // survived: told with the others
    }
  }
  if (refusals.length > 0) throw refusedTogether(refusals)
  return { parent, judged, already: isAlready.map(({ thing }) => thing.id) }
}

function judgeOne(context: BundleContext, request: Request, ticket: Ticket, now: string): Move {
  const { bundle, evidence, ...asked } = request
  const coordinator = coordinatorOf(context, bundle, ticket.id)
  const move = accept(judgeUpdate(ticket, { ...asked, evidence: evidence.text, coordinator }, now))
  if (move.transition.to === 'done' && roleOf(ticket.id) !== 'main')
    requireKinds(context.config().evidence.required, ticket.id, evidence)
  return move
}

/** Whether it is as the request wants it, by the same agent, on the same evidence. */
function isMovedBy({ status, agent, evidence }: Request, ticket: Ticket): boolean {
  const last = ticket.transition_log.at(-1)
  return (
    ticket.status === status &&
    last?.to === status &&
    last.agent === (agent ?? ticket.claimed_by ?? null) &&
    (evidence.text === undefined || evidence.text === ticket.evidence)
  )
}

function refusedTogether(refusals: readonly OperationError[]): OperationError {
  const [first] = refusals
  const told = refusals.slice(0, TOLD).map(({ message }) => message)
  const more = refusals.length > TOLD ? `; and ${refusals.length - TOLD} more` : ''
  return new OperationError(
    first?.code ?? 'TRANSITION_REFUSED',
    `none of them is changed: ${told.join('; ')}${more}`,
    { refused: refusals.slice(0, TOLD).map(({ code, message }) => ({ error: code, message })) },
    first?.hint,
  )
}

const TOLD = 5

function eventOf({ bundle, reason }: Request, { ticket, move: { transition } }: Judged): HistoryEvent {
  const { from, to, agent } = transition
  return {
    event: 'TICKET_UPDATED',
    fields: { bundle, ticket: ticket.thing.id, status: to, agent: agent ?? undefined, reason, from, to },
  }
}
