/** One ticket, express ticket or bundle, whole. */
import { Object as Fields, Optional, Unknown } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import type { BundleContext } from '../context.ts'
import { findBundle, findExpress, findTicket, namedBy } from '../find.ts'
import { readGoals } from '../model/goals.ts'
import { anyTicketField, bundleField, type BundleId } from '../model/ids.ts'
import { mapOf } from '../model/raw.ts'
import { listTicketIds } from '../store/layout.ts'
import { loadBundle, loadRoadmap } from '../store/reading.ts'

export const show = defineOperation({
  name: 'show',
  summary: 'Show one ticket, express ticket or bundle with all its fields.',
  capability: 'tkt-show',
  effects: ['fs.read'],
  input: Fields({
    bundle: Optional(bundleField('the bundle; alone, its own record is shown')),
    ticket: Optional(anyTicketField('the ticket; an express ticket needs no bundle')),
  }),
  output: Fields({
    ticket: Optional(Unknown()),
    about: Optional(Unknown()),
    bundle: Optional(Unknown()),
  }),
  errors: ['NOT_INITIALISED', 'BUNDLE_NOT_FOUND', 'TICKET_NOT_FOUND'],
  positional: ['bundle', 'ticket'],
  examples: ['show --bundle B-001 --ticket TKT-001', 'show --ticket EXP-001', 'show B-001'],
  run: async ({ bundle, ticket }, context: BundleContext) => {
    context.requireStore()
    const named = namedBy(bundle, ticket)
    if (named.kind === 'express ticket') return { ticket: fieldsOf(findExpress(context, named.ticket)) }
    if (named.kind === 'bundle') {
      const ticket_count = listTicketIds(context, named.bundle).length // the file tells it of birth and close only
      return { bundle: { ...fieldsOf(findBundle(context, named.bundle)), ticket_count } }
    }
    const found = findTicket(context, named.bundle, named.ticket)
    return { ticket: { bundle: named.bundle, ...fieldsOf(found) }, ...aboutIts(context, named.bundle) }
  },
})

/** What a worker should know of the bundle: what it is for, and where the work is done. */
function aboutIts(context: BundleContext, id: BundleId) {
  const bundle = loadBundle(context, id)
  if (bundle.state !== 'found') return {}
  const { title, goal_ref, context: told, worktree_path, worktree_branch } = bundle.thing
  const about = {
    bundle: title,
    goal: goal_ref && goalOf(context, goal_ref),
    context: told,
    worktree_path,
    worktree_branch,
  }
  const known = Object.entries(about).filter(([, value]) => value !== undefined)
  return { about: Object.fromEntries(known) }
}

function goalOf(context: BundleContext, id: string): string {
  const roadmap = loadRoadmap(context)
  const goals = roadmap.state === 'found' ? readGoals(roadmap.file.value) : []
  return goals.find((goal) => goal.id === id)?.title ?? id
}

/** What stands in the file, under the names of today for what older trees call otherwise. */
const fieldsOf = ({
  thing,
  file,
}: {
  readonly thing: object
  readonly file: { readonly value: unknown }
}) => ({
  ...mapOf(file.value),
  ...Object.fromEntries(
    Object.entries(thing)
      .filter(([name]) => !RESULT_FIELDS.includes(name))
      .map(([name, value]) => [name, (value as unknown) ?? null]),
  ),
})

/** They stand in `result` already. */
const RESULT_FIELDS: readonly string[] = ['summary', 'notes', 'evidence', 'evidence_checks']
