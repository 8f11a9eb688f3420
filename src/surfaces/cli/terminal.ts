/** What people see above the JSON line on a terminal: tables, a board by state, colour. Never loaded for programs. */
import Table from 'cli-table3'
import colors from 'picocolors'
import type { Envelope, Failure } from '../../operation/envelope.ts'
import type { Row } from '../../registry.ts'

interface Shown {
  readonly envelope: Envelope
  readonly text?: string
  readonly row?: Row
}

type Fields = Readonly<Record<string, unknown>>

/** The text for people, ending in a newline; the caller prints the JSON line below it. */
export function showAnswer({ envelope, text, row }: Shown, terminal: { readonly columns: number }): string {
  if (text !== undefined) return `${text}\n`
  if (!envelope.ok) return showFailure(envelope)
  const { ok: _, warnings, ...fields } = envelope
  const view = VIEWS[row?.name ?? ''] ?? showFields
  const notes = (Array.isArray(warnings) ? warnings : []).map(
    (warning) => `${colors.yellow('!')} ${String(warning)}`,
  )
  return [view(fields, terminal.columns), ...notes, ''].join('\n')
}

function showFailure({ message, hint, error, error_code, details }: Failure): string {
  const failures = Array.isArray(details?.failures) ? (details.failures as readonly Fields[]) : []
  const lines = failures.map(
    (failure) =>
      `  ${colors.red('✗')} ${String(failure.gate)}: ${String(failure.message)}\n    ${colors.dim(String(failure.hint))}`,
  )
  const head = failures.length === 0 ? message : (message.split(':')[0] ?? message)
  return [
    `${colors.red('✗')} ${head} ${colors.dim(`(${error}, ${error_code})`)}`,
    ...lines,
    `  ${colors.cyan('→')} ${hint}`,
    '',
  ].join('\n')
}

/** Tickets in columns by state, the states in the order work goes. */
function showBoard(fields: Fields, columns: number): string {
  const tickets = rowsOf(fields.tickets)
  const states = BOARD.filter(({ states: own }) =>
    own.some((state) => tickets.some(({ status }) => status === state)),
  )
  const width = Math.max(18, Math.floor((columns - states.length - 1) / Math.max(1, states.length)))
  const table = new Table({
    head: states.map(({ title, color }) => color(title)),
    colWidths: states.map(() => width),
    wordWrap: true,
    style: { head: [], border: ['gray'] },
  })
  const cells = states.map(({ states: own }) =>
    tickets.filter(({ status }) => own.some((state) => state === status)).map(card),
  )
  const height = Math.max(0, ...cells.map((cell) => cell.length))
  for (let line = 0; line < height; line += 1) table.push(cells.map((cell) => cell[line] ?? ''))
  const main = fields.main_agent === null ? '' : `, main agent ${flat(fields.main_agent)}`
  const title = `${colors.bold(String(fields.bundle))} ${String(fields.title)} ${colors.dim(`(${String(fields.status)}${main})`)}`
  return [title, table.toString(), colors.dim(pageLine(fields))].join('\n')
}

const BOARD = [
  { title: 'open', states: ['open'], color: colors.white },
  { title: 'at work', states: ['claimed', 'in_progress'], color: colors.cyan },
  { title: 'blocked', states: ['blocked'], color: colors.yellow },
  { title: 'failed', states: ['failed'], color: colors.red },
  { title: 'done', states: ['done'], color: colors.green },
] as const satisfies readonly { title: string; states: readonly string[]; color: (text: string) => string }[]

function card(ticket: Fields): string {
  const holder = typeof ticket.claimed_by === 'string' ? colors.dim(` @${flat(ticket.claimed_by)}`) : ''
  return `${colors.bold(String(ticket.id))}${holder}\n${flat(ticket.title)}`
}

const listView =
  (name: string, heads: readonly string[]) =>
  (fields: Fields, columns: number): string => {
    if (!Array.isArray(fields[name])) return showFields(fields)
    const rows = rowsOf(fields[name])
    const table = new Table({
      head: heads.map((head) => colors.bold(head)),
      style: { head: [], border: ['gray'] },
    })
    for (const row of rows)
      table.push(
        heads.map((head) =>
          cut(colored(head, row[head]), head === 'title' ? Math.max(20, columns - 50) : 60),
        ),
      )
    return [rows.length === 0 ? colors.dim('none') : table.toString(), colors.dim(pageLine(fields))].join(
      '\n',
    )
  }

function showHistory(fields: Fields): string {
  const lines = rowsOf(fields.events).map((event) => {
    const parts = Object.entries(event.fields as Fields).map(
      ([key, value]) => `${colors.dim(`${key}=`)}${flat(value)}`,
    )
    return `${colors.dim(String(event.at))}  ${colors.cyan(String(event.event).padEnd(18))} ${parts.join(' ')}`
  })
  return [...lines, colors.dim(pageLine(fields))].join('\n')
}

const VIEWS: Readonly<Record<string, (fields: Fields, columns: number) => string>> = {
  'bundle-status': showBoard,
  'list-bundles': listView('bundles', ['id', 'status', 'title']),
  express: listView('tickets', ['id', 'status', 'title', 'category', 'completed_at']),
  history: showHistory,
}

/** Anything else: a line a field. */
function showFields(fields: Fields): string {
  const width = Math.max(0, ...Object.keys(fields).map((name) => name.length))
  return Object.entries(fields)
    .map(([name, value]) => `${colors.green('✓')} ${colors.bold(name.padEnd(width))}  ${shown(value)}`)
    .join('\n')
}

function shown(value: unknown): string {
  if (typeof value !== 'object' || value === null)
    return typeof value === 'string' ? value : JSON.stringify(value)
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string')) return value.join('\n   ')
  return JSON.stringify(value, null, 2)
}

function colored(head: string, value: unknown): string {
  const text = flat(value)
  if (head !== 'status') return text
  if (text === 'done' || text === 'closed') return colors.green(text)
  return text === 'open' ? text : colors.cyan(text)
}

/** One line of any value: control characters would draw on the terminal. */
function flat(value: unknown): string {
  if (value === null || value === undefined) return ''
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.replace(/\p{Cc}+/gu, ' ')
}

const cut = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, width - 1)}…` : text

const rowsOf = (value: unknown): readonly Fields[] =>
  Array.isArray(value) ? (value as readonly Fields[]) : []

function pageLine({ shown: page, next }: Fields): string {
  return next === undefined ? flat(page) : `${flat(page)}, the rest with ${flat(next)}`
}
