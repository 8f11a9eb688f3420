/** Runs one acceptance command, or any command that is to end in a certain way, and judges how it ended. */
import { clearedEnvironment } from '../system/commands.ts'
import { runCommand, type CommandOutcome, type CommandRequest } from '../system/processes.ts'
import { judgeCommand, type CommandCriterion } from './acceptance.ts'

export interface CriterionCheck {
  /** Why it does not hold; undefined when it does. */
  readonly reason: string | undefined
  /** Undefined when there was nothing to run. */
  readonly outcome: CommandOutcome | undefined
}

/** Never throws; no lock is to be held, as the command may take as long as its time limit. */
export async function checkCriterion(
  criterion: CommandCriterion,
  { environment, ...limits }: Omit<CommandRequest, 'command' | 'find'>,
): Promise<CriterionCheck> {
  const { run, expect_contains } = criterion
  if (run.trim() === '') return { reason: 'run is empty', outcome: undefined }
  const outcome = await runCommand({
    ...limits,
    command: run,
    environment: clearedEnvironment(environment),
    find: expect_contains,
  })
  const { ended, exit_code, signal, contains, problem = 'could not be started' } = outcome
  if (ended === 'not_started') return { reason: problem, outcome }
  const reason = judgeCommand(criterion, { exit_code, timed_out: ended === 'timed_out', contains, signal })
  return { reason, outcome }
}
