/** All of a project out of PostgreSQL, and into it. */
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
import type { Row } from '../rows.ts'
import {
  HAS_TICKETS,
  ImportRefused,
  refuseUnknown,
  type CopiedRow,
  type CopySource,
  type CopyTarget,
} from '../store-keeper.ts'
import type { Database } from './database.ts'
import { inTurn, type Place } from './place.ts'

const DIALECT = { schema: 'tkt.', project: ':project::bigint', byBytes: ' COLLATE "C"' }

export const copyOut = ({ database, project }: Place, { begin, row }: CopyTarget): Promise<void> =>
  database.transaction(async () => {
    await database.script('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY')
    const tables = []
    for (const table of MOVED) {
      const count = await database.one(`SELECT count(*) AS rows ${fromMoved(table, DIALECT)}`, { project })
      tables.push({ table, rows: Number(count?.rows), columns: await columnsOf(database, table) })
    }
    begin(Object.fromEntries(tables.map(({ table, ...told }) => [table.name, told])))
    for (const { table, columns } of tables)
      for await (const page of pagesOf(database, selectMoved(table, columns, DIALECT), project))
        for (const one of page) row(table.name, one)
  })

async function* pagesOf(database: Database, sql: string, project: number): AsyncGenerator<readonly Row[]> {
  await database.all(`DECLARE moved NO SCROLL CURSOR FOR ${sql}`, { project })
  for (;;) {
    const page = await database.all(`FETCH ${PAGE_ROWS} FROM moved`)
    if (page.length === 0) break
    yield page
  }
  await database.script('CLOSE moved')
}

/** Their texts are in memory at once. */
const PAGE_ROWS = 50

async function columnsOf(database: Database, table: MovedTable): Promise<readonly string[]> {
  const rows = await database.all(
    `SELECT attname AS name FROM pg_attribute
     WHERE attrelid = to_regclass(:table) AND attnum > 0 AND NOT attisdropped`,
    { table: `tkt.${table.name}` },
  )
  return movedColumns(
    table,
    rows.map(({ name }) => String(name)),
  )
}

const TICKETS = MOVED.find(({ self }) => self !== undefined)

const PARENTS = `UPDATE tkt.tickets t SET parent = ${numberOf('tickets', 'e.other', DIALECT)}
  FROM jsonb_to_recordset(:told::jsonb) AS e (key text, other text) WHERE t.project = :project AND t.key = e.key`

/** Intakes wait meanwhile; claims find nothing yet. */
export function copyIn(place: Place, { tables, rows }: CopySource): Promise<void> {
  const { database, project } = place
  return inTurn(place, async () => {
    const ticket = await database.one('SELECT FROM tkt.tickets WHERE project = :project LIMIT 1', { project })
    if (ticket !== undefined) throw new ImportRefused(HAS_TICKETS)
    const known: Record<string, readonly string[]> = {}
    for (const table of MOVED) known[table.name] = await columnsOf(database, table)
    refuseUnknown(tables, known)
    // Sessions that were heard of, and notes that were read, without a ticket.
    for (const { name, stays } of MOVED)
      if (stays.includes('project'))
        await database.all(`DELETE FROM tkt.${name} WHERE project = :project`, { project })
    const inserts = new Map(
      MOVED.map((table) => [table.name, insertOf(table, tables[table.name]?.columns ?? [])]),
    )
    const parents: SelfReference[] = []
    for (const { table, page } of pagesIn(rows())) {
      const told = JSON.stringify(page)
      if (table === 'tickets') await refuseTaken(database, told)
      await database.all(inserts.get(table) ?? '', { project, told })
      if (table === TICKETS?.name) parents.push(...page.flatMap((row) => selfReferences(TICKETS, row)))
    }
    await database.all(PARENTS, { project, told: JSON.stringify(parents) })
  })
}

/** Rows that come one after the other and are of one table, each as PostgreSQL can keep it. */
function* pagesIn(
  rows: Iterable<CopiedRow>,
): Generator<{ readonly table: string; readonly page: readonly Row[] }> {
  let [table, page]: [string, Row[]] = ['', []]
  for (const copied of rows) {
    refuseNul(copied)
    if (page.length > 0 && (copied.table !== table || page.length === PAGE_ROWS)) {
      yield { table, page }
      page = []
    }
    table = copied.table
    page.push(copied.row)
  }
  if (page.length > 0) yield { table, page }
}

function refuseNul({ table, row }: CopiedRow): void {
  const column = Object.keys(row).find((name) => String(row[name]).includes('\0'))
  if (column === undefined) return
  const which = String(row.key ?? row.ticket ?? row.source ?? row.id)
  throw new ImportRefused(
    `${which}: ${column} (${table}) has a NUL character in it, which PostgreSQL cannot keep: take it out where it comes from, and export again`,
  )
}

async function refuseTaken(database: Database, told: string): Promise<void> {
  const taken = await database.one(
    `SELECT t.key FROM tkt.tickets t JOIN jsonb_array_elements(:told::jsonb) e ON t.uuid = (e->>'uuid')::uuid LIMIT 1`,
    { told },
  )
  if (taken !== undefined)
    throw new ImportRefused(`${String(taken.key)} is in this database already, in another project`)
}

/** Here they are in a column of the ticket. Those of one ticket may come in several pages. */
const NEEDS = `UPDATE tkt.tickets t SET needs = (coalesce(t.needs::jsonb, '[]') || e.needs)::text
  FROM (SELECT r.ticket, jsonb_agg(r.needs ORDER BY r.needs COLLATE "C") AS needs
    FROM jsonb_to_recordset(:told::jsonb) AS r (ticket text, needs text) GROUP BY r.ticket) e
  WHERE t.project = ${DIALECT.project} AND t.key = e.ticket`

/** Rows get their numbers in the order in which they are told. */
function insertOf(table: MovedTable, told: readonly string[]): string {
  const { name, keyed, stays } = table
  if (name === 'ticket_deps') return NEEDS
  const columns = writtenAtOnce(table, told)
  const ofProject = stays.includes('project')
  const values = columns.map((column) => {
    const of = keyed[column]
    return of === undefined ? `r.${column}` : numberOf(of, `e.told->>'${column}'`, DIALECT)
  })
  const keys = Object.keys(keyed).map((column) => `'${column}'`)
  return `INSERT INTO tkt.${name} (${[...columns, ...(ofProject ? ['project'] : [])].join(', ')})
    SELECT ${[...values, ...(ofProject ? [DIALECT.project] : [])].join(', ')}
    FROM jsonb_array_elements(:told::jsonb) WITH ORDINALITY e (told, place),
      jsonb_populate_record(NULL::tkt.${name}, e.told - ARRAY[${keys.join(', ')}]::text[]) r
    ORDER BY e.place ${name === 'agents' ? 'ON CONFLICT DO NOTHING' : ''}`
}
