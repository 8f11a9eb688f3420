/** The board of one bundle: its tickets in lanes by state, or as a list where lanes would be too narrow. */
import colors from 'picocolors'
import { pageLine, rowsOf, unreadableLines, type Fields } from './fields.ts'
import { LANES, type Lane } from './states.ts'
import { drawGrid } from './table.ts'
import { cut, flat, padded, wrapAtMost } from './text.ts'

interface Filled extends Lane {
  readonly tickets: readonly Fields[]
}

const NARROWEST = 16
const WIDEST = 40

/** Head, lanes, page. */
export function showBoard(fields: Fields, columns: number): string {
  const tickets = rowsOf(fields.tickets)
  const lanes = LANES.map((lane) => ({
    ...lane,
    tickets: tickets.filter(({ status }) => lane.states.includes(flat(status))),
  })).filter((lane) => lane.tickets.length > 0)
  const width = Math.min(WIDEST, Math.floor((columns - 1) / lanes.length) - 3)
  const unfinished = tickets.filter(({ status }) => status !== 'done').map(({ id }) => id)
  const board =
    lanes.length < 2 || width < NARROWEST
      ? listed(lanes, unfinished, columns)
      : drawn(lanes, unfinished, width)
  return [...headOf(fields, columns), ...board, ...unreadableLines(fields, columns), pageLine(fields)].join(
    '\n',
  )
}

function headOf(fields: Fields, columns: number): readonly string[] {
  const id = flat(fields.bundle)
  const counts = Object.entries((fields.counts ?? {}) as Fields).map(
    ([state, count]) => `${flat(count)} ${state}`,
  )
  const parts = [
    flat(fields.status),
    ...(typeof fields.main_agent === 'string' ? [`main agent ${flat(fields.main_agent)}`] : []),
    ...(typeof fields.worktree === 'string' ? [flat(fields.worktree)] : []),
    counts.length === 0 ? 'no tickets' : `tickets: ${counts.join(', ')}`,
  ]
  return [
    `${colors.bold(id)} ${cut(flat(fields.title), columns - id.length - 1)}`,
    colors.dim(cut(parts.join(' · '), columns)),
  ]
}

function drawn(lanes: readonly Filled[], unfinished: readonly unknown[], width: number): readonly string[] {
  const heads = lanes.map(({ title, tickets, color }) => color(`${title} (${tickets.length})`))
  const cells = lanes.map(({ tickets }) =>
    tickets.map((ticket) => card(ticket, unfinished, width).join('\n')).join('\n\n'),
  )
  return [
    drawGrid(
      heads,
      [cells],
      lanes.map(() => width),
    ),
  ]
}

/** `TKT-001 @ada`, its title in up to two lines, and what it waits for. */
function card(ticket: Fields, unfinished: readonly unknown[], width: number): readonly string[] {
  const id = flat(ticket.id)
  const waits = waitingFor(ticket, unfinished)
  return [
    `${colors.bold(id)}${colors.cyan(cut(holderOf(ticket), width - id.length))}`,
    ...wrapAtMost(flat(ticket.title), width, 2),
    ...(waits === '' ? [] : [colors.yellow(cut(waits, width))]),
  ]
}

function listed(
  lanes: readonly Filled[],
  unfinished: readonly unknown[],
  columns: number,
): readonly string[] {
  return lanes.flatMap(({ title, tickets, color }) => [
    color(`${title} (${tickets.length})`),
    ...tickets.map((ticket) => {
      const [id, notes] = [flat(ticket.id), `${holderOf(ticket)} ${waitingFor(ticket, unfinished)}`.trim()]
      const width = columns - id.length - 4 - (notes === '' ? 0 : Math.min(notes.length + 2, 30))
      const name = cut(flat(ticket.title), Math.max(NARROWEST, width))
      return `  ${colors.bold(id)}  ${notes === '' ? name : `${padded(name, width)}  ${colors.yellow(cut(notes, 28))}`}`
    }),
  ])
}

function holderOf({ claimed_by, status }: Fields): string {
  if (typeof claimed_by !== 'string') return ''
  return ` @${flat(claimed_by)}${status === 'claimed' ? ', claimed' : ''}`
}

function waitingFor({ status, depends_on }: Fields, unfinished: readonly unknown[]): string {
  if (status === 'done' || status === 'failed' || !Array.isArray(depends_on)) return ''
  const waits = depends_on.filter((id) => unfinished.includes(id))
  return waits.length === 0 ? '' : `waits for ${waits.map(flat).join(', ')}`
}
