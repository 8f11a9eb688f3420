/** All bundles of the project, the newest first. */
import { Array as ListOf, Integer, Object as Fields, Optional, String } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { pageOf } from '../../operation/page.ts'
import { choice, count, text } from '../../operation/schema.ts'
import type { BundleContext } from '../context.ts'
import { reportUnreadable, warnWithoutStore } from '../find.ts'
import { bundleLifecycle } from '../model/lifecycles.ts'
import { loadBundles } from '../store/reading.ts'

export const listBundles = defineOperation({
  name: 'list-bundles',
  summary: 'List the bundles of the project, the newest first.',
  capability: 'tkt-list',
  effects: ['fs.read'],
  input: Fields({
    status: Optional(choice(bundleLifecycle.states, 'only bundles in this state')),
    track: Optional(text('only bundles of this track')),
    limit: Optional(count('at most this many bundles', 1)),
    offset: Optional(count('leave out this many bundles first')),
  }),
  output: Fields({
    bundles: ListOf(Fields({ id: String(), status: String(), title: String() })),
    shown: String(),
    next: Optional(String()),
    unreadable: Optional(ListOf(Fields({ id: String(), reason: String() }))),
    unreadable_count: Optional(Integer()),
  }),
  errors: [],
  examples: ['list', 'list --status in_progress --limit 50'],
  run: async ({ status, track, limit, offset }, context: BundleContext) => {
    warnWithoutStore(context)
    const { things, unreadable } = loadBundles(context)
    const wanted = things
      .filter(
        (bundle) =>
          (status === undefined || bundle.status === status) &&
          (track === undefined || bundle.track === track),
      )
      .map((bundle) => ({ id: bundle.id, status: bundle.status, title: bundle.title }))
      .reverse()
    const left = reportUnreadable(unreadable, limit)
    const { rows, ...page } = pageOf(wanted, { limit, offset }, left)
    return { bundles: [...rows], ...page, ...left }
  },
})
