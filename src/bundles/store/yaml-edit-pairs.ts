/** Which entries of a list were there before, so that an edit can leave their lines where they are. */

/** Of each entry of `after`, where it was in `before`; undefined for a new one. Entries that changed places are new. */
export function pairEntries(
  before: readonly unknown[],
  after: readonly unknown[],
  nameOf = (entry: unknown): string => JSON.stringify(entry),
): readonly (number | undefined)[] {
  const places = new Map<string, number[]>()
  for (const [place, entry] of before.entries()) {
    const name = nameOf(entry)
    places.set(name, [...(places.get(name) ?? []), place])
  }
  let last = -1
  return after.map((entry) => {
    const place = places.get(nameOf(entry))?.find((one) => one > last)
    last = place ?? last
    return place
  })
}
