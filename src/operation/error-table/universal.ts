/** The errors that every operation may end in; no operation lists them. */
import type { ErrorRow } from './row.ts'

export const UNIVERSAL_ERRORS = {
  INPUT_INVALID: {
    kind: 'usage',
    code: 'SK-TKT-014',
    means: 'an input is missing, malformed or contradicts another',
    hint: 'see `tkt help <command>`',
    universal: true,
  },
  UNKNOWN_OPTION: {
    kind: 'usage',
    code: 'SK-CLI-004',
    means: 'an option or argument that the command does not have',
    hint: 'see `tkt help <command>`',
    universal: true,
  },
  UNKNOWN_COMMAND: {
    kind: 'usage',
    code: 'SK-CLI-002',
    means: 'no such command or action',
    hint: 'see `tkt --help`',
    universal: true,
  },
  STORE_UNAVAILABLE: {
    kind: 'unavailable',
    code: 'SK-SYS-006',
    means: 'a file could not be read or written: full disk, read-only folder, missing rights',
    hint: 'mend what the message names, then run the same command again',
    universal: true,
  },
  FILE_NOT_FOUND: {
    kind: 'missing',
    code: 'SK-SYS-004',
    means: 'a file named by an option does not exist',
    hint: 'check the path: it is taken from the working directory',
    universal: true,
  },
  FILE_UNREADABLE: {
    kind: 'refused',
    code: 'SK-SYS-004',
    means: 'a file is too large, or not what it must be',
    hint: 'mend or restore the file that the message names',
    universal: true,
  },
  CONFIG_INVALID: {
    kind: 'usage',
    code: 'SK-CFG-001',
    means: 'config/tkt.yaml cannot be used',
    hint: 'correct the lines that the message names; every key is explained in the shipped config/tkt.yaml',
    universal: true,
  },
  ROOT_REFUSED: {
    kind: 'usage',
    code: 'SK-SYS-007',
    means: 'no project was found here, and this is no place to start one',
    hint: 'run inside the project, or name it with --root DIR',
    universal: true,
  },
  /** Raised by scripts/tkt.sh and scripts/tickets.py, which find the program that runs all else. */
  NODE_UNAVAILABLE: {
    kind: 'unavailable',
    code: 'SK-SYS-002',
    means: 'there is no node on the PATH, or one that is too old',
    hint: 'install Node.js 20.19 or newer (https://nodejs.org), put it on the PATH and run the same command again',
    universal: true,
  },
  INTERNAL: {
    kind: 'internal',
    code: 'SK-SYS-070',
    means: 'a fault of this program',
    hint: 'please report it with the output of the same command and --debug',
    universal: true,
  },
} as const satisfies Record<string, ErrorRow>
