/** All of a project out of the embedded database, and into it. */
import {
  fromMoved,
  MOVED,
  movedColumns,
  numberOf,
  selectMoved,
  selfReferences,
  writtenAtOnce,
  type MovedTable,
  type SelfReference,
} from '../moved-tables.ts'
import {
  HAS_TICKETS,
  ImportRefused,
  refuseUnknown,
  type CopiedRow,
  type CopySource,
  type CopyTarget,
} from '../store-keeper.ts'
import type { Database, Value } from './database.ts'
import type { Place } from './place.ts'
import { countUnmet } from './unmet.ts'

const DIALECT = { schema: '', project: '?', byBytes: '' }

export function copyOut({ database, project }: Place, { begin, row }: CopyTarget): void {
  // It only reads, so nobody waits for it; all of it sees the moment of its first look.
  database.script('BEGIN')
  const tables = MOVED.map((table) => {
    const count = database.one(`SELECT count(*) AS rows ${fromMoved(table, DIALECT)}`, project)
    return { table, rows: Number(count?.rows), columns: columnsOf(database, table) }
  })
  begin(Object.fromEntries(tables.map(({ table, ...told }) => [table.name, told])))
  for (const { table, columns } of tables)
    for (const one of database.each(selectMoved(table, columns, DIALECT), project)) row(table.name, one)
  database.script('COMMIT')
}

const columnsOf = (database: Database, table: MovedTable): readonly string[] =>
  movedColumns(
    table,
    database.all('SELECT name FROM pragma_table_info(?)', table.name).map(({ name }) => String(name)),
  )

const TICKETS = MOVED.find(({ self }) => self !== undefined)

export function copyIn(place: Place, { tables, rows }: CopySource): void {
  const { database, project } = place
  database.transaction(() => {
    if (database.one('SELECT 1 FROM tickets WHERE project = ?', project) !== undefined)
      throw new ImportRefused(HAS_TICKETS)
    refuseUnknown(tables, Object.fromEntries(MOVED.map((table) => [table.name, columnsOf(database, table)])))
    const inserts = new Map(MOVED.map((table) => [table.name, insertOf(place, table, tables)]))
    // Sessions that were heard of, and notes that were read, without a ticket.
    for (const { name, stays } of MOVED)
      if (stays.includes('project')) database.run(`DELETE FROM ${name} WHERE project = ?`, project)
    const parents: SelfReference[] = []
    for (const copied of rows()) {
      inserts.get(copied.table)?.(copied)
      if (copied.table === TICKETS?.name) parents.push(...selfReferences(TICKETS, copied.row))
    }
    for (const { key, other } of parents)
      database.run(
        `UPDATE tickets SET parent = ${numberOf('tickets', '?', DIALECT)} WHERE project = ? AND key = ?`,
        ...[project, String(other), project, String(key)],
      )
    const all = database.all('SELECT seq FROM tickets WHERE project = ?', project)
    countUnmet(
      place,
      [],
      all.map(({ seq }) => Number(seq)),
    )
  })
}

function insertOf({ database, project }: Place, table: MovedTable, tables: CopySource['tables']) {
  const { name, keyed, stays } = table
  const columns = writtenAtOnce(table, tables[name]?.columns ?? [])
  const ofProject = stays.includes('project')
  const values = columns.map((column) => {
    const of = keyed[column]
    return of === undefined ? '?' : numberOf(of, '?', DIALECT)
  })
  const sql = `INSERT INTO ${name} (${[...columns, ...(ofProject ? ['project'] : [])].join(', ')})
    VALUES (${[...values, ...(ofProject ? ['?'] : [])].join(', ')})`
  return ({ row }: CopiedRow): void => {
    if (name === 'tickets') refuseTaken(database, row)
    const told = columns.flatMap((column): Value[] => {
      const value = (row[column] ?? null) as Value // STRICT tables hold columns to their kinds
      return column in keyed ? [project, value] : [value]
    })
    database.run(sql, ...told, ...(ofProject ? [project] : []))
  }
}

function refuseTaken(database: Database, { uuid, key }: CopiedRow['row']): void {
  if (database.one('SELECT 1 FROM tickets WHERE uuid = ?', String(uuid)) === undefined) return
  throw new ImportRefused(`${String(key)} is in this database already, in another project`)
}
