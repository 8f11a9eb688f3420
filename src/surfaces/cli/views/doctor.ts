/** What doctor found, as people see it: faults first, each with what helps; what was mended with where its copy lies. */
import colors from 'picocolors'
import { hanging, pageLine, rowsOf, type Fields } from './fields.ts'
import { flat } from './text.ts'

export function showDoctor(fields: Fields, columns: number): string {
  const { healthy, files, backup } = fields
  const mark = healthy === true ? colors.green('✓') : colors.red('✗')
  const copies = typeof backup === 'string' ? hanging('  ', `copies in ${flat(backup)}`, columns) : []
  const findings = rowsOf(fields.findings)
  const canMend = findings.some(({ repair }) => repair !== undefined)
  return [
    ...hanging(`${mark} `, `${flat(files)} files: ${sumOf(fields)}`, columns),
    ...copies,
    ...findings.flatMap((finding) => lines(finding, columns)),
    ...(canMend ? hanging(`${colors.cyan('→')} `, 'tkt doctor --repair mends what has a +', columns) : []),
    ...(findings.length === 0 ? [] : [pageLine(fields)]),
  ].join('\n')
}

function sumOf({ faults, notices, repaired }: Fields): string {
  const counted = [
    [faults, 'fault'],
    [notices, 'notice'],
  ] as const
  const words = counted.map(([count, word]) => `${flat(count)} ${word}${count === 1 ? '' : 's'}`)
  return [...words, ...(repaired === 0 ? [] : [`${flat(repaired)} repaired`])].join(', ')
}

function lines({ where, says, fault, repair, repaired, next }: Fields, columns: number): readonly string[] {
  const mark =
    repaired === undefined ? (fault === true ? colors.red('✗') : colors.yellow('!')) : colors.green('✓')
  return [
    `  ${mark} ${colors.bold(flat(where))}`,
    ...hanging('    ', flat(says), columns),
    ...[repaired, repair].flatMap((text) =>
      text === undefined ? [] : hanging(`    ${colors.green('+')} `, flat(text), columns),
    ),
    ...(next === undefined ? [] : hanging(`    ${colors.cyan('→')} `, flat(next), columns)),
  ]
}
