/** The goals of a roadmap: what bundles are for. */
import type { Bundle } from './bundle.ts'
import { isFinished } from './bundle.ts'
import { listOf, mapOf, proseOf, textOf, textsOf, type RawMap } from './raw.ts'

export interface Goal {
  /** Undefined for one that a person wrote without an id: no bundle can refer to it. */
  readonly id: string | undefined
  readonly title: string
  readonly track: string | undefined
  /** As a person wrote it; else it follows from the bundles. */
  readonly status: string | undefined
  readonly depends_on: readonly string[]
}

export interface NewGoal {
  readonly title: string
  readonly description?: string | undefined
  readonly track?: string | undefined
  readonly depends_on?: readonly string[] | undefined
}

/** Reads what stands under `goals` of a roadmap, in the shapes that people write by hand: maps, or bare sentences. */
export const readGoals = (roadmap: unknown): readonly Goal[] =>
  listOf(mapOf(roadmap)?.goals).flatMap((entry) => readGoal(entry) ?? [])

function readGoal(entry: unknown): Goal | undefined {
  const map = mapOf(entry) ?? { title: entry }
  const [id, title] = [textOf(map.id), proseOf(map.title) ?? proseOf(map.goal)]
  if (id === undefined && title === undefined) return undefined
  return {
    id,
    title: title ?? '',
    track: textOf(map.track),
    status: textOf(map.status),
    depends_on: textsOf(map.depends_on),
  }
}

/** One more than the greatest number in use; a gap is never filled. */
export function nextGoalId(goals: readonly Goal[]): string {
  const numbers = goals.map(({ id = '' }) => Number(/^G-([0-9]{1,9})$/.exec(id)?.[1] ?? 0))
  return `G-${String(1 + Math.max(0, ...numbers)).padStart(3, '0')}`
}

/** The entry of a new goal, its keys in the order that real trees have. No status is kept: it follows from the bundles. */
export const goalDocument = (id: string, { title, description, track, depends_on }: NewGoal): RawMap => ({
  id,
  title,
  track: track ?? null,
  description: description ?? title,
  depends_on: depends_on ?? [],
})

export interface GoalRow {
  readonly id: string | null
  readonly title: string
  readonly status: string
  readonly bundles: number
  readonly finished: number
}

/** How a goal stands: done when all of its bundles are finished, open while none was begun. */
export function goalRow(goal: Goal, all: readonly Bundle[]): GoalRow {
  const bundles = goal.id === undefined ? [] : all.filter(({ goal_ref }) => goal_ref === goal.id)
  const finished = bundles.filter(isFinished).length
  const isBegun = bundles.some(({ status }) => status !== 'open')
  const follows = !isBegun ? 'open' : finished === bundles.length ? 'done' : 'in_progress'
  return {
    id: goal.id ?? null,
    title: goal.title,
    status: goal.status ?? follows,
    bundles: bundles.length,
    finished,
  }
}
