/** What the dependencies between tickets say: unknown ids and cycles. */

export interface GraphTicket {
  readonly id: string
  readonly depends_on: readonly string[]
}

/** Ids that are named as a dependency and exist nowhere. */
export function unknownDependencies(tickets: readonly GraphTicket[]): readonly string[] {
  const known = new Set(tickets.map(({ id }) => id))
  return [...new Set(tickets.flatMap(({ depends_on }) => depends_on.filter((id) => !known.has(id))))]
}

/** One cycle through `from`, as the ids along it, or undefined. */
export function cycleThrough(from: string, tickets: readonly GraphTicket[]): readonly string[] | undefined {
  const edges = new Map(tickets.map(({ id, depends_on }) => [id, depends_on]))
  const seen = new Set<string>()
  const paths: (readonly string[])[] = [[from]]
  for (let path = paths.pop(); path !== undefined; path = paths.pop()) {
    for (const next of edges.get(path.at(-1) ?? '') ?? []) {
      if (next === from) return [...path, from]
      if (!seen.has(next)) paths.push([...path, next])
      seen.add(next)
    }
  }
  return undefined
}
