/** express claim: exactly one agent wins. */
import { invalid } from '../../../operation/input.ts'
import { accept, type BundleContext } from '../../context.ts'
import { findExpress } from '../../find.ts'
import { judgeExpressClaim } from '../../model/express.ts'
import { editYaml } from '../../store/yaml-file.ts'
import type { ExpressInput } from '../express.ts'

export async function claimExpress({ ticket_id, agent }: ExpressInput, context: BundleContext) {
  if (ticket_id === undefined) throw invalid('ticket_id', 'is missing: name the express ticket to claim')
  if (agent === undefined) throw invalid('agent', 'is missing: say who claims it')
  findExpress(context, ticket_id)
  return context.locked(ticket_id, async () => {
    const now = context.now()
    const { thing, file } = findExpress(context, ticket_id)
    const { changes, from, to } = accept(judgeExpressClaim(thing, agent, now))
    const files = {
      [file.path]: editYaml(file, changes, { transition_log: { from, to, timestamp: now, agent } }),
    }
    await context.commit(
      { files, events: [{ event: 'EXPRESS_CLAIMED', fields: { ticket: ticket_id, agent } }] },
      now,
    )
    return { claimed: true, ticket_id, status: to, agent }
  })
}
