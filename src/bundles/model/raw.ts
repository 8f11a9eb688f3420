/** Lenient reading of values that came out of a YAML file: the shapes that real trees hold, nothing thrown. */

export type RawMap = Readonly<Record<string, unknown>>

/** The map, or undefined for anything else. */
export function mapOf(value: unknown): RawMap | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as RawMap) : undefined
}

/** The first of the named values that is there: older trees use other names for the same thing. */
export function firstOf(map: RawMap, ...names: readonly string[]): unknown {
  return names.map((name) => map[name]).find((value) => value !== undefined && value !== null)
}

/** Text of a scalar such as a name or a time; as proseOf, and the published tool wrote null as "null". */
export function textOf(value: unknown): string | undefined {
  return value === 'null' ? undefined : proseOf(value)
}

/** Free text of a scalar, whatever word it is; undefined for null, an empty text, lists and maps. */
export function proseOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

export function integerOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isInteger(number) ? number : undefined
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The entries of a list that are maps. */
export const mapsOf = (value: unknown): readonly RawMap[] =>
  listOf(value).flatMap((entry): readonly RawMap[] => {
    const map = mapOf(entry)
    return map === undefined ? [] : [map]
  })

export function textsOf(value: unknown): readonly string[] {
  return listOf(value).flatMap((entry) => textOf(entry) ?? [])
}

/** What a reader of one file answers: the thing, or what is wrong with it. */
export type Read<Thing> =
  { readonly ok: true; readonly value: Thing } | { readonly ok: false; readonly reason: string }
