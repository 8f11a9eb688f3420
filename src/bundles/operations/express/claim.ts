/** express claim: exactly one agent wins. */
import { invalid } from '../../../operation/input.ts'
import { accept } from '../../../operation/accept.ts'
import type { BundleContext } from '../../context.ts'
import { findExpress } from '../../find.ts'
import { actorOf, idleOfHolder, leaseUntil } from '../../lease.ts'
import { judgeExpressClaim } from '../../model/express-moves.ts'
import type { ExpressId } from '../../model/ids.ts'
import { once } from '../../once.ts'
import { onlyOneAtATime } from '../../one-at-a-time.ts'
import { editYaml } from '../../store/yaml-file.ts'
import type { ExpressInput } from '../express.ts'

export async function claimExpress(request: ExpressInput, context: BundleContext) {
  const { ticket_id, agent, take_over = false } = request
  if (ticket_id === undefined) throw invalid('ticket_id', 'is missing: name the express ticket to claim')
  if (agent === undefined) throw invalid('agent', 'is missing: say who claims it')
  findExpress(context, ticket_id)
  const takeOver = take_over || context.config().stale.auto_revert
  const { session_id } = actorOf(context, { agent, session_id: request.session_id })
  return once(context, 'express claim', request, (keyed) =>
    onlyOneAtATime(keyed, { agent, id: ticket_id }, () =>
      keyed.locked(ticket_id, () => take(keyed, ticket_id, { agent, session_id, takeOver })),
    ),
  )
}

interface Claimant {
  readonly agent: string
  readonly session_id: string | undefined
  readonly takeOver: boolean
}

async function take(context: BundleContext, ticket_id: ExpressId, claimant: Claimant) {
  const now = context.now()
  const { thing, file } = findExpress(context, ticket_id)
  const idle = idleOfHolder(context, thing)
  const verdict = accept(judgeExpressClaim(thing, { ...claimant, idle }, now))
  const { changes, from, to, claim_no, taken_over_from, reason } = verdict
  const { agent } = claimant
  const transition = {
    ...{ from, to, timestamp: now, agent, ...(reason === undefined ? {} : { reason }) },
    ...context.mark,
  }
  const fields = { ticket: ticket_id, agent, claim_no, taken_over_from, reason, from, to }
  const lease_until = leaseUntil(context, now)
  const told = {
    claimed: true,
    ticket_id,
    status: to,
    agent,
    claim_no,
    ...(lease_until === undefined ? {} : { lease_until }),
    ...(taken_over_from === undefined ? {} : { taken_over_from }),
  }
  await context.commit(
    {
      files: { [file.path]: editYaml(file, changes, { transition_log: transition }) },
      events: [{ event: 'EXPRESS_CLAIMED', fields }],
      told,
    },
    now,
  )
  return told
}
