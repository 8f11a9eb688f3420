/** Where the project stands: the stage, the bundles, the stages that can come next. */
import { Array as ListOf, Integer, Null, Object as Fields, Optional, String, Union } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import type { BundleContext } from '../context.ts'
import { findRoadmap, reportUnreadable } from '../find.ts'
import { allowedStages } from '../model/roadmap.ts'
import { loadBundles } from '../store/reading.ts'

export const roadmapStatus = defineOperation({
  name: 'roadmap-status',
  summary: 'Show the stage of the roadmap, the bundles by state, and the stages that can come next.',
  capability: 'tkt-roadmap-status',
  effects: ['fs.read'],
  input: Fields({}),
  output: Fields({
    project: String(),
    stage: String(),
    updated_at: Union([String(), Null()]),
    bundles: Fields({ total: Integer(), open: Integer(), in_progress: Integer(), closed: Integer() }),
    allowed_transitions: ListOf(String()),
    unreadable: Optional(ListOf(Fields({ id: String(), reason: String() }))),
    unreadable_count: Optional(Integer()),
  }),
  errors: ['NOT_INITIALISED'],
  examples: ['roadmap-status'],
  run: async (_, context: BundleContext) => {
    const { thing: roadmap } = findRoadmap(context)
    const { things, unreadable } = loadBundles(context)
    const inState = (status: string): number => things.filter((bundle) => bundle.status === status).length
    return {
      project: roadmap.project,
      stage: roadmap.stage,
      updated_at: roadmap.updated_at ?? null,
      bundles: {
        total: things.length + unreadable.length,
        open: inState('open'),
        in_progress: inState('in_progress'),
        closed: inState('closed'),
      },
      allowed_transitions: [...allowedStages(roadmap.stage)],
      ...reportUnreadable(unreadable),
    }
  },
})
