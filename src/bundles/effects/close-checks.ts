/** The checks of close that run programs: the structural check, the close gate, the acceptance commands. */
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { isCommand, type CommandCriterion } from '../../evidence/acceptance.ts'
import { checkCriterion } from '../../evidence/check-criterion.ts'
import { clearedEnvironment, endingOf } from '../../system/commands.ts'
import { runCommand, runProgram, type CommandOutcome } from '../../system/processes.ts'
import type { FailedCriterion } from '../model/carryover.ts'
import type { CheckResult } from '../model/close-gates.ts'
import type { Ticket } from '../model/ticket.ts'

/** Where and how long commands run; `progress` hears of each that ended. */
export interface CheckPlace {
  /** The judged tree: the project, or the worktree merged with its target. */
  readonly directory: string
  /** The project, whose own script serves when the judged tree has none (spec/ may be untracked). */
  readonly root: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly progress: (text: string) => void
}

/** The project's own spec/validate_repo_structural script, as it would be run; undefined when it has none. */
export function structuralScript({
  directory,
  root,
}: Pick<CheckPlace, 'directory' | 'root'>): Script | undefined {
  return [directory, root].flatMap((base) => findScript(base)).at(0)
}

interface Script {
  readonly file: string
  readonly args: readonly string[]
}

/** Runs that script; `ran: false` when there is none. */
export async function runStructuralScript(place: CheckPlace, timeout_ms: number): Promise<CheckResult> {
  const script = structuralScript(place)
  if (script === undefined) return { ran: false }
  const name = script.args.at(-1) ?? ''
  if (name.endsWith('.ts') && !('typescript' in process.features && process.features.typescript))
    return {
      ran: true,
      ok: false,
      reason: `${name} needs Node 22.18 or newer, this is ${process.version}`,
      output: '',
    }
  const outcome = await runProgram({
    ...script,
    directory: place.directory,
    environment: clearedEnvironment(place.environment),
    timeout_ms,
  })
  place.progress(`structural check: ${endingOf(outcome)}`)
  return resultOf(outcome, `${name} ${endingOf(outcome)}`)
}

/** close_gate.command of config/tkt.yaml. */
export async function runCloseGate(
  place: CheckPlace,
  command: string,
  timeout_ms: number,
): Promise<CheckResult> {
  const request = {
    command,
    shell: 'bash',
    directory: place.directory,
    environment: clearedEnvironment(place.environment),
    timeout_ms,
  } as const
  const outcome = await runCommand(request)
  place.progress(`close gate \`${command}\`: ${endingOf(outcome)}`)
  return resultOf(outcome, `close_gate.command \`${command}\` ${endingOf(outcome)} in ${place.directory}`)
}

interface Check {
  readonly ticket: Ticket
  readonly criterion: CommandCriterion
  readonly index: number
}

/** Runs every command criterion, as many at a time as there are cores; the failures come in file order. */
export async function runAcceptance(
  place: CheckPlace,
  tickets: readonly Ticket[],
  timeout_ms: number,
): Promise<readonly FailedCriterion[]> {
  const checks = tickets.flatMap((ticket) =>
    ticket.acceptance_criteria.flatMap((criterion, index): Check[] =>
      isCommand(criterion) ? [{ ticket, criterion, index: index + 1 }] : [],
    ),
  )
  const failures = new Map<Check, FailedCriterion>()
  const waiting = [...checks]
  let ended = 0
  const worker = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const failure = await runCheck(place, check, timeout_ms)
      if (failure !== undefined) failures.set(check, failure)
      ended += 1
      place.progress(
        `[${ended}/${checks.length}] ${check.ticket.id} \`${check.criterion.run}\`: ${failure?.reason ?? 'ok'}`,
      )
    }
  }
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), checks.length) }, worker))
  return checks.flatMap((check) => failures.get(check) ?? [])
}

async function runCheck(
  place: CheckPlace,
  check: Check,
  timeout_ms: number,
): Promise<FailedCriterion | undefined> {
  const { ticket, criterion, index } = check
  const { reason, outcome } = await checkCriterion(criterion, {
    shell: 'sh',
    directory: place.directory,
    environment: { ...place.environment, TKT_TICKET: ticket.id, TKT_CRITERION: String(index) },
    timeout_ms,
  })
  return reason === undefined ? undefined : failureOf(check, reason, outcome)
}

function failureOf(
  { ticket, criterion, index }: Check,
  reason: string,
  outcome: CommandOutcome | undefined,
): FailedCriterion {
  return {
    ticket_id: ticket.id,
    title: ticket.title,
    criterion_index: index,
    run: criterion.run,
    exit_code: outcome?.exit_code ?? null,
    reason,
    stdout: outcome?.stdout ?? '',
    stderr: outcome?.stderr ?? '',
    expect_exit_code: criterion.expect_exit_code,
    expect_contains: criterion.expect_contains ?? null,
  }
}

/** By what a script is run; the published name first. */
const SCRIPTS = [
  { name: 'validate_repo_structural.py', file: 'python3', options: [] },
  { name: 'validate_repo_structural.ts', file: process.execPath, options: [] },
  { name: 'validate_repo_structural.mjs', file: process.execPath, options: [] },
  { name: 'validate_repo_structural.sh', file: '/bin/sh', options: [] },
] as const

function findScript(base: string): readonly Script[] {
  return SCRIPTS.flatMap(({ name, file, options }) => {
    const path = join(base, 'spec', name)
    return existsSync(path) ? [{ file, args: [...options, path] }] : []
  })
}

function resultOf(outcome: CommandOutcome, reason: string): CheckResult {
  if (outcome.ended === 'exited' && outcome.exit_code === 0) return { ran: true, ok: true }
  return { ran: true, ok: false, reason, output: `${outcome.stdout}${outcome.stderr}`.slice(-2000) }
}
