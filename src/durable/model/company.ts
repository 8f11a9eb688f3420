/** What a ticket carries for programs that route work and hand results on; the engine itself only keeps it (contracts: service section 7.2). */

export interface Company {
  /** What sort of work it is, in the words of whoever routes it. */
  readonly kind: string | undefined
  /** The queue it is in, among those that workers take from. */
  readonly channel: string
  /** The class of model it is meant for. */
  readonly tier: string | undefined
  /** Who is meant to do it. Nobody is kept from it, and nobody holds it by that. */
  readonly assignee: string | undefined
  /** The key of the ticket it is a part of. */
  readonly parent: string | undefined
  /** Any JSON value; undefined: none. */
  readonly payload: unknown
  /** What it was closed with the last time: JSON values. */
  readonly outputs: readonly unknown[]
}

export const DEFAULT_CHANNEL = 'default'

/** What is told of it, without what says nothing. */
export const companyTold = ({ kind, channel, tier, assignee, parent, payload, outputs }: Company) => ({
  ...(kind === undefined ? {} : { kind }),
  ...(channel === DEFAULT_CHANNEL ? {} : { channel }),
  ...(tier === undefined ? {} : { tier }),
  ...(assignee === undefined ? {} : { assigned_to: assignee }),
  ...(parent === undefined ? {} : { parent }),
  ...(payload === undefined ? {} : { payload }),
  ...(outputs.length === 0 ? {} : { outputs: [...outputs] }),
})

/** A JSON value, as it is written on a command line; undefined for what is none. */
export function jsonIn(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return undefined // survived: the caller says so, or takes it as text
  }
}
