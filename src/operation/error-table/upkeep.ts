/** The errors of what keeps a project in order: its worktrees, goals, archive, and what its tickets say. */
import type { ErrorRow } from './row.ts'

export const UPKEEP_ERRORS = {
  GIT_FAILED: {
    kind: 'unavailable',
    code: 'SK-TKT-050',
    means: 'git could not be started, or did not answer; nothing was changed',
    hint: 'mend what the message names, then run the same command again',
  },
} as const satisfies Record<string, ErrorRow>
