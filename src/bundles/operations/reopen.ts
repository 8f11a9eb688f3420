/** The way out of a dead end: a ticket, an express ticket or a closed bundle becomes workable again, on the record. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { Object as Fields, Optional, String } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { OperationError } from '../../operation/errors.ts'
import { longText, word } from '../../operation/schema.ts'
import { accept } from '../../operation/accept.ts'
import type { BundleContext } from '../context.ts'
import {
  findBundle,
  findExpress,
  findOpenBundle,
  findTicket,
  requireBundle,
  requireTicket,
  namedBy,
} from '../find.ts'
import type { Bundle } from '../model/bundle.ts'
import {
  anyTicketField,
  AUDIT,
  bundleField,
  INTEGRATE,
  type BundleId,
  type ExpressId,
  type TicketId,
} from '../model/ids.ts'
import { bundleLifecycle, expressLifecycle } from '../model/lifecycles.ts'
import type { RawMap } from '../model/raw.ts'
import { auditDocument, integrateDocument } from '../model/ticket.ts'
import { judgeReopen, type Changes } from '../model/ticket-moves.ts'
import { ticketFile } from '../store/layout.ts'
import { editYaml, renderYaml } from '../store/yaml-file.ts'

interface Request {
  readonly reason: string
  readonly agent?: string
}

export const reopen = defineOperation({
  name: 'reopen',
  summary: 'Make a ticket open again, or a closed or archived bundle workable, with the reason on record.',
  capability: 'tkt-reopen',
  effects: ['fs.read', 'fs.write'],
  input: Fields({
    bundle: Optional(bundleField('the bundle; alone, it is the bundle that is reopened')),
    ticket: Optional(anyTicketField('the ticket; an express ticket needs no bundle')),
    reason: longText('why: it is kept in the ticket and in the history'),
    agent: Optional(word('who decides')),
  }),
  output: Fields({ reopened: String(), from: String(), status: String() }),
  errors: [
    'NOT_INITIALISED',
    'TICKET_NOT_FOUND',
    'BUNDLE_NOT_FOUND',
    'BUNDLE_CLOSED',
    'TRANSITION_REFUSED',
    'TICKET_PUBLISHED',
    'LOCK_TIMEOUT',
  ],
  positional: ['bundle', 'ticket'],
  examples: [
    'reopen --bundle B-001 --ticket TKT-A00 --reason "finished without a claim"',
    'reopen --bundle B-001 --reason "the merge broke the build"',
    'reopen --ticket EXP-002 --reason "the agent is gone"',
  ],
  run: async ({ bundle, ticket, ...request }, context: BundleContext) => {
    context.requireStore()
    const named = namedBy(bundle, ticket)
    if (named.kind === 'express ticket') return reopenExpress(named.ticket, request, context)
    return named.kind === 'bundle'
      ? reopenBundle(named.bundle, request, context)
      : reopenTicket(named.bundle, named.ticket, request, context)
  },
})

/** The documents of the tickets that every bundle has: without their files it could never be closed. */
const FIXED: Readonly<Record<string, (bundle: BundleId) => RawMap>> = {
  [INTEGRATE]: integrateDocument,
  [AUDIT]: auditDocument,
}

async function makeAnew(bundle: BundleId, ticket: TicketId, request: Request, context: BundleContext) {
  return context.locked(bundle, async () => {
    const now = context.now()
    findOpenBundle(context, bundle)
    const document = FIXED[ticket]?.(bundle)
    const [from, status] = ['missing', 'open']
    const move = { from, to: status, timestamp: now, agent: request.agent ?? null, reason: request.reason }
    await context.commit(
      {
        creations: {
          [ticketFile(context, bundle, ticket)]: renderYaml({ ...document, transition_log: [move] }),
        },
        events: [{ event: 'TICKET_REOPENED', fields: { bundle, ticket, ...request, from, to: status } }],
      },
      now,
    )
    return { reopened: `${bundle}/${ticket}`, from, status }
  })
}

async function reopenTicket(bundle: BundleId, ticket: TicketId, request: Request, context: BundleContext) {
  requireBundle(context, bundle)
  const isNeeded = ticket === INTEGRATE || findBundle(context, bundle).thing.audit_required
  if (ticket in FIXED && isNeeded && !existsSync(ticketFile(context, bundle, ticket)))
    return makeAnew(bundle, ticket, request, context)
  requireTicket(context, bundle, ticket)
  return context.locked(bundle, async () => {
    const now = context.now()
    findOpenBundle(context, bundle)
    const { thing, file } = findTicket(context, bundle, ticket)
    const move = accept(judgeReopen(thing, request, now))
    const { from, to } = move.transition
    const files = { [file.path]: editYaml(file, move.changes, { transition_log: move.transition }) }
    await context.commit(
      { files, events: [{ event: 'TICKET_REOPENED', fields: { bundle, ticket, ...request, from, to } }] },
      now,
    )
    return { reopened: `${bundle}/${ticket}`, from, status: to }
  })
}

/** TKT-000 is opened with its bundle, as closing finished it (unless a crash of this very step left it open). The last review stays until the next close. */
async function reopenBundle(bundle: BundleId, request: Request, context: BundleContext) {
  requireBundle(context, bundle)
  return context.locked(bundle, async () => {
    const now = context.now()
    const { thing, file } = findBundle(context, bundle)
    const status = bundleLifecycle.next(thing.status, 'reopen')
    if (status === undefined) throw refused(bundle, thing.status)
    const integrate = findTicket(context, bundle, INTEGRATE)
    const move = judgeReopen(integrate.thing, request, now)
    const files = {
      ...(move.ok
        ? {
            [integrate.file.path]: editYaml(integrate.file, move.changes, {
              transition_log: move.transition,
            }),
          }
        : {}),
      [file.path]: editYaml(file, {
        status,
        closed_at: null,
        ...(thing.status === 'archived' ? { archived_at: null } : {}),
        main_agent: null,
        ...afterMerge(context, thing),
      }),
    }
    await context.commit(
      {
        files,
        events: [
          { event: 'BUNDLE_REOPENED', fields: { bundle, ...request, from: thing.status, to: status } },
        ],
      },
      now,
    )
    return { reopened: bundle, from: thing.status, status }
  })
}

/** A worktree that was merged and removed is forgotten: the next close would look for it in vain. */
function afterMerge(context: BundleContext, { merged_at, worktree_path }: Bundle): Changes {
  if (merged_at === undefined) return {}
  if (worktree_path === undefined || existsSync(resolve(context.root, worktree_path)))
    return { merged_at: null }
  context.warn(`${worktree_path} was merged at ${merged_at} and removed: work goes on in ${context.root}`)
  return { worktree_path: null, worktree_branch: null, worktree_target: null, merged_at: null }
}

async function reopenExpress(ticket: ExpressId, request: Request, context: BundleContext) {
  findExpress(context, ticket)
  return context.locked(ticket, async () => {
    const now = context.now()
    const { thing, file } = findExpress(context, ticket)
    const status = expressLifecycle.next(thing.status, 'reopen')
    if (status === undefined) throw refused(ticket, thing.status)
    const changes = { status, claimed_by: null, claimed_at: null, completed_at: null, updated_at: now }
    const transition = {
      from: thing.status,
      to: status,
      timestamp: now,
      agent: request.agent ?? null,
      reason: request.reason,
    }
    const files = { [file.path]: editYaml(file, changes, { transition_log: transition }) }
    await context.commit(
      {
        files,
        events: [
          { event: 'EXPRESS_REOPENED', fields: { ticket, ...request, from: thing.status, to: status } },
        ],
      },
      now,
    )
    return { reopened: ticket, from: thing.status, status }
  })
}

const refused = (id: string, status: string): OperationError =>
  new OperationError('TRANSITION_REFUSED', `${id} is ${status}: there is nothing to reopen`, {
    id,
    from: status,
  })
