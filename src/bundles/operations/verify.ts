/** Checks evidence again: commits are still on their branch, files unchanged, commands end as they did. */
import { Array as ListOf, Boolean, Integer, Object as Fields, Optional, String } from 'typebox'
import { recheckerAt, type Recheck } from '../../evidence/check.ts'
import { itemsOf } from '../../evidence/forms.ts'
import type { EvidenceCheck } from '../../evidence/record.ts'
import { defineOperation } from '../../operation/define.ts'
import { cut, pageOf } from '../../operation/page.ts'
import { count, flag } from '../../operation/schema.ts'
import { placeOf } from '../check-evidence.ts'
import type { BundleContext } from '../context.ts'
import { findBundle, findExpress, findTicket, namedBy, reportUnreadable } from '../find.ts'
import type { Bundle } from '../model/bundle.ts'
import { anyTicketField, bundleField, type BundleId, type ExpressId, type TicketId } from '../model/ids.ts'
import { validEvidence } from '../model/review-entry.ts'
import type { Ticket } from '../model/ticket.ts'
import { loadTickets, type Unreadable } from '../store/reading.ts'

export const verify = defineOperation({
  name: 'verify',
  summary: 'Check the evidence of a bundle or ticket again: its commits, files and commands. Writes nothing.',
  capability: 'tkt-verify',
  effects: ['fs.read', 'git.read', 'proc.exec'],
  input: Fields({
    bundle: Optional(bundleField('the bundle; all of its tickets unless one is named')),
    ticket: Optional(anyTicketField('the ticket; an express ticket needs no bundle')),
    skip_commands: Optional(flag('run no command')),
    limit: Optional(count('at most this many items', 1)),
    offset: Optional(count('leave out this many items first')),
  }),
  output: Fields({
    bundle: Optional(String()),
    ticket: Optional(String()),
    verified: Boolean(),
    checked: Integer(),
    failed: Integer(),
    recorded: Integer(),
    skipped: Integer(),
    items: ListOf(
      Fields({
        ticket: String(),
        kind: String(),
        value: String(),
        status: String(),
        detail: Optional(String()),
      }),
    ),
    shown: String(),
    next: Optional(String()),
    unreadable: Optional(ListOf(Fields({ id: String(), reason: String() }))),
    unreadable_count: Optional(Integer()),
  }),
  verdict: 'verified',
  errors: ['NOT_INITIALISED', 'BUNDLE_NOT_FOUND', 'TICKET_NOT_FOUND'],
  positional: ['bundle', 'ticket'],
  examples: [
    'verify --bundle B-001',
    'verify --bundle B-001 --ticket TKT-001 --skip-commands',
    'verify --ticket EXP-001 --exit-code',
  ],
  run: async ({ bundle, ticket, skip_commands = false, limit, offset }, context: BundleContext) => {
    context.requireStore()
    const { place, given, unreadable } = evidenceIn(context, bundle, ticket)
    const recheck = recheckerAt(await placeOf(context, place))
    const items: Row[] = []
    for (const { id, check } of given) {
      const isSkipped = skip_commands && check.kind === 'cmd'
      const row = rowOf(id, check, isSkipped ? { status: 'skipped' } : await recheck(check))
      items.push(row)
      context.progress(`[${items.length}/${given.length}] ${id} ${row.kind}:${row.value}: ${row.status}`)
    }
    const counts = countsOf(items)
    if (counts.checked === 0) context.warn('nothing was checked: there is no evidence here that can be')
    const worstFirst = ORDER.flatMap((status) => items.filter((item) => item.status === status))
    const left = reportUnreadable(unreadable, limit)
    const { rows, ...page } = pageOf(worstFirst, { limit, offset }, left)
    return {
      ...(bundle === undefined ? {} : { bundle }),
      ...(ticket === undefined ? {} : { ticket }),
      verified: counts.checked > 0 && counts.failed === 0 && unreadable.length === 0,
      ...counts,
      items: [...rows],
      ...page,
      ...left,
    }
  },
})

interface Row {
  readonly ticket: string
  readonly kind: string
  readonly value: string
  readonly status: (typeof ORDER)[number]
  readonly detail?: string
}

const ORDER = ['failed', 'skipped', 'recorded', 'verified'] as const

const rowOf = (id: string, { kind, value }: EvidenceCheck, found: Recheck | { status: 'skipped' }): Row => ({
  ticket: id,
  kind,
  value: cut(value),
  ...found,
  ...('detail' in found ? { detail: cut(found.detail) } : {}),
})

function countsOf(items: readonly Row[]) {
  const count = (...wanted: readonly Row['status'][]): number =>
    items.filter(({ status }) => wanted.includes(status)).length
  return {
    checked: count('verified', 'failed'),
    failed: count('failed'),
    recorded: count('recorded'),
    skipped: count('skipped'),
  }
}

interface Given {
  /** The bundle in whose worktree or branch evidence is looked at. */
  readonly place: Bundle | undefined
  readonly given: readonly { readonly id: string; readonly check: EvidenceCheck }[]
  readonly unreadable: readonly Unreadable[]
}

function evidenceIn(
  context: BundleContext,
  bundle: BundleId | undefined,
  ticket: TicketId | ExpressId | undefined,
): Given {
  const named = namedBy(bundle, ticket)
  if (named.kind === 'express ticket') {
    const { thing } = findExpress(context, named.ticket)
    return { place: undefined, given: itemsOfTicket(thing), unreadable: [] }
  }
  const place = findBundle(context, named.bundle).thing
  const { things, unreadable } =
    named.kind === 'bundle'
      ? loadTickets(context, named.bundle)
      : { things: [findTicket(context, named.bundle, named.ticket).thing], unreadable: [] }
  const given = things.flatMap((one) => (validEvidence(one) === undefined ? [] : itemsOfTicket(one)))
  return { place, given, unreadable }
}

/** Tickets of older versions have the words only: they are read as they would be today. */
function itemsOfTicket({ id, evidence = '', evidence_checks }: Proven): Given['given'] {
  const older = itemsOf(evidence).map((item) => ({ ...item, status: 'recorded' as const, checked_at: '' }))
  return (evidence_checks.length > 0 ? evidence_checks : older).map((check) => ({ id, check }))
}

type Proven = Pick<Ticket, 'evidence' | 'evidence_checks'> & { readonly id: string }
