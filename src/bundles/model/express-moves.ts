/** The moves of an express ticket, judged: what changes in its file, or why not. */
import type { Express } from './express.ts'
import { claimFields, refuseHeld, refuseStranger, takeOverReason, type Actor } from './holding.ts'
import type { BundleId, TicketId } from './ids.ts'
import { expressLifecycle, type ExpressStatus } from './lifecycles.ts'
import { refuse, type Refusal } from '../../operation/refusal.ts'
import type { Changes, ClaimRequest } from './ticket-moves.ts'

export interface ExpressMove {
  readonly ok: true
  readonly changes: Changes
  readonly from: ExpressStatus
  readonly to: ExpressStatus
  readonly reason?: string
}

export interface ExpressClaim extends ExpressMove {
  readonly claim_no: number
  /** Who held the stale ticket until now. */
  readonly taken_over_from?: string | undefined
}

/** More changed files than this are no small work any more: the ticket becomes a bundle. */
export const UPGRADE_ABOVE_FILES = 3

/** Claims an open express ticket, or a stale one; anything else answers who holds it, or that it is done. */
export function judgeExpressClaim(
  express: Express,
  request: ClaimRequest,
  now: string,
): ExpressClaim | Refusal<'EXPRESS_NOT_OPEN'> {
  const { agent, idle } = request
  const isTakeOver = request.takeOver && idle?.isStale === true
  const to = expressLifecycle.next(express.status, isTakeOver ? 'take_over' : 'claim')
  if (to === undefined)
    return refuseTaken(express, express.status === 'done' ? undefined : refuseHeld(express, agent, idle).hint)
  const fields = claimFields(express, request, now)
  return {
    ok: true,
    from: express.status,
    to,
    claim_no: fields.claim_no,
    changes: { status: to, ...fields, updated_at: now },
    ...(isTakeOver
      ? { taken_over_from: express.claimed_by, reason: takeOverReason(express.claimed_by, idle) }
      : {}),
  }
}

export interface ExpressCloseRequest extends Actor {
  readonly evidence: string | undefined
}

/** Finishes an express ticket with its evidence. */
export function judgeExpressClose(
  express: Express,
  request: ExpressCloseRequest,
  now: string,
): ExpressMove | Refusal<'EXPRESS_NOT_OPEN' | 'EVIDENCE_REQUIRED' | 'NOT_OWNER' | 'CLAIM_LOST'> {
  const stranger = refuseStranger(express, request)
  if (stranger?.refused === 'CLAIM_LOST') return about(express, stranger)
  const to = expressLifecycle.next(express.status, 'close')
  if (to === undefined) return refuseTaken(express)
  if (stranger !== undefined) return about(express, stranger)
  const { evidence } = request
  if (evidence === undefined || evidence.trim() === '') {
    return refuse('EVIDENCE_REQUIRED', `${express.id} cannot be done without evidence`, {
      ticket_id: express.id,
    })
  }
  const changes = { status: to, completed_at: now, updated_at: now, 'result.evidence': evidence }
  return { ok: true, from: express.status, to, changes }
}

/** The holder gives it back. */
export function judgeExpressRelease(
  express: Express,
  request: Actor & { readonly reason?: string },
  now: string,
): ExpressMove | Refusal<'EXPRESS_NOT_OPEN' | 'NOT_OWNER' | 'CLAIM_LOST'> {
  const stranger = refuseStranger(express, request)
  if (stranger !== undefined) return about(express, stranger)
  const to = expressLifecycle.next(express.status, 'release')
  if (to === undefined) return refuseTaken(express)
  const changes = { status: to, claimed_by: null, claimed_at: null, updated_at: now }
  return {
    ok: true,
    from: express.status,
    to,
    changes,
    ...(request.reason === undefined ? {} : { reason: request.reason }),
  }
}

/** What an upgraded express ticket keeps of where its work went (contracts: filesystem section 5.4). */
export function upgradeChanges(bundle: BundleId, ticket: TicketId, filesChanged: number): Changes {
  return {
    'result.summary': `Upgraded to ${bundle}/${ticket}`,
    upgraded_to_bundle: bundle,
    upgraded_to_ticket: ticket,
    upgraded_reason: `${filesChanged} files changed, more than the ${UPGRADE_ABOVE_FILES} (>${UPGRADE_ABOVE_FILES}) an express ticket may change`,
  }
}

/** The same refusal, with the name that express tickets have in answers. */
const about = <Name extends string>({ id }: Express, refusal: Refusal<Name>): Refusal<Name> => ({
  ...refusal,
  details: { ticket_id: id, ...refusal.details },
})

function refuseTaken(express: Express, hint?: string): Refusal<'EXPRESS_NOT_OPEN'> {
  const { id, status, claimed_by, claimed_at, completed_at } = express
  const holder = claimed_by === undefined ? '' : ` by ${claimed_by}`
  const since = status === 'done' ? completed_at : claimed_at
  const message = `${id} is ${status}${holder}${since === undefined ? '' : ` since ${since}`}`
  return refuse(
    'EXPRESS_NOT_OPEN',
    message,
    { ticket_id: id, status, claimed_by: claimed_by ?? null, claimed_at: claimed_at ?? null },
    hint,
  )
}
