/** The graph of a bundle as people see it: its waves as blocks, each state in its colour, and what goes in circles. */
import colors from 'picocolors'
import stringWidth from 'string-width'
import { hanging, pageLine, rowsOf, type Fields } from './fields.ts'
import { cut, flat, padded } from './text.ts'

/** The answer of graph: its text in columns, its Mermaid as it is. */
export function showGraph(fields: Fields, columns: number): string {
  const lines = typeof fields.graph === 'string' && fields.graph !== '' ? fields.graph.split('\n') : []
  const drawing = fields.format === 'text' ? inColumns(lines, fields, columns) : lines.map(flat)
  const told = (name: string, says: string): readonly string[] =>
    textsIn(fields[name]).flatMap((text) => hanging(`${colors.red('✗')} `, `${says} ${text}`, columns))
  return [
    ...(drawing.length === 0 ? [colors.dim('nothing to draw')] : drawing),
    ...told('cycles', 'they wait for each other in a circle:'),
    ...told('unknown', 'there is nothing named'),
    // A comment, so that all that is printed can be pasted.
    fields.format === 'mermaid' ? `%% ${pageLine(fields)}` : pageLine(fields),
  ].join('\n')
}

const textsIn = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(flat) : [])

/** A line is the title of a block, or `  ID <- NEEDS  TITLE  STATE @HOLDER` with two spaces between the parts. */
function inColumns(lines: readonly string[], { waves }: Fields, columns: number): readonly string[] {
  const counts = new Map(
    rowsOf(waves).map(({ title, size, over }) => [title, `${flat(over)} of ${flat(size)} over`]),
  )
  const rows = lines.map((line) => (line.startsWith('  ') ? rowOf(line) : line))
  const most = Math.floor(columns / 4)
  const wanted = (name: keyof Row): number =>
    Math.max(0, ...rows.map((row) => (typeof row === 'string' ? 0 : stringWidth(row[name]))))
  const [ids, states, needs] = [
    wanted('id'),
    Math.min(most, wanted('state')),
    Math.min(most, wanted('needs')),
  ]
  const title = Math.min(wanted('title'), columns - ids - states - needs - 8)
  return rows.map((row) => {
    if (typeof row === 'string') return [colors.bold(row), ...countsOf(counts.get(row))].join(' ')
    const state = cut(row.state, states)
    return [
      `  ${colors.bold(padded(row.id, ids))}`,
      padded(cut(row.title, title), title),
      ...(row.needs === ''
        ? [inColor(state)]
        : [inColor(padded(state, states)), colors.dim(cut(row.needs, needs))]),
    ].join('  ')
  })
}

const countsOf = (text: string | undefined): readonly string[] =>
  text === undefined ? [] : [colors.dim(text)]

interface Row {
  readonly id: string
  readonly needs: string
  readonly title: string
  readonly state: string
}

function rowOf(line: string): Row {
  const [first = '', title = '', state = ''] = line.trimStart().split('  ')
  const [id = '', needs] = first.split(' <- ')
  return { id, needs: needs === undefined ? '' : `<- ${flat(needs)}`, title: flat(title), state: flat(state) }
}

function inColor(state: string): string {
  const [word = ''] = state.split(' ')
  return COLORS[word]?.(state) ?? state
}

const COLORS: Readonly<Record<string, (text: string) => string>> = {
  waiting: colors.dim,
  held: colors.cyan,
  blocked: colors.yellow,
  stale: colors.yellow,
  done: colors.green,
  failed: colors.red,
}
