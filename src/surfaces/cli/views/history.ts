/** The history by day, a line an event, the newest first; or what came of verifying it. */
import colors from 'picocolors'
import stringWidth from 'string-width'
import { hanging, pageLine, rowsOf, type Fields } from './fields.ts'
import { inStateColor } from './states.ts'
import { cut, flat, padded } from './text.ts'

/** Times are as they are stored: UTC. */
export function showHistory(fields: Fields, columns: number): string {
  if (fields.verified !== undefined) return showVerdict(fields, columns)
  const rows = rowsOf(fields.events).map(({ at, event, fields: own }) => ({
    day: flat(at).slice(0, 10),
    time: flat(at).slice(11, 19),
    event: flat(event),
    ...told((own ?? {}) as Fields),
  }))
  const names = Math.max(0, ...rows.map(({ event }) => event.length))
  const subjects = Math.max(0, ...rows.map(({ subject }) => stringWidth(subject)))
  const rest = columns - names - subjects - 16
  const lines = rows.flatMap(({ day, time, event, subject, words }, index) => [
    ...(rows[index - 1]?.day === day ? [] : [colors.bold(`${day} (UTC)`)]),
    `  ${colors.dim(time)}  ${colors.cyan(padded(event, names))}  ${padded(subject, subjects)}  ${said(cut(words, Math.max(12, rest)))}`.trimEnd(),
  ])
  return [...(lines.length === 0 ? [colors.dim('nothing yet')] : lines), pageLine(fields)].join('\n')
}

function showVerdict(fields: Fields, columns: number): string {
  const { verified, lines, chained, joins, open_ends } = fields
  const counts = `${flat(lines)} lines, ${flat(chained)} with a hash, ${flat(joins)} joins, ${flat(open_ends)} open ends`
  const [mark, says] =
    verified === true
      ? [colors.green('✓'), 'the history is as it was written']
      : [colors.red('✗'), 'the history is not as it was written']
  const problems = rowsOf(fields.problems).flatMap(({ line, kind, says }) =>
    hanging(
      `  ${colors.red(padded(flat(kind), 9))}  `,
      line === undefined ? flat(says) : `line ${flat(line)} ${flat(says)}`,
      columns,
    ),
  )
  const page = problems.length === 0 ? [] : [pageLine(fields)]
  return [...hanging(`${mark} `, `${says}: ${counts}`, columns), ...problems, ...page].join('\n')
}

/** What an event is about, and what it says of it. */
function told({ bundle, id, ticket, status, agent, role, title, goal, reason, ...others }: Fields) {
  const subject = [bundle ?? id, ticket]
    .filter((part) => part !== undefined)
    .map(flat)
    .join(' ')
  const words = [
    status,
    agent === undefined ? undefined : `@${flat(agent)}`,
    role === undefined ? undefined : `as ${flat(role)}`,
    title ?? goal,
    ...Object.entries(others).map(([name, value]) => `${name.replaceAll('_', ' ')} ${flat(value)}`),
    reason === undefined ? undefined : `because ${flat(reason)}`,
  ]
  return {
    subject,
    words: words
      .filter((part) => part !== undefined)
      .map(flat)
      .join(' '),
  }
}

/** The first word in the colour of its state, when it is one. */
const said = (words: string): string => words.replace(/^\S+/, inStateColor)
