/** What a list of tickets is narrowed to: of each column the values that are wanted. */
import type { ListWanted } from './ticket-store.ts'

interface Filter {
  /** Of a ticket `t` and its claim `c`. */
  readonly column: string
  /** The name of its parameter: a JSON list. */
  readonly name: string
  readonly values: string
}

export const filtersOf = ({ statuses, session, provenances, type }: ListWanted): readonly Filter[] =>
  [
    { column: 't.status', name: 'statuses', wanted: statuses },
    { column: 'c.session', name: 'session', wanted: session === undefined ? undefined : [session] },
    { column: 't.provenance', name: 'provenances', wanted: provenances },
    { column: 't.type', name: 'type', wanted: type === undefined ? undefined : [type] },
  ].flatMap(({ column, name, wanted }) =>
    wanted === undefined ? [] : [{ column, name, values: JSON.stringify(wanted) }],
  )

/** How many of them a list leaves out, and how many it has. */
export const COUNTS = `count(*) AS wanted, count(*) FILTER (WHERE t.visibility = 'default') AS visible`

export function countsOf(
  row: Readonly<Record<string, unknown>> | undefined,
  { visibleOnly = false }: ListWanted,
): { readonly total: number; readonly hidden: number } {
  const [wanted, visible] = [Number(row?.wanted), Number(row?.visible)]
  return visibleOnly ? { total: visible, hidden: wanted - visible } : { total: wanted, hidden: 0 }
}
