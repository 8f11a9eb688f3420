/** express create: the one operation that starts a store by itself, as published. */
import { invalid } from '../../../operation/input.ts'
import { accept } from '../../../operation/accept.ts'
import type { BundleContext } from '../../context.ts'
import { actorOf } from '../../lease.ts'
import { expressDocument, type NewExpress } from '../../model/express.ts'
import { expressLifecycle } from '../../model/lifecycles.ts'
import { readCriteria } from '../../model/new-ticket.ts'
import { once } from '../../once.ts'
import { expressFile } from '../../store/layout.ts'
import { freeExpressId } from '../../store/numbering.ts'
import { renderYaml } from '../../store/yaml-file.ts'
import type { ExpressInput } from '../express.ts'

export async function createExpress(request: ExpressInput, context: BundleContext) {
  const { title, acceptance, agent } = request
  if (title === undefined) throw invalid('title', 'is missing: say what is to be done')
  if (acceptance === undefined) throw invalid('acceptance', 'is missing: say how one sees that it is done')
  const { criteria } = accept(readCriteria(acceptance, []))
  context.allowNewStore()
  actorOf(context, { agent })
  const express = { ...fieldsOf(request), title, acceptance: criteria }
  return once(context, 'express create', request, (keyed) =>
    keyed.locked('express', () => create(keyed, express, agent)),
  )
}

async function create(context: BundleContext, express: NewExpress, agent: string | undefined) {
  const now = context.now()
  const id = freeExpressId(context)
  const path = expressFile(context, id)
  const status = expressLifecycle.initial
  const document = { ...expressDocument(id, express, now), ...context.mark }
  const told = { ticket_id: id, path, status }
  const event = {
    event: 'EXPRESS_CREATED',
    fields: { ticket: id, title: express.title, agent, to: status },
  } as const
  await context.commit({ creations: { [path]: renderYaml(document) }, events: [event], told }, now)
  return told
}

function fieldsOf(request: ExpressInput): Omit<NewExpress, 'title' | 'acceptance'> {
  const { category, effort_estimate, agent_type, wave, source_plan, source_ticket_index } = request
  const fields = { category, effort_estimate, agent_type, wave, source_plan, source_ticket_index }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
