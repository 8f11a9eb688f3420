/** What a list of tickets is narrowed to: of each column the values that are wanted. */
import type { ListWanted } from './ticket-store.ts'

interface Filter {
  /** Of a ticket `t` and its claim `c`. */
  readonly column: string
  /** The name of its parameter: a JSON list. */
  readonly name: string
  readonly values: string
}

/** `schema` stands before the name of each table. */
export function filtersOf(wanted: ListWanted, schema: string): readonly Filter[] {
  const { statuses, session, provenances, type, kind, channel, tier, assignee, parent } = wanted
  const one = (value: string | undefined): readonly string[] | undefined =>
    value === undefined ? undefined : [value]
  return [
    { column: 't.status', name: 'statuses', values: statuses },
    { column: 'c.session', name: 'session', values: one(session) },
    { column: 't.provenance', name: 'provenances', values: provenances },
    { column: 't.type', name: 'type', values: one(type) },
    { column: 't.kind', name: 'kind', values: one(kind) },
    { column: 't.channel', name: 'channel', values: one(channel) },
    { column: 't.tier', name: 'tier', values: one(tier) },
    { column: 't.assignee', name: 'assignee', values: one(assignee) },
    {
      column: `(SELECT p.key FROM ${schema}tickets p WHERE p.seq = t.parent)`,
      ...{ name: 'parent', values: one(parent) },
    },
  ].flatMap(({ values, ...filter }) =>
    values === undefined ? [] : [{ ...filter, values: JSON.stringify(values) }],
  )
}

/** The most urgent and the least urgent that are wanted, as conditions on a ticket `t`. */
export const urgencyOf = ({ priority_from = 0, priority_to = 100 }: ListWanted): readonly string[] =>
  priority_from === 0 && priority_to === 100 ? [] : [`t.priority BETWEEN ${priority_from} AND ${priority_to}`]

/** How many of them a list leaves out, and how many it has. */
export const COUNTS = `count(*) AS wanted, count(*) FILTER (WHERE t.visibility = 'default') AS visible`

export function countsOf(
  row: Readonly<Record<string, unknown>> | undefined,
  { visibleOnly = false }: ListWanted,
): { readonly total: number; readonly hidden: number } {
  const [wanted, visible] = [Number(row?.wanted), Number(row?.visible)]
  return visibleOnly ? { total: visible, hidden: wanted - visible } : { total: wanted, hidden: 0 }
}
