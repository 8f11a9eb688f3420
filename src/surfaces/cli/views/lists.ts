/** Lists as tables: bundles, express tickets, what a plan would become. */
import colors from 'picocolors'
import { pageLine, rowsOf, showFields, unreadableLines, type Fields } from './fields.ts'
import { inStateColor } from './states.ts'
import { drawTable, type Column } from './table.ts'
import { cut, flat, wrap } from './text.ts'

/** All bundles, the newest first. */
export function showBundles(fields: Fields, columns: number): string {
  const rows = rowsOf(fields.bundles)
  const table = [columnOf(rows, 'id'), statusOf(rows), columnOf(rows, 'title', true)]
  return page(fields, rows.length === 0 ? colors.dim('no bundles') : drawTable(table, columns), columns)
}

/** `express list`; the other actions answer as any command does. */
export function showExpress(fields: Fields, columns: number): string {
  if (!Array.isArray(fields.tickets)) return showFields(fields, columns, expressSays(fields))
  const rows = rowsOf(fields.tickets)
  const dates: Column = {
    head: 'done',
    cells: rows.map(({ completed_at }) => flat(completed_at).slice(0, 10)),
    color: colors.dim,
  }
  const isAnyDone = dates.cells.some((date) => date !== '')
  const table = [columnOf(rows, 'id'), statusOf(rows), columnOf(rows, 'title', true)]
  if (isAnyDone) table.push(dates)
  return page(
    fields,
    rows.length === 0 ? colors.dim('no express tickets') : drawTable(table, columns),
    columns,
  )
}

/** `roadmap-goal list`; the other actions answer in a sentence. */
export function showGoals(fields: Fields, columns: number): string {
  const { goals, goal, bundle } = fields
  if (!Array.isArray(goals)) return bundle === undefined ? `${flat(goal)} is added` : linkSays(fields)
  const rows = rowsOf(goals)
  const table = [
    columnOf(rows, 'id'),
    statusOf(rows),
    { head: 'bundles', cells: rows.map(({ bundles, finished }) => `${flat(finished)} of ${flat(bundles)}`) },
    columnOf(rows, 'title', true),
  ]
  return page(fields, rows.length === 0 ? colors.dim('no goals') : drawTable(table, columns), columns)
}

function linkSays({ bundle, goal, before }: Fields): string {
  const was = before === null || before === goal ? '' : `, no longer ${flat(before)}`
  return goal === null ? `${flat(bundle)} serves no goal${was}` : `${flat(bundle)} serves ${flat(goal)}${was}`
}

function expressSays({ ticket_id, status, agent, bundle_id, worker_ticket }: Fields): string {
  const id = flat(ticket_id)
  if (bundle_id !== undefined)
    return `${id} is done here and goes on as ${flat(bundle_id)}, ${flat(worker_ticket)}`
  return agent === undefined ? `${id} is ${flat(status)}` : `${flat(agent)} holds ${id}`
}

/** A plan that was not made into a bundle yet. */
export function showPlanned(fields: Fields, columns: number): string {
  const rows = rowsOf(fields.planned)
  const needs = rows.map(({ depends_on }) => rowsText(depends_on))
  const table: readonly Column[] = [
    columnOf(rows, 'ticket'),
    { head: 'wave', cells: rows.map(({ wave }) => flat(wave)) },
    columnOf(rows, 'title', true),
    { head: 'needs', cells: needs, color: colors.dim },
    { head: 'criteria', cells: rows.map(({ criteria }) => flat(criteria)) },
  ]
  const skipped =
    typeof fields.skipped === 'number' && fields.skipped > 0 ? `, ${fields.skipped} skipped` : ''
  const route = fields.route === 'express' ? '; small enough for `tkt express`' : ''
  const says = `would make ${flat(fields.ticket_count)} tickets, TKT-000 and TKT-A00 included${skipped}${route}; nothing was created`
  return [
    colors.bold(cut(flat(fields.goal), columns)),
    rows.length === 0 ? colors.dim('no worker tickets') : drawTable(table, columns),
    ...wrap(says, columns).map((line) => colors.dim(line)),
  ].join('\n')
}

const rowsText = (value: unknown): string => (Array.isArray(value) ? value.map(flat).join(' ') : '')

function columnOf(rows: readonly Fields[], head: string, isElastic = false): Column {
  const cells = rows.map((row) => flat(row[head]))
  return isElastic ? { head, cells, isElastic } : { head, cells }
}

const statusOf = (rows: readonly Fields[]): Column => ({ ...columnOf(rows, 'status'), color: inStateColor })

const page = (fields: Fields, table: string, columns: number): string =>
  [table, ...unreadableLines(fields, columns), pageLine(fields)].join('\n')
