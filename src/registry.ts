/**
 * THE TABLE: one entry an operation. `name` is its name in skill.json and of its file; `cli` is how one types it, where
 * that is another; `aliases` are other names that are understood. Running one operation loads its chunk and no other.
 */
import type { Operation } from './operation/define.ts'
import type { Opened } from './operation/run.ts'
import { configOf } from './bundles/config-file.ts'
import type { World as BundlesWorld } from './bundles/context.ts'
import type { World as DurableWorld } from './durable/context.ts'
import { BUNDLES } from './registry/bundles.ts'
import { DURABLE } from './registry/durable.ts'
import type { Entry } from './registry/entry.ts'

export interface Row {
  readonly name: string
  readonly cli: string
  readonly aliases: readonly string[]
  readonly family: Family
  readonly load: () => Promise<Operation>
}

export type Family = keyof typeof FAMILIES

type Elsewhere = Pick<BundlesWorld, 'checkDatabase' | 'durableEvents' | 'ticketWorktrees'>
type World = Omit<BundlesWorld, keyof Elsewhere> & DurableWorld

/** An engine, and how the context of its operations is opened. */
export const FAMILIES = {
  bundles: async (world: World, root: string | undefined): Promise<Opened<unknown>> => {
    const { openBundles } = await import('./bundles/context.ts')
    const durable = async () => (await import('./durable/context.ts')).openDurable(world, root, configOf)
    const worktrees = () => import('./durable/left-worktrees.ts')
    const elsewhere: Elsewhere = {
      checkDatabase: async () => (await import('./durable/check-database.ts')).checkDatabase(await durable()),
      durableEvents: async (wanted) => (await import('./durable/feed.ts')).tellFeed(await durable(), wanted),
      ticketWorktrees: {
        tell: async () => (await worktrees()).tellTicketWorktrees(await durable()),
        prune: async (request) => (await worktrees()).pruneTicketWorktrees(await durable(), request),
      },
    }
    return { context: openBundles({ ...world, ...elsewhere }, root), told: {} }
  },
  durable: async (world: World, root: string | undefined): Promise<Opened<unknown>> => {
    const { openDurable } = await import('./durable/context.ts')
    const context = openDurable(world, root, configOf)
    return { context, told: context.told() }
  },
} as const

const rowsOf = (family: Family, entries: readonly Entry[]): readonly Row[] =>
  entries.map((entry) => ({ cli: entry.name, aliases: [], family, ...entry }))

export const registry: readonly Row[] = [...rowsOf('bundles', BUNDLES), ...rowsOf('durable', DURABLE)]

/** The row that a word on the command line means. */
export const findRow = (word: string): Row | undefined =>
  registry.find((row) => row.cli === word || row.name === word || row.aliases.includes(word))
