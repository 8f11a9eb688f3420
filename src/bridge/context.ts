/** What an operation that sees both engines knows of the world. */
import type { BundleContext } from '../bundles/context.ts'
import type { DurableContext } from '../durable/context.ts'

export interface BridgeContext {
  readonly bundles: BundleContext
  readonly durable: DurableContext
}
