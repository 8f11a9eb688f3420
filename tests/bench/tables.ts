/** The figures of the bench for people. */
import { MEMORY_BUDGET_MIB } from './cases.ts'
import type { Timing } from './measure.ts'
import type { Size } from './sizes.ts'

/** A case, or a floor: that has no budget. */
export interface Result extends Timing {
  readonly name: string
  readonly memory_mib?: number
  readonly budget?: number
  readonly aim?: number
}

/** Times and memory, a row a case. */
export function showTimes(results: readonly Result[]): string {
  const head = [
    'case',
    'median ms',
    'node -e 0',
    'x node -e 0',
    '(pairs)',
    'aim',
    'budget',
    'within',
    'peak MiB',
  ]
  const rows = results.map(({ name, case_ms, base_ms, ratio, pair_ratio, aim, budget, memory_mib }) => [
    name,
    case_ms.toFixed(1),
    base_ms.toFixed(1),
    ratio.toFixed(2),
    pair_ratio.toFixed(2),
    aim?.toFixed(1) ?? '',
    budget?.toFixed(1) ?? '',
    budget === undefined ? '' : judge(ratio <= budget && (memory_mib ?? 0) <= MEMORY_BUDGET_MIB, ratio, aim),
    memory_mib?.toFixed(1) ?? '',
  ])
  return `${table([head, ...rows])}\npeak memory: at most ${MEMORY_BUDGET_MIB} MiB\n`
}

const judge = (within: boolean, ratio: number, aim = Infinity): string =>
  within ? (ratio <= aim ? 'yes' : 'yes, above aim') : 'NO'

/** Sizes, a row each. */
export function showSizes(sizes: readonly Size[]): string {
  if (sizes.length === 0) return ''
  const head = ['size', 'bytes', 'budget', 'within']
  const rows = sizes.map(({ name, bytes, budget }) => [
    name,
    String(bytes),
    String(budget),
    bytes <= budget ? 'yes' : 'NO',
  ])
  return `${table([head, ...rows])}\n`
}

/** Columns side by side, numbers to the right. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n')
}
