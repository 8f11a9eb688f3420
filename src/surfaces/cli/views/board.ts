/** The board of one bundle: its tickets in lanes by state, or as a list where lanes would be too narrow or too high. */
import colors from 'picocolors'
import stringWidth from 'string-width'
import { pageLine, rowsOf, unreadableLines, type Fields } from './fields.ts'
import { LANES, type Lane } from './states.ts'
import { drawGrid } from './table.ts'
import { cut, flat, padded, wrapAtMost } from './text.ts'

interface Filled extends Lane {
  /** Those of the page. */
  readonly tickets: readonly Fields[]
  /** Of the whole bundle. */
  readonly count: number
}

const NARROWEST = 16
const WIDEST = 40
/** Lanes with more tickets than this would be many screens high. */
const TALLEST = 12

/** Head, lanes, page. */
export function showBoard(fields: Fields, columns: number): string {
  const tickets = rowsOf(fields.tickets)
  const lanes = lanesOf(fields)
  const width = Math.min(WIDEST, Math.floor((columns - 1) / lanes.length) - 3)
  const unfinished = tickets.filter(({ status }) => status !== 'done').map(({ id }) => id)
  const isTall = lanes.some((lane) => lane.tickets.length > TALLEST)
  const board =
    lanes.length < 2 || width < NARROWEST || isTall
      ? listed(lanes, unfinished, columns)
      : drawn(lanes, unfinished, width)
  return [...headOf(fields, columns), ...board, ...unreadableLines(fields, columns), pageLine(fields)].join(
    '\n',
  )
}

const lanesOf = (fields: Fields): readonly Filled[] =>
  LANES.map((lane) => {
    const tickets = rowsOf(fields.tickets).filter(({ status }) => lane.states.includes(flat(status)))
    return { ...lane, tickets, count: countOf(fields, lane.states) }
  }).filter(({ count }) => count > 0)

/** Of the tickets of the whole bundle, how many are in one of these states. */
function countOf({ counts }: Fields, states?: readonly string[]): number {
  const all = Object.entries((counts ?? {}) as Readonly<Record<string, number>>)
  const wanted = states === undefined ? all : all.filter(([state]) => states.includes(state))
  return wanted.reduce((sum, [, count]) => sum + count, 0)
}

function headOf(fields: Fields, columns: number): readonly string[] {
  const id = flat(fields.bundle)
  const total = countOf(fields)
  const done = countOf(fields, ['done'])
  const parts = [
    flat(fields.status),
    ...(typeof fields.main_agent === 'string' ? [`main agent ${flat(fields.main_agent)}`] : []),
    ...(typeof fields.worktree === 'string' && fields.status !== 'closed' ? [flat(fields.worktree)] : []),
    total === 0 ? 'no tickets' : `${done} of ${total} done`,
  ]
  return [
    `${colors.bold(id)} ${cut(flat(fields.title), columns - id.length - 1)}`,
    colors.dim(cut(parts.join(' · '), columns)),
  ]
}

function drawn(lanes: readonly Filled[], unfinished: readonly unknown[], width: number): readonly string[] {
  const heads = lanes.map(({ title, count, color }) => color(`${title} (${count})`))
  const cells = lanes.map((lane) =>
    [...lane.tickets.map((ticket) => card(ticket, unfinished, width).join('\n')), ...hiddenIn(lane)].join(
      '\n\n',
    ),
  )
  return [
    drawGrid(
      heads,
      [cells],
      lanes.map(() => width),
    ),
  ]
}

/** `TKT-001 @ada`, its title in up to two lines, and what it needs first. */
function card(ticket: Fields, unfinished: readonly unknown[], width: number): readonly string[] {
  const id = flat(ticket.id)
  const needs = needsOf(ticket, unfinished)
  return [
    `${colors.bold(id)}${colors.cyan(cut(holderOf(ticket), width - id.length))}`,
    ...wrapAtMost(flat(ticket.title), width, 2),
    ...(needs === '' ? [] : wrapAtMost(needs, width, 2).map((line) => colors.yellow(line))),
  ]
}

/** A line a ticket; who holds it and what it needs stand in a column of their own. */
function listed(
  lanes: readonly Filled[],
  unfinished: readonly unknown[],
  columns: number,
): readonly string[] {
  const rows = lanes.flatMap(({ tickets }) => tickets)
  const notes = new Map(rows.map((row) => [row, `${holderOf(row)} ${needsOf(row, unfinished)}`.trim()]))
  const wanted = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => stringWidth(text)))
  const ids = wanted(rows.map(({ id }) => flat(id)))
  const beside = Math.min(LONGEST_NOTE, wanted([...notes.values()]))
  const width = Math.min(wanted(rows.map(({ title }) => flat(title))), columns - ids - beside - 6)
  return lanes.flatMap((lane) => [
    lane.color(`${lane.title} (${lane.count})`),
    ...lane.tickets.map((ticket) => {
      const name = padded(cut(flat(ticket.title), width), width)
      const note = cut(notes.get(ticket) ?? '', beside)
      const end = note === '' ? name.trimEnd() : `${name}  ${colors.cyan(note)}`
      return `  ${colors.bold(padded(flat(ticket.id), ids))}  ${end}`
    }),
    ...hiddenIn(lane).map((line) => `  ${line}`),
  ])
}

const LONGEST_NOTE = 28

/** A page may end before a lane does. */
const hiddenIn = ({ tickets, count }: Filled): readonly string[] =>
  count > tickets.length ? [colors.dim(`${count - tickets.length} not shown`)] : []

const holderOf = ({ claimed_by }: Fields): string =>
  typeof claimed_by === 'string' ? ` @${flat(claimed_by)}` : ''

function needsOf({ status, depends_on }: Fields, unfinished: readonly unknown[]): string {
  if (status === 'done' || status === 'failed' || !Array.isArray(depends_on)) return ''
  const waits = depends_on.filter((id) => unfinished.includes(id))
  return waits.length === 0 ? '' : `needs ${waits.map(flat).join(', ')}`
}
