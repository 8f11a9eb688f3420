/** A load of commands that change a store, the same for the same seed; each leaves a mark of its own in what it changes. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import type { HistoryEventName } from '../../src/bundles/model/history-event.ts'
import { run, worldIn, type World } from '../support/operations.ts'
import { numbered } from './race.ts'

/** When a command is killed: in place of its n-th step that changes the world, or after that part of its usual time. */
export type Kill =
  | { readonly by: 'step'; readonly step: number }
  | { readonly by: 'clock'; readonly part: number }
  | { readonly by: 'nobody' }

export interface Move {
  readonly words: readonly string[]
  /** Stands in the file and in the line of the history that the command changes, and nowhere else in such a line. */
  readonly mark: string
  readonly event: HistoryEventName
  readonly kill: Kill
}

/** What a command may be about; with few of each, many commands meet at the same thing. */
interface About {
  readonly bundle: string
  readonly ticket: string
  readonly express: string
  readonly status: string
  readonly stage: string
}

const about: fc.Arbitrary<About> = fc.record({
  bundle: fc.constantFrom(...numbered('B', 1, 3)),
  ticket: fc.constantFrom('TKT-000', 'TKT-A00', ...numbered('TKT', 1, 4)),
  express: fc.constantFrom(...numbered('EXP', 1, 12)),
  status: fc.constantFrom('in_progress', 'done', 'done', 'failed', 'blocked'),
  stage: fc.constantFrom('planning', 'active', 'review'),
})

interface Kind {
  readonly weight: number
  readonly event: HistoryEventName
  /** `lastClaim`: the words of the claim that was drawn before. */
  readonly words: (mark: string, about: About, lastClaim: readonly string[]) => readonly string[]
}

const KINDS: readonly Kind[] = [
  {
    weight: 4,
    event: 'TICKET_CLAIMED',
    words: (mark, { bundle, ticket }) => ['claim', bundle, ticket, mark],
  },
  {
    weight: 3,
    event: 'TICKET_CLAIMED',
    words: (mark) => ['next', '--agent', mark, '--claim'],
  },
  {
    weight: 6,
    event: 'TICKET_UPDATED',
    words: (mark, { bundle, ticket, status }) => [
      ...['update', bundle, ticket, status, '--evidence', 'seen', '--reason', mark],
    ],
  },
  {
    weight: 3,
    event: 'TICKET_REOPENED',
    words: (mark, { bundle, ticket }) => ['reopen', bundle, ticket, '--reason', mark],
  },
  {
    weight: 3,
    event: 'TICKET_RELEASED',
    words: (mark, _, [, ...claim]) => ['release', ...claim, '--reason', mark],
  },
  {
    weight: 2,
    event: 'TICKET_EDITED',
    words: (mark, { bundle, ticket }) => ['edit', bundle, ticket, '--title', mark, '--reason', mark],
  },
  { weight: 1, event: 'GOAL_ADDED', words: (mark) => ['roadmap-goal', 'add', '--title', mark] },
  { weight: 2, event: 'TICKET_ADDED', words: (mark, { bundle }) => ['add', bundle, mark] },
  { weight: 1, event: 'BUNDLE_CREATED', words: (mark) => ['create-bundle', '--goal', mark] },
  {
    weight: 1,
    event: 'BUNDLE_CREATED',
    words: (mark) => ['create-bundle', '--goal', mark, '--source-plan', 'plan.md'],
  },
  {
    weight: 2,
    event: 'EXPRESS_CREATED',
    words: (mark) => ['express', 'create', '--title', mark, '--acceptance', 'seen'],
  },
  {
    weight: 2,
    event: 'EXPRESS_CLAIMED',
    words: (mark, { express }) => ['express', 'claim', express, '--agent', mark],
  },
  {
    weight: 1,
    event: 'EXPRESS_CLOSED',
    words: (mark, { express }) => ['express', 'close', express, '--agent', mark, '--evidence', 'seen'],
  },
  { weight: 2, event: 'BUNDLE_CLOSED', words: (mark, { bundle }) => ['close', bundle, '--agent', mark] },
  {
    weight: 2,
    event: 'BUNDLE_REOPENED',
    words: (mark, { bundle }) => ['reopen', bundle, '--reason', mark],
  },
  {
    weight: 1,
    event: 'ROADMAP_TRANSITION',
    words: (mark, { stage }) => ['roadmap-transition', stage, '--reason', mark, '--force'],
  },
]

/** A little more than most of these commands take: few are killed by the clock between two steps that are near each other. */
const MOST_STEPS = 24

const kill: fc.Arbitrary<Kill> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ by: fc.constant('step'), step: fc.integer({ min: 1, max: MOST_STEPS }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ by: fc.constant('clock'), part: fc.double({ min: 0, max: 1.1, noNaN: true }) }),
  },
  { weight: 2, arbitrary: fc.record({ by: fc.constant('nobody') }) },
)

const kinds = KINDS.map((kind) => ({ weight: kind.weight, arbitrary: fc.constant(kind) }))

/** So many commands; their marks are numbered from `first` on. */
export function mixedLoad(seed: number, count: number, first = 0): readonly Move[] {
  const drawn = fc.sample(fc.noBias(fc.tuple(fc.oneof(...kinds), about, kill)), { seed, numRuns: count })
  const moves: Move[] = []
  for (const [{ event, words }, what, when] of drawn) {
    const mark = markOf(first + moves.length)
    const claim = moves.findLast((move) => move.words[0] === 'claim')?.words
    const none = ['claim', what.bundle, what.ticket, mark]
    moves.push({ words: words(mark, what, claim ?? none), mark, event, kill: when })
  }
  return moves
}

const markOf = (number: number): string => `mark-${String(number).padStart(6, '0')}`

/** Every mark in a text. */
export const marksIn = (text: string): readonly string[] => text.match(/mark-\d{6}/g) ?? []

/** The folder with a configuration that lets nobody wait for a lock. */
export const IMPATIENT = 'impatient'

/** A project for such a load: three bundles of two workers. */
export async function startMixedStore(root: string): Promise<World> {
  mkdirSync(join(root, IMPATIENT), { recursive: true })
  writeFileSync(join(root, IMPATIENT, 'tkt.yaml'), 'ticket:\n  lock_timeout: 0\n')
  writeFileSync(join(root, 'plan.md'), '# Plan\n\n- [ ] First\n- [ ] Second\n')
  const world = worldIn(root)
  await run(world, 'init-roadmap', { project: 'demo' })
  for (let bundle = 0; bundle < 3; bundle += 1) await run(world, 'create-bundle', { source_plan: 'plan.md' })
  return world
}
