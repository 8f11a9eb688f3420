/** The roadmap: its file, its stages, and the gates between them. */
import type { Bundle } from './bundle.ts'
import { isFinished } from './bundle.ts'
import { roadmapLifecycle, type Stage } from './lifecycles.ts'
import { listOf, mapOf, textOf, type RawMap, type Read } from './raw.ts'
import { refuse, type Refusal } from '../../operation/refusal.ts'

export interface DecisionGate {
  readonly gate: string
  /** Absent in most real roadmaps: such a gate is reported, and blocks nothing. */
  readonly status: string | undefined
}

export interface Roadmap {
  readonly project: string
  readonly stage: Stage
  readonly updated_at: string | undefined
  readonly decision_gates: readonly DecisionGate[]
}

/** The file of a new roadmap, its keys in the published order (contracts: filesystem section 4.1). */
export function roadmapDocument(project: string, now: string): RawMap {
  return {
    project,
    version: 2,
    updated_at: now,
    maintained_by: 'pm-agent',
    stage: roadmapLifecycle.initial,
    stage_history: [{ stage: roadmapLifecycle.initial, entered_at: now, reason: 'initial' }],
    goals: [],
    success_criteria: [],
    decision_gates: [],
    dependencies: [],
  }
}

export function readRoadmap(value: unknown): Read<Roadmap> {
  const map = mapOf(value)
  if (map === undefined) return { ok: false, reason: 'the file holds no map of fields' }
  const stage = textOf(map.stage) ?? roadmapLifecycle.initial
  if (!roadmapLifecycle.isState(stage)) {
    return {
      ok: false,
      reason: `stage is ${JSON.stringify(stage)}, not one of ${roadmapLifecycle.states.join(', ')}`,
    }
  }
  const gates = listOf(map.decision_gates).flatMap((entry): DecisionGate[] => {
    const gate = mapOf(entry)
    const name = textOf(gate?.gate) ?? textOf(gate?.id) ?? textOf(entry)
    return name === undefined ? [] : [{ gate: name, status: textOf(gate?.status) ?? textOf(gate?.stage) }]
  })
  const project = textOf(map.project) ?? ''
  return { ok: true, value: { project, stage, updated_at: textOf(map.updated_at), decision_gates: gates } }
}

/** The stages that can be entered from this one, in the published order. */
export const allowedStages = (stage: Stage): readonly Stage[] =>
  roadmapLifecycle.states.filter((to) => roadmapLifecycle.next(stage, to) !== undefined)

export type StageVerdict =
  | { readonly ok: true; readonly unmarked_gates: readonly string[] }
  | Refusal<'STAGE_REFUSED' | 'BUNDLES_MISSING' | 'BUNDLES_UNFINISHED'>

/** Judges entering `stage`; `bundles` are those the track leaves in view (contracts: filesystem section 5.3). */
export function judgeStage(roadmap: Roadmap, stage: Stage, bundles: readonly Bundle[]): StageVerdict {
  if (roadmapLifecycle.next(roadmap.stage, stage) === undefined) {
    const allowed = allowedStages(roadmap.stage)
    const words = allowed.length === 0 ? 'nothing: it is the end' : allowed.join(' or ')
    const message = `the roadmap is ${roadmap.stage}: it can become ${words}, not ${stage}`
    return refuse('STAGE_REFUSED', message, { from: roadmap.stage, to: stage, allowed })
  }
  if (stage === 'active' && bundles.length === 0) {
    return refuse('BUNDLES_MISSING', 'there is no bundle in view, so there is nothing to be active on')
  }
  return stage === 'done' ? judgeDone(roadmap, bundles) : { ok: true, unmarked_gates: [] }
}

function judgeDone(roadmap: Roadmap, bundles: readonly Bundle[]): StageVerdict {
  const unfinished = bundles.filter((bundle) => !isFinished(bundle)).map((bundle) => bundle.id)
  const unmet = roadmap.decision_gates.filter(({ status }) => status !== undefined && !MET.includes(status))
  if (unfinished.length > 0 || unmet.length > 0) {
    const parts = [
      ...(unfinished.length > 0 ? [`bundles not closed: ${unfinished.slice(0, 10).join(', ')}`] : []),
      ...(unmet.length > 0 ? [`decision gates not met: ${unmet.map(({ gate }) => gate).join(', ')}`] : []),
    ]
    return refuse('BUNDLES_UNFINISHED', parts.join('; '), {
      unfinished,
      unmet_gates: unmet.map(({ gate }) => gate),
    })
  }
  const unmarked = roadmap.decision_gates.filter(({ status }) => status === undefined)
  return { ok: true, unmarked_gates: unmarked.map(({ gate }) => gate) }
}

/** Words in a decision gate's own status that say it is met. */
const MET: readonly string[] = [
  'met',
  'done',
  'passed',
  'approved',
  'closed',
  'complete',
  'completed',
  'archived',
]
