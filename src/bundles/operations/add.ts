/** Adds a worker ticket to a bundle, also while others work on it. */
import { Boolean, Object as Fields, Optional, String } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { idempotencyField } from '../../operation/request-door.ts'
import { count, formed, list, longText, path, text, texts, word } from '../../operation/schema.ts'
import { OperationError } from '../../operation/errors.ts'
import { accept } from '../../operation/accept.ts'
import type { BundleContext } from '../context.ts'
import { findOpenBundle, requireBundle } from '../find.ts'
import { actorOf } from '../lease.ts'
import { bundleField, roleOf, type BundleId, type TicketId } from '../model/ids.ts'
import { ticketLifecycle } from '../model/lifecycles.ts'
import { readCriteria } from '../model/new-ticket.ts'
import { workerDocument, type NewTicket } from '../model/ticket.ts'
import { once } from '../once.ts'
import { listTicketIds, ticketFile } from '../store/layout.ts'
import { freeTicketId } from '../store/numbering.ts'
import { renderYaml } from '../store/yaml-file.ts'
import { warnOfGraph } from '../warn-of-graph.ts'

export const add = defineOperation({
  name: 'add',
  summary: 'Add a worker ticket to a bundle.',
  capability: 'tkt-add',
  effects: ['fs.read', 'fs.write'],
  input: Fields({
    bundle: bundleField('the bundle'),
    title: text('what is to be done, in one line'),
    type: Optional(
      formed(
        'the kind of worker ticket; integrate and audit are the fixed tickets',
        '^[a-z][a-z0-9_-]*$',
        'lower-case letters, digits, - and _',
      ),
    ),
    description: Optional(longText('all that a worker needs to know; the title when left out')),
    category: Optional(text('the kind of work or agent, such as quick or deep')),
    effort_estimate: Optional(text('such as 30m or 2h')),
    agent_type: Optional(text('the kind of agent it is meant for')),
    acceptance: Optional(
      texts(
        'how one sees that it is done; repeatable; {type: command, run: …, expect_exit_code: 0, expect_contains: …} is run by close',
      ),
    ),
    run: Optional(texts('a command that must exit 0 when it is done; repeatable')),
    skills: Optional(list('skills it takes, comma-separated')),
    wave: Optional(count('the wave it belongs to')),
    qa_scenarios: Optional(list('how to try it out, comma-separated')),
    depends_on: Optional(list('ticket ids that should be done before, comma-separated')),
    scope: Optional(list('files, folders and globs it may change, with ! in front of those it may not')),
    source_plan: Optional(path('the plan it comes from')),
    source_ticket_index: Optional(count('its place in that plan')),
    agent: Optional(word('who adds it')),
    idempotency_key: Optional(idempotencyField()),
  }),
  output: Fields({ ticket_id: String(), bundle: String(), replayed: Optional(Boolean()) }),
  errors: [
    'NOT_INITIALISED',
    'BUNDLE_NOT_FOUND',
    'BUNDLE_CLOSED',
    'CHANGED_MEANWHILE',
    'IDEMPOTENCY_KEY_REUSED',
    'LOCK_TIMEOUT',
  ],
  positional: ['bundle', 'title'],
  examples: [
    'add --bundle B-001 --title "Count the hits" --acceptance "50 parallel requests count 50" --run "npm test"',
    'add --bundle B-001 --title "Load test" --depends-on TKT-001,TKT-002 --wave 2 --description-file load-test.md',
  ],
  run: async (request, context: BundleContext) => {
    const { bundle, acceptance = [], run = [], agent, idempotency_key: _, ...ticket } = request
    if (ticket.type === 'integrate' || ticket.type === 'audit') {
      throw new OperationError(
        'INPUT_INVALID',
        `--type ${ticket.type}: a bundle has one such ticket, and it was born with it`,
        { field: 'type' },
      )
    }
    const { criteria } = accept(readCriteria(acceptance, run))
    requireBundle(context, bundle)
    actorOf(context, { agent })
    const added = { ...ticket, acceptance_criteria: criteria }
    return once(context, 'add', request, (keyed) =>
      keyed.locked(bundle, () => addWorker(keyed, bundle, added, agent)),
    )
  },
})

async function addWorker(
  context: BundleContext,
  bundle: BundleId,
  ticket: NewTicket,
  agent: string | undefined,
) {
  const now = context.now()
  findOpenBundle(context, bundle)
  const ids = listTicketIds(context, bundle)
  const id = freeTicketId(context, bundle, ids)
  const told = { ticket_id: id, bundle }
  const document = { ...workerDocument(bundle, id, ticket), ...context.mark }
  const fields = { bundle, ticket: id, title: ticket.title, agent, to: ticketLifecycle.initial }
  await context.commit(
    {
      creations: { [ticketFile(context, bundle, id)]: renderYaml(document) },
      events: [{ event: 'TICKET_ADDED', fields }],
      told,
    },
    now,
  )
  warnOfLimits(context, [...ids, id])
  if (ticket.depends_on !== undefined) warnOfGraph(context, bundle, id)
  return told
}

function warnOfLimits(context: BundleContext, ids: readonly TicketId[]): void {
  const workers = ids.filter((id) => roleOf(id) === 'worker').length
  const { max_tickets } = context.config()
  if (workers > max_tickets) {
    context.warn(
      `the bundle now has ${workers} workers, more than bundle.max_tickets (${max_tickets}): think of a second bundle`,
    )
  }
}
