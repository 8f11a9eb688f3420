/** What verify found: what does not hold first, a line an item. */
import colors from 'picocolors'
import { hanging, pageLine, rowsOf, unreadableLines, type Fields } from './fields.ts'
import { flat } from './text.ts'

/** The verdict in a sentence, the items, the page. */
export function showVerified(fields: Fields, columns: number): string {
  const { bundle, ticket, verified, checked, failed, recorded, skipped } = fields
  const mark = verified === true ? colors.green('✓') : colors.red('✗')
  const subject = [bundle, ticket].filter((id) => id !== undefined).map(flat)
  const counts = [
    failed === 0 ? `${flat(checked)} checked, none fails` : `${flat(failed)} of ${flat(checked)} fail`,
    ...(recorded === 0 ? [] : [`${flat(recorded)} recorded only`]),
    ...(skipped === 0 ? [] : [`${flat(skipped)} skipped`]),
  ]
  return [
    ...hanging(`${mark} `, `${subject.join(' ')}: ${counts.join(', ')}`, columns),
    ...rowsOf(fields.items).flatMap((item) => itemLines(item, columns)),
    ...unreadableLines(fields, columns),
    pageLine(fields),
  ].join('\n')
}

function itemLines({ ticket, kind, value, status, detail }: Fields, columns: number): readonly string[] {
  const mark = MARKS[flat(status)] ?? colors.dim('·')
  return [
    ...hanging(`  ${mark} ${colors.bold(flat(ticket))}  `, `${flat(kind)}:${flat(value)}`, columns),
    ...(detail === undefined ? [] : hanging('    ', flat(detail), columns)),
  ]
}

const MARKS: Readonly<Record<string, string>> = { failed: colors.red('✗'), verified: colors.green('✓') }
