/** A while back, as a person says it. */

/** `30m`, `24h`, `7d`, a day, or a moment as the system writes it. */
export const SINCE = '^([1-9][0-9]{0,4}[smhd]|[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]{5,12}Z)?)$'
export const SINCE_FORM =
  'a while such as 90m, 24h or 7d, or a moment such as 2026-11-20 or 2026-11-20T17:29:00Z, in UTC'

const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Undefined for a moment that there never was. */
export function momentOf(since: string, now_ms: number): number | undefined {
  const [, number, unit = ''] = /^(\d+)([smhd])$/.exec(since) ?? []
  const moment = number === undefined ? Date.parse(since) : now_ms - Number(number) * (UNITS_MS[unit] ?? 0)
  return Number.isFinite(moment) ? moment : undefined
}
