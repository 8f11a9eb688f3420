/** Closing a bundle as people see it: the gates that refuse with what helps, or what was done and what comes next. */
import colors from 'picocolors'
import { ERRORS, OperationError, type ErrorName } from '../../../operation/errors.ts'
import { hanging, rowsOf, showFields, type Fields } from './fields.ts'
import { cut, flat } from './text.ts'

/** The answer of close, a dry run included. */
export function showClose(fields: Fields, columns: number): string {
  return fields.dry_run === true ? showDryRun(fields, columns) : showClosed(fields, columns)
}

function showClosed(fields: Fields, columns: number): string {
  const { bundle, done, failed, carryover_count, merged, memory, review_path, already_closed } = fields
  const was = already_closed === true ? 'was closed before' : 'is closed'
  const answer = {
    review: review_path,
    ...(merged === true ? { branch: 'merged; the worktree is removed' } : {}),
    ...(carryover_count === 0 ? {} : { 'carried over': `${flat(carryover_count)}, in carryover.yaml` }),
    ...(memory === undefined ? {} : { memory }),
  }
  const says = `${flat(bundle)} ${was}: ${flat(done)} tickets done, ${flat(failed)} failed`
  return [showFields(answer, columns, says), ...nextSteps(fields, columns)].join('\n')
}

function showDryRun(fields: Fields, columns: number): string {
  const gates = rowsOf(fields.gates).map((gate) => ({ ...gate, hint: hintOf(gate, fields.bundle) }))
  const commands = Array.isArray(fields.commands) ? fields.commands.map(flat) : []
  const more = commands.length - MOST_COMMANDS
  return [
    gates.length === 0
      ? `${colors.green('✓')} ${flat(fields.bundle)}: no gate refuses before commands are run`
      : `${colors.red('✗')} ${flat(fields.bundle)}: ${refusing(gates.length)}`,
    ...showGates(gates, columns),
    ...(commands.length === 0
      ? []
      : [
          `  ${colors.dim(`close would run ${commands.length === 1 ? '1 command' : `${commands.length} commands`}`)}`,
        ]),
    ...commands.slice(0, MOST_COMMANDS).map((command) => `    ${cut(command, columns - 4)}`),
    ...(more > 0 ? [`    ${colors.dim(`and ${more} more`)}`] : []),
    `  ${colors.dim('and then')}`,
    ...rowsOf(fields.steps).flatMap(({ says }) => hanging(`    ${colors.dim('-')} `, flat(says), columns)),
    ...nextSteps(fields, columns),
  ].join('\n')
}

const MOST_COMMANDS = 20

const nextSteps = ({ next_steps_hint }: Fields, columns: number): readonly string[] =>
  (Array.isArray(next_steps_hint) ? next_steps_hint : []).flatMap((step) =>
    hanging(`  ${colors.cyan('→')} `, flat(step), columns),
  )

export const refusing = (count: number): string => (count === 1 ? '1 gate refuses' : `${count} gates refuse`)

/** Each failing gate: its name, what it found, the end of what its program printed, and what to do. */
export const showGates = (gates: readonly Fields[], columns: number): readonly string[] =>
  gates.flatMap((gate) => [
    `  ${colors.red('✗')} ${colors.bold(flat(gate.gate))}`,
    ...hanging('    ', flat(gate.message), columns),
    ...printed(gate, columns),
    ...hanging(`    ${colors.cyan('→')} `, flat(gate.hint), columns),
  ])

function printed({ details }: Fields, columns: number): readonly string[] {
  const { output, paths } = (details ?? {}) as Fields
  const lines = typeof output === 'string' ? output.trimEnd().split('\n').slice(-LAST_LINES) : []
  const names = Array.isArray(paths) ? paths.map(flat) : []
  return [...lines, ...names].map((line) => `    ${colors.dim(`│ ${cut(flat(line), columns - 6)}`)}`)
}

const LAST_LINES = 12

/** A refusal brings its hints along; a dry run names the errors only. */
function hintOf({ hint, error, message, details }: Fields, bundle: unknown): unknown {
  const name = Object.keys(ERRORS).find((known): known is ErrorName => known === error)
  if (name === undefined || hint !== undefined) return hint
  return new OperationError(name, flat(message), { bundle, ...(details as Fields | undefined) }).hint
}
