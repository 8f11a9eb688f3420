/** The engines, and what a list of their operations becomes: rows that tell how the context is opened. */
import type { Operation } from '../operation/define.ts'
import type { Opened } from '../operation/run.ts'
import { configOf } from '../bundles/config-file.ts'
import type { BridgeContext } from '../bridge/context.ts'
import type { BundleContext, World as BundlesWorld } from '../bundles/context.ts'
import type { DurableContext, World as DurableWorld } from '../durable/context.ts'
import { isStoreThere } from '../durable/store-there.ts'
import type { Entry } from './entry.ts'

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

async function bundlesOf(world: World, root: string | undefined): Promise<BundleContext> {
  const { openBundles } = await import('../bundles/context.ts')
  const durable = () => durableOf(world, root)
  const worktrees = () => import('../durable/left-worktrees.ts')
  const elsewhere: Elsewhere = {
    checkDatabase: async () => (await import('../durable/check-database.ts')).checkDatabase(await durable()),
    durableEvents: async (wanted) =>
      isStoreThere(world.environment, context)
        ? (await import('../durable/feed.ts')).tellFeed(await durable(), wanted)
        : { events: [], total: 0 },
    ticketWorktrees: {
      tell: async () => (await worktrees()).tellTicketWorktrees(await durable()),
      prune: async (request) => (await worktrees()).pruneTicketWorktrees(await durable(), request),
    },
  }
  const context = openBundles({ ...world, ...elsewhere }, root)
  return context
}

const durableOf = async (world: World, root: string | undefined): Promise<DurableContext> =>
  (await import('../durable/context.ts')).openDurable(world, root, configOf)

/** An engine, or both, and how the context of its operations is opened. */
export const FAMILIES = {
  bundles: async (...where: Where): Promise<Opened<unknown>> => ({
    context: await bundlesOf(...where),
    told: {},
  }),
  durable: async (...where: Where): Promise<Opened<unknown>> => {
    const context = await durableOf(...where)
    return { context, told: context.told() }
  },
  bridge: async (...where: Where): Promise<Opened<unknown>> => {
    const context: BridgeContext = { bundles: await bundlesOf(...where), durable: await durableOf(...where) }
    return { context, told: context.durable.told() }
  },
} as const

type Where = readonly [world: World, root: string | undefined]

export const rowsOf = (family: Family, entries: readonly Entry[]): readonly Row[] =>
  entries.map((entry) => ({ cli: entry.name, aliases: [], family, ...entry }))
