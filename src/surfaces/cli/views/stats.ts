/** What was done in a while: altogether, and a line a group. */
import colors from 'picocolors'
import { pageLine, rowsOf, type Fields } from './fields.ts'
import { drawTable, type Column } from './table.ts'
import { flat, wrap } from './text.ts'

export function showStats(fields: Fields, columns: number): string {
  const { since, closed_per_day, counts, by } = fields
  const told = Object.entries((counts ?? {}) as Fields).map(
    ([name, many]) => `${flat(many)} ${name.replaceAll('_', ' ')}`,
  )
  const head = `since ${flat(since).slice(0, 16).replace('T', ' ')} (UTC): ${flat(closed_per_day)} closed a day`
  const lines = [
    colors.bold(head),
    ...wrap(told.length === 0 ? 'nothing happened' : told.join(', '), columns),
    ...timesOf('from claim to close', fields.cycle_seconds),
    ...timesOf('waited for a claim', fields.waiting_seconds),
  ]
  if (by === undefined) return lines.join('\n')
  const groups = rowsOf(fields.groups)
  const table = groups.length === 0 ? [] : ['', drawTable(tableOf(groups, flat(by)), columns)]
  return [...lines, ...table, pageLine(fields)].join('\n')
}

function timesOf(says: string, times: unknown): readonly string[] {
  const { median, p90, longest } = (times ?? {}) as Fields
  if (median === undefined) return []
  return [
    `${colors.dim(says)}  half within ${duration(median)}, nine of ten within ${duration(p90)}, all within ${duration(longest)}`,
  ]
}

function tableOf(groups: readonly Fields[], by: string): readonly Column[] {
  const count = (name: string): readonly string[] =>
    groups.map(({ counts }) => flat(((counts ?? {}) as Fields)[name] ?? ''))
  const median = (times: (row: Fields) => unknown): readonly string[] =>
    groups.map((row) => duration(((times(row) ?? {}) as Fields).median))
  return [
    { head: by, cells: groups.map((row) => flat(row[`${by}_id`] ?? row[by] ?? '-')), isElastic: true },
    ...['closed', 'claimed', 'taken_over', 'failed'].map((name) => ({
      head: name.replaceAll('_', ' '),
      cells: count(name),
    })),
    { head: 'claim to close', cells: median(({ cycle_seconds }) => cycle_seconds) },
    { head: 'waited', cells: median(({ waiting_seconds }) => waiting_seconds), color: colors.dim },
  ]
}

/** Of seconds, in its two largest units. */
export function duration(seconds: unknown): string {
  if (typeof seconds !== 'number') return ''
  const units = [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'm'],
    [1, 's'],
  ] as const
  let left = seconds
  const parts = units.flatMap(([size, unit]) => {
    const many = Math.floor(left / size)
    left -= many * size
    return many === 0 ? [] : [`${many}${unit}`]
  })
  return parts.length === 0 ? '0s' : parts.slice(0, 2).join(' ')
}
