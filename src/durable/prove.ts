/** Proves that a durable ticket is done, before it is closed. */
import { checkGiven } from '../evidence/check-given.ts'
import type { Evidence } from '../evidence/forms.ts'
import { requireKinds } from '../evidence/given.ts'
import { OperationError } from '../operation/errors.ts'
import type { EvidenceCheck } from '../evidence/record.ts'
import type { DurableContext } from './context.ts'
import type { Proof } from './model/proof.ts'
import { isOfBundle, type DurableTicket } from './model/ticket.ts'
import { verify } from './verification.ts'

interface Given {
  readonly evidence: Evidence
  /** Where its work is to be seen. */
  readonly folder: string
  /** Renews the lease; asked before what may take long. */
  readonly stayAlive: () => Promise<void>
}

/** Checks what is given, then runs what is asked for. Undefined where that is nothing. Throws one of PROOF_ERRORS. */
export async function prove(
  context: DurableContext,
  ticket: DurableTicket,
  { evidence, folder, stayAlive }: Given,
): Promise<Proof | undefined> {
  const { key, type } = ticket
  if (isOfBundle(ticket) && evidence.text === undefined)
    throw new OperationError(
      'EVIDENCE_REQUIRED',
      `${key} is a bundle's: it cannot be done without evidence`,
      {
        ticket: key,
      },
    )
  if (type === 'WORKER') requireKinds(context.config().evidence.required, key, evidence)
  await stayAlive()
  const evidence_checks = await checkItems(context, { id: key, folder }, evidence)
  const verification = type === 'WORKER' ? await verify(context, ticket, { folder, stayAlive }) : []
  const { text } = evidence
  if (text === undefined && verification.length === 0) return undefined
  return { ...(text === undefined ? {} : { evidence: text }), evidence_checks, verification }
}

async function checkItems(
  context: DurableContext,
  { id, folder }: { readonly id: string; readonly folder: string },
  { items }: Evidence,
): Promise<readonly EvidenceCheck[]> {
  if (items.length === 0) return []
  const { environment, warn } = context
  const place = { folder, branch: undefined, environment, timeout_ms: context.config().evidence.timeout_ms }
  return checkGiven(items, place, { id, now: new Date(context.now_ms()).toISOString(), isDone: true, warn })
}
