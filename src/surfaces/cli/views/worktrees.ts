/** The worktrees of bundles as a table, and what became of them when they were pruned. */
import colors from 'picocolors'
import { hanging, pageLine, rowsOf, type Fields } from './fields.ts'
import { inStateColor } from './states.ts'
import { drawTable, type Column } from './table.ts'
import { flat } from './text.ts'

/** How each stands; what nobody needs any more is counted. */
export function showWorktrees(fields: Fields, columns: number): string {
  const rows = rowsOf(fields.worktrees)
  const table: readonly Column[] = [
    { head: 'of', cells: rows.map(({ bundle, ticket }) => flat(ticket ?? bundle)) },
    {
      head: 'is',
      cells: rows.map(({ bundle_status, ticket_status }) => flat(ticket_status ?? bundle_status)),
      color: inStateColor,
    },
    { head: 'worktree', cells: rows.map(({ state }) => flat(state)), color: inColor },
    { head: 'commits', cells: rows.map(commitsOf) },
    { head: 'changes', cells: rows.map(({ changes }) => (changes === 0 ? '' : flat(changes))) },
    { head: 'path', cells: rows.map(({ path }) => flat(path)), isElastic: true },
  ]
  const left =
    fields.orphans === 0
      ? []
      : hanging(
          `${colors.cyan('→')} `,
          `${flat(fields.orphans)} of nothing that is open: tkt worktree-prune --dry-run tells which can go`,
          columns,
        )
  return [
    rows.length === 0 ? colors.dim('no worktrees') : drawTable(table, columns),
    ...left,
    pageLine(fields),
  ].join('\n')
}

/** What went, and what stays: why, and what helps. */
export function showPruned(fields: Fields, columns: number): string {
  const mark = fields.dry_run === true ? colors.cyan('would remove ') : colors.green('✓ removed ')
  const gone = rowsOf(fields.pruned)
  const more = Number(fields.pruned_count) - gone.length
  const kept = rowsOf(fields.kept)
  return [
    ...gone.flatMap(({ path, branch, branch_deleted }) => {
      const told = branch === undefined || branch_deleted === false ? '' : ` and its branch ${flat(branch)}`
      return hanging(mark, `${flat(path)}${told}`, columns)
    }),
    ...(more > 0 ? [colors.dim(`and ${more} more`)] : []),
    ...kept.flatMap(({ path, reason, next_step }) => [
      ...hanging(`${colors.yellow('!')} `, `${colors.bold(flat(path))} stays: ${flat(reason)}`, columns),
      ...hanging(`  ${colors.cyan('→')} `, flat(next_step), columns),
    ]),
    ...(gone.length + kept.length === 0 ? [colors.dim('nothing to remove')] : []),
    ...(kept.length === 0 ? [] : [pageLine(fields)]),
  ].join('\n')
}

/** `+2 -1`: two of its own, and one of the target that it does not have. */
function commitsOf({ ahead, behind, merged }: Fields): string {
  if (merged === true) return 'merged'
  return typeof ahead === 'number' ? `+${ahead} -${flat(behind)}` : '?'
}

const inColor = (state: string): string => (COLORS[state.trim()] ?? plain)(state)

const plain = (text: string): string => text

const COLORS: Readonly<Record<string, (text: string) => string>> = {
  clean: colors.green,
  dirty: colors.yellow,
  judging: colors.cyan,
  gone: colors.red,
  not_a_worktree: colors.red,
  unreadable: colors.red,
}
