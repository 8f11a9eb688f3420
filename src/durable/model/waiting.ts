/** Who waits for whom, and whether anybody waits for itself in the end. */

/** One ticket waits for another. */
export interface Wait {
  readonly key: string
  readonly needs: string
}

/** The shortest way from a ticket back to itself, when it needs these; undefined when there is none. */
export function circleFrom(
  key: string,
  needs: readonly string[],
  waits: readonly Wait[],
): readonly string[] | undefined {
  const next = new Map<string, readonly string[]>()
  for (const wait of waits) next.set(wait.key, [...(next.get(wait.key) ?? []), wait.needs])
  const seen = new Set<string>()
  const ways = needs.map((need): readonly string[] => [key, need])
  // It grows while it is walked: the shorter ways come first.
  for (const way of ways) {
    const end = way.at(-1) ?? key
    if (end === key) return way
    if (!seen.has(end)) ways.push(...(next.get(end) ?? []).map((need) => [...way, need]))
    seen.add(end)
  }
  return undefined
}
