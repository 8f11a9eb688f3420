/** The figures of the bench for people. */
import { MEMORY_BUDGET_MIB } from './cases.ts'
import type { Timing } from './measure.ts'
import type { Size } from './sizes.ts'

/** A case, or a floor: that has no budget. */
export interface Result extends Timing {
  readonly name: string
  readonly store?: string
  readonly memory_mib?: number
  readonly budget?: number | undefined
  readonly aim?: number | undefined
  /** Medians of the same in a small store. */
  readonly growth?: number
  readonly growth_budget?: number
}

/** Times and memory, a row a case. */
export function showTimes({ times, load, machine }: Report): string {
  const head = ['case', 'store', 'ms', 'node -e 0', 'x node', '(pairs)', 'aim', 'budget']
  const rows = times.map((result) => [
    result.name,
    result.store ?? '',
    result.case_ms.toFixed(1),
    result.base_ms.toFixed(1),
    result.ratio.toFixed(2),
    result.pair_ratio.toFixed(2),
    result.aim?.toFixed(1) ?? '',
    result.budget?.toFixed(1) ?? '',
    result.growth?.toFixed(2) ?? '',
    result.growth_budget?.toFixed(1) ?? '',
    result.memory_mib?.toFixed(1) ?? '',
    judge(result),
  ])
  const table = columns([[...head, 'x small', 'budget', 'MiB', 'within'], ...rows], 2)
  return `${table}\npeak memory: at most ${MEMORY_BUDGET_MIB} MiB; ${machine}, load ${load.toFixed(1)} at the end\n`
}

function judge({ ratio, budget, aim = Infinity, growth, growth_budget, memory_mib = 0 }: Result): string {
  if (budget === undefined && growth_budget === undefined) return ''
  const isWithin =
    ratio <= (budget ?? Infinity) &&
    (growth ?? 0) <= (growth_budget ?? Infinity) &&
    memory_mib <= MEMORY_BUDGET_MIB
  if (!isWithin) return 'NO'
  return ratio <= aim ? 'yes' : 'yes, above aim'
}

interface Report {
  readonly machine: string
  /** Processes that wanted a processor: with more of them than processors, times tell little. */
  readonly load: number
  readonly times: readonly Result[]
}

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
  return `${columns([head, ...rows])}\n`
}

/** Columns side by side, numbers to the right; the first columns are texts. */
export function columns(rows: readonly (readonly string[])[], texts = 1): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column < texts ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n')
}
