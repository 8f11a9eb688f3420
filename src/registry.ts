/**
 * THE TABLE: one entry an operation. `name` is its name in skill.json and of its file; `cli` is how one types it, where
 * that is another; `aliases` are other names that are understood. Running one operation loads its chunk and no other.
 */
import type { Operation } from './operation/define.ts'
import type { World } from './bundles/context.ts'

export interface Row {
  readonly name: string
  readonly cli: string
  readonly aliases: readonly string[]
  readonly family: Family
  readonly load: () => Promise<Operation>
}

export type Family = keyof typeof FAMILIES

type Entry = Pick<Row, 'name' | 'load'> & Partial<Pick<Row, 'cli' | 'aliases'>>

/** An engine, and how the context of its operations is opened. */
export const FAMILIES = {
  bundles: async (world: World, root: string | undefined): Promise<unknown> =>
    (await import('./bundles/context.ts')).openBundles(world, root),
  durable: async (world: World, root: string | undefined): Promise<unknown> => {
    const { configOf } = await import('./bundles/context.ts')
    return (await import('./durable/context.ts')).openDurable(world, root, configOf)
  },
} as const

/** Operations are kept as `Operation` here: their input and context types meet again in run.ts, after validation. */
const anyOperation = (operation: unknown): Operation => operation as Operation

const BUNDLES: readonly Entry[] = [
  {
    name: 'init-roadmap',
    aliases: ['init'],
    load: async () => anyOperation((await import('./bundles/operations/init-roadmap.ts')).initRoadmap),
  },
  {
    name: 'create-bundle',
    load: async () => anyOperation((await import('./bundles/operations/create-bundle.ts')).createBundle),
  },
  {
    name: 'add',
    aliases: ['add-ticket'],
    load: async () => anyOperation((await import('./bundles/operations/add.ts')).add),
  },
  {
    name: 'edit',
    load: async () => anyOperation((await import('./bundles/operations/edit.ts')).edit),
  },
  {
    name: 'claim',
    load: async () => anyOperation((await import('./bundles/operations/claim.ts')).claim),
  },
  {
    name: 'next',
    load: async () => anyOperation((await import('./bundles/operations/next.ts')).next),
  },
  {
    name: 'update',
    aliases: ['update-ticket'],
    load: async () => anyOperation((await import('./bundles/operations/update.ts')).update),
  },
  {
    name: 'batch-update',
    load: async () => anyOperation((await import('./bundles/operations/batch-update.ts')).batchUpdate),
  },
  {
    name: 'release',
    load: async () => anyOperation((await import('./bundles/operations/release.ts')).release),
  },
  {
    name: 'bundle-status',
    cli: 'status',
    aliases: ['bundle-status'],
    load: async () => anyOperation((await import('./bundles/operations/bundle-status.ts')).bundleStatus),
  },
  {
    name: 'list-bundles',
    cli: 'list',
    aliases: ['list-bundles'],
    load: async () => anyOperation((await import('./bundles/operations/list-bundles.ts')).listBundles),
  },
  {
    name: 'graph',
    load: async () => anyOperation((await import('./bundles/operations/graph.ts')).graph),
  },
  {
    name: 'show',
    load: async () => anyOperation((await import('./bundles/operations/show.ts')).show),
  },
  {
    name: 'history',
    load: async () => anyOperation((await import('./bundles/operations/history.ts')).history),
  },
  {
    name: 'verify',
    load: async () => anyOperation((await import('./bundles/operations/verify.ts')).verify),
  },
  {
    name: 'close-bundle',
    cli: 'close',
    aliases: ['close-bundle'],
    load: async () => anyOperation((await import('./bundles/operations/close-bundle.ts')).closeBundle),
  },
  {
    name: 'archive-bundle',
    cli: 'archive',
    aliases: ['archive-bundle'],
    load: async () => anyOperation((await import('./bundles/operations/archive-bundle.ts')).archiveBundle),
  },
  {
    name: 'reopen',
    load: async () => anyOperation((await import('./bundles/operations/reopen.ts')).reopen),
  },
  {
    name: 'worktree-status',
    load: async () => anyOperation((await import('./bundles/operations/worktree-status.ts')).worktreeStatus),
  },
  {
    name: 'worktree-prune',
    load: async () => anyOperation((await import('./bundles/operations/worktree-prune.ts')).worktreePrune),
  },
  {
    name: 'generate-review',
    load: async () => anyOperation((await import('./bundles/operations/generate-review.ts')).generateReview),
  },
  {
    name: 'show-review',
    load: async () => anyOperation((await import('./bundles/operations/show-review.ts')).showReview),
  },
  {
    name: 'doctor',
    load: async () => anyOperation((await import('./bundles/operations/doctor.ts')).doctor),
  },
  {
    name: 'express',
    load: async () => anyOperation((await import('./bundles/operations/express.ts')).express),
  },
  {
    name: 'roadmap-transition',
    load: async () =>
      anyOperation((await import('./bundles/operations/roadmap-transition.ts')).roadmapTransition),
  },
  {
    name: 'roadmap-goal',
    load: async () => anyOperation((await import('./bundles/operations/roadmap-goal.ts')).roadmapGoal),
  },
  {
    name: 'roadmap-status',
    load: async () => anyOperation((await import('./bundles/operations/roadmap-status.ts')).roadmapStatus),
  },
]

const DURABLE: readonly Entry[] = [
  {
    name: 'intake-ticket',
    load: async () => anyOperation((await import('./durable/operations/intake-ticket.ts')).intakeTicket),
  },
  {
    name: 'list-tickets',
    load: async () => anyOperation((await import('./durable/operations/list-tickets.ts')).listTickets),
  },
  {
    name: 'show-ticket',
    load: async () => anyOperation((await import('./durable/operations/show-ticket.ts')).showTicket),
  },
  {
    name: 'next-ticket',
    load: async () => anyOperation((await import('./durable/operations/next-ticket.ts')).nextTicket),
  },
  {
    name: 'claim-ticket',
    load: async () => anyOperation((await import('./durable/operations/claim-ticket.ts')).claimTicket),
  },
  {
    name: 'heartbeat',
    load: async () => anyOperation((await import('./durable/operations/heartbeat.ts')).heartbeat),
  },
  {
    name: 'start-ticket',
    load: async () => anyOperation((await import('./durable/operations/start-ticket.ts')).startTicket),
  },
  {
    name: 'block-ticket',
    load: async () => anyOperation((await import('./durable/operations/block-ticket.ts')).blockTicket),
  },
  {
    name: 'unblock-ticket',
    load: async () => anyOperation((await import('./durable/operations/unblock-ticket.ts')).unblockTicket),
  },
  {
    name: 'submit-ticket',
    load: async () => anyOperation((await import('./durable/operations/submit-ticket.ts')).submitTicket),
  },
  {
    name: 'release-ticket',
    load: async () => anyOperation((await import('./durable/operations/release-ticket.ts')).releaseTicket),
  },
  {
    name: 'fail-ticket',
    load: async () => anyOperation((await import('./durable/operations/fail-ticket.ts')).failTicket),
  },
  {
    name: 'close-ticket',
    load: async () => anyOperation((await import('./durable/operations/close-ticket.ts')).closeTicket),
  },
  {
    name: 'check-ticket-scope',
    load: async () =>
      anyOperation((await import('./durable/operations/check-ticket-scope.ts')).checkTicketScope),
  },
]

const rowsOf = (family: Family, entries: readonly Entry[]): readonly Row[] =>
  entries.map((entry) => ({ cli: entry.name, aliases: [], family, ...entry }))

export const registry: readonly Row[] = [...rowsOf('bundles', BUNDLES), ...rowsOf('durable', DURABLE)]

/** The row that a word on the command line means. */
export const findRow = (word: string): Row | undefined =>
  registry.find((row) => row.cli === word || row.name === word || row.aliases.includes(word))
