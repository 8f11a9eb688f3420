/** Starts git in one directory; the only place that knows simple-git and what of the environment git may see. */
import { isUtf8 } from 'node:buffer'
import type { SimpleGitOptions } from 'simple-git'

export type GitEnvironment = Readonly<Record<string, string | undefined>>

export interface GitAnswer {
  readonly exit_code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs git with these arguments. Throws GitFailure when it ends with a code that is not among `answers` (else 0 alone). */
export type RunGit = (args: readonly string[], answers?: readonly number[] | 'any') => Promise<GitAnswer>

/** Git could not be started or refused. */
export class GitFailure extends Error {
  override readonly name = 'GitFailure'
  readonly args: readonly string[]
  /** Absent when git did not end by itself, or never began. */
  readonly exit_code: number | undefined
  /** The last 2,000 characters of what it said. */
  readonly stderr: string

  constructor(args: readonly string[], exit_code: number | undefined, stderr: string) {
    const said = stderr.trim().slice(-2000)
    const ended = exit_code === undefined ? 'did not run to its end' : `ended with ${exit_code}`
    super(`git ${args.join(' ')} ${ended}${said === '' ? '' : `: ${said}`}`)
    this.args = args
    this.exit_code = exit_code
    this.stderr = said
  }
}

/** Prepares git for one directory. Starts nothing yet. */
export async function gitIn(directory: string, environment: GitEnvironment): Promise<RunGit> {
  const { simpleGit } = await import('simple-git')
  const seen = gitEnvironment(environment)
  return async (args, answers = [0]) => {
    const ended: { answer?: GitAnswer } = {}
    const options: Partial<SimpleGitOptions> = {
      ...TRUSTED,
      baseDir: directory,
      timeout: { block: SILENCE_MS },
      allowEnvironment: Object.keys(seen),
      // Exit codes are judged below: simple-git takes a refusal for success when nothing was written to stderr.
      errors: (error, result) => {
        if (!Number.isInteger(result.exitCode) || result.exitCode < 0) return error // never began, or was killed
        ended.answer = toAnswer(result)
        return undefined
      },
    }
    try {
      await simpleGit(options)
        .env(seen)
        .raw([...args])
    } catch (error) {
      throw new GitFailure(args, undefined, error instanceof Error ? withoutStack(error.message) : '')
    }
    const answer = ended.answer
    if (answer === undefined) throw new GitFailure(args, undefined, '')
    if (answers === 'any' || answers.includes(answer.exit_code)) return answer
    throw new GitFailure(args, answer.exit_code, answer.stderr === '' ? answer.stdout : answer.stderr)
  }
}

// Hooks of the user may run tests in silence; only what is stuck for good should end here.
const SILENCE_MS = 30 * 60_000

// simple-git guards against arguments and environments from strangers. Here arguments are made in git.ts,
// and the environment is the user's own, whose git must behave as it does in a terminal.
const CATEGORIES =
  'Alias AskPass CommandBinaries ConfigPaths ConfigEnvCount CredentialHelper Editor MergeDriver Pager ' +
  'ProtocolOverride Pack SshCommand GitProxy Exec HooksPath DiffExternal DiffTextConv Filter FsMonitor GpgProgram ' +
  'TemplateDir Include Submodule UrlRewrite'
const TRUSTED: Partial<SimpleGitOptions> = {
  unsafe: {
    ...Object.fromEntries(CATEGORIES.split(' ').map((name) => [`allowUnsafe${name}`, true])),
    allowAbbreviatedOptions: true,
  },
}

/** The environment without what would point git at another repository: a hook that starts us sets these. */
function gitEnvironment(environment: GitEnvironment): Record<string, string> {
  const kept = Object.entries(environment).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !REPOSITORY_VARIABLES.has(entry[0].toUpperCase()),
  )
  return { ...Object.fromEntries(kept), LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' }
}

const REPOSITORY_VARIABLES: ReadonlySet<string> = new Set([
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_DIR',
  'GIT_GRAFT_FILE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_NAMESPACE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_QUARANTINE_PATH',
  'GIT_SHALLOW_FILE',
  'GIT_WORK_TREE',
])

function toAnswer(result: { exitCode: number; stdOut: Buffer[]; stdErr: Buffer[] }): GitAnswer {
  return {
    exit_code: result.exitCode,
    stdout: textOfBytes(Buffer.concat(result.stdOut)),
    stderr: Buffer.concat(result.stdErr).toString('utf8'),
  }
}

/**
 * UTF-8 as text. Each byte that is none becomes one of U+DC80 to U+DCFF, so that no two names of files become one: as in
 * Python, where os.fsencode gives the bytes back.
 */
export function textOfBytes(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8')
  return bytes.toString('latin1').replaceAll(SEQUENCES, (sequence) => {
    const some = Buffer.from(sequence, 'latin1')
    return isUtf8(some) ? some.toString('utf8') : sequence.replaceAll(/./gs, loneSurrogate)
  })
}

const SEQUENCES = /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|[\x80-\xff]/g
const loneSurrogate = (byte: string): string => String.fromCharCode(0xdc00 + byte.charCodeAt(0))

/** What node says of a program it cannot start reaches us as text with the stack in it. */
const withoutStack = (message: string): string => message.replace(/\n {4}at .*/gs, '')
