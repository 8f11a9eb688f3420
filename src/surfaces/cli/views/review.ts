/** The review of a bundle as people see it: how it went, the tickets with their proof, what is to be decided. */
import colors from 'picocolors'
import { hanging, pageLine, rowsOf, type Fields } from './fields.ts'
import { inStateColor } from './states.ts'
import { drawTable } from './table.ts'
import { cut, flat, wrap } from './text.ts'

/** The answer of show-review. */
export function showReview(fields: Fields, columns: number): string {
  const { bundle, title, summary, page_path } = fields
  return [
    colors.bold(cut(`${flat(bundle)}  ${flat(title)}`, columns)),
    ...wrap(flat(summary), columns),
    '',
    ...verdicts(fields).flatMap(([isGood, text]) => hanging(isGood ? GOOD : BAD, text, columns)),
    '',
    drawTickets(rowsOf(fields.tickets), columns),
    pageLine(fields),
    ...words('to discuss', fields.discussion_points, fields.discussion_points_count, columns),
    ...words('next actions', fields.next_actions, fields.next_actions_count, columns),
    '',
    ...hanging(`${colors.dim('whole')}  `, flat(page_path), columns),
  ].join('\n')
}

const GOOD = `${colors.green('✓')} `
const BAD = `${colors.yellow('!')} `

/** What speaks for the work, and what does not. */
function verdicts(fields: Fields): readonly (readonly [isGood: boolean, text: string])[] {
  const { done, failed, commands, carryover_count, unaudited, quality_score, audited_by } = fields
  const run = (commands ?? {}) as Fields
  const { verified, failed: disproved } = (fields.evidence_checks ?? {}) as Fields
  const late = Array.isArray(unaudited) ? unaudited.map(flat) : []
  const audit = audited_by === null ? 'nobody is on record as its auditor' : `audited by ${flat(audited_by)}`
  const score = quality_score === null ? '' : `, quality score ${flat(quality_score)}`
  return [
    [failed === 0, `${flat(done)} tickets done, ${flat(failed)} failed`],
    [run.failed === 0, `${flat(run.passed)} acceptance commands passed, ${flat(run.failed)} failed`],
    ...(verified === 0 && disproved === 0
      ? []
      : [
          [
            disproved === 0,
            `${flat(verified)} items of evidence verified, ${flat(disproved)} failed`,
          ] as const,
        ]),
    [audited_by !== null && quality_score !== null, `${audit}${score}`],
    ...(late.length === 0 ? [] : [[false, `finished after the audit: ${late.join(' ')}`] as const]),
    ...(carryover_count === 0 ? [] : [[false, `${flat(carryover_count)} carried over`] as const]),
  ]
}

function drawTickets(rows: readonly Fields[], columns: number): string {
  const cells = (name: string): readonly string[] => rows.map((row) => flat(row[name]))
  return drawTable(
    [
      { head: 'id', cells: cells('id') },
      { head: 'status', cells: cells('status'), color: inStateColor },
      { head: 'title', cells: cells('title') },
      { head: 'who', cells: cells('worked_by').map((name) => cut(name, 12)) },
      { head: 'evidence', cells: cells('evidence'), color: colors.dim, isElastic: true },
    ],
    columns,
  )
}

function words(head: string, value: unknown, count: unknown, columns: number): readonly string[] {
  const told = Array.isArray(value) ? value.map(flat) : []
  const others = typeof count === 'number' ? count - told.length : 0
  const more = others > 0 ? [colors.dim(`  ${others} more`)] : []
  const lines = told.flatMap((text) => hanging('  - ', text, columns))
  return told.length === 0 ? [] : ['', colors.bold(head), ...lines, ...more]
}
