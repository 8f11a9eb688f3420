/** What all commands of a project have in common: the environment that they see, and the words for how they ended. */
import type { CommandOutcome, ProcessLimits } from './processes.ts'

/** Without what a hook of git or a test runner around us left in it: that would turn the command around. */
export function clearedEnvironment(environment: ProcessLimits['environment']): ProcessLimits['environment'] {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !MISLEADING.includes(name)))
}

const MISLEADING: readonly string[] = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_PREFIX',
  'NODE_TEST_CONTEXT',
]

/** `ok`, or what follows the name of the command: `ended with exit code 1`. */
export function endingOf({ ended, exit_code, signal, problem }: CommandOutcome): string {
  switch (ended) {
    case 'exited':
      return exit_code === 0 ? 'ok' : `ended with exit code ${exit_code ?? 'unknown'}`
    case 'timed_out':
      return 'ran into its time limit'
    case 'killed':
      return `was killed by ${signal ?? 'a signal'}`
    case 'not_started':
      return `could not be started: ${problem ?? 'unknown reason'}`
    default:
      return ended satisfies never
  }
}
