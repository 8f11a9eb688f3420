/** The goals of the roadmap: added, listed with how their bundles stand, and linked with bundles. */
import {
  Array as ListOf,
  Integer,
  Null,
  Object as Fields,
  Optional,
  String,
  Union,
  type Static,
} from 'typebox'
import { pickAction, type Action } from '../../operation/actions.ts'
import { defineOperation } from '../../operation/define.ts'
import { invalid } from '../../operation/input.ts'
import { cut, pageOf } from '../../operation/page.ts'
import { count, list, longText, text, word } from '../../operation/schema.ts'
import type { BundleContext } from '../context.ts'
import { findBundle, findRoadmap, reportUnreadable, requireBundle, requireGoal } from '../find.ts'
import { goalDocument, goalRow, nextGoalId, readGoals } from '../model/goals.ts'
import { bundleField, goalField } from '../model/ids.ts'
import { loadBundles } from '../store/reading.ts'
import { editYaml } from '../store/yaml-file.ts'

const input = Fields({
  action: Optional(word('add, list, link or unlink; list when left out')),
  title: Optional(text('add: what is to be reached, in one line')),
  description: Optional(longText('add: what that means; the title when left out')),
  track: Optional(text('add: the track it belongs to; list: only goals of this track')),
  depends_on: Optional(list('add: goals that come before it, comma-separated')),
  goal: Optional(goalField('link: the goal')),
  bundle: Optional(bundleField('link, unlink: the bundle')),
  agent: Optional(word('who adds or links')),
  limit: Optional(count('list: at most this many goals', 1)),
  offset: Optional(count('list: leave out this many goals first')),
})

const output = Fields({
  goal: Optional(Union([String(), Null()])),
  bundle: Optional(String()),
  before: Optional(Union([String(), Null()])),
  goals: Optional(
    ListOf(
      Fields({
        id: Union([String(), Null()]),
        title: String(),
        status: String(),
        bundles: Integer(),
        finished: Integer(),
      }),
    ),
  ),
  shown: Optional(String()),
  next: Optional(String()),
  unreadable: Optional(ListOf(Fields({ id: String(), reason: String() }))),
  unreadable_count: Optional(Integer()),
})

type Request = Static<typeof input>
type Answer = Static<typeof output>

export const roadmapGoal = defineOperation({
  name: 'roadmap-goal',
  summary: 'Goals of the roadmap: add one, list them with how their bundles stand, link a bundle with one.',
  capability: 'tkt-roadmap-goal',
  effects: ['fs.read', 'fs.write'],
  input,
  output,
  errors: ['NOT_INITIALISED', 'GOAL_NOT_FOUND', 'BUNDLE_NOT_FOUND', 'LOCK_TIMEOUT'],
  positional: ['action'],
  examples: [
    'roadmap-goal add --title "Links of a site never break" --track core',
    'roadmap-goal link --bundle B-001 --goal G-001',
    'roadmap-goal list',
  ],
  run: async (request, context: BundleContext) => {
    const { action: name = 'list' } = request
    return pickAction('roadmap-goal', name, { actions: ACTIONS, request, warn: context.warn }).run(
      request,
      context,
    )
  },
})

async function add({ title, description, track, depends_on, agent }: Request, context: BundleContext) {
  if (title === undefined) throw invalid('title', 'is missing: say what is to be reached')
  findRoadmap(context)
  return context.locked('roadmap', async () => {
    const now = context.now()
    const { file } = findRoadmap(context)
    for (const goal of depends_on ?? []) requireGoal(context, goal)
    const id = nextGoalId(readGoals(file.value))
    const entry = goalDocument(id, { title, description, track, depends_on })
    await context.commit(
      {
        files: { [file.path]: editYaml(file, { updated_at: now }, { goals: entry }) },
        events: [{ event: 'GOAL_ADDED', fields: { id, title, agent } }],
      },
      now,
    )
    return { goal: id }
  })
}

async function listGoals({ track, limit, offset }: Request, context: BundleContext): Promise<Answer> {
  const goals = readGoals(findRoadmap(context).file.value)
  const { things, unreadable } = loadBundles(context)
  const wanted = goals.filter((goal) => track === undefined || goal.track === track)
  const left = reportUnreadable(unreadable, limit)
  const { rows, ...page } = pageOf(
    wanted.map((goal) => goalRow(goal, things)),
    { limit, offset },
    left,
  )
  return { goals: [...rows], ...page, ...left }
}

async function link(request: Request, context: BundleContext): Promise<Answer> {
  const { goal } = request
  if (goal === undefined) throw invalid('goal', 'is missing: name the goal, such as G-001')
  requireGoal(context, goal)
  return setGoal(request, context)
}

/** Also of a finished bundle: what it was for is no change of its work. */
async function setGoal(request: Request, context: BundleContext): Promise<Answer> {
  const { goal, bundle, agent } = request
  if (bundle === undefined) throw invalid('bundle', 'is missing: name the bundle, such as B-001')
  requireBundle(context, bundle)
  return context.locked(bundle, async () => {
    const now = context.now()
    const { thing, file } = findBundle(context, bundle)
    const [before, after] = [thing.goal_ref ?? null, goal ?? null]
    if (before !== after) {
      const fields = { bundle, from: before ?? undefined, to: after ?? undefined, agent }
      await context.commit(
        {
          files: { [file.path]: editYaml(file, { goal_ref: after }) },
          events: [{ event: 'BUNDLE_LINKED', fields }],
        },
        now,
      )
    }
    return { bundle, goal: after, before: before === null ? null : cut(before) }
  })
}

const unlink = ({ goal: _, ...request }: Request, context: BundleContext): Promise<Answer> =>
  setGoal(request, context)

const ACTIONS = new Map<string, Action<Request, BundleContext, Answer>>([
  ['add', { run: add, takes: ['title', 'description', 'track', 'depends_on', 'agent'] }],
  ['list', { run: listGoals, takes: ['track', 'limit', 'offset'] }],
  ['link', { run: link, takes: ['goal', 'bundle', 'agent'] }],
  ['unlink', { run: unlink, takes: ['bundle', 'agent'] }],
])
