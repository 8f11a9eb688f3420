/** What the dependencies between tickets, or between bundles, say: unknown ids, circles, and how deep each one lies. */

export interface GraphTicket {
  readonly id: string
  /** Undefined for none. */
  readonly depends_on: readonly string[] | undefined
}

/** Ids that are named as a dependency and exist nowhere. */
export function unknownDependencies(tickets: readonly GraphTicket[]): readonly string[] {
  const named = new Set(tickets.flatMap(({ depends_on }) => depends_on ?? []))
  for (const { id } of tickets) named.delete(id)
  return [...named]
}

/** The shortest cycle through `from`, as the ids along it, or undefined. */
export function cycleThrough(from: string, tickets: readonly GraphTicket[]): readonly string[] | undefined {
  const edges = new Map(tickets.map(({ id, depends_on }) => [id, depends_on]))
  const metFrom = new Map<string, string>()
  const ids = [from]
  for (const id of ids) {
    for (const next of edges.get(id) ?? []) {
      if (next === from) return [...wayTo(id, metFrom), from]
      if (metFrom.has(next)) continue
      metFrom.set(next, id)
      ids.push(next)
    }
  }
  return undefined
}

function wayTo(id: string, metFrom: ReadonlyMap<string, string>): readonly string[] {
  const way = [id]
  for (let before = metFrom.get(id); before !== undefined; before = metFrom.get(before)) way.push(before)
  return way.reverse()
}

/** A cycle for each group of tickets that wait for each other, as the ids along it; in time linear in tickets and dependencies. */
export function cyclesIn(tickets: readonly GraphTicket[]): readonly (readonly string[])[] {
  if (isInOrder(tickets)) return []
  const edges = edgesOf(tickets)
  const needsOf = (id: string): readonly string[] => edges.get(id) ?? []
  return knotsIn(edges)
    .filter(([first = '', ...others]) => others.length > 0 || needsOf(first).includes(first))
    .flatMap((knot) => {
      const within = knot.map((id) => ({ id, depends_on: needsOf(id) }))
      return [cycleThrough(knot[0] ?? '', within) ?? []]
    })
}

/** Whether each depends on earlier ones alone, as nearly always: then there is no circle, which costs a command nothing. */
function isInOrder(tickets: readonly GraphTicket[]): boolean {
  const places = new Map(tickets.map(({ id }, index) => [id, index]))
  return tickets.every(({ depends_on = [] }, index) =>
    depends_on.every((id) => (places.get(id) ?? -1) < index),
  )
}

/** The same of tickets that are not done, in a sentence, however many there are; undefined when there is none. */
export function circleWarning(
  tickets: readonly (GraphTicket & { readonly status: string })[],
): string | undefined {
  const [first, ...others] = cyclesIn(tickets.filter(({ status }) => status !== 'done'))
  if (first === undefined) return undefined
  const more = others.length === 0 ? '' : `, and in ${others.length} more`
  return `tickets wait for each other in a circle: ${cycleText(first)}${more}`
}

/** `TKT-001 -> TKT-002 -> TKT-001`; of a long one the beginning and the end. */
export const cycleText = (cycle: readonly string[]): string =>
  (cycle.length <= LONGEST_CYCLE
    ? cycle
    : [...cycle.slice(0, LONGEST_CYCLE - 2), '…', ...cycle.slice(-1)]
  ).join(' -> ')

const LONGEST_CYCLE = 10

/** One more than the depth of the deepest it depends on, from 1; tickets that wait for each other lie equally deep. */
export function depthsOf(tickets: readonly GraphTicket[]): ReadonlyMap<string, number> {
  const edges = edgesOf(tickets)
  const depths = new Map<string, number>()
  for (const knot of knotsIn(edges)) {
    const below = knot.flatMap((id) => edges.get(id) ?? []).map((id) => depths.get(id) ?? 0)
    const depth = below.reduce((most, one) => Math.max(most, one), 0) + 1
    for (const id of knot) depths.set(id, depth)
  }
  return depths
}

type Edges = ReadonlyMap<string, readonly string[]>

/** Only those that lead to a ticket. */
function edgesOf(tickets: readonly GraphTicket[]): Edges {
  const known = new Set(tickets.map(({ id }) => id))
  return new Map(
    tickets.map(({ id, depends_on = [] }) => [id, depends_on.filter((other) => known.has(other))]),
  )
}

interface Visit {
  readonly id: string
  /** When it was met. */
  readonly place: number
  readonly ways: Iterator<string>
  /** The place of the earliest ticket that it is known to lead back to. */
  lowest: number
  isTied: boolean
}

/**
 * All ids; those that can reach each other are together, and behind all that they depend on: Tarjan's strongly connected
 * components, with a path of its own instead of calls, as a chain of tickets may be longer than the stack.
 */
function knotsIn(edges: Edges): readonly (readonly string[])[] {
  const visits = new Map<string, Visit>()
  const loose: Visit[] = []
  const knots: (readonly string[])[] = []
  const visit = (id: string): Visit => {
    const ways = (edges.get(id) ?? [])[Symbol.iterator]()
    const made = { id, place: visits.size, ways, lowest: visits.size, isTied: false }
    visits.set(id, made)
    loose.push(made)
    return made
  }
  for (const start of edges.keys()) {
    const path = visits.has(start) ? [] : [visit(start)]
    for (let here = path.at(-1); here !== undefined; here = path.at(-1)) {
      const way = here.ways.next()
      if (way.done !== true) {
        const there = visits.get(way.value)
        if (there === undefined) path.push(visit(way.value))
        else if (!there.isTied) here.lowest = Math.min(here.lowest, there.place)
        continue
      }
      path.pop()
      const above = path.at(-1)
      if (above !== undefined) above.lowest = Math.min(above.lowest, here.lowest)
      if (here.lowest < here.place) continue
      const knot = loose.splice(loose.lastIndexOf(here))
      for (const one of knot) one.isTied = true
      knots.push(knot.map(({ id }) => id))
    }
  }
  return knots
}
