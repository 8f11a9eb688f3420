/**
 * What of a project moves from one database to another, the same for all of them. Columns are those that a database has, so
 * that a new one moves by itself; numbers that count the rows of one database stay there, their order moves.
 */

export interface MovedTable {
  readonly name: string
  /** The columns that stay: numbers, and what follows from the rest. */
  readonly stays: readonly string[]
  /** The columns that hold the number of another row, which moves as that row's key. */
  readonly keyed: Readonly<Record<string, Keyed>>
  /** Of the keyed ones the column that holds another row of the same table: written when all rows are there. */
  readonly self?: string
  /** In the order of which columns; the last of them is text where `byText` says so. */
  readonly order: readonly string[]
  readonly byText?: true
}

type Keyed = 'batches' | 'tickets'

/** Each names rows of those before it only. */
export const MOVED: readonly MovedTable[] = [
  { name: 'batches', stays: ['id', 'project'], keyed: {}, order: ['id'] },
  { name: 'agents', stays: ['project'], keyed: {}, order: ['id'], byText: true },
  {
    name: 'tickets',
    stays: ['seq', 'project', 'unmet', 'needs'],
    keyed: { batch: 'batches', parent: 'tickets' },
    self: 'parent',
    order: ['seq'],
  },
  { name: 'ticket_deps', stays: [], keyed: { ticket: 'tickets' }, order: ['ticket', 'needs'], byText: true },
  { name: 'claims', stays: ['project'], keyed: { ticket: 'tickets' }, order: ['ticket'] },
  { name: 'events', stays: ['tx', 'seq', 'project'], keyed: { ticket: 'tickets' }, order: ['seq'] },
  { name: 'readings', stays: ['seq', 'project'], keyed: {}, order: ['seq'] },
  { name: 'requests', stays: ['project'], keyed: {}, order: ['key'], byText: true },
]

/** Those of the columns that move, in an order that is the same in every database. */
export const movedColumns = ({ stays }: MovedTable, columns: readonly string[]): readonly string[] =>
  columns.filter((column) => !stays.includes(column)).toSorted()

/** Those of them that a row is written with at first. */
export const writtenAtOnce = ({ self }: MovedTable, columns: readonly string[]): readonly string[] =>
  columns.filter((column) => column !== self)

/** The rows that name another one of their table, by their keys. */
export interface SelfReference {
  readonly key: unknown
  readonly other: unknown
}

/** Notes, while the rows pass by, which of them name another one of their table. */
export function selfReferences(
  table: MovedTable,
  row: Readonly<Record<string, unknown>>,
): readonly SelfReference[] {
  const other = table.self === undefined ? undefined : row[table.self]
  return other === undefined || other === null ? [] : [{ key: row.key, other }]
}

/** How one database is asked. */
export interface Dialect {
  /** Before the name of each table. */
  readonly schema: string
  /** The parameter of the project. */
  readonly project: string
  /** Behind a text that is sorted by its bytes. */
  readonly byBytes: string
}

/** All rows of the project, in their order. */
export function selectMoved(table: MovedTable, columns: readonly string[], dialect: Dialect): string {
  const { keyed, order, byText = false } = table
  const told = columns.map((column) => {
    const of = keyed[column]
    return of === undefined
      ? `m.${column}`
      : `(SELECT k.key FROM ${dialect.schema}${of} k WHERE k.${NUMBER[of]} = m.${column}) AS ${column}`
  })
  return `SELECT ${told.join(', ')} ${fromMoved(table, dialect)}
    ORDER BY ${order.map((column) => `m.${column}`).join(', ')}${byText ? dialect.byBytes : ''}`
}

/** Whose rows they are, for all that is asked of a table as `m`. */
export const fromMoved = ({ name, stays }: MovedTable, { schema, project }: Dialect): string =>
  stays.includes('project')
    ? `FROM ${schema}${name} m WHERE m.project = ${project}`
    : `FROM ${schema}${name} m WHERE m.ticket IN (SELECT seq FROM ${schema}tickets WHERE project = ${project})`

/** The number of the row that has the key `key` in this project. */
export const numberOf = (of: Keyed, key: string, { schema, project }: Dialect): string =>
  `(SELECT k.${NUMBER[of]} FROM ${schema}${of} k WHERE k.project = ${project} AND k.key = ${key})`

const NUMBER: Readonly<Record<Keyed, string>> = { batches: 'id', tickets: 'seq' }
