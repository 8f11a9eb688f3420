/**
 * THE TABLE: one row an operation. `name` is its name in skill.json and of its file; `cli` is how one types it; `aliases`
 * are other names that are understood. Running one operation loads its chunk and no other.
 */
import type { Operation } from './operation/define.ts'
import type { Validator } from './operation/validate.ts'
import type { World } from './bundles/context.ts'

export interface Row {
  readonly name: string
  readonly cli: string
  readonly aliases: readonly string[]
  readonly family: Family
  readonly load: () => Promise<Operation>
  readonly loadValidator: () => Promise<{ readonly validate: Validator }>
}

export type Family = keyof typeof FAMILIES

/** An engine, and how the context of its operations is opened. */
export const FAMILIES = {
  bundles: async (world: World, root: string | undefined): Promise<unknown> =>
    (await import('./bundles/context.ts')).openBundles(world, root),
} as const

/** Operations are kept as `Operation` here: their input and context types meet again in run.ts, after validation. */
const anyOperation = (operation: unknown): Operation => operation as Operation

export const registry: readonly Row[] = [
  {
    name: 'init-roadmap',
    cli: 'init-roadmap',
    aliases: ['init'],
    family: 'bundles',
    load: async () => anyOperation((await import('./bundles/operations/init-roadmap.ts')).initRoadmap),
    loadValidator: () => import('./generated/init-roadmap.ts'),
  },
  {
    name: 'create-bundle',
    cli: 'create-bundle',
    aliases: [],
    family: 'bundles',
    load: async () => anyOperation((await import('./bundles/operations/create-bundle.ts')).createBundle),
    loadValidator: () => import('./generated/create-bundle.ts'),
  },
  {
    name: 'add',
    cli: 'add',
    aliases: ['add-ticket'],
    family: 'bundles',
    load: async () => anyOperation((await import('./bundles/operations/add.ts')).add),
    loadValidator: () => import('./generated/add.ts'),
  },
  {
    name: 'claim',
    cli: 'claim',
    aliases: [],
    family: 'bundles',
    load: async () => anyOperation((await import('./bundles/operations/claim.ts')).claim),
    loadValidator: () => import('./generated/claim.ts'),
  },
  {
    name: 'next',
    cli: 'next',
    aliases: [],
    family: 'bundles',
    load: async () => anyOperation((await import('./bundles/operations/next.ts')).next),
    loadValidator: () => import('./generated/next.ts'),
  },
  {
    name: 'update',
    cli: 'update',
    aliases: ['update-ticket'],
    family: 'bundles',
    load: async () => anyOperation((await import('./bundles/operations/update.ts')).update),
    loadValidator: () => import('./generated/update.ts'),
  },
  {
    name: 'bundle-status',
    cli: 'status',
    aliases: ['bundle-status'],
    family: 'bundles',
    load: async () => anyOperation((await import('./bundles/operations/bundle-status.ts')).bundleStatus),
    loadValidator: () => import('./generated/bundle-status.ts'),
  },
  {
    name: 'list-bundles',
    cli: 'list',
    aliases: ['list-bundles'],
    family: 'bundles',
    load: async () => anyOperation((await import('./bundles/operations/list-bundles.ts')).listBundles),
    loadValidator: () => import('./generated/list-bundles.ts'),
  },
  {
    name: 'show',
    cli: 'show',
    aliases: [],
    family: 'bundles',
    load: async () => anyOperation((await import('./bundles/operations/show.ts')).show),
    loadValidator: () => import('./generated/show.ts'),
  },
  {
    name: 'history',
    cli: 'history',
    aliases: [],
    family: 'bundles',
    load: async () => anyOperation((await import('./bundles/operations/history.ts')).history),
    loadValidator: () => import('./generated/history.ts'),
  },
  {
    name: 'close-bundle',
    cli: 'close',
    aliases: ['close-bundle'],
    family: 'bundles',
    load: async () => anyOperation((await import('./bundles/operations/close-bundle.ts')).closeBundle),
    loadValidator: () => import('./generated/close-bundle.ts'),
  },
  {
    name: 'reopen',
    cli: 'reopen',
    aliases: [],
    family: 'bundles',
    load: async () => anyOperation((await import('./bundles/operations/reopen.ts')).reopen),
    loadValidator: () => import('./generated/reopen.ts'),
  },
  {
    name: 'generate-review',
    cli: 'generate-review',
    aliases: [],
    family: 'bundles',
    load: async () => anyOperation((await import('./bundles/operations/generate-review.ts')).generateReview),
    loadValidator: () => import('./generated/generate-review.ts'),
  },
  {
    name: 'express',
    cli: 'express',
    aliases: [],
    family: 'bundles',
    load: async () => anyOperation((await import('./bundles/operations/express.ts')).express),
    loadValidator: () => import('./generated/express.ts'),
  },
  {
    name: 'roadmap-transition',
    cli: 'roadmap-transition',
    aliases: [],
    family: 'bundles',
    load: async () =>
      anyOperation((await import('./bundles/operations/roadmap-transition.ts')).roadmapTransition),
    loadValidator: () => import('./generated/roadmap-transition.ts'),
  },
  {
    name: 'roadmap-status',
    cli: 'roadmap-status',
    aliases: [],
    family: 'bundles',
    load: async () => anyOperation((await import('./bundles/operations/roadmap-status.ts')).roadmapStatus),
    loadValidator: () => import('./generated/roadmap-status.ts'),
  },
]

/** The row that a word on the command line means. */
export const findRow = (word: string): Row | undefined =>
  registry.find((row) => row.cli === word || row.name === word || row.aliases.includes(word))
