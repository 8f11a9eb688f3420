/** Moves the roadmap to another stage, with its gates. */
import { Boolean, Object as Fields, Optional, String } from 'typebox'
import { defineOperation } from '../../operation/define.ts'
import { OperationError } from '../../operation/errors.ts'
import { flag, longText, text, word } from '../../operation/schema.ts'
import { accept } from '../../operation/accept.ts'
import type { BundleContext } from '../context.ts'
import { findRoadmap } from '../find.ts'
import { actorOf } from '../lease.ts'
import { roadmapLifecycle, type Stage } from '../model/lifecycles.ts'
import { judgeStage, type Roadmap } from '../model/roadmap.ts'
import { loadBundles } from '../store/reading.ts'
import { editYaml } from '../store/yaml-file.ts'

export const roadmapTransition = defineOperation({
  name: 'roadmap-transition',
  summary: 'Move the roadmap to another stage; gates check the bundles first.',
  capability: 'tkt-roadmap-transition',
  effects: ['fs.read', 'fs.write'],
  input: Fields({
    stage: word('planning, active, review, blocked, done or archived'),
    reason: longText('why: it is kept in stage_history'),
    force: Optional(flag('enter the stage whatever table and gates say')),
    track: Optional(text('let the gates look at bundles of this track only')),
    agent: Optional(word('who does it')),
  }),
  output: Fields({
    transition: String(),
    new_stage: String(),
    stage: Optional(String()),
    reason: Optional(String()),
    track: Optional(String()),
    gated: Optional(Boolean()),
    message: Optional(String()),
  }),
  errors: [
    'NOT_INITIALISED',
    'STAGE_UNKNOWN',
    'STAGE_REFUSED',
    'BUNDLES_MISSING',
    'BUNDLES_UNFINISHED',
    'LOCK_TIMEOUT',
  ],
  positional: ['stage'],
  examples: [
    'roadmap-transition --stage active --reason "bundles created"',
    'roadmap-transition --stage done --reason "all goals met" --track core',
  ],
  run: async ({ stage, reason, force = false, track, agent }, context: BundleContext) => {
    if (!roadmapLifecycle.isState(stage)) {
      throw new OperationError('STAGE_UNKNOWN', `there is no stage ${JSON.stringify(stage)}`, {
        stage,
        stages: roadmapLifecycle.states,
      })
    }
    findRoadmap(context)
    actorOf(context, { agent })
    return context.locked('roadmap', async () => {
      const now = context.now()
      const { thing: roadmap, file } = findRoadmap(context)
      const from = roadmap.stage
      if (from === stage)
        return { transition: 'no-op', new_stage: stage, stage, message: `the roadmap is ${stage} already` }
      if (!force) passGates(context, roadmap, stage, track)
      const entry = { stage, entered_at: now, reason, from }
      const files = {
        [file.path]: editYaml(file, { stage, updated_at: now }, { stage_history: entry }, 'prepend'),
      }
      const event = {
        event: 'ROADMAP_TRANSITION',
        fields: { from, to: stage, reason, track: track ?? 'all', agent },
      } as const
      await context.commit({ files, events: [event] }, now)
      return {
        transition: `${from}→${stage}`,
        new_stage: stage,
        reason,
        track: track ?? 'all',
        gated: !force,
      }
    })
  },
})

/** A bundle that cannot be read counts as not closed: it must not slip through the gate of `done`. */
function passGates(context: BundleContext, roadmap: Roadmap, stage: Stage, track: string | undefined): void {
  const { things, unreadable } = loadBundles(context)
  const inView = things.filter((bundle) => track === undefined || bundle.track === track)
  const verdict = accept(judgeStage(roadmap, stage, inView))
  if (track !== undefined && inView.length === 0)
    context.warn(`no bundle has the track ${JSON.stringify(track)}: the gates had nothing to look at`)
  if (stage === 'done' && unreadable.length > 0) {
    const ids = unreadable.map(({ id }) => id)
    throw new OperationError('BUNDLES_UNFINISHED', `bundles cannot be read: ${ids.slice(0, 10).join(', ')}`, {
      unreadable,
    })
  }
  if (verdict.unmarked_gates.length > 0) {
    context.warn(
      `decision gates without a status were not checked: ${verdict.unmarked_gates.slice(0, 10).join(', ')}`,
    )
  }
}
