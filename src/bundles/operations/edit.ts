/** Changes what a ticket or a bundle says, while it is not finished; what it said before is kept. */
import { Array as ListOf, Object as Fields, Optional, String } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { OperationError } from '../../operation/errors.ts'
import { count, list, longText, path, text, texts, word } from '../../operation/schema.ts'
import { accept } from '../../operation/accept.ts'
import type { BundleContext } from '../context.ts'
import {
  findExpress,
  findOpenBundle,
  findTicket,
  requireBundle,
  requireBundles,
  requireTicket,
  namedBy,
  type Found,
  type Named,
} from '../find.ts'
import { actorOf } from '../lease.ts'
import { judgeEdit } from '../model/edits.ts'
import type { HistoryEventName } from '../model/history-event.ts'
import { anyTicketField, bundleField } from '../model/ids.ts'
import { readCriteria } from '../model/new-ticket.ts'
import { mapOf } from '../model/raw.ts'
import { reviseYaml } from '../store/yaml-file.ts'
import { warnOfGraph } from '../warn-of-graph.ts'

export const edit = defineOperation({
  name: 'edit',
  summary: 'Change what a ticket, express ticket or bundle says; what it said before is kept in its file.',
  capability: 'tkt-edit',
  effects: ['fs.read', 'fs.write'],
  input: Fields({
    bundle: Optional(bundleField('the bundle; alone, it is the bundle that is edited')),
    ticket: Optional(anyTicketField('the ticket; an express ticket needs no bundle')),
    title: Optional(text('what is to be done, or reached, in one line')),
    description: Optional(longText('all that a worker needs to know')),
    acceptance: Optional(texts('how one sees that it is done, in place of all criteria; repeatable')),
    run: Optional(texts('a command that must exit 0 when it is done; repeatable')),
    category: Optional(text('the kind of work')),
    effort_estimate: Optional(text('such as 30m or 2h')),
    agent_type: Optional(text('the kind of agent it is meant for')),
    skills: Optional(list('skills it takes, comma-separated')),
    wave: Optional(count('the wave it belongs to')),
    qa_scenarios: Optional(list('how to try it out, comma-separated')),
    scope: Optional(list('files, folders and globs it may change, with ! in front of those it may not')),
    depends_on: Optional(list('tickets, or bundles, that come before it, comma-separated')),
    source_plan: Optional(path('the plan it comes from')),
    source_ticket_index: Optional(count('its place in that plan')),
    context: Optional(longText('of a bundle: what one should know about it')),
    priority: Optional(word('of a bundle: low, normal, high or critical')),
    track: Optional(text('of a bundle: the track it belongs to')),
    clear: Optional(list('fields that are to hold nothing, comma-separated, such as wave,skills')),
    agent: Optional(word('who edits')),
    reason: Optional(longText('why')),
  }),
  output: Fields({ edited: String(), changed: ListOf(String()) }),
  errors: [
    'NOT_INITIALISED',
    'BUNDLE_NOT_FOUND',
    'TICKET_NOT_FOUND',
    'BUNDLE_CLOSED',
    'DEPENDENCY_MISSING',
    'TRANSITION_REFUSED',
    'LOCK_TIMEOUT',
  ],
  positional: ['bundle', 'ticket'],
  examples: [
    'edit --bundle B-001 --ticket TKT-002 --title "Count hits per day" --reason "hours were too fine"',
    'edit --bundle B-001 --ticket TKT-003 --depends-on TKT-001,TKT-002 --clear wave',
    'edit --bundle B-001 --priority high --track core',
  ],
  run: async ({ bundle, ticket, agent, reason, clear = [], ...said }, context: BundleContext) => {
    context.requireStore()
    actorOf(context, { agent })
    const named = namedBy(bundle, ticket)
    const target = targetOf(context, named)
    const set = setBy(said)
    if (named.kind === 'bundle') requireBundles(context, said.depends_on ?? [])
    const changed = await context.locked(target.lock, async () => {
      const now = context.now()
      const { thing, file } = target.find()
      refuseFinished(target.name, thing.status)
      const edit = accept(judgeEdit(named.kind, mapOf(file.value) ?? {}, { set, clear, agent, reason }, now))
      if (edit.changed.length === 0) return edit.changed
      const fields = { ...target.ids, fields: edit.changed.join(','), agent, reason }
      await context.commit(
        { files: { [file.path]: reviseYaml(file, edit.after) }, events: [{ event: target.event, fields }] },
        now,
      )
      if (thing.claimed_by !== undefined && thing.claimed_by !== agent)
        context.warn(`${thing.claimed_by} holds ${target.name}: tell them what has changed`)
      return edit.changed
    })
    if (said.depends_on !== undefined && named.kind === 'ticket')
      warnOfGraph(context, named.bundle, named.ticket)
    return { edited: target.name, changed: [...changed] }
  },
})

interface Target {
  readonly name: string
  readonly lock: string
  readonly event: HistoryEventName
  readonly ids: Readonly<Record<string, string>>
  readonly find: () => Found<{ readonly status: string; readonly claimed_by?: string | undefined }>
}

/** Throws when it is not there, before its lock is made. */
function targetOf(context: BundleContext, named: Named): Target {
  const { kind, ...ids } = named
  if (kind === 'express ticket') {
    const find = () => findExpress(context, named.ticket)
    find()
    return { name: named.ticket, lock: named.ticket, event: 'EXPRESS_EDITED', ids, find }
  }
  const { bundle } = named
  if (kind === 'bundle') {
    requireBundle(context, bundle)
    return {
      name: bundle,
      lock: bundle,
      event: 'BUNDLE_EDITED',
      ids,
      find: () => findOpenBundle(context, bundle),
    }
  }
  requireTicket(context, bundle, named.ticket)
  const find = () => {
    findOpenBundle(context, bundle)
    return findTicket(context, bundle, named.ticket)
  }
  return { name: `${bundle}/${named.ticket}`, lock: bundle, event: 'TICKET_EDITED', ids, find }
}

/** The fields of the file that the input names. */
function setBy({
  acceptance,
  run,
  ...fields
}: Readonly<Record<string, unknown>> & {
  readonly acceptance?: readonly string[]
  readonly run?: readonly string[]
}) {
  if (acceptance === undefined && run === undefined) return fields
  return { ...fields, acceptance_criteria: accept(readCriteria(acceptance ?? [], run ?? [])).criteria }
}

/** What was proven must not become something else afterwards. */
function refuseFinished(name: string, status: string): void {
  if (status !== 'done' && status !== 'failed') return
  throw new OperationError(
    'TRANSITION_REFUSED',
    `${name} is ${status}: what it asked for is not changed any more`,
    { id: name, from: status },
    '`tkt reopen` with a --reason makes it open again',
  )
}
