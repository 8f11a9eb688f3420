/** express create: the one operation that starts a store by itself, as published. */
import { invalid } from '../../../operation/input.ts'
import { accept, type BundleContext } from '../../context.ts'
import { expressDocument, type NewExpress } from '../../model/express.ts'
import { expressId, nextNumber } from '../../model/ids.ts'
import { readCriteria } from '../../model/new-ticket.ts'
import { expressFile, listExpressIds } from '../../store/layout.ts'
import { renderYaml } from '../../store/yaml-file.ts'
import type { ExpressInput } from '../express.ts'

export async function createExpress(request: ExpressInput, context: BundleContext) {
  const { title, acceptance } = request
  if (title === undefined) throw invalid('title', 'is missing: say what is to be done')
  if (acceptance === undefined) throw invalid('acceptance', 'is missing: say how one sees that it is done')
  const { criteria } = accept(readCriteria(acceptance, []))
  context.allowNewStore()
  return context.locked('express', async () => {
    const now = context.now()
    const id = expressId(nextNumber(listExpressIds(context)))
    const path = expressFile(context, id)
    const document = expressDocument(id, { ...fieldsOf(request), title, acceptance: criteria }, now)
    const event = { event: 'EXPRESS_CREATED', fields: { ticket: id, title } } as const
    await context.commit({ creations: { [path]: renderYaml(document) }, events: [event] }, now)
    return { ticket_id: id, path, status: 'open' }
  })
}

function fieldsOf(request: ExpressInput): Omit<NewExpress, 'title' | 'acceptance'> {
  const { category, effort_estimate, agent_type, wave, source_plan, source_ticket_index } = request
  const fields = { category, effort_estimate, agent_type, wave, source_plan, source_ticket_index }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
